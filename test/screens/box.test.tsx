import {afterEach, expect, test, vi} from 'vitest';
import {App} from '../../screens/frame/app.tsx';
import {themeOf} from '../../screens/parts/theme.ts';
import type {LogEvent} from '../../source/contract/log-source.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {BoxStatus} from '../../source/contract/status.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import type {Event, Summary} from '../../source/contract/ui/events.ts';
import type {Resumable, StepForm} from '../../source/contract/ui/setup.ts';
import type {Opened, Start, Wizard} from '../../source/contract/ui/wizard.ts';
import {parseDotenv} from '../../steps/reading/dotenv.ts';
import {fakeWizard} from './fake/fake-wizard.ts';
import {cleanup, render} from './ink.ts';
import {openApp} from './open-app.tsx';

afterEach(() => {
	cleanup();
	vi.unstubAllEnvs();
});

const look = themeOf({LANG: 'C.UTF-8'}, 'linux');
const start: Start = {at: 'box', target: 'jessica@203.0.113.7'};
const enter = '\r';
const escapeKey = '\u001b';
const down = '\u001b[B';
const day = 86_400_000;

const finished: Resumable = {
	kind: 'python',
	title: 'Flask app',
	answers: {app: 'gt', domain: 'gt.example.org', repository: 'https://git.example.org/gt.git'},
	leftOut: [],
	done: 30,
	total: 30,
	running: false,
};

const apps = [
	{name: 'gt', kind: 'Flask app', domain: 'gt.example.org'},
	{name: 'blog', kind: 'Flask app', domain: 'blog.example.org'},
];

const status = (): BoxStatus => ({
	at: new Date().toISOString(),
	uptime: 12 * 86_400 + 60,
	memory: {total: 1000, available: 290},
	disk: {size: 1000, free: 590},
	updates: 2,
	rebootPending: true,
	checked: {at: new Date(Date.now() - 2 * 3_600_000 - 60_000).toISOString(), differing: 0},
	apps: [
		{
			name: 'gt',
			state: 'up',
			since: new Date(Date.now() - 3 * day).toISOString(),
			version: {id: '3f2a91c0d4', title: 'Fix totals'},
			memory: 350 * 1024 ** 2,
			domain: 'gt.example.org',
			certificateExpires: new Date(Date.now() + 62.5 * day).toISOString(),
			port: 8000,
		},
		{name: 'blog', state: 'down', domain: 'blog.example.org', port: 8001},
	],
	others: [{name: 'cron-mailer', manager: 'systemd', state: 'up', logs: []}],
});

const summary: Summary = {changed: ['app/code'], inPlace: [], skipped: [], failed: [], seconds: 2};

async function* played(events: readonly Event[], end = summary): AsyncGenerator<Event, Summary, undefined> {
	for (const event of events) yield event;
	return end;
}

const line = (app: string, text: string): LogEvent => ({type: 'line', time: 0, kind: 'app', label: app, app, text});

type Heard = (call: string, ...details: readonly unknown[]) => void;

