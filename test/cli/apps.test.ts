import {execFile, spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {text} from 'node:stream/consumers';
import {promisify} from 'node:util';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {openJournal} from '../../source/state/journal.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'boxwizard-cli-apps-'));
let home: string;

beforeAll(async () => {
	await promisify(execFile)(process.execPath, ['esbuild.config.ts', join(folder, 'dist')], {cwd: root});
}, 60_000);

beforeEach(() => {
	home = mkdtempSync(join(folder, 'home-'));
	const app = (name: string) => ({
		kind: 'python',
		answers: {domain: `${name}.example.com`, repository: 'https://example.com/x.git', appPort: 8000},
		leftOut: [],
		steps: {},
	});
	// A box that answers nobody: port 9 of this machine.
	openJournal('127.0.0.1', 9, join(home, 'hosts')).update(state => ({
		...state,
		os: 'Debian 12',
		lastSeen: '2026-11-27T21:00:00Z',
		apps: {shop: app('shop'), blog: app('blog')},
	}));
});

afterAll(() => {
	rmSync(folder, {recursive: true, force: true});
});

/** Runs the bundled command without a terminal, in a folder of its own. */
async function boxwizard(...words: readonly string[]) {
	const child = spawn(process.execPath, [join(folder, 'dist/boxwizard.js'), ...words], {
		cwd: home,
		env: {...process.env, HOME: home, BOXWIZARD_HOME: home, BOXWIZARD_VAULT: 'memory', NO_COLOR: '1'},
	});
	// It may have ended by now (EPIPE).
	child.stdin.on('error', () => {}).end();
	const ended = new Promise<number | null>(done => child.once('close', done));
	const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
	return {code: await ended, stdout, stderr};
}

const box = '127.0.0.1:9';

it('lists the apps of a box without going there', async () => {
	const {code, stdout} = await boxwizard('apps', box);
	expect(code).toBe(0);
	expect(stdout.split('\n').map(line => line.split(/\s+/)[0])).toEqual(['shop', 'blog', '']);
	const json = (await boxwizard('apps', box, '--json')).stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line));
	expect(json).toMatchObject([
		{event: 'app', host: '127.0.0.1', name: 'shop'},
		{event: 'app', name: 'blog', domain: 'blog.example.com'},
	]);
});

it('prints an address where no browser can be opened', async () => {
	expect(await boxwizard('open', box, 'blog')).toMatchObject({code: 0, stdout: 'https://blog.example.com/\n'});
});

it('names the boxes that do not answer, beside those that do', async () => {
	const lines = await boxwizard('status');
	expect(lines).toMatchObject({code: 2, stdout: expect.stringContaining('! shop.example.com (127.0.0.1)')});
	const json = await boxwizard('status', '--json');
	expect(JSON.parse(json.stdout)).toMatchObject({event: 'unreachable', host: '127.0.0.1', trouble: {code: 'refused'}});
});

it('goes by boxwizard.yml in the folder, and says so', async () => {
	writeFileSync(join(home, 'boxwizard.yml'), `host: ${box}\napp: blog\n`);
	const {code, stdout, stderr} = await boxwizard('open');
	expect({code, stdout}).toEqual({code: 0, stdout: 'https://blog.example.com/\n'});
	expect(stderr).toContain(`blog on ${box}, as `);
	expect((await boxwizard('open', 'shop')).stdout).toBe('https://shop.example.com/\n');
});

it('offers the shell hosts and apps, and never an error', async () => {
	expect((await boxwizard('complete', '--', 'deploy', box, 'b')).stdout).toBe('blog\tblog.example.com\n');
	writeFileSync(join(home, 'hosts', '127.0.0.1_9.json'), '{');
	expect(await boxwizard('complete', '--', 'deploy', '')).toEqual({code: 0, stdout: '', stderr: ''});
});

it('wants a command after two hyphens', async () => {
	expect(await boxwizard('run', box, 'blog')).toMatchObject({code: 1, stderr: expect.stringContaining('-- flask')});
});

it('takes no value among the words of env', async () => {
	const {code, stderr} = await boxwizard('env', box, 'blog', 'set', 'KEY=value');
	expect({code, stderr}).toMatchObject({code: 1, stderr: expect.stringContaining('does not stand in the words')});
});
