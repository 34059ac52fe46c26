import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {rootOf, slug} from './commands.ts';

/**
 * Lets the app's user read a file of its code, or read and write what is its own: its settings and what it keeps. Only
 * below the app's own folder, and never through a link that leads out of it.
 */
export function mayUse(app: AppOnBox, path: string): Fix[] {
	const root = rootOf(app);
	const whole = path.startsWith('/') ? path : `${app.folder}/${path}`;
	if (!whole.startsWith(`${root}/`) || whole.includes('/../')) return [];
	return [
		fixOf({
			name: `access-${slug(whole)}`,
			title: `Let ${app.user} use ${whole.slice(whole.lastIndexOf('/') + 1)}`.slice(0, 40),
			why: `The app runs as ${app.user}, who may not use ${whole}. Nobody else is let in.`,
			// What is not there yet is written into its folder: that one counts.
			check: async $ => {
				const answer = await $`target=$(readlink -e -- ${whole} || readlink -e -- "$(dirname -- ${whole})") || exit
case $target in ${app.release}/*) code=yes ;; *) code= ;; esac
may() { if runuser -u ${app.user} -- test "$1" "$target"; then echo yes; else echo no; fi; }
stat -c '%a %U:%G %F' -- "$target"; echo "$target"; may -r; may -w; echo "$code"`;
				const [state = '', target = '', reads, writes, code] = answer.split('\n');
				const [mode = '', owner = '', ...kind] = state.split(' ');
				return {
					target,
					mode,
					owner,
					folder: kind[0] === 'directory',
					reads: reads === 'yes',
					writes: writes === 'yes',
					code: code === 'yes',
				};
			},
			done: ({target, reads, writes, code}) => !target.startsWith(`${root}/`) || (reads && (writes || code)),
			apply($, {target, folder, code}) {
				if (code) return $`chmod ${folder ? 'a+rx' : 'a+r'} -- ${target}`;
				$`chown --no-dereference ${`${app.user}:${app.user}`} -- ${target}`;
				$`chmod ${folder ? 'u+rwx' : 'u+rw'} -- ${target}`;
			},
			undo($, {target, mode, owner}) {
				$`if [ -e ${target} ]; then chown --no-dereference ${owner} -- ${target} && chmod ${mode} -- ${target}; fi`;
			},
		}),
	];
}
