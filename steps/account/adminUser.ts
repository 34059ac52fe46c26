import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {secretly} from '../../source/contract/secret.ts';
import {defineStep, type Hand} from '../../source/contract/step.ts';
import {backups} from '../app/paths.ts';
import {ifAny, save} from '../app/save.ts';
import {options, secret} from '../options.ts';
import {removeAccount} from './removeAccount.ts';

type Sudo = 'password' | 'passwordless';

/**
 * The person's own user. Not guarded: it takes no way in away. A new user adds one, and of an existing one the
 * password is set to the known one before its sudo rule changes.
 */
export const adminUser = defineStep({
	id: 'account/adminUser',
	title: 'Your user',
	why: 'You work as yourself and become root with sudo, for one command at a time. As root every slip counts, and every robot knows the name.',
	needs: ['system/basePackages'],
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
	}),
	async check($, {user, sudo}) {
		const [entry, groups, password, rule] = await Promise.all([
			$`getent passwd ${user}`,
			$`id -nG ${user}`,
			$`passwd -S ${user}`,
			$.file(rulePath(user)),
		]);
		return {
			home: entry.split(':')[5] ?? '',
			exists: entry !== '',
			admin: groups.split(' ').includes('sudo'),
			hasPassword: password.split(' ')[1] === 'P',
			ruled: fileIs(rule, sudoRule(user, sudo), {mode: '0440'}),
		};
	},
	done: (facts, {sudo}) => facts.exists && facts.admin && facts.ruled && (facts.hasPassword || sudo === 'passwordless'),
	apply($, facts, {user, sudo, sudoPassword}) {
		for (const path of accountCopies) $.keep(path);
		if (facts.home !== '') $.keep(sudoMark(facts.home));
		if (!facts.exists) $`useradd --create-home --shell /bin/bash --user-group ${user}`;
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
		if (!before.exists) removeUser($, user);
		else {
			if (!before.admin) $`if id -nG ${user} | grep -qw sudo; then gpasswd --delete ${user} sudo; fi`;
			$`if [ -e ${keptPassword(user)} ]; then chpasswd --encrypted < ${keptPassword(user)} && rm ${keptPassword(user)}; fi`;
			if (before.home) $.restore(sudoMark(before.home));
		}

		// Last of all: each tool that edits accounts writes them.
		for (const path of accountCopies) $.restore(path);
	},
	keeps: `The home of a user that was made here is packed into ${backups} before it goes.`,
});

/** Sorts after a provider's `90-cloud-init-users`: the last rule that matches counts (sudoers(5)). A name with a dot would be skipped. */
export const rulePath = (user: string) => `/etc/sudoers.d/boxwizard-${user}`;
/** The last but one state of the accounts, as the tools that edit them keep it (passwd(5), FILES): with the password of a user who is gone. */
const accountCopies = ['passwd', 'group', 'shadow', 'gshadow', 'subuid', 'subgid'].map(name => `/etc/${name}-`);
/** What sudo leaves for a shell's greeting when an admin has used it (sudoers(5), admin_flag). */
const sudoMark = (home: string) => `${home}/.sudo_as_admin_successful`;
const keptPassword = (user: string) => `/var/lib/boxwizard/password-${user}`;

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
	$`pkill -KILL -u ${user} || true`;
	save($, {
		name: `home-${user}`,
		ending: 'tar.gz',
		there: ifAny(`/home/${user}`),
		command: `tar -C /home -cz ${user}`,
		proof: 'tar -tz | grep -c . > /dev/null',
	});
	removeAccount($, user, ['--remove']);
}
