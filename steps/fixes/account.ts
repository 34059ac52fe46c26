import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';

/**
 * Takes the lock off an account that has no password: '*' in its place, which lets nobody in by a password and still lets keys
 * (shadow(5); sshd refuses a '!' where it does not go through PAM).
 */
export function unlockAccount(user: string): Fix[] {
	if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user) || user === 'root') return [];
	return [
		fixOf({
			name: `unlock-${user.replaceAll('_', '-')}`,
			title: `Let ${user} in by its key`.slice(0, 40),
			why: `The lock on the account of ${user} is taken off. It still has no password: only its key lets it in.`,
			check: async $ => ({
				// Only a lock without a password behind it: that one somebody has set on purpose.
				locked: (await $`getent shadow ${user} | cut -d: -f2 | grep -qxE '!+\\*?' && echo yes`) === 'yes',
			}),
			done: ({locked}) => !locked,
			apply($) {
				$`usermod --password '*' ${user}`;
			},
			undo($) {
				$`usermod --password '!' ${user}`;
			},
		}),
	];
}
