import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {freeAppName} from '../../source/cli/detection/app-name.ts';
import {withFoundApp} from '../../source/cli/detection/with-found-app.ts';
import {type BoxFlags, fromFlags} from '../../source/cli/given/from-flags.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import type {JournalState} from '../../source/state/journal-state.ts';

const address = 'https://git.practice.test/jessica/Shop.git';
let top: string;
let printed: string;

/** A git host as practice has it: its repositories lie on this machine. */
beforeEach(() => {
	top = mkdtempSync(join(tmpdir(), 'boxwizard-found-'));
	printed = '';
	vi.stubEnv('XDG_CACHE_HOME', top);
	// Nobody stands in a clone, as long as a test does not say so.
	vi.spyOn(process, 'cwd').mockReturnValue(top);
	for (const stream of [process.stdout, process.stderr]) {
		vi.spyOn(stream, 'write').mockImplementation(text => {
			printed += String(text);
			return true;
		});
	}
});

afterEach(() => {
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
	rmSync(top, {recursive: true, force: true});
});

function publish(files: Readonly<Record<string, string>>, branch = 'trunk'): string {
	const clone = join(top, 'clone');
	for (const [path, content] of Object.entries(files)) {
		mkdirSync(dirname(join(clone, path)), {recursive: true});
		writeFileSync(join(clone, path), content);
	}

	const git = (...words: string[]) =>
		execFileSync('git', ['-C', clone, '-c', 'user.name=J', '-c', 'user.email=j@example.com', ...words]);
	git('init', '-q', '-b', branch);
	git('remote', 'add', 'origin', address);
	git('add', '--all');
	git('commit', '-q', '-m', 'First');
	const bare = join(top, 'boxwizard/practice/services/practice/git/jessica/Shop.git');
	execFileSync('git', ['clone', '-q', '--bare', clone, bare]);
	return clone;
}

const shop = {
	'app.py': `import os
from flask import Flask
app = Flask(__name__)
app.secret_key = os.environ['SECRET_KEY']
`,
	'requirements.txt': 'Flask==3.0.3\npsycopg2-binary==2.9.9\n',
};

async function find(flags: BoxFlags & {ignoreFindings?: boolean}, state?: JournalState, isNew = false) {
	const all = {plain: true, ...flags};
	return (await withFoundApp(await fromFlags(all), state, all, isNew)).found;
}

const standing = (apps: JournalState['apps']): JournalState =>
	({
		version: 5,
		host: '203.0.113.7',
		port: 22,
		user: 'root',
		box: {answers: {}, leftOut: [], steps: {}},
		apps,
	}) as JournalState;

describe('setup and add look at the repository first', () => {
	it('answers by its files, its branch and its name', async () => {
		publish(shop);
		const found = await find({repository: address});
		expect(found?.kind).toBe('python');
		expect(found?.answers).toMatchObject({app: 'shop', repository: address, branch: 'trunk', database: 'postgresql'});
		expect(printed).toContain(`${address}, branch trunk: a Flask app`);
		expect(printed).toContain('requirements.txt names 2 packages: uv installs them.');
	});

	it('tells a program the same as an event', async () => {
		publish(shop);
		await find({repository: address, json: true});
		const event = JSON.parse(printed);
		expect(event).toMatchObject({schema: 2, event: 'found', branch: 'trunk', app: {title: 'Flask app'}, obstacles: []});
	});

	it('looks at nothing for an app that the box has, and gives a new one a free name', async () => {
		publish(shop);
		const shopOf = (steps: JournalState['box']['steps']) =>
			standing({shop: {kind: 'python', answers: {app: 'shop', repository: address}, leftOut: [], steps}});
		const state = shopOf({'app/layout': {state: 'done', at: '2026-11-28T05:00:00Z', seconds: 1}});
		expect(await find({repository: address}, state)).toBeUndefined();
		expect(printed).toBe('');
		// Of one that is only remembered nothing was done yet.
		expect(await find({}, shopOf({}))).toMatchObject({kind: 'python'});
		expect((await find({repository: address}, state, true))?.answers.app).toBe('shop-2');
	});

	it('takes the origin of the folder one stands in, and its files where the origin can’t be read', async () => {
		const clone = publish(shop);
		vi.spyOn(process, 'cwd').mockReturnValue(clone);
		rmSync(join(top, 'boxwizard'), {recursive: true});
		const found = await find({});
		expect(printed).toContain('the origin of this folder');
		expect(found?.answers).toMatchObject({repository: address, branch: 'trunk', database: 'postgresql'});
	});

	it('leaves one that can’t be read from here to the box, with the name its address gives', async () => {
		const found = await find({repository: 'https://git.practice.test/jessica/away.git'});
		expect(found).toEqual({answers: {repository: 'https://git.practice.test/jessica/away.git', app: 'away'}});
		expect(printed).toContain('looked at on the box instead');
	});

	it('takes from the repository’s own boxwizard.yml what is about the app, and nothing else', async () => {
		const own = {
			app: 'kiosk',
			workers: 3,
			user: 'mallory',
			dnsServer: '192.0.2.1',
			repository: 'https://evil.example/x.git',
		};
		const lines = Object.entries(own).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
		publish({...shop, 'boxwizard.yml': lines.join('\n')});
		const {answers = {}} = (await find({repository: address})) ?? {};
		expect(answers).toMatchObject({app: 'kiosk', workers: 3, repository: address});
		expect(answers).not.toHaveProperty('user');
		expect(answers).not.toHaveProperty('dnsServer');
	});

	it('takes nothing of one with a fault, and says so', async () => {
		publish({...shop, 'boxwizard.yml': 'app: kiosk\nworkers: many\n'});
		expect((await find({repository: address}))?.answers.app).toBe('shop');
		expect(printed).toContain('Nothing of its boxwizard.yml was taken: boxwizard.yml:2:10');
	});

	it('stops before the box where the app would fail, with what to change, unless it is to go on', async () => {
		publish({...shop, 'requirements.txt': 'Flask==3.0.3\n-r missing.txt\n'});
		const trouble = await find({repository: address}).catch((error: unknown) => error);
		expect(trouble).toBeInstanceOf(Trouble);
		expect(trouble).toMatchObject({code: 'will-fail', means: expect.stringContaining('The box was not touched.')});
		expect((trouble as Trouble).evidence.join('\n')).toContain('requirements.txt:2');
		expect((await find({repository: address, ignoreFindings: true}))?.answers.app).toBe('shop');
	});

	it('stops where nothing is recognised', async () => {
		publish({'notes.md': 'Nothing\n'});
		const trouble = await find({repository: address}).catch((error: unknown) => error);
		expect(trouble).toMatchObject({code: 'nothing-recognised'});
	});
});

it('names an app after its repository', () => {
	const name = (repository: string, taken: string[] = []) => freeAppName(repository, taken, one => one !== 'mail');
	expect(name('Flask_Blog.js')).toBe('flask-blog-js');
	expect(name('2048')).toBe('app');
	expect(name('mail')).toBe('mail-2');
	expect(name('shop', ['shop', 'shop-2'])).toBe('shop-3');
	expect(name(`${'a'.repeat(40)}`, ['a'.repeat(30)])).toBe(`${'a'.repeat(28)}-2`);
	expect(name('日本')).toBe('app');
});
