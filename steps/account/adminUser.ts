import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {secretly} from '../../source/contract/secret.ts';
import {defineStep, type FileFact, type Hand} from '../../source/contract/step.ts';
import {backups} from '../folders/paths.ts';
import {ifAny, save} from '../folders/save.ts';
import {secret} from '../options/secret.ts';
import {options} from '../options/shared.ts';
import {accountCopies} from '../system/accountCopies.ts';
import {removeAccount} from '../system/removeAccount.ts';

type Sudo = 'password' | 'passwordless';

/**
 * The person's own user. Not guarded: it takes no way in away. A new user adds one, and of an existing one the
 * password is set to the known one before its sudo rule changes. Whoever exists becomes root only if the person says so.
 */
export const adminUser = defineStep({
	id: 'account/adminUser',
	title: 'Your user',
	why: 'You work as yourself and become root with sudo, for one command at a time. As root every slip counts, and every robot knows the name.',
	needs: ['services/packages'],
	account: true,
	options: z.object({
		user: options.user,
		sudo: z.enum(['password', 'passwordless']).default('password').meta({
			title: 'Sudo',
			description: 'With a password, whoever gets hold of your key is not root at once.',
		}),
		sudoPassword: secret({
			title: 'Sudo password',
			description: 'What sudo asks for. It opens no login: that takes your key.',
			generate: 20,
			when: {sudo: ['password']},
		}),
		// The name, so that a yes to one user is none to another.
		existingUser: z.string().max(32).default('').meta({
			title: 'Existing user',
			description:
				'A user of that name may be on the box already: its name once more makes it root, with the keys it has.',
			detail: true,
		}),
	}),
	async check($, {user, sudo}) {
		const [entry, groups, password, rule, noShell, keys, free] = await Promise.all([
			$`getent passwd ${user}`,
			$`id -nG ${user}`,
			$`passwd -S ${user}`,
			$.file(rulePath(user)),
			$`shell=$(getent passwd ${user} | cut -d: -f7); case $shell in */nologin | */false) echo "$shell" ;; *) [ -x "\${shell:-/bin/sh}" ] || echo "$shell" ;; esac`,
			$`cat ~${user}/.ssh/authorized_keys ~${user}/.ssh/authorized_keys2`,
			$`sudo -n -l -U ${user} | grep -cE '^ *\((ALL|root)( : ALL)?\) NOPASSWD: ALL$'`,
		]);
		return {
			user,
			home: entry.split(':')[5] ?? '',
			exists: entry !== '',
			admin: groups.split(' ').includes('sudo'),
			hasPassword: password.split(' ')[1] === 'P',
			ruled: fileIs(rule, sudoRule(user, sudo), {mode: '0440'}),
			...(entry !== '' && {found: {noShell, keys: keysIn(keys), isRoot: Number(free) > 0, isOurs: isOurs(rule, user)}}),
		};
	},
	done: (facts, {sudo}) =>
		facts.exists &&
		facts.admin &&
		facts.ruled &&
		(facts.hasPassword || sudo === 'passwordless') &&
		!facts.found?.noShell,
	concern({found}, {user, sudo, existingUser}, before) {
		if (!found || existingUser === user || found.isOurs) return undefined;
		if (before?.user === user && !before.exists) return undefined;
		if (found.isRoot && found.noShell === '') return undefined;
		return {option: 'existingUser', message: adoption(user, sudo, found)};
	},
	apply($, facts, {user, sudo, sudoPassword}) {
		for (const path of accountCopies) $.backup(path);
		if (facts.home !== '') $.backup(sudoMark(facts.home));
		if (!facts.exists) $`useradd --create-home --shell /bin/bash --user-group ${user}`;
		if (facts.found?.noShell) $`usermod --shell /bin/bash ${user}`;
		if (!facts.admin) $`usermod --append --groups sudo ${user}`;
		if (sudo === 'password' && !(facts.ruled && facts.hasPassword)) {
			if (facts.exists) keepPassword($, user);
			$.input(secretly`${user}:${sudoPassword}`)`chpasswd`;
		}

		const rule = sudoRule(user, sudo);
		$.input(rule)`visudo --check --quiet --file=-`;
		$.file(rulePath(user), rule, {mode: '0440'});
	},
	undo($, before, {user}) {
		$.restore(rulePath(user));
		if (!before.exists && isAbout(before, user)) removeUser($, user);
		else {
			if (before.found?.noShell && isAbout(before, user)) $`usermod --shell ${before.found.noShell} ${user}`;
			if (!before.admin && isAbout(before, user))
				$`if id -nG ${user} | grep -qw sudo; then gpasswd --delete ${user} sudo; fi`;
			$`if [ -e ${keptPassword(user)} ]; then chpasswd --encrypted < ${keptPassword(user)} && rm ${keptPassword(user)}; fi`;
			if (before.home) $.restore(sudoMark(before.home));
		}

		// Last of all: each tool that edits accounts writes them.
		for (const path of accountCopies) $.restore(path);
	},
	notUndone: `The home of a user that was made here is packed into ${backups} before it goes.`,
});