/** A box that is set up, with two apps. What is asked of the wizard is heard. */
function boxWizard(heard: Heard, changed: Partial<Wizard>, opened: Partial<Opened>): Wizard {
	const before = fakeWizard();
	return {
		...before,
		kinds: () => [{name: 'python', title: 'Flask app', description: 'Python'}],
		open: async (target, ask, progress) => ({
			...(await before.open(target, ask, progress)),
			resumable: finished,
			apps,
			...opened,
		}),
		status: async () => status(),
		setupFor: app => ({kind: 'python', answers: {...finished.answers, app}, leftOut: []}),
		newApp: () => ({kind: 'python', answers: {user: 'jessica'}, leftOut: []}),
		removal: () => [],
		remove: (app, confirmed) => {
			heard('remove', app, confirmed);
			return played([]);
		},
		deploy: ({answers}, to) => {
			heard('deploy', answers.app, to);
			const step = 'app/code';
			return played([
				{type: 'planned', name: 'python', steps: [{id: step, title: 'Your app', why: ''}]},
				{type: 'visited', step, requests: 412, failures: 0},
				{type: 'live', step, id: '88b0e12aaaa', title: 'Try new form', isNew: true, seconds: 4},
			]);
		},
		async *logs(signal, foreign) {
			if (foreign) yield line(foreign.name, 'mail was sent');
			yield line('gt', 'GET /totals 200');
			yield line('blog', 'Traceback: no such table');
			yield line('gt', 'GET /login 500 error');
			await new Promise(end => signal.addEventListener('abort', end));
			heard('logs ended');
		},
		settings: async () => ({
			file: '/srv/gt/shared/.env',
			own: [{name: 'SECRET_KEY', value: new Secret('own-secret')}],
			further: [
				{name: 'API_KEY', value: new Secret('s3same')},
				{name: 'PEM', value: new Secret('one\ntwo')},
			],
			read: text => parseDotenv(text).variables[0],
			problem: (name, value) => (name === 'SECRET_KEY' || value === '' ? `${name} is refused` : undefined),
		}),
		saveSettings: (app, variables) => {
			heard(
				'save',
				app,
				variables.map(({name, value}) => `${name}=${value.reveal()}`),
			);
			return played([]);
		},
		interrupts: () => ['Whoever uses it has to wait.'],
		services: () => [
			{name: 'nginx', also: ['web'], stops: 'The site is gone.'},
			{name: 'box', also: ['reboot']},
		],
		control: (program, action) => {
			heard(action, program);
			return played([]);
		},
		browse: async () => false,
		probe: async () => undefined,
		...changed,
	};
}

function open(changed: Partial<Wizard> = {}, opened: Partial<Opened> = {}) {
	const heard = vi.fn<Heard>();
	return {heard, ...openApp(boxWizard(heard, changed, opened), start)};
}

test('a box that is set up opens on its page: apps with state, version, memory and days, and the box itself', async () => {
	const {see, frame} = open();
	await see('3f2a91c');
	expect(frame()).toMatch(/❯ gt +gt\.example\.org +✓ up 3 d +3f2a91c Fix totals +350 MB +62 d/);
	expect(frame()).toMatch(/ {2}blog +blog\.example\.org +✗ down/);
	expect(frame()).toMatch(/✓ checked 2 h ago +disk 41 % +memory 71 % +2 updates wait\s+! a reboot is pending/);
	expect(frame()).toMatch(/up 12 d/);
	expect(frame()).toMatch(/Not boxwizard’s[\s\S]*✓ up +cron-mailer +systemd/);
});

test('an address that the table cuts stands whole below it', async () => {
	const domain = `${'a-long-name-'.repeat(4)}blog.example.org`;
	const here = status();
	const {see, frame} = open({status: async () => ({...here, apps: here.apps.map(app => ({...app, domain}))})});
	await see('3f2a91c');
	expect(frame()).toMatch(/❯ gt +a-long-name-.*…/);
	expect(frame()).toMatch(new RegExp(`gt {2}${domain}`));
});

test('jobs at fixed times stand below their app, those that want somebody first; one that fails is told of the box too', async () => {
	const from = (hours: number) => new Date(Date.now() + hours * 3_600_000 + 60_000).toISOString();
	const jobs = [
		{name: 'report', state: 'waiting', next: from(1)},
		{name: 'sync', state: 'running', last: from(-1)},
		{name: 'backup', state: 'waiting', last: from(-3), next: from(20)},
		{name: 'clean', state: 'failed', last: from(-6), next: from(18)},
		{name: 'old', state: 'off'},
	] as const;
	const here = status();
	const {see, frame, press} = open({
		status: async () => ({...here, apps: here.apps.map(app => (app.name === 'gt' ? {...app, jobs} : app))}),
	});
	await see('3f2a91c');
	expect(frame()).toMatch(/✗ clean +failed 5 h ago · next in 18 h\s+! old +nothing starts it\s+● sync +runs now/);
	expect(frame()).toMatch(/● sync +runs now\s+and 2 more/);
	expect(frame()).toContain('! 2 jobs fail');
	await press(down, /❯ blog/);
	expect(frame()).not.toContain('clean');
	expect(frame()).toContain('! 2 jobs fail');
});

