import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {rootOf, slug} from './commands.ts';

/**
 * Gives a checkout of the app, with all that is in it, to the one user whom most of it belongs to already: root may have made a
 * part of it. Only below the app's own folder.
 */
export function ownCheckout(app: AppOnBox, path: string): Fix[] {
	const root = rootOf(app);
	if (!`${path}/`.startsWith(`${root}/`) || path.includes('/..') || !/^\/[\w./@+-]+$/.test(path)) return [];
	return [
		fixOf({
			name: `owner-${slug(path)}`,
			title: 'Give the checkout one owner',
			why: `All of ${path} goes to the user whom most of it belongs to. Nothing of it is changed.`,
			check: async $ => {
				const answer =
					await $`test -d ${`${path}/.git`} || exit; find ${`${path}/.`} -xdev -not -type l -printf '%u:%g\\n' | sort | uniq -c | sort -rn | grep -v ' root:root$' | head -n 1 | awk '{print $2}'; find ${`${path}/.`} -xdev -not -type l -printf '%u:%g\\n' | sort -u | wc -l; stat -c %U:%G -- ${`${path}/.`}`;
				const [owner = '', kinds = '0', top = ''] = answer.split('\n');
				return {owner, kinds: Number(kinds), top};
			},
			done: ({owner, kinds}) => owner === '' || kinds <= 1,
			apply($, {owner}) {
				$`chown --recursive --no-dereference ${owner} -- ${`${path}/.`}`;
			},
			notUndone: 'Who owned which file before is not kept.',
		}),
	];
}
