import type {Detection} from '../../../source/contract/detection.ts';
import type {BoxStatus} from '../../../source/contract/status.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import type {FoundApp} from '../../../source/contract/ui/found-app.ts';
import type {KnownApp} from '../../../source/contract/ui/known-host.ts';
import type {Preview} from '../../../source/contract/ui/preview.ts';
import type {StepForm} from '../../../source/contract/ui/setup.ts';
import type {TroubleshootSummary} from '../../../source/contract/ui/troubleshooting.ts';
import type {LocalKey, Opened, Wizard} from '../../../source/contract/ui/wizard.ts';

import {appSteps, formsOf, steps} from './fake-forms.ts';
import type {FakeOptions} from './fake-options.ts';
import {outcome, planned, play} from './fake-run.ts';

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
	because: ['requirements.txt names 7 packages: uv installs them', 'microblog.py:3 makes a Flask app'],
	answers: {framework: 'Flask', manager: 'pip', dependencyFile: 'requirements.txt', entry: 'microblog:app'},
	processes: [],
	variables: [],
	packages: [],
	warnings: [],
	questions: [],
};

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
		hosts: async () => ({
			hosts: [
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
			dues: options.remembered ?? [],
		}),
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
		async writeAnswersFile(kind) {
			heard('writeAnswersFile', kind);
			return 'boxwizard.yml';
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
			return foundOf('https://github.com/you/microblog.git', {...options.found, isRead: 'changed in the folder'});
		},
		newApp: kind => ({kind: kind ?? 'python', answers: options.answers ?? {}, leftOut: []}),
		setupFor: app => ({kind: 'python', answers: {...options.answers, app}, leftOut: []}),
		async status() {
			heard('status');
			await pause();
			return statusOf(options.apps ?? []);
		},
		coming: async () => ({
			version: {id: '88b0e12aaaa', title: 'Try new form'},
			live: {id: '3f2a91cbbbb', title: 'Old form'},
			commits: 1,
			dropped: 0,
			newest: [{id: '88b0e12aaaa', title: 'Try new form', author: 'Jessica'}],
			migrations: ['migrations/versions/0007_form.py'],
			dependencyFiles: ['requirements.txt'],
			packages: [{name: 'flask', before: '3.0.0', now: '3.1.0'}],
		}),
		async *deploy(setup) {
			heard('deploy', setup);
			return yield* play(setup.answers, options, pause);
		},
		releases: async () => [
			{name: '20261128T124602', id: '88b0e12a'.padEnd(40, '0'), title: 'Try new form', isLive: true, isWhole: true},
			{name: '20261127T091500', id: '3f2a91cb'.padEnd(40, '0'), title: 'Old form', isLive: false, isWhole: true},
			{name: '20261126T080000', id: '77aa01ee'.padEnd(40, '0'), title: 'Older form', isLive: false, isWhole: true},
		],
		fit: async (_, release) =>
			release === '20261127T091500'
				? {verdict: 'fits', lines: []}
				: {verdict: 'dump', lines: ['posts.title was renamed to heading: the old version asks for title.']},
		async *rollback(setup, release) {
			heard('rollback', release);
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