test('a box that an app was taken off since has its page, whatever the count of its steps', async () => {
	const {see} = open({}, {resumable: {...finished, done: 20}});
	await see('3f2a91c');
});

test('an unfinished set-up lands on its plan, which says where it stopped', async () => {
	const stopped = {...finished, done: 9, stoppedAt: 'Database'};
	const {see, frame} = open({validate: () => []}, {resumable: stopped, apps: apps.slice(0, 1)});
	await see('The plan: 9 of 30 done, stopped at “Database”');
	expect(frame()).toContain('go on');
});

test('a box that does not answer keeps what was seen, and says since when it is away', async () => {
	let looks = 0;
	const {see, frame} = open({
		status: async () => {
			looks += 1;
			if (looks === 1) return status();
			throw new Trouble({what: 'The connection was lost.', means: '', next: ''});
		},
	});
	await see('3f2a91c');
	await see('! No answer from the box for');
	expect(frame()).toContain('The connection was lost.');
	expect(frame()).toContain('3f2a91c Fix totals');
});

test('a program that is not boxwizard’s has logs, troubleshoot and restart, and nothing of an app’s', async () => {
	const {see, press, type, frame, heard} = open();
	const [mailer] = status().others;
	await see('3f2a91c');
	await press(down, /❯ blog/);
	await press(down, /❯ ✓ up +cron-mailer/);
	expect(frame()).toContain('an undo never touches it');
	expect(frame()).toMatch(/l logs.*t troubleshoot.*r restart/);
	expect(frame()).not.toMatch(/d deploy|D remove|e settings|o open/);
	await type('dD');
	await press('l', 'mail was sent');
	expect(frame()).toContain('Logs of cron-mailer');
	expect(frame()).not.toContain('GET /totals');
	await press('\u001b', /❯ ✓ up +cron-mailer/);
	await press('r', 'Restart cron-mailer?');
	expect(frame()).toContain('Whoever uses it has to wait.');
	await press(enter, '✓ cron-mailer was started anew, and runs');
	expect(heard).toHaveBeenCalledWith('restart', mailer);
	await press('\u001b[A', /❯ blog/);
	await press('r', 'Restart blog?');
	await press(enter, '✓ blog was started anew, and runs');
	expect(heard).toHaveBeenLastCalledWith('restart', 'blog');
});

test('what the box has beside its apps is restarted, stopped and started from the palette', async () => {
	const {see, press, type, heard, frame} = open();
	await see('3f2a91c');
	await press(':', 'What do you want to do?');
	await type('rest web');
	await see('Restart nginx');
	await press(enter, 'Restart nginx?');
	await press(enter, '✓ nginx was started anew, and runs');
	expect(heard).toHaveBeenLastCalledWith('restart', 'nginx');
	// What was under the hand still is.
	expect(frame()).toMatch(/❯ gt/);
	await press(':', 'What do you want to do?');
	await type('stop nginx');
	await press(enter, 'Stop nginx?');
	await press(enter, '✓ nginx is stopped, until it is started again (: start)');
	expect(heard).toHaveBeenLastCalledWith('stop', 'nginx');
});

test('a service that does not come back is named, with the key that looks for why', async () => {
	const {see, press, type} = open({control: () => played([], {...summary, failed: ['restart/nginx']})});
	await see('3f2a91c');
	await press(':', 'What do you want to do?');
	await type('rest nginx');
	await press(enter, 'Restart nginx?');
	await press(enter, '! nginx did not come back. x looks what is wrong.');
});

