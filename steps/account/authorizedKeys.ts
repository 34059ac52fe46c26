import {z} from 'zod';
import {type PublicKey, readPublicKeys, WrongKey} from '../../source/contract/public-key.ts';
import {defineStep, type Probe} from '../../source/contract/step.ts';
import {options} from '../options/shared.ts';
import {addToLists, readMissingLines, restoreLists} from './loginLists.ts';

/** The public keys that open the door for the person's user. */
export const authorizedKeys = defineStep({
	id: 'account/authorizedKeys',
	title: 'Your key',
	why: 'The box lets in whoever holds the private half of one of these keys. It never leaves your machine, and nobody can guess it.',
	needs: ['account/adminUser'],
	account: true,
	options: z.object({
		user: options.user,
		authorizedKeys: z
			.array(z.string())
			.superRefine((lines, context) => {
				try {
					readPublicKeys(lines.join('\n'));
				} catch (error) {
					if (!(error instanceof WrongKey)) throw error;
					context.addIssue({code: 'custom', message: error.message});
				}
			})
			.meta({
				title: 'Your public keys',
				description: 'Lines as in ~/.ssh/id_ed25519.pub.',
				placeholder: 'ssh-ed25519 AAAAC3… you@laptop',
			}),
	}),
	async check($, {user, authorizedKeys: lines}) {
		const [entry, group, present, permissions, unlisted] = await Promise.all([
			$`getent passwd ${user}`,
			$`id -gn ${user}`,
			readBlobs($, user),
			$`stat --format='%a %U' ~${user}/.ssh ~${user}/.ssh/authorized_keys`,
			readMissingLines($, user),
		]);
		return {
			home: entry.split(':')[5] ?? `/home/${user}`,
			group: group || user,
			missing: readPublicKeys(lines.join('\n'))
				.filter(key => !present.includes(key.blob))
				.map(key => key.line),
			closed: permissions === `700 ${user}\n600 ${user}`,
			unlisted,
		};
	},
	done: facts => facts.missing.length === 0 && facts.closed && facts.unlisted.length === 0,
	apply($, {home, group, missing, unlisted}, {user}) {
		const [folder, file, owner] = [`${home}/.ssh`, `${home}/.ssh/authorized_keys`, `${user}:${group}`];
		$.folder(folder, {mode: '0700', owner});
		// Keys of others stay: someone may still need them.
		for (const line of missing) $.line(file, line);
		$`chown ${owner} ${file}`;
		$`chmod 600 ${file}`;
		if (unlisted.length > 0) addToLists($, unlisted);
	},
	undo($, before) {
		$.restore(`${before.home}/.ssh/authorized_keys`);
		// A journal of an earlier version knows no lists.
		if (before.unlisted?.length > 0) restoreLists($);
	},
	verify: ($, {user, authorizedKeys: lines}) => $.outside.login(user, lines),
});

/** The keys that are there already, whatever options and comments stand around them. */
async function readBlobs($: Probe, user: string): Promise<PublicKey['blob'][]> {
	const answer = await $`grep -oE 'AAAA[A-Za-z0-9+/]+={0,2}' ~${user}/.ssh/authorized_keys`;
	return answer.split('\n');
}
