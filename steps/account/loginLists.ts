import type {Hand, Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {reloadSshd} from '../ssh/reload.ts';
import {readSshd, type SshdSettings} from '../system/sshd.ts';

/** What stands there is added to the lists of other files (sshd_config(5), AllowUsers). */
const dropIn = '/etc/ssh/sshd_config.d/00-boxwizard-users.conf';

/** The lines that sshd's lists of who may log in lack for a user. @throws Trouble where a list says that they may not */
export async function readMissingLines($: Probe, user: string): Promise<string[]> {
	const [known, settings] = await Promise.all([$`id -nG ${user} 2>/dev/null`, readSshd($, user)]);
	// A user that is still to be made gets a group of their own.
	return missingLines(settings, user, known === '' ? [user, 'sudo'] : known.split(' '));
}

/**
 * None where there are no lists, or they have the user or one of their groups, the first of which is their own.
 * @throws Trouble where a list says that they may not
 */
export function missingLines(settings: SshdSettings, user: string, groups: readonly string[]): string[] {
	const list = (name: string) => (settings[name] ?? []).flatMap(line => line.split(' '));
	const denying = [
		// From some places only: the fresh login proves that it is not the person's.
		...list('denyusers').filter(pattern => !pattern.includes('@') && matches(pattern, [user])),
		...list('denygroups').filter(pattern => matches(pattern, groups)),
	];
	if (denying.length > 0) throw denied(user, denying);
	return [
		...(lacks(list('allowusers'), [user]) ? [`AllowUsers ${user}`] : []),
		...(lacks(list('allowgroups'), groups) ? [`AllowGroups ${groups[0]}`] : []),
	];
}

/** Adds these lines: the lists grow by them, and nobody is taken out. */
export function addToLists($: Hand, lines: readonly string[]): void {
	$.file(dropIn, `${lines.join('\n')}\n`);
	$`sshd -t || { restore_kept; false; }`;
	reloadSshd($, 'try-reload-or-restart');
}

export function restoreLists($: Hand): void {
	$.restore(dropIn);
	$`sshd -t`;
	reloadSshd($, 'try-reload-or-restart');
}

const lacks = (patterns: readonly string[], names: readonly string[]) =>
	patterns.length > 0 && !patterns.some(pattern => matches(pattern, names));

/** Whether a pattern (ssh_config(5), PATTERNS) is about one of these names; from where they come is left to the fresh login to prove. */
function matches(pattern: string, names: readonly string[]): boolean {
	const [name = ''] = pattern.split('@', 1);
	const words = name
		.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
		.replaceAll('*', '.*')
		.replaceAll('?', '.');
	return names.some(candidate => new RegExp(`^${words}$`).test(candidate));
}

function denied(user: string, patterns: readonly string[]): Trouble {
	return new Trouble({
		what: `sshd’s settings on this box deny ${user} every login.`,
		means: 'Root is locked out later on, and nobody could get in then. Nothing of the door was touched.',
		next: '`grep -rniE "^ *Deny(Users|Groups)" /etc/ssh` on the box shows the line: take the name out of it, or choose another user, then run this step again.',
		evidence: patterns.map(pattern => `denied: ${pattern}`),
		code: 'user-denied',
	});
}