test('d deploys the app under the hand, once it is confirmed, and ends with what is live', async () => {
	const {see, press, frame, heard} = open();
	await see('3f2a91c');
	await press(down, /❯ blog/);
	await press('d', 'flask 3.0.0 → 3.1.0');
	expect(frame()).toMatch(/Brings +88b0e12a Try new form\n.*New +1 commit\n.*88b0e12a Try new form \(Jessica\)/);
	expect(frame()).toMatch(/Migrations +migrations\/versions\/0007_form.py/);
	await press(enter, '✓ blog is live: 88b0e12 Try new form; 412 requests meanwhile, none failed');
	expect(heard).toHaveBeenCalledWith('deploy', 'blog', '88b0e12aaaa');
});

test('another version is named on the same screen, and one that is not there can be named anew', async () => {
	const asked: (string | undefined)[] = [];
	const missing = new Trouble({
		what: 'There is no v9.',
		means: 'Nothing was done.',
		next: 'Name another.',
		code: 'no-ref',
	});
	const {see, press, type, heard} = open({
		coming: async (_, ref) => {
			asked.push(ref);
			if (ref === 'v9') throw missing;
			return {
				version: {id: '12345678', title: 'Older'},
				live: {id: 'x', title: ''},
				commits: 0,
				dropped: 2,
				newest: [],
				migrations: [],
				dependencyFiles: [],
				packages: [],
			};
		},
	});
	await see('3f2a91c');
	await press(down, /❯ blog/);
	await press('d', '12345678 Older');
	await press('r', 'the newest of its branch');
	await type('v9');
	await press(enter, 'There is no v9.');
	await press('r', 'v9');
	await type('8');
	await press(enter, 'Takes back');
	expect(asked).toEqual([undefined, 'v9', 'v98']);
	await press(enter, '✓ blog is live');
	expect(heard).toHaveBeenCalledWith('deploy', 'blog', '12345678');
});

test('a deploy that fails says so on the page', async () => {
	const {see, press} = open({deploy: () => played([], {...summary, failed: ['app/code']})});
	await see('3f2a91c');
	await press('d', 'flask 3.0.0');
	await press(enter, '! The deploy of gt stopped at “Your app”; what was live still runs.');
});

test('the plan of all apps has each app’s steps by their name, and is only looked at', async () => {
	const all = (name: string): StepForm => ({
		summary: {id: `${name}:app/release`, title: 'Get the code', why: 'It is cloned.'},
		fields: [],
		wanted: true,
	});
	const previewAll = async () =>
		(['in place', 'to do'] as const).map((state, index) => ({
			...{step: `${apps[index]?.name}:app/release`, state},
			...{commands: state === 'to do' ? ['git clone'] : [], files: [], packages: []},
		}));
	const {see, press, heard, type} = open({allSteps: () => [all('gt'), all('blog')], previewAll});
	await see('gt.example.org');
	await press(':', 'What do you want to do?');
	await type('plan of');
	await see('❯ Plan of all apps');
	await press(enter, /✓ gt: Get the code +in place[\s\S]*blog: Get the code/);
	await see('1 to do');
	await press('r', 'The plan of the box and all its apps');
	await press(' ', 'The plan of the box and all its apps');
	expect(heard.mock.calls.map(([call]) => call)).not.toContain('run');
	await press(escapeKey, 'gt.example.org');
});

test('the palette finds commands by words of them, also for another app, and does what it says', async () => {
	const {see, press, frame, heard, type} = open();
	await see('3f2a91c');
	await press(':', 'What do you want to do?');
	expect(frame()).toMatch(/Deploy gt +d +bring its newest commit live/);
	expect(frame()).not.toContain('Deploy blog');
	await type('de bl');
	await see(/❯ Deploy blog/);
	expect(frame()).not.toContain('Doctor');
	await press(enter, 'flask 3.0.0');
	await press(enter, 'blog is live');
	expect(heard).toHaveBeenCalledWith('deploy', 'blog', '88b0e12aaaa');
});

