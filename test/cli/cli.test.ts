import {type ChildProcessWithoutNullStreams, execFile, execFileSync, spawn} from 'node:child_process';
import {
	closeSync,
	constants,
	existsSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {text} from 'node:stream/consumers';
import {promisify} from 'node:util';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi} from 'vitest';
import {stepsFor} from '../../source/cli/given/kinds.ts';
import {openJournal} from '../../source/state/journal.ts';
import {examinations} from '../../steps/doctor/index.ts';
import {catalogue} from '../../steps/index.ts';
import {python} from '../../steps/python/kind.ts';
import {type HostileServer, probeAnswer, startHostile} from '../transport/hostile-server.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'boxwizard-cli-'));
let home: string;

beforeAll(async () => {
	await promisify(execFile)(process.execPath, ['esbuild.config.ts', join(folder, 'dist')], {cwd: root});
}, 60_000);

beforeEach(() => {
	home = mkdtempSync(join(folder, 'home-'));
});

afterAll(() => {
	rmSync(folder, {recursive: true, force: true});
});

type Ran = {readonly code: number | null; readonly stdout: string; readonly stderr: string};

/** Runs the bundled command without a terminal, with a home of its own. */
async function boxwizard(words: readonly string[], input = ''): Promise<Ran> {
	return await run([process.execPath, join(folder, 'dist/boxwizard.js'), ...words], input);
}

/** The same in a pipe whose reader is gone before it writes; the exit code is the command's. */
async function unread(words: readonly string[]): Promise<Ran> {
	return await run([
		'bash',
		'-o',
		'pipefail',
		'-c',
		'"$@" | true',
		'bash',
		process.execPath,
		join(folder, 'dist/boxwizard.js'),
		...words,
	]);
}

async function run([program = '', ...words]: readonly string[], input = '', keptIn = home): Promise<Ran> {
	const child = start(program, words, keptIn);
	// One that asks for nothing may have ended by now (EPIPE).
	child.stdin.on('error', () => {}).end(input);
	const ended = new Promise<number | null>(done => child.once('close', done));
	const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
	return {code: await ended, stdout, stderr};
}

function start(program: string, words: readonly string[], keptIn = home): ChildProcessWithoutNullStreams {
	const variables = {HOME: home, BOXWIZARD_HOME: keptIn, BOXWIZARD_VAULT: 'memory', NO_COLOR: '1'};
	return spawn(program, words, {cwd: home, env: {...process.env, ...variables}});
}

/** A box that answers nobody: port 9 of this machine. */
const nobody = '127.0.0.1:9';

const answers = [
	'domain: blog.example.com',
	'user: jessica',
	'authorizedKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICxqLNFWaRQ863mDZ7l9XE7dpYBm8CwrAjVUHe58eQvr me]',
	'email: me@example.com',
	'app: blog',
	'repository: https://git.example.com/me/blog.git',
];

type Helped = {readonly words: readonly string[]; readonly help: string};

/** Every command, as the helps list them; asked once. */
let all: Promise<Helped[]> | undefined;
const allCommands = () => (all ??= commandsUnder([]));

/** Every command below these words. */
async function commandsUnder(words: readonly string[]): Promise<Helped[]> {
	const help = (await boxwizard([...words, '--help'])).stdout;
	const listed = /^Commands:\n((?: {2}.*\n)*)/m.exec(help)?.[1] ?? '';
	const names = [...listed.matchAll(/^ {2}([a-z]+)/gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));
	const below = await Promise.all(names.map(name => commandsUnder([...words, name])));
	return words.length > 0 ? [{words, help}, ...below.flat()] : below.flat();
}

