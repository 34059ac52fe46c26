import {Secret} from '../../../source/contract/secret.ts';
import type {Field} from '../../../source/contract/ui/field.ts';
import type {Answers, StepForm} from '../../../source/contract/ui/setup.ts';

export const field = (name: string, title: string, more: Partial<Field> = {}): Field => ({
	name,
	title,
	kind: 'text',
	value: undefined,
	detail: false,
	optional: false,
	generated: false,
	problem: () => undefined,
	...more,
});

const matching = (pattern: RegExp, message: string) => (value: unknown) =>
	typeof value === 'string' && pattern.test(value) ? undefined : message;

const fieldsOf: Readonly<Record<string, readonly Field[]>> = {
	'system/hostname': [
		field('domain', 'Domain', {
			placeholder: 'microblog.example.com',
			description: 'The name people will type. You need to own it; the records are made later on.',
			problem: matching(
				/^([a-z0-9-]+\.)+[a-z]{2,}$/,
				'A domain such as microblog.example.com: letters, digits, hyphens and dots',
			),
		}),
		field('aliases', 'More names', {
			kind: 'list',
			detail: true,
			optional: true,
			description: 'Such as www.example.com.',
		}),
	],
	'account/user': [
		field('user', 'Your user', {
			placeholder: 'jessica',
			description: 'The name you will log in with from now on.',
			problem: matching(/^[a-z][a-z0-9_-]*$/, 'Small letters, digits, - and _, starting with a letter; at most 32'),
		}),
		field('sudoPassword', 'Sudo password', {
			kind: 'secret',
			generated: true,
			optional: true,
			description: 'Asked when you act as root.',
			problem: value => (value instanceof Secret && value.reveal().length < 8 ? 'At least 8 characters' : undefined),
		}),
		field('passwordless', 'Without password', {kind: 'yes-no', value: false, detail: true}),
	],
	'account/keys': [field('keys', 'Your keys', {kind: 'keys'})],
	'ssh/hardening': [field('sshPort', 'SSH port', {kind: 'number', value: 22, detail: true})],
	'services/mysql': [
		field('database', 'Database', {
			kind: 'choice',
			value: 'mysql',
			choices: [
				{value: 'mysql', title: 'mysql', description: 'MariaDB on Debian, MySQL on Ubuntu.'},
				{value: 'postgresql', title: 'postgresql', description: 'The one with the elephant.'},
				{value: 'sqlite', title: 'sqlite', description: 'A file; enough for a small site.'},
			],
		}),
	],
	'app/code': [
		field('app', 'App name', {
			placeholder: 'microblog',
			description: 'Names its folder, service, database and system user.',
			problem: matching(/^[a-z][a-z0-9-]*$/, 'Small letters, digits and hyphens, starting with a letter; at most 30'),
		}),
		field('repository', 'Git repository', {
			placeholder: 'https://github.com/you/microblog.git',
			description: 'Where the app is cloned from.',
			problem: matching(/^(https?:\/\/|git@)\S+$/, 'A git address: https://… or git@host:owner/name.git'),
		}),
		field('branch', 'Branch', {value: 'main'}),
	],
	'app/environment': [
		field('variables', 'Variables', {
			kind: 'lines',
			optional: true,
			placeholder: 'LANGUAGES=en,es',
			description: 'NAME=value, one a line.',
		}),
	],
};

/** Id, title, why, seconds, and what is dangerous about it. */
export const steps: readonly (readonly [
	id: string,
	title: string,
	why: string,
	seconds: number,
	hazard?: 'lockout' | 'reboot',
])[] = [
	[
		'system/ready',
		'Box is ready',
		'A new box is often still setting itself up. This waits until it has finished, so that nothing gets in its way.',
		3,
	],
	[
		'system/time',
		'Clock',
		'Certificates and logs need the right time. With a wrong clock packages and certificates are refused.',
		2,
	],
	[
		'system/swap',
		'Swap file',
		'A small box runs out of memory while it builds. A swap file lets it breathe instead of killing your database.',
		3,
	],
	[
		'system/hostname',
		'Host name',
		'The box learns its name, which mail and logs carry. Without it mail is taken for spam.',
		2,
	],
	[
		'system/upgrade',
		'Upgrades',
		'Known holes are closed before the box goes public. From now on security upgrades come by themselves.',
		40,
	],
	[
		'account/user',
		'Your user',
		'You get a user of your own and act as root only when you say so. Root itself will not log in any more.',
		2,
	],
	[
		'account/keys',
		'Your keys',
		'A key opens the door, and no password does: it can neither be guessed nor be phished.',
		2,
	],
	[
		'ssh/hardening',
		'Harden SSH',
		'Only your key opens the door: no root, no passwords. If the new way in fails, the box restores the old one by itself within 60 s.',
		6,
		'lockout',
	],
	[
		'firewall/ufw',
		'Firewall',
		'Only ssh and the web are reachable. A database that listens by mistake stays unseen.',
		5,
		'lockout',
	],
	['ssh/fail2ban', 'Ban guessers', 'Whoever guesses passwords is shut out for a while. Your own address never is.', 4],
	['system/packages', 'App packages', 'All that the app needs from the distribution, in one transaction.', 30],
	[
		'mail/postfix',
		'Outgoing mail',
		'The app can send mail, and nobody can send through it. Without it password resets never arrive.',
		8,
	],
	['services/mysql', 'Database', 'An own database and user for the app, reachable from the box alone.', 9],
	['app/user', 'App user', 'The app runs as a user that may write its own folder and nothing else.', 2],
	['app/code', 'Your app', 'The code is cloned into a release of its own, so that going back is one link away.', 12],
	['app/environment', 'Settings', 'Secrets live in one file that only the app can read, never in the code.', 2],
	['process/supervisor', 'Keep it running', 'The app starts with the box, and again when it dies.', 4],
	['web/nginx', 'Web server', 'nginx takes the requests, serves static files itself and hands the rest to the app.', 5],
	['dns/records', 'DNS', 'The name must lead to the box before a certificate can be had.', 20],
	[
		'tls/certificate',
		'Certificate',
		'Visitors see the lock. It is renewed by itself, which is proven now and not in three months.',
		15,
	],
	['app/online', 'On the air', 'The app is fetched from here, as a visitor would.', 2],
];

/** Those that are an app's own. */
const ofApp: readonly string[] = ['services/mysql', 'app/user', 'app/code', 'app/environment', 'web/nginx'];

/** Those that go with the app. */
export const appSteps: readonly string[] = ['app/user', 'app/code', 'app/environment', 'web/nginx'];

const databaseDrop = {what: 'the database “microblog”', name: 'microblog', savedIn: '/var/backups/boxwizard'};

/** The plan's forms, with these answers in them. */
export function formsOf(answers: Answers): StepForm[] {
	return steps.map(([id, title, why, seconds, hazard]) => ({
		summary: {id, title, why, hazard},
		fields: (fieldsOf[id] ?? []).map(one =>
			one.name in answers ? {...one, value: answers[one.name] as Field['value']} : one,
		),
		wanted: true,
		...(ofApp.includes(id) && {ofApp: true as const}),
		seconds,
		...(id === 'system/upgrade' ? {notUndone: 'Upgraded packages stay upgraded.'} : {}),
		...(id === 'services/mysql' ? {drops: databaseDrop} : {}),
	}));
}
