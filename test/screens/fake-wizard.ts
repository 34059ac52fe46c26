import type {Detection} from '../../source/contract/detection.ts';
import type {Finding, Unknown} from '../../source/contract/diagnosis/examination.ts';
import type {BoxDue} from '../../source/contract/due.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {BoxStatus} from '../../source/contract/status.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import type {Event, Reply, Summary} from '../../source/contract/ui/events.ts';
import type {Field} from '../../source/contract/ui/field.ts';
import type {FoundApp} from '../../source/contract/ui/found-app.ts';
import type {KnownApp} from '../../source/contract/ui/known-host.ts';
import type {Preview} from '../../source/contract/ui/preview.ts';
import type {Answers, Resumable, StepForm} from '../../source/contract/ui/setup.ts';
import type {
	Finding as AppFinding,
	TroubleshootEvent,
	TroubleshootSummary,
} from '../../source/contract/ui/troubleshooting.ts';
import type {LocalKey, Opened, Outcome, Wizard} from '../../source/contract/ui/wizard.ts';

const field = (name: string, title: string, more: Partial<Field> = {}): Field => ({
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

const steps: readonly (readonly [
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

const unreadable = new Trouble({
	what: 'The repository can’t be read from this machine.',
	means: 'Nothing of it was looked at. Nothing was changed.',
	next: 'See that the address is right and that `git ls-remote ADDRESS` works here.',
	evidence: ['fatal: could not read Username'],
	code: 'repository-refused',
});

/** What is found in a repository, as far as nothing else is said. */
export function foundOf(repository: string, more: Partial<FoundApp> = {}): FoundApp {
	return {
		repository,
		name: 'microblog',
		branch: 'main',
		files: 17,
		isRead: 'at the address',
		app: flask,
		others: [],
		questions: [],
		obstacles: [],
		kind: 'python',
		answers: {app: 'microblog', repository, branch: 'main', database: 'sqlite'},
		notes: [],
		...more,
	};
}

/** An app with nothing unusual. */
export const flask: Detection = {
	kind: 'python',
	folder: '',
	title: 'Flask app',
	confidence: 90,
	because: ['requirements.txt names 7 packages: pip installs them', 'microblog.py:3 makes a Flask app'],
	answers: {framework: 'Flask', manager: 'pip', dependencyFile: 'requirements.txt', entry: 'microblog:app'},
	processes: [],
	variables: [],
	packages: [],
	warnings: [],
	questions: [],
};

/** Those that are an app's own. */
const ofApp: readonly string[] = ['services/mysql', 'app/user', 'app/code', 'app/environment', 'web/nginx'];

/** Those that go with the app. */
const appSteps: readonly string[] = ['app/user', 'app/code', 'app/environment', 'web/nginx'];

const databaseDrop = {what: 'the database “microblog”', name: 'microblog', savedIn: '/var/backups/boxwizard'};

function formsOf(answers: Answers): StepForm[] {
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

const sshPatch = `--- a
+++ b
@@ -0,0 +1,4 @@
+PermitRootLogin no
+PasswordAuthentication no
+KbdInteractiveAuthentication no
+AllowUsers jessica
`;

const previewsOf = (): Preview[] =>
	steps.map(([id], index) => ({
		step: id,
		state: index < 2 ? 'in place' : id === 'app/environment' ? 'unknown' : 'to do',
		commands: ['sshd -t', 'systemctl reload ssh.service'].slice(0, (index % 2) + 1),
		files:
			id === 'app/code'
				? []
				: [
						{
							path: '/etc/ssh/sshd_config.d/00-boxwizard.conf',
							patch: sshPatch,
							added: 4,
							removed: 0,
							secret: id === 'services/mysql',
						},
					],
		packages: id === 'system/packages' ? ['nginx', 'supervisor', 'python3-venv', 'mariadb-server', 'redis-server'] : [],
	}));

export const laptopKey: LocalKey = {
	comment: 'jessica@laptop',
	type: 'ed25519',
	fingerprint: 'SHA256:2n0xGq0sYp8y3c2v1bJmTqk8n1Zl2rj0x9WkU4f7dQY',
	line: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4mWv1 jessica@laptop',
	where: '~/.ssh/id_ed25519.pub',
};

const survey: Opened['survey'] = {
	os: {id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)', supported: true},
	kernel: '6.1.0-18-amd64',
	architecture: 'x86_64',
	cores: 1,
	memory: 1_024_000_000,
	swap: 0,
	disk: {size: 26_843_545_600, free: 23_622_320_128, enough: true},
	hostname: 'debian-s-1vcpu-1gb-fra1-01',
	addresses: {v4: ['203.0.113.7'], v6: ['2001:db8::7']},
	rebootPending: true,
	listening: [{port: 22, process: 'sshd'}],
	pastFirewall: [],
	users: [],
	running: [],
	uptime: 240,
};

/** A box on which these apps run. */
const statusOf = (apps: readonly KnownApp[]): BoxStatus => ({
	at: '2026-11-27T12:00:00.000Z',
	uptime: 1_036_800,
	memory: {total: 1_024_000_000, available: 300_000_000},
	disk: {size: 26_843_545_600, free: 15_569_256_448},
	updates: 2,
	rebootPending: false,
	apps: apps.map(({name, domain, port}) => ({name, state: 'up', ...(domain && {domain}), ...(port && {port})})),
	others: [],
});

export type FakeOptions = {
	/** Milliseconds between two events. */
	readonly pace?: number;
	/** What is asked while the box is opened. */
	readonly questions?: readonly ('trust-host' | 'password' | 'new-password')[];
	readonly resumable?: Resumable;
	readonly refuses?: boolean;
	/** The user is there already, which has to be decided. */
	readonly existingUser?: boolean;
	readonly unsupported?: boolean;
	/** Id of a step that fails the first time. */
	readonly fails?: string;
	/** Its cause is known, and a key puts it right. */
	readonly knowsCause?: boolean;
	/** Id of a step at which the run rests for good: at its proof, or while DNS is half there. */
	readonly rests?: string;
	/** The records are never made: the run waits until it is told to stop, or until nobody goes on with it. */
	readonly waits?: boolean;
	/** An earlier run left a job that hangs: it is waited for until it is ended. */
	readonly hangs?: boolean;
	readonly answers?: Answers;
	/** The repository that is offered, and what is found in whatever is asked for; without it nothing can be read. */
	readonly likely?: string;
	readonly found?: Partial<FoundApp>;
	/** Variables that only the person knows. */
	readonly variables?: readonly Field[];
	/** Apps that the box carries already. */
	readonly apps?: readonly KnownApp[];
	readonly dues?: readonly BoxDue[];
	/** What the doctor finds. */
	readonly findings?: readonly Finding[];
	readonly unknown?: readonly Unknown[];
	/** The doctor's first look fails. */
	readonly sick?: boolean;
	/** What troubleshooting tells; the reply to each diagnosis is heard. */
	readonly troubles?: readonly TroubleshootEvent[];
	/** Told of what is called. */
	readonly heard?: (call: string, ...details: readonly unknown[]) => void;
};

const renewNow: StepForm = {
	summary: {id: 'tls/renewNow', title: 'Renew now', why: 'A new certificate for the same names.'},
	fields: [],
	wanted: true,
};

/** A wizard without a box: it plays the Flask road from a script. */
export function fakeWizard(options: FakeOptions = {}): Wizard {
	const {pace = 0, heard = () => undefined} = options;
	let looks = 0;
	let reminds = false;
	const {promise: oldEnded, resolve: endOld} = Promise.withResolvers<void>();
	const pause = (times = 1) => new Promise<void>(resolve => setTimeout(resolve, pace * times));
	return {
		hosts: async () => [
			{
				target: 'jessica@microblog.example.com',
				label: 'microblog.example.com',
				host: '203.0.113.7',
				user: 'jessica',
				kind: 'Flask',
				apps: [],
				done: 21,
				total: 21,
				lastSeen: new Date().toISOString(),
				certificateDays: 62,
			},
			{
				target: 'root@203.0.113.44',
				label: '203.0.113.44',
				host: '203.0.113.44',
				user: 'root',
				kind: 'Flask',
				apps: [],
				done: 9,
				total: 21,
				stoppedAt: 'Database',
				lastSeen: new Date(Date.now() - 3 * 86_400_000).toISOString(),
			},
			{
				target: 'jessica@shop.example.org',
				label: 'shop.example.org',
				host: '198.51.100.4',
				user: 'jessica',
				kind: 'Flask',
				apps: [],
				done: 21,
				total: 21,
				lastSeen: new Date(Date.now() - 40 * 86_400_000).toISOString(),
				certificateDays: 9,
			},
		],
		kinds: () => [
			{name: 'python', title: 'Flask app', description: 'Python, gunicorn, nginx, a database, mail and HTTPS'},
			{name: 'static', title: 'Static site', description: 'nginx and HTTPS, nothing else'},
		],
		async open(target, ask, progress) {
			progress(`Looking up ${target}`);
			await pause();
			for (const kind of options.questions ?? []) {
				if (kind === 'trust-host') {
					const trusted = await ask({
						kind,
						host: '203.0.113.7',
						port: 22,
						keyType: 'ssh-ed25519',
						fingerprint: laptopKey.fingerprint,
					});
					heard('trust', trusted);
				} else if (kind === 'password') {
					heard('password', (await ask({kind, user: 'root', host: '203.0.113.7', wrong: false})).reveal());
				} else {
					const reason = 'Your provider wants the first password changed.';
					heard('new-password', (await ask({kind, user: 'root', reason})).reveal());
				}
			}

			progress('Trying your keys: id_ed25519');
			await pause();
			if (options.refuses) {
				throw new Trouble({
					what: 'root@203.0.113.7 did not let you in.',
					means: 'None of your keys is known there, and it takes no password.',
					next: 'Put your public key on the box in your provider’s console, or name another key with --identity.',
					evidence: ['tried: ~/.ssh/id_ed25519 (SHA256:2n0xGq0s…)', 'the box takes: publickey'],
				});
			}

			progress('Looking at the box');
			await pause();
			return {
				label: '203.0.113.7',
				host: '203.0.113.7',
				port: 22,
				user: 'root',
				survey: options.unsupported
					? {...survey, os: {id: 'fedora', version: '43', name: 'Fedora Linux 43', supported: false}}
					: survey,
				resumable: options.resumable,
				answers: options.answers ?? {},
				apps: options.apps ?? [],
			};
		},
		async practice(progress) {
			progress('Making the image');
			await pause();
			progress('Booting the box');
			await pause();
			return 'root@10.0.0.2';
		},
		reminders: async () => (reminds ? 'systemd, every four hours' : undefined),
		async remind(isWanted) {
			heard('remind', isWanted);
			reminds = isWanted;
			return isWanted
				? 'Its dates stand in boxwizard.ics: take it into your calendar once'
				: 'Nobody looks by the clock any more';
		},
		async tryReminder() {
			heard('tryReminder');
			return 'Sent by desktop: look whether it has arrived';
		},
		async runInApp(app, inside) {
			heard('runInApp', app, inside);
			return 0;
		},
		async writeReceipt() {
			heard('writeReceipt');
			return 'receipt-microblog.example.com.md';
		},
		async pullSettings(app) {
			heard('pullSettings', app);
			return '.env';
		},
		async forgetting(target) {
			heard('forgetting', target);
			return {
				label: target.slice(target.indexOf('@') + 1),
				goes: [
					'its journal: /home/you/.config/boxwizard/hosts/203.0.113.7_22.json',
					'its host key in /home/you/.ssh/known_hosts',
				],
				stays: ['On the box nothing is touched: where it still stands, its apps run on.'],
			};
		},
		async forget(target) {
			heard('forget', target);
		},
		steps: (_, answers) => formsOf(answers),
		likelyRepository: () => options.likely ?? '',
		repositoryProblem: address =>
			/^(https?:\/\/|git@)\S+$/.test(address) ? undefined : 'A git address: https://… or git@host:owner/name.git',
		async findApp(repository, branch) {
			heard('findApp', repository, branch);
			await pause();
			if (!options.found) throw unreadable;
			return foundOf(repository, options.found);
		},
		settleApp(said) {
			heard('settleApp', said);
			return foundOf('https://github.com/you/microblog.git', {
				...options.found,
				questions: (options.found?.questions ?? []).filter(({about}) => said.set?.[about] === undefined),
				...(said.kind !== undefined && {kind: said.kind}),
			});
		},
		unreadApp: repository => ({repository, app: 'microblog'}),
		variableFields: () => (options.found ? (options.variables ?? []) : []),
		withVariables(answers, values) {
			heard('withVariables', values);
			return answers;
		},
		previewEdit: () => '--- a\n+++ b\n@@ -1 +1 @@\n-pywin32==306\n+flask\n',
		writeEdit(remedy) {
			heard('writeEdit', remedy);
			return foundOf('https://github.com/you/microblog.git', {...options.found, isRead: 'in the folder'});
		},
		newApp: kind => ({kind: kind ?? 'python', answers: options.answers ?? {}, leftOut: []}),
		setupFor: app => ({kind: 'python', answers: {...options.answers, app}, leftOut: []}),
		async status() {
			heard('status');
			await pause();
			return statusOf(options.apps ?? []);
		},
		async *deploy(setup) {
			heard('deploy', setup);
			return yield* play(setup.answers, options, pause);
		},
		removal: () => formsOf(options.answers ?? {}).filter(({summary}) => appSteps.includes(summary.id)),
		async *remove(app, confirmed) {
			heard('remove', app, confirmed);
			yield planned;
			for (const id of appSteps.toReversed()) {
				yield {type: 'running', step: id, job: id, attached: false};
				await pause();
				yield {type: 'undone', step: id, seconds: 1};
			}

			return {changed: appSteps, inPlace: [], skipped: [], failed: [], seconds: 3};
		},
		interrupts: program => [`Whoever uses ${typeof program === 'string' ? program : program.name} has to wait.`],
		services: () => [{name: 'nginx', also: ['web'], stops: 'The site is gone.'}],
		async *control(program, action) {
			heard(action, program);
			yield planned;
			return {changed: ['restart/it'], inPlace: [], skipped: [], failed: [], seconds: 1};
		},
		async *logs(signal, foreign) {
			heard('logs', foreign);
			await new Promise(end => signal.addEventListener('abort', end));
		},
		settings: async app => ({
			file: `/srv/${app}/shared/.env`,
			own: [],
			further: [],
			read: () => undefined,
			problem: () => undefined,
		}),
		async *saveSettings(app, variables) {
			heard('saveSettings', app, variables);
			yield planned;
			return {changed: [], inPlace: [], skipped: [], failed: [], seconds: 1};
		},
		async browse(address) {
			heard('browse', address);
			return false;
		},
		async shell() {
			heard('shell');
			return 0;
		},
		async probe() {
			heard('probe');
		},
		allSteps: ({answers}) => formsOf(answers),
		validate: ({answers}) =>
			formsOf(answers)
				.flatMap(form => form.fields)
				.filter(one => !one.optional && (one.value === undefined || one.value === ''))
				.map(one => ({option: one.name, message: `${one.title} is needed`})),
		async remember(setup) {
			heard('remember', setup);
		},
		async preview({answers}) {
			await pause(2);
			const concern = {option: 'passwordless', message: 'jessica is a user of this box already.'};
			const isOpen = options.existingUser && answers.passwordless !== true;
			return previewsOf().map(one => (isOpen && one.step === 'account/user' ? {...one, concern} : one));
		},
		async previewAll() {
			return previewsOf();
		},
		async *run(setup) {
			if (options.hangs) {
				yield planned;
				yield {type: 'running', step: 'app/code', job: 'old', attached: true};
				await oldEnded;
			}

			return yield* play(setup.answers, options, pause);
		},
		async *check() {
			yield planned;
			for (const [id] of steps) {
				yield {type: 'checking', step: id};
				await pause();
				yield id === 'web/nginx' ? {type: 'differs', step: id} : {type: 'skipped', step: id, reason: 'in place'};
			}

			return {
				changed: [],
				inPlace: steps.map(([id]) => id).filter(id => id !== 'web/nginx'),
				skipped: [],
				failed: ['web/nginx'],
				seconds: 1.4,
			};
		},
		stopJob() {
			heard('stopJob');
			endOld();
		},
		async *undo(_, ids) {
			yield planned;
			for (const id of ids.toReversed()) {
				yield {type: 'running', step: id, job: id, attached: false};
				await pause();
				yield {type: 'undone', step: id, seconds: 1};
			}

			return {changed: ids, inPlace: [], skipped: [], failed: [], seconds: 21};
		},
		async dues(tell) {
			heard('dues');
			for (const box of options.dues ?? []) {
				await pause();
				tell(box);
			}
		},
		renewal({answers}) {
			const {domain = 'shop.example.org'} = options.apps?.find(({name}) => name === answers.app) ?? {};
			return {
				forms: [renewNow],
				commands: [`certbot renew --cert-name ${domain} --dry-run`, `certbot renew --cert-name ${domain}`],
			};
		},
		async *renew({answers}, force) {
			const {id} = renewNow.summary;
			heard('renew', force, ...(options.apps ? [answers.app] : []));
			yield {type: 'planned', name: 'renew', steps: [renewNow.summary]};
			yield {type: 'running', step: id, job: id, attached: false};
			await pause();
			yield {type: 'verified', step: id, seconds: 3};
			return {changed: [id], inPlace: [], skipped: [], failed: [], seconds: 3};
		},
		async examine() {
			heard('examine');
			looks += 1;
			await pause();
			if (options.sick && looks === 1)
				throw new Trouble({
					what: 'The box answered 3 of 40 questions.',
					means: 'How it stands is not known.',
					next: 'Retry.',
				});
			return {findings: options.findings ?? [], unknown: options.unknown ?? [], roundTrips: 1, seconds: 0.6};
		},
		async previewFix(finding) {
			await pause();
			return {...previewsOf()[7], step: finding, state: 'to do', commands: ['sshd -t'], files: [], packages: []};
		},
		async *fix(findings) {
			heard('fix', findings);
			const id = 'fix/doctor';
			yield {type: 'planned', name: '', steps: [{id, title: 'Mend it', why: ''}]};
			yield {type: 'running', step: id, job: id, attached: false};
			await pause();
			yield {type: 'verified', step: id, seconds: 1};
			return {changed: [id], inPlace: [], skipped: [], failed: [], seconds: 1};
		},
		outcome: async () => outcome,
		localKeys: async () => [
			laptopKey,
			{
				comment: 'jessica@oldbox',
				type: 'rsa 4096',
				fingerprint: 'SHA256:w1',
				line: 'ssh-rsa AAAAB3NzaC1yc2E jessica@oldbox',
				where: 'ssh-agent',
			},
		],
		async makeKey() {
			await pause();
			return {
				...laptopKey,
				comment: 'new@laptop',
				line: 'ssh-ed25519 AAAANEW new@laptop',
				where: '~/.ssh/id_ed25519_boxwizard.pub',
			};
		},
		async githubKeys(name) {
			await pause();
			return [{...laptopKey, comment: name, line: `ssh-ed25519 AAAAGITHUB ${name}`, where: `github.com/${name}`}];
		},
		readKey: text =>
			text.startsWith('ssh-')
				? {key: {...laptopKey, comment: text.split(' ')[2] ?? 'pasted', line: text, where: 'pasted'}}
				: {problem: 'This is a private key. Paste the public one, from the file that ends in .pub.'},
		async *troubleshoot(_road, app) {
			heard('troubleshoot', app);
			let summary: TroubleshootSummary | undefined;
			for (const event of options.troubles ?? []) {
				await pause();
				const reply = yield event;
				if (event.type === 'diagnosis') heard('reply', reply);
				if (event.type === 'done') summary = event.summary;
			}

			if (!summary) throw new Trouble({what: 'No app runs on this box.', means: '', next: '', code: 'no-app'});
			return summary;
		},
		async leave() {
			heard('leave');
		},
	};
}

const planned: Event = {
	type: 'planned',
	name: 'python',
	steps: steps.map(([id, title, why, , hazard]) => ({id, title, why, hazard})),
};

const outcome: Outcome = {
	url: 'https://microblog.example.com',
	login: 'ssh jessica@microblog.example.com',
	commands: [
		{title: 'Restart the app', command: 'sudo supervisorctl restart microblog'},
		{title: 'Its log', command: 'sudo tail -f /srv/microblog/shared/log/app.log'},
		{title: 'Deploy again', command: 'boxwizard setup jessica@microblog.example.com'},
	],
	next: ['Open the site and register the first user.', 'Make a backup of the keychain entry “boxwizard”.'],
	secrets: [
		{title: 'Sudo password', where: 'keychain', secret: new Secret('correct-horse-battery')},
		{title: 'Database', where: 'box', secret: new Secret('x7Rk2mQp0Zt4')},
	],
};

const output = [
	'Reading package lists...',
	'Building dependency tree...',
	'\u001b[32mGet:1\u001b[0m http://deb.debian.org/debian bookworm/main amd64 nginx amd64 1.22.1-9+deb12u3 [527 kB]',
	'Get:2 http://deb.debian.org/debian bookworm/main amd64 supervisor all 4.2.5-1 [309 kB]',
	'Fetched 836 kB in 0s (4,112 kB/s)',
	'Setting up nginx (1.22.1-9+deb12u3) ...',
];

async function* play(
	answers: Answers,
	options: FakeOptions,
	pause: (times?: number) => Promise<void>,
): AsyncGenerator<Event, Summary, Reply> {
	yield planned;
	const changed: string[] = [];
	for (const [index, [id, , , , hazard]] of steps.entries()) {
		yield {type: 'checking', step: id};
		await pause();
		if (index < 2) {
			yield {type: 'skipped', step: id, reason: 'in place'};
			continue;
		}

		if (options.fails === id) {
			const reply: Reply = yield {...failure(id), ...(options.knowsCause && {findings: [missingVariable]})};
			options.heard?.('reply', reply, answers);
			if (reply?.action === 'quit') return {changed, inPlace: [], skipped: [], failed: [id], seconds: 12};
		}

		if (hazard) yield {type: 'arming', step: id, window: 60};
		yield {type: 'running', step: id, job: `boxwizard-${id.replace('/', '-')}`, attached: false};
		for (const line of output) {
			yield {type: 'output', step: id, line};
			await pause();
		}

		if (id === 'dns/records' && options.waits) yield* endlessWait(options);
		if (id === 'dns/records') yield* dns(options.rests === id, pause);
		yield {
			type: 'proving',
			step: id,
			what: hazard ? 'a fresh login as jessica' : 'seen from outside',
		};
		if (options.rests === id) await new Promise(() => undefined);
		await pause(3);
		yield {type: 'verified', step: id, seconds: 4 + index};
		changed.push(id);
	}

	const summary = {changed, inPlace: ['system/ready', 'system/time'], skipped: [], failed: [], seconds: 161};
	yield {type: 'done', summary};
	return summary;
}

async function* endlessWait({heard}: FakeOptions): AsyncGenerator<Event, void, Reply> {
	const wait = {what: 'the records', show: ['x A 203.0.113.7'], notes: ['A proxy has to be off.'], seen: [], every: 5};
	try {
		let reply: Reply;
		while (reply?.action === undefined) {
			await new Promise(resolve => setTimeout(resolve, wait.every));
			reply = yield {type: 'waiting', step: 'dns/records', wait};
		}

		yield failure('dns/records');
	} finally {
		heard?.('ended');
	}
}

async function* dns(rests: boolean, pause: (times?: number) => Promise<void>): AsyncGenerator<Event, void, Reply> {
	for (const seen of [
		['not yet', 'not yet'],
		['203.0.113.7', 'not yet'],
		['203.0.113.7', '203.0.113.7'],
	]) {
		yield {
			type: 'waiting',
			step: 'dns/records',
			wait: {
				what: 'microblog.example.com to point to 203.0.113.7',
				show: ['microblog.example.com.  A     203.0.113.7', 'microblog.example.com.  AAAA  2001:db8::7'],
				seen: [`ns1.example.net   A  ${seen[0]}`, `1.1.1.1           A  ${seen[1]}`],
				every: 5000,
			},
		};
		if (rests && seen[0] !== seen[1]) await new Promise(() => undefined);
		await pause(6);
	}
}

const missingVariable: AppFinding = {
	cause: 'settings/missing-variable',
	title: 'The variable STRIPE_KEY is not set.',
	means: 'The app reads it at its start.',
	next: 'Add a line.',
	evidence: {from: 'output', text: "KeyError: 'STRIPE_KEY'"},
	before: [],
	fixes: [
		{id: 'fix/variable-stripe-key', title: 'Set STRIPE_KEY', why: 'It is written into .env.', asks: 'STRIPE_KEY'},
	],
};

const failure = (step: string): Extract<Event, {type: 'failed'}> => ({
	type: 'failed',
	step,
	trouble: {
		what: 'git could not clone https://github.com/you/microblog.git.',
		means: 'The address is wrong, or the repository is private. Nothing was changed on the box.',
		next: 'Edit the address, or make the repository readable, then try again.',
		evidence: ['remote: Repository not found.', 'fatal: repository not found (exit 128)'],
	},
	actions: ['retry', 'edit', 'skip', 'undo', 'quit'],
});