describe('help', () => {
	it('has examples for every command, and the exit codes', async () => {
		const {stdout, code} = await boxwizard(['--help']);
		expect(code).toBe(0);
		expect(stdout).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}3 .*\n {2}130 /);
		const commands = await allCommands();
		expect(commands.length).toBeGreaterThan(25);
		const withoutExamples = commands.filter(({words, help}) => !help.includes(`$ boxwizard ${words.join(' ')}`));
		expect(withoutExamples.map(({words}) => words.join(' '))).toEqual([]);
	});

	it('names no step and no finding that does not exist', async () => {
		const steps = catalogue.kinds.flatMap(kind => stepsFor(catalogue, kind));
		const known = [...steps, ...examinations].map(({id}) => id);
		const groups = [...new Set(known.map(id => id.split('/')[0]))].join('|');
		const id = new RegExp(String.raw`(?<![\w/.])(?:${groups})/\w+`, 'g');
		const helps = await allCommands();
		const named = helps.flatMap(({words, help}) =>
			(help.match(id) ?? []).map(name => ({words: words.join(' '), name})),
		);
		expect(named.map(({name}) => name)).toContain('ssh/hardening');
		expect(named.filter(({name}) => !known.includes(name))).toEqual([]);
	});
});

describe('without a terminal', () => {
	it('the screens say that they need one', async () => {
		expect(await boxwizard([])).toMatchObject({
			code: 1,
			stdout: '',
			stderr: expect.stringContaining('need a terminal'),
		});
	});

	it('names the missing answers and how to give them, before anything is connected', async () => {
		const {code, stderr} = await boxwizard(['setup', nobody, '--set', 'app=blog']);
		expect(code).toBe(1);
		expect(stderr).toContain('domain: “Domain” has no answer yet');
		expect(stderr).toContain('--set domain=…');
		expect(stderr).not.toContain('app:');
	});

	it('tells a program the same as one JSON object', async () => {
		const {code, stdout, stderr} = await boxwizard(['setup', nobody, '--json']);
		expect(code).toBe(1);
		expect(stderr).toBe('');
		expect(JSON.parse(stdout)).toMatchObject({schema: 2, event: 'error', trouble: {code: 'missing-answer'}});
	});

	it('says of a secret that it is read from a file', async () => {
		writeFileSync(join(home, 'answers.yml'), [...answers.slice(1), 'dnsProvider: rfc2136'].join('\n'));
		const {stderr} = await boxwizard(['setup', nobody, '--answers', 'answers.yml']);
		expect(stderr).toContain('--set domain=…, or in an answers file');
		expect(stderr).toContain('A secret is read from a file: --secret dnsSecret=FILE');
	});

	it('goes to the box for a secret that it may keep', async () => {
		writeFileSync(
			join(home, 'answers.yml'),
			[...answers, 'mail: relay', 'relayHost: smtp.example.com', 'relayUser: me'].join('\n'),
		);
		const {stderr} = await boxwizard(['setup', nobody, '--answers', 'answers.yml']);
		expect(stderr).toContain('Connecting to 127.0.0.1 as root');
	});

	it('goes to the box once all is answered', async () => {
		writeFileSync(join(home, 'answers.yml'), answers.join('\n'));
		const {code, stderr} = await boxwizard(['setup', nobody, '--answers', 'answers.yml']);
		expect(code).toBe(1);
		expect(stderr).toContain('Connecting to 127.0.0.1 as root');
		expect(stderr).toContain('127.0.0.1 port 9');
	});

	it('does not undo without --yes', async () => {
		expect(await boxwizard(['undo', nobody, '--all'])).toMatchObject({
			code: 1,
			stderr: expect.stringContaining('--yes'),
		});
	});

	it('wants the password that --password-stdin promises', async () => {
		const {code, stderr} = await boxwizard(['setup', nobody, '--password-stdin']);
		expect(code).toBe(1);
		expect(stderr).toContain('Nothing came on stdin');
	});
});

