import type {Cause} from '../../../source/contract/cause.ts';
import {earlierCode} from '../../fixes/code.ts';
import {isEntry, isOwnModule} from './modules.ts';

/** A file of the app that did not come along. */
export const missingOwnModule: Cause = {
	id: 'python/missing-own-module',
	title: ({module}) => `The app’s own module ${module} is not there.`,
	match: [/ModuleNotFoundError: No module named '(?<module>[\w.]+)'/],
	when: ({module = ''}, {own, words}) => isOwnModule(module, own, words) && !isEntry(module, words),
	means: ({module}) =>
		`The code imports ${module}, whose package is part of the app, but the file is missing in this release: it was renamed, or never committed.`,
	next: () => 'On your machine: `git status` shows files that git does not know. Commit, push, and deploy again.',
	fixes: (_, app) => earlierCode(app),
};
