import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {slug} from './commands.ts';

/**
 * Lets a user go through the folders that lead to a path: not read them, only pass ('x' for others). Never root's own
 * folder, which nobody shall pass.
 * @param who 'www-data' for nginx, else the app's own user
 */
export function letPass(who: string, path: string): Fix[] {
	if (!/^\/[\w./@+-]+$/.test(path) || path.startsWith('/root/') || path.includes('/..') || !/^[\w-]+$/.test(who))
		return [];
	return [
		fixOf({
			name: `pass-${slug(`${who} ${path}`)}`,
			title: `Let ${who} reach ${path.slice(path.lastIndexOf('/') + 1)}`.slice(0, 40),
			why: `${who} gets through the folders above ${path}. It can’t list them; what lies in them keeps its own rights.`,
			check: async $ => {
				const answer =
					await $`at=$(dirname -- ${path}); while [ "$at" != / ]; do if [ -d "$at" ] && ! runuser -u ${who} -- test -x "$at/."; then stat -c '%a %n' -- "$at"; fi; at=$(dirname -- "$at"); done`;
				return {
					closed: answer.split('\n').flatMap(line => {
						const [, mode, folder] = /^(\d+) (\/.*)$/.exec(line) ?? [];
						return mode !== undefined && folder !== undefined ? [{mode, folder}] : [];
					}),
				};
			},
			done: ({closed}) => closed.length === 0,
			apply($, {closed}) {
				for (const {folder} of closed.toReversed()) $`chmod o+x -- ${folder}`;
			},
			undo($, {closed}) {
				for (const {mode, folder} of closed) $`if [ -d ${folder} ]; then chmod ${mode} -- ${folder}; fi`;
			},
		}),
	];
}

/** As `letPass`, and everything below a folder of the app that is served as it is can be read. */
export function letServe(app: AppOnBox, path: string): Fix[] {
	return letPass('www-data', path.startsWith('/') ? path : `${app.folder}/${path}`);
}