describe('an answers file that is a pipe', () => {
	const setUp = ['setup', nobody, '--plain', '--host-key', `SHA256:${'x'.repeat(43)}`, '--answers', 'pipe'];

	beforeEach(() => {
		execFileSync('mkfifo', [join(home, 'pipe')]);
	});

	/** Opens the pipe for writing, once somebody reads it: until then it can't be (fifo(7), ENXIO). */
	const writer = async (): Promise<number> =>
		await vi.waitUntil(
			() => {
				try {
					return openSync(join(home, 'pipe'), constants.O_WRONLY | constants.O_NONBLOCK);
				} catch {
					return false;
				}
			},
			{timeout: 15_000},
		);

	it('is read to its end, however slowly it comes', async () => {
		const running = boxwizard(setUp);
		const pipe = await writer();
		for (const line of answers) writeFileSync(pipe, `${line}\n`);
		closeSync(pipe);
		expect((await running).stderr).toContain('127.0.0.1 port 9 can’t be reached');
	});

	it('is refused where nobody writes into it', async () => {
		expect(await boxwizard(setUp)).toMatchObject({
			code: 1,
			stderr: expect.stringMatching(/The answers file pipe can’t be read[\s\S]*nobody writes into it/),
		});
	});

	it('can be waited for no longer: a signal ends it', async () => {
		const child = start(process.execPath, [join(folder, 'dist/boxwizard.js'), ...setUp]);
		const ended = new Promise(done => child.once('close', (_, signal) => done(signal)));
		const pipe = await writer();
		child.kill('SIGTERM');
		expect(await ended).toBe('SIGTERM');
		closeSync(pipe);
	});
});

describe('a box that is set up, on a machine without a keychain', () => {
	let server: HostileServer;
	let target: string;
	let fingerprint: string;
	/** What the box keeps of the relay's password. */
	let kept: string;
	/** Every script that was sent to it. */
	let scripts: string[];

	beforeEach(async () => {
		kept = 'hunter2';
		scripts = [];
		server = await startHostile({
			answer(script) {
				scripts.push(script);
				if (script.includes('/run/boxwizard.lock')) return [Buffer.from('locked\n')];
				if (!script.includes('mkdir -m 0700')) return [];
				const recalls = script.split('\n').find(line => line.includes('sed -n') && line.includes('sasl_passwd'));
				const number = Number(/\/(\d+) 2> /.exec(recalls ?? '')?.[1] ?? -1);
				return probeAnswer(script, Buffer.alloc(0), {[number]: Buffer.from(kept)});
			},
		});
		target = `root@127.0.0.1:${server.port}`;
		const {stderr} = await boxwizard(['check', target, '--kind', 'python']);
		fingerprint = /SHA256:\S{43}/.exec(stderr)?.[0] ?? '';
	});

	afterEach(() => server.stop());

	const steps = stepsFor(catalogue, python);
	const isOfApp = (id: string) => python.steps.some(step => step.id === id);
	const needed = (ids: readonly string[]): string[] =>
		ids.flatMap(id => [id, ...needed(steps.find(step => step.id === id)?.needs ?? [])]);

	/** Runs a command on the box, of whose road all steps are left out but these and those they need. */
	async function onBox(
		words: readonly string[],
		wanted: readonly string[],
		more: Readonly<Record<string, string>> = {},
		go = boxwizard,
	): Promise<Ran> {
		const leftOut = (isMeant: (id: string) => boolean) =>
			steps.map(({id}) => id).filter(id => isMeant(id) && !needed(wanted).includes(id));
		openJournal('127.0.0.1', server.port, join(home, 'hosts')).update(state => ({
			...state,
			os: 'Debian 13',
			box: {
				answers: {
					hostname: 'blog.example.com',
					user: 'jessica',
					authorizedKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICxqLNFWaRQ863mDZ7l9XE7dpYBm8CwrAjVUHe58eQvr me'],
					email: 'me@example.com',
					mail: 'relay',
					relayHost: 'smtp.example.com',
					relayUser: 'me',
					sudo: 'passwordless',
				},
				leftOut: leftOut(id => !isOfApp(id)),
				steps: {'system/hostname': {state: 'done', at: '2026-01-02T03:04:05Z', seconds: 4}},
			},
			apps: {
				blog: {
					kind: 'python',
					answers: {
						domain: 'blog.example.com',
						app: 'blog',
						repository: 'https://git.example.com/me/blog.git',
						...more,
					},
					leftOut: leftOut(isOfApp),
					steps: {},
				},
			},
		}));
		const [name = '', ...flags] = words;
		return await go([name, target, '--host-key', fingerprint, ...flags]);
	}

	it('check, plan and deploy go without a secret that they don’t take', async () => {
		const rfc2136 = {dnsProvider: 'rfc2136', dnsServer: '127.0.0.1', dnsZone: 'example.com', dnsKey: 'key'};
		const check = await onBox(['check'], ['app/release', 'mail/postfix', 'dns/records'], rfc2136);
		expect(check).toMatchObject({code: 2, stdout: expect.stringContaining('[differs] Outgoing mail')});
		const plan = await onBox(['plan'], ['mail/postfix', 'dns/records'], rfc2136);
		expect(plan).toMatchObject({code: 0, stdout: expect.stringContaining('[to do] mail/postfix')});
		expect(plan.stdout).toContain('/etc/postfix/sasl_passwd  +1 -0  (holds a secret: not shown)');
		const deploy = await onBox(['deploy', '--yes'], ['app/release'], rfc2136);
		// It comes as far as this box lets it.
		expect(deploy.stderr).toContain('could not ask https://git.example.com/me/blog.git for its newest commit');
	});

	it('setup finds a secret on the box that keeps it', async () => {
		const {stdout, stderr} = await onBox(['setup', '--yes'], ['mail/postfix']);
		expect(stdout).not.toContain('[asking]');
		// A box that answers so little is set up no further.
		expect(stderr).toContain('The set-up stopped at system/ready.');
	});

	it('setup says how to give one that the box does not have either, and does nothing', async () => {
		kept = '';
		const {code, stderr} = await onBox(['setup', '--yes'], ['mail/postfix']);
		expect(code).toBe(1);
		expect(stderr).toContain('The answer “relayPassword” is missing');
		expect(stderr).toMatch(/: --secret relayPassword=FILE$/m);
		expect(stderr).not.toContain('--set');
		expect(scripts.join()).not.toContain('systemd-run');
	});

	it('ends where what is learnt of the box can’t be kept, and says so', async () => {
		const words = [process.execPath, join(folder, 'dist/boxwizard.js'), 'check', target, '--kind', 'python'];
		// A folder that is there, and in which nobody makes a file.
		const sealed = join(home, 'sealed');
		mkdirSync(sealed);
		symlinkSync('/sys/kernel', join(sealed, 'hosts'));
		const ran = await run([...words, '--host-key', fingerprint], '', sealed);
		expect(ran.stderr).toContain('Connecting to 127.0.0.1');
		expect(ran).toMatchObject({code: 1, stderr: expect.stringContaining('The journal of this box can’t be')});
	});

	it('leaves the box quietly when nobody reads on', async () => {
		expect(await onBox(['check'], ['mail/postfix'], {}, unread)).toEqual({
			code: 141,
			stdout: '',
			stderr: 'Connecting to 127.0.0.1 as root\n',
		});
	});
});