test('a colon in a text is a letter of it', async () => {
	const {see, press, frame} = open();
	await see('3f2a91c');
	await press('l', 'GET /totals');
	await press('/', 'keep it');
	await press(':', '/ :');
	expect(frame()).not.toContain('What do you want to do?');
});

test('logs are those of the app under the hand, searched as one types, and end with the screen', async () => {
	const {see, press, frame, heard, type} = open();
	await see('3f2a91c');
	await press('l', 'GET /totals');
	expect(frame()).toContain('Logs of gt');
	expect(frame()).not.toContain('Traceback');
	await press('\t', 'Traceback: no such table');
	expect(frame()).not.toContain('GET /totals');
	await press('\t', 'Logs of the whole box');
	await press('/', 'keep it');
	await type('err');
	await vi.waitFor(() => expect(frame()).not.toContain('GET /totals'));
	await press(enter, '1 line with “err”');
	expect(frame()).toContain('GET /login 500 error');
	await press(escapeKey, 'Listening');
	await press(escapeKey, '3f2a91c');
	await vi.waitFor(() => expect(heard).toHaveBeenCalledWith('logs ended'));
});

test('settings show names, and a value only when one asks; what is changed is saved by a run', async () => {
	const {see, press, frame, heard, type} = open();
	await see('3f2a91c');
	await press('e', /❯ API_KEY +••••••••/);
	expect(frame()).not.toContain('s3same');
	expect(frame()).toMatch(/change.*D drop/);
	await press('k', /❯ SECRET_KEY/);
	expect(frame()).not.toMatch(/change {2,}|D drop/);
	await press('j', /❯ API_KEY/);
	await press('v', 's3same');
	await press('n', 'NAME=value');
	await type('LANG="e s"');
	await press(enter, 'Saving adds LANG');
	await press('s', '✓ gt runs with its new settings');
	expect(heard).toHaveBeenCalledWith('save', 'gt', ['API_KEY=s3same', 'PEM=one\ntwo', 'LANG=e s']);
});

test('a value of several lines has one row, and keeps its lines when it is changed there', async () => {
	const {see, press, heard, type} = open();
	await see('3f2a91c');
	await press('e', 'PEM');
	await press(down, /❯ PEM +••••••••/);
	await press(enter, 'one↵two');
	await type('3');
	await press(enter, 'Saving changes PEM');
	await press('s', '✓ gt runs with its new settings');
	expect(heard).toHaveBeenCalledWith('save', 'gt', ['API_KEY=s3same', 'PEM=one\ntwo3']);
});

test('a variable that the box itself writes is refused in words', async () => {
	const {see, press, type} = open();
	await see('3f2a91c');
	await press('e', 'API_KEY');
	await press('n', 'NAME=value');
	await type('A NAME=x');
	await see('! A name is letters, digits and _: NAME=value');
	await press('\u0015', 'NAME=value, as in a .env file');
	await type('SECRET_KEY=x');
	await press(enter, '! SECRET_KEY is refused');
});

test('an app is removed only for its typed name', async () => {
	const {see, press, heard, type} = open();
	await see('3f2a91c');
	await press(down, /❯ blog/);
	await press('D', 'Take blog off the box?');
	await type('blo');
	await press(enter, 'It is done only when this says blog');
	expect(heard).not.toHaveBeenCalledWith('remove', expect.anything(), expect.anything());
	await type('g');
	await press(enter, '✓ blog is off the box');
	expect(heard).toHaveBeenCalledWith('remove', 'blog', ['blog']);
});