/** The first facts, as the journal keeps them: of this user, or of one that was answered before. */
type Before = {readonly exists: boolean; readonly user?: string};

/** Journals of 0.1.0 name no user: theirs is the one that is asked for. */
const isAbout = ({user: former}: Before, user: string): boolean => former === undefined || former === user;

/** What an existing user is, beside its name. */
type Found = {
	/** Its login shell, where nobody gets in with it: it is not there, or ends at once. */
	readonly noShell: string;
	/** Type and comment of each key that opens its login. */
	readonly keys: readonly string[];
	/** It becomes root without a password already. */
	readonly isRoot: boolean;
	/** Its sudo rule is the one that boxwizard writes. */
	readonly isOurs: boolean;
};

/** Of lines of authorized_keys, whatever options stand in front of a key. */
function keysIn(text: string): string[] {
	return text.split('\n').flatMap(line => {
		const [, type, comment = ''] = /^(?!\s*#).*?\b((?:sk-)?(?:ssh|ecdsa)-[\w.@-]+)\s+AAAA\S+\s*(.*)$/.exec(line) ?? [];
		return type === undefined ? [] : [`${type} ${comment.trim() || '(no comment)'}`];
	});
}

/** What becomes of a user that is there already. */
function adoption(user: string, sudo: Sudo, {keys, noShell}: Found): string {
	const root = sudo === 'password' ? 'with sudo, and gets a new password for it' : 'with sudo, without a password';
	return [
		`${user} is a user of this box already. It becomes root ${root}.`,
		keys.length === 0
			? 'No key opens its login yet.'
			: `The keys that open its login stay, and become root’s too: ${keys.join('; ')}.`,
		...(noShell === '' ? [] : [`Nobody gets in with its login shell ${noShell}: it is set to /bin/bash.`]),
		`For that, answer “Existing user” with ${user}; else take another name.`,
	].join(' ');
}

/** Sorts after a provider's `90-cloud-init-users`: the last rule that matches counts (sudoers(5)). A name with a dot would be skipped. */
export const rulePath = (user: string) => `/etc/sudoers.d/boxwizard-${user}`;
/** What sudo leaves for a shell's greeting when an admin has used it (sudoers(5), admin_flag). */
const sudoMark = (home: string) => `${home}/.sudo_as_admin_successful`;
const keptPassword = (user: string) => `/var/lib/boxwizard/password-${user}`;

/** Whether a rule is one that boxwizard writes: another may have the same name. */
function isOurs(rule: FileFact | null, user: string): boolean {
	return (['password', 'passwordless'] as const).some(sudo => fileIs(rule, sudoRule(user, sudo), {mode: '0440'}));
}

function sudoRule(user: string, sudo: Sudo): string {
	return `${user} ALL=(ALL:ALL) ${sudo === 'passwordless' ? 'NOPASSWD' : 'PASSWD'}: ALL\n`;
}

/** The hash that an adopted user came with, for undo, and only the first one. */
function keepPassword($: Hand, user: string): void {
	const kept = keptPassword(user);
	$`[ -e ${kept} ] || (umask 077; mkdir -p /var/lib/boxwizard; getent shadow ${user} | cut -d: -f1,2 > ${kept})`;
}

function removeUser($: Hand, user: string): void {
	$`loginctl terminate-user ${user} || true`;
	$`end_processes ${user}`;
	save($, {
		name: `home-${user}`,
		ending: 'tar.gz',
		there: ifAny(`/home/${user}`),
		command: `tar -C /home -cz ${user}`,
		proof: 'tar -tz | grep -c . > /dev/null',
	});
	removeAccount($, user, ['--remove']);
}