describe('a pipe whose reader is gone', () => {
	it.each([[['--help']], [['hosts', '--help']], [['hosts']], [['setup', nobody, '--json']]])(
		'ends %s quietly, as it does other tools',
		async words => {
			expect(await unread(words)).toEqual({code: 141, stdout: '', stderr: ''});
		},
	);
});

describe('what is not known is refused by name, with the nearest match', () => {
	it.each([
		{words: ['chekc'], hint: 'Did you mean “check”?'},
		{words: ['hosts', '--jsn'], hint: 'Did you mean --json?'},
		{words: ['init', '--kind', 'pyhton'], hint: 'Did you mean “python”?'},
		{words: ['setup', nobody, '--set', 'domian=x.org'], hint: 'Did you mean “domain”?'},
		{words: ['setup', nobody, '--leave-out', 'ssh/hardning'], hint: 'Did you mean “ssh/hardening”?'},
		{words: ['check', 'blog.exampel.com'], hint: 'Did you mean “blog.example.com”?'},
		{words: ['undo', 'blog.example.com', 'firewall/uwf', '--yes'], hint: 'Did you mean “firewall/ufw”?'},
		{words: ['doctor', nobody, '--fix', '--yes'], hint: '--yes is an option of its own'},
		{words: ['setup', nobody, '--set', '--plain'], hint: '--plain is an option of its own'},
		{words: ['renewals', 'renew', nobody, '--identity', '--force'], hint: '--force is an option of its own'},
		{words: ['practice', '--release', 'bokworm'], hint: 'Did you mean “bookworm”?'},
	])('$words', async ({words, hint}) => {
		const journal = openJournal('203.0.113.7', 22, join(home, 'hosts'));
		journal.update(state => ({
			...state,
			apps: {blog: {kind: 'python', answers: {domain: 'blog.example.com', app: 'blog'}, leftOut: [], steps: {}}},
		}));
		const {code, stderr} = await boxwizard(words);
		expect(stderr).toContain(hint);
		expect(code).toBe(1);
	});

	it('a secret is not taken from the words of a command, but from a file', async () => {
		const plain = await boxwizard(['setup', nobody, '--set', 'dnsSecret=hunter2']);
		expect(plain).toMatchObject({code: 1, stderr: expect.stringContaining('--secret dnsSecret=FILE')});
		const gone = await boxwizard(['setup', nobody, '--secret', 'dnsSecret=nowhere']);
		expect(gone.stderr).toContain('The secret nowhere can’t be read');
	});
});