test('what was done for one app is taken back from the palette, for the name of what it drops', async () => {
	const steps = fakeWizard().removal('blog');
	const [first, ...others] = steps.map(form => ({...form, undoable: true}));
	const drop = {name: 'blog_db', what: 'the database blog_db', savedIn: '/var/backups/boxwizard'};
	const undone = vi.fn();
	const {see, press, type, frame} = open({
		removal: () => (first ? [{...first, drops: drop}, ...others] : []),
		undo: ({answers}, ids, confirmed) => {
			undone(answers.app, ids, confirmed);
			return played([]);
		},
	});
	await see('3f2a91c');
	await press(':', 'What do you want to do?');
	await type('undo blog');
	await see('Undo blog');
	await press(enter, 'Take back all that was done for blog alone?');
	expect(frame()).toContain('It drops the database blog_db');
	await type('blog');
	await press(enter, 'It is done only when this says blog_db');
	expect(undone).not.toHaveBeenCalled();
	await type('_db');
	await press(enter, '✓ blog is taken back');
	expect(undone).toHaveBeenCalledWith(
		'blog',
		steps.map(({summary: {id}}) => id),
		['blog_db'],
	);
});

test('an answers file for its kind of app is written from the palette; one that is there is told', async () => {
	const write = vi.fn(async (_kind: string) => 'boxwizard.yml');
	const {see, press, type} = open({writeAnswersFile: write});
	await see('3f2a91c');
	await press(':', 'What do you want to do?');
	await type('answers f');
	await press(enter, '✓ Written to boxwizard.yml in this folder');
	expect(write).toHaveBeenCalledWith('python');
	write.mockRejectedValueOnce(new Trouble({what: 'boxwizard.yml is there already.', means: '', next: ''}));
	await press(':', 'What do you want to do?');
	await type('answers f');
	await press(enter, '! boxwizard.yml is there already.');
});

test('o tells the address where this machine has no browser', async () => {
	const {see, press} = open();
	await see('3f2a91c');
	await press('o', 'gt is at https://gt.example.org');
});

test('home shows how each app is seen from here as it is learnt', async () => {
	const hosts: Wizard['hosts'] = async () => ({
		hosts: [
			{
				target: 'jessica@203.0.113.7',
				label: 'gt.example.org',
				host: '203.0.113.7',
				user: 'jessica',
				kind: 'Flask app',
				apps,
				done: 30,
				total: 30,
				certificateDays: 62,
			},
		],
		dues: [],
	});
	const told = Promise.withResolvers<void>();
	const probe: Wizard['probe'] = async tell => {
		await told.promise;
		tell({target: 'jessica@203.0.113.7', app: 'gt', state: 'up', certificateDays: 62});
		tell({target: 'jessica@203.0.113.7', app: 'blog', state: 'silent', problem: 'no answer'});
	};
	const wizard = boxWizard(vi.fn<Heard>(), {hosts, probe}, {});
	const app = render(<App wizard={wizard} start={{at: 'home'}} theme={look} />);
	await vi.waitFor(() => expect(app.lastFrame()).toMatch(/gt\.example\.org +· gt {2}· blog/));
	told.resolve();
	await vi.waitFor(() => expect(app.lastFrame()).toMatch(/gt\.example\.org +✓ gt {2}✗ blog +TLS 62 days/));
});

test('those who listen hear each app once, and again only when it is another one', async () => {
	vi.stubEnv('INK_SCREEN_READER', 'true');
	let looks = 0;
	const fallen = (): BoxStatus => {
		looks += 1;
		const {apps: listed, ...rest} = status();
		return {...rest, apps: listed.map(app => (app.name === 'gt' && looks > 2 ? {...app, state: 'down'} : app))};
	};
	const wizard = boxWizard(vi.fn<Heard>(), {status: async () => fallen()}, {});
	const app = render(<App wizard={wizard} start={start} theme={themeOf({INK_SCREEN_READER: 'true'}, 'linux')} />);
	const heard = () => app.stdout.frames.join('\n');
	await vi.waitFor(() => expect(heard()).toContain('gt, gt.example.org, down'), {timeout: 30_000});
	const last = app.lastFrame() ?? '';
	expect(looks).toBeGreaterThan(2);
	expect(last.split('gt, gt.example.org, up, Fix totals').length - 1).toBeLessThanOrEqual(1);
	expect(last.split('blog, blog.example.org, down').length - 1).toBeLessThanOrEqual(1);
	expect(last).not.toContain('❯');
});
