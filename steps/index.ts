import type {Catalogue, Kind} from '../source/contract/kind.ts';
import {afterApps, box} from './box.ts';
import {kindNames} from './kind-names.ts';
import {python} from './python/kind.ts';

const kinds: Readonly<Record<(typeof kindNames)[number], Kind>> = {python};

/** The table of contents: what is done to every box, and the kinds of apps that it can carry. */
export const catalogue: Catalogue = {box, afterApps, kinds: kindNames.map(name => kinds[name])};
