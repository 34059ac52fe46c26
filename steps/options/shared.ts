import {appOptions} from './appOptions.ts';
import {boxOptions} from './boxOptions.ts';
import {databaseOptions} from './databaseOptions.ts';

/** Answers that several steps share: one name, one meaning, one schema. */
export const options = {...boxOptions, ...appOptions, ...databaseOptions};