describe('init', () => {
	it('writes an answers file that setup takes once it is filled in, and never replaces one', async () => {
		expect((await boxwizard(['init'])).code).toBe(0);
		const file = join(home, 'boxwizard.yml');
		const written = readFileSync(file, 'utf8');
		expect(written).toContain('$schema=./boxwizard.schema.json');
		const schema = JSON.parse(readFileSync(join(home, 'boxwizard.schema.json'), 'utf8'));
		expect(schema.properties.database.enum).toEqual(['mysql', 'postgresql', 'sqlite']);
		expect(schema.properties).not.toHaveProperty('databasePassword');
		const filled = answers.reduce(
			(text, line) => text.replace(new RegExp(`^${line.split(':')[0]}:.*$`, 'm'), line),
			written,
		);
		writeFileSync(file, filled);
		expect((await boxwizard(['setup', nobody, '--answers', 'boxwizard.yml'])).stderr).toContain('Connecting to');
		expect(await boxwizard(['init'])).toMatchObject({code: 1, stderr: expect.stringContaining('is there already')});
		expect(readFileSync(file, 'utf8')).toBe(filled);
		expect((await boxwizard(['init', '--force'])).code).toBe(0);
	});
});

describe('hosts', () => {
	it('tells what this machine knows', async () => {
		expect((await boxwizard(['hosts'])).stdout).toContain('No boxes yet');
		const journal = openJournal('203.0.113.7', 22, join(home, 'hosts'));
		const certificateExpires = new Date(Date.now() + 30.5 * 86_400_000).toISOString();
		journal.update(state => ({
			...state,
			admin: 'jessica',
			lastSeen: '2026-01-02T03:04:05Z',
			box: {
				answers: {sshPort: 2222},
				leftOut: [],
				steps: {'ssh/hardening': {state: 'done', at: '2026-01-02T03:04:05Z', seconds: 4}},
			},
			apps: {
				blog: {
					kind: 'python',
					answers: {domain: 'blog.example.com', app: 'blog'},
					leftOut: [],
					steps: {},
					certificateExpires,
				},
			},
		}));
		expect((await boxwizard(['hosts'])).stdout).toMatch(
			/^blog\.example\.com {2}jessica@203\.0\.113\.7:2222 {2}1\/\d+ steps {2}seen 2026-01-02 {2}certificate 30 days$/m,
		);
		expect(JSON.parse((await boxwizard(['hosts', '--json'])).stdout)).toMatchObject({
			schema: 2,
			target: 'jessica@203.0.113.7:2222',
			done: 1,
			certificateDays: 30,
		});
	});

	it('says which journal is damaged, and keeps it', async () => {
		mkdirSync(join(home, 'hosts'));
		const file = join(home, 'hosts', '203.0.113.7_22.json');
		writeFileSync(file, '{"version": 1, "ho');
		const {code, stderr} = await boxwizard(['check', '203.0.113.7']);
		expect(code).toBe(1);
		expect(stderr).toContain(file);
		expect(existsSync(file)).toBe(true);
	});
});

describe('practice', () => {
	it('writes a Vagrantfile', async () => {
		const {code, stdout} = await boxwizard(['practice', '--vagrantfile']);
		expect(code).toBe(0);
		expect(stdout).toContain('Vagrant.configure');
	});
});
