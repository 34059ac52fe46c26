import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {authorizedKeys} from '../../account/authorizedKeys.ts';
import {unlockAccount} from '../../fixes/account.ts';
import {startService} from '../../fixes/service.ts';

/** Whom guessers from the whole internet ask for: that they are refused is as it should be. */
const guessed =
	/^(?:root|admin|administrator|test|guest|user|ubuntu|debian|pi|oracle|ftp\w*|git|www|daemon|bin|sys|games|man|lp|mail|news|uucp|proxy|www-data|backup|list|irc|nobody|mysql|postgres|redis|sshd|nginx|support|ubnt|hadoop|jenkins)$/;

/** What sshd, sudo and fail2ban say of people who are not let in. */
export const systemAccess: readonly Cause[] = [
	{
		id: 'ssh/locked-account',
		title: ({user = 'The user'}) => `The account of ${user} is locked, so its key is refused too.`,
		match: [/User (?<user>\S+) not allowed because account is locked/],
		when: ({user = ''}) => !guessed.test(user),
		means:
			'The account has no password but a lock (“!”), and sshd does not go through PAM (UsePAM no): then it takes the lock for the whole account.',
		next: 'Put “*” in the place of the lock: no password lets in, and keys do. Or set UsePAM yes.',
		fixes: ({user = ''}) => unlockAccount(user),
	},
	{
		id: 'ssh/bad-modes',
		title: ({path}) => `sshd does not trust ${path}: others may write there.`,
		match: [/Authentication refused: bad ownership or modes for (?:file|directory) (?<path>\S+)/],
		means:
			'The home, .ssh and authorized_keys must belong to the user, and nobody else may write them. Else the keys in them are not looked at.',
		next: 'Home 0755 or less, .ssh 0700, authorized_keys 0600, all of the user’s own.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(authorizedKeys, 'Put the keys right')] : []),
	},
	{
		id: 'ssh/too-many-keys',
		title: 'The agent offers more keys than the server listens to.',
		match: [/^(?!.*\[preauth\])(?:Received disconnect from|Disconnected from) .*Too many authentication failures/],
		means:
			'ssh tries each key of the agent in turn, and the server closes the door after six (MaxAuthTries) before the right one came.',
		next: 'On your machine: name the key for this host in ~/.ssh/config (IdentityFile, with IdentitiesOnly yes).',
	},
	{
		id: 'ssh/not-allowed',
		title: ({user}) => `${user} is not among the users whom sshd lets in.`,
		match: [
			/User (?<user>\S+) from \S+ not allowed because (?:not listed in AllowUsers|listed in DenyUsers|none of user's groups are listed in AllowGroups|a group is listed in DenyGroups)/,
		],
		when: ({user = ''}) => !guessed.test(user),
		means: 'AllowUsers, DenyUsers or their like in sshd’s configuration say so.',
		next: ({user}) => `Name ${user} in AllowUsers.`,
	},
	{
		id: 'ssh/no-shell',
		title: ({user}) => `The shell of ${user} is not there.`,
		match: [/User (?<user>\S+) not allowed because shell (?<path>\S+) (?:does not exist|is not executable)/],
		means: ({path}) => `${path} was never installed or was taken away, and so sshd lets nobody in.`,
		next: ({user}) => `Give ${user} /bin/bash as shell.`,
	},
	{
		id: 'ssh/crowded',
		title: 'sshd turns connections away: too many knock at once.',
		match: [/(?:exited|beginning|drop connection).*MaxStartups|Exceeded MaxStartups|past MaxStartups/],
		means: 'Guessers from the whole internet take the places of those who are not logged in yet.',
		next: 'fail2ban and a firewall keep most of them out; boxwizard sets both up.',
		fixes: () => [startService('fail2ban')],
	},
	{
		id: 'ssh/no-key-format',
		title: 'A line of authorized_keys is no key.',
		match: [
			/key_read: uudecode .* failed|error: (?:key_from_blob|parse_key): |authorized_keys:\d+: (?:bad|unknown) key/,
			/userauth_pubkey: (?:key type (?<type>\S+) not in PubkeyAcceptedAlgorithms|unsupported public key algorithm)/,
		],
		means: ({type}) =>
			type === undefined
				? 'It was broken in two when it was pasted, or is a private key.'
				: `${type} is a sort of key that newer servers no longer take (ssh-rsa with SHA-1, DSA).`,
		next: 'Make an ed25519 key, and put its public half on one line.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(authorizedKeys, 'Put the keys right')] : []),
	},
	{
		id: 'ssh/configuration',
		title: ({path, line}) => `sshd refuses its configuration: ${path}, line ${line}.`,
		match: [
			/(?<path>\/etc\/ssh\/[^\s:]+):? (?:line )?(?<line>\d+): (?:Bad configuration option|Unsupported option|Directive '\w+' is not allowed|Missing|Bad number|keyword .* extra arguments)/,
			/(?<path>\/etc\/ssh\/\S+): terminating, (?<line>\d+) bad configuration options/,
		],
		over: ['process/unit-failed'],
		means: 'It goes on with what it read last; after a reboot nobody gets in.',
		next: 'Correct the line before you log out.',
	},
	{
		id: 'ssh/host-keys',
		title: 'sshd has no host keys.',
		match: [
			/sshd: no hostkeys available -- exiting/,
			/Unable to load host key: (?<path>\S+)|UNPROTECTED PRIVATE KEY FILE.*|Permissions \d+ for '(?<path>\/etc\/ssh\/ssh_host_\S+)' are too open/,
		],
		over: ['process/unit-failed'],
		means: 'They were deleted (an image that was cloned) or others may read them; sshd does not start.',
		next: 'Have them made anew; people who log in then see that the key has changed.',
	},
	{
		id: 'sudo/no-terminal',
		title: 'A command wants sudo’s password, and nobody can type it.',
		match: [
			/sudo: a terminal is required to read the password/,
			/sudo: (?:no tty present and no askpass program specified|a password is required)/,
		],
		means: 'In a job, a hook or a service there is no terminal.',
		next: 'Run that part as root by a unit of its own, or without sudo; boxwizard needs no sudo inside of an app.',
	},
	{
		id: 'sudo/not-allowed',
		title: ({user}) => `${user ?? 'The user'} may not use sudo.`,
		match: [
			/^(?:sudo: )?(?<user>[\w-]+) is not in the sudoers file/,
			/(?<![\w-])(?<user>[\w-]{1,64}) : (?:user NOT in sudoers|command not allowed) ;/,
			/Sorry, user (?<user>\S+) (?:is not allowed to execute|may not run sudo)/,
		],
		means: 'The user is not in the group sudo, or is only since the last login.',
		next: 'Add the user to the group sudo, and log in anew.',
	},
	{
		id: 'sudo/host-name',
		title: ({name}) => `The box does not find its own name ${name ?? ''}.`.replace(' .', '.'),
		match: [/sudo: unable to resolve host (?<name>\S+): /],
		means: 'The name of the box stands not in /etc/hosts: sudo is slow, and mail goes out with a wrong name.',
		next: 'Write the name into /etc/hosts.',
	},
];
