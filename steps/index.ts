import type {Catalogue} from '../source/contract/step.ts';
import {afterApps, box} from './box.ts';
import {python} from './python/kind.ts';

/** The table of contents: what is done to every box, and the kinds of apps that it can carry. */
export const catalogue: Catalogue = {box, afterApps, kinds: [python]};
