import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Command} from 'commander';
import {afterEach, beforeEach, describe, expect, it, test, vi} from 'vitest';
import {createProgram} from '../../source/cli/program/program.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {openJournal} from '../../source/state/journal.ts';
import type {JournalState} from '../../source/state/journal-state.ts';

/** How a command finds out which box and which app is meant. */
type Meant = {
	/** 'file': boxwizard.yml may name it. 'all': all that are known where none is named. */
	readonly box?: 'file' | 'all';
	/** 'one': one app is meant, and it says which there are. 'some': all of them where none is named. 'word': the second word may be one. */
	readonly app?: 'one' | 'some' | 'word';
	/** A program that boxwizard did not bring may be meant too: what is no app is looked for on the box. */
	readonly programs?: true;
	/** It changes the box, and so waits for what an earlier run left at work. */
	readonly waits?: true;
	/** Words that it wants besides: before the box, and after it. */
	readonly after?: readonly string[];
};

/** Every command there is. */
const table: Readonly<Record<string, Meant>> = {
	init: {},
	detect: {},
	setup: {box: 'file', app: 'some', waits: true, after: ['--yes']},
	resume: {box: 'file', app: 'some', waits: true, after: ['--yes']},
	plan: {box: 'file', app: 'some'},
	check: {box: 'file', app: 'some'},
	undo: {box: 'file', waits: true, after: ['--all', '--yes']},
	add: {box: 'file', waits: true, after: ['--yes']},
	remove: {box: 'file', app: 'one', waits: true, after: ['--yes']},
	deploy: {box: 'file', app: 'one', waits: true},
	releases: {box: 'file', app: 'one'},
	rollback: {box: 'file', app: 'one', waits: true},
	apps: {box: 'file'},
	status: {box: 'file', app: 'some'},
	open: {box: 'file', app: 'one'},
	env: {box: 'file', app: 'one', waits: true},
	run: {box: 'file', app: 'one', after: ['--', 'true']},
	console: {box: 'file', app: 'one'},
	db: {box: 'file', app: 'one'},
	troubleshoot: {box: 'file', app: 'one', programs: true, waits: true},
	doctor: {box: 'file', app: 'some', waits: true},
	logs: {box: 'file', app: 'some', programs: true},
	ssh: {box: 'file', after: ['--', 'true']},
	restart: {box: 'file', app: 'word', programs: true, waits: true, after: ['--yes']},
	stop: {box: 'file', app: 'word', programs: true, waits: true, after: ['--yes']},
	start: {box: 'file', app: 'word', programs: true, waits: true, after: ['--yes']},
	renewals: {box: 'all'},
	'renewals renew': {box: 'file', app: 'one', waits: true},
	reminders: {},
	'reminders install': {},
	'reminders list': {},
	'reminders test': {},
	'reminders remove': {},
	'reminders check': {},
	hosts: {},
	forget: {box: 'file', after: ['--confirm', 'nobody']},
	receipt: {box: 'file', app: 'some'},
	practice: {},
	'practice list': {},
	'practice rm': {},
	completion: {},
	complete: {},
};

const host = '127.0.0.1:9';
const entries = Object.entries(table);
const named = (wanted: (meant: Meant) => boolean) => entries.filter(([, meant]) => wanted(meant));

let folder: string;
let told: string;
let printed: string;

const record = {state: 'done', at: '2026-11-27T12:00:00.000Z', seconds: 1, before: {}} as const;
const app = (name: string): JournalState['apps'][string] => ({
	kind: 'python',
	answers: {
		app: name,
		domain: `${name}.example.com`,
		repository: 'https://example.com/x.git',
		database: 'sqlite',
		appPort: 8000,
	},
	leftOut: [],
	steps: {'app/layout': record},
});

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-commands-'));
	[told, printed] = ['', ''];
	vi.stubEnv('BOXWIZARD_HOME', folder);
	vi.stubEnv('BOXWIZARD_VAULT', 'memory');
	vi.stubEnv('HOME', folder);
	// Nobody is at a terminal.
	vi.stubEnv('CI', '1');
	vi.spyOn(process, 'cwd').mockReturnValue(folder);
	vi.spyOn(process.stderr, 'write').mockImplementation(text => {
		told += String(text);
		return true;
	});
	vi.spyOn(process.stdout, 'write').mockImplementation(text => {
		printed += String(text);
		return true;
	});
	// Nobody answers at this port of this machine.
	openJournal('127.0.0.1', 9, join(folder, 'hosts')).update(state => ({
		...state,
		os: 'Debian 12',
		hostKey: 'SHA256:0000000000000000000000000000000000000000000',
		lastSeen: '2026-11-27T21:00:00Z',
		box: {
			answers: {user: 'jessica', authorizedKeys: [], hostname: 'shop.example.com', email: 'jessica@example.com'},
			leftOut: [],
			steps: {'account/adminUser': record},
		},
		apps: {shop: app('shop'), blog: app('blog')},
	}));
});

afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllEnvs();
	process.exitCode = undefined;
	rmSync(folder, {recursive: true, force: true});
});

const file = (text: string) => writeFileSync(join(folder, 'boxwizard.yml'), text);

/** Runs a command line in this process, without a terminal. Answers the Trouble that it ends with, if any. */
async function run(...words: readonly string[]): Promise<Trouble | undefined> {
	vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'boxwizard', ...words]);
	try {
		await createProgram().parseAsync([...words], {from: 'user'});
		return undefined;
	} catch (error) {
		if (error instanceof Trouble) return error;
		throw error;
	}
}

function commandsBelow(command: Command, before: readonly string[] = []): [string, Command][] {
	return command.commands.flatMap(one => {
		const words = [...before, one.name()];
		return [[words.join(' '), one] as [string, Command], ...commandsBelow(one, words)];
	});
}

const commands = new Map(commandsBelow(createProgram()));

test('the table has every command', () => {
	expect([...commands.keys()].toSorted()).toEqual(Object.keys(table).toSorted());
});

describe.each(entries)('the help of %s', (name, {box, app: which, waits}) => {
	const command = commands.get(name) as Command;
	const help = command.helpInformation().replaceAll(/\s+/g, ' ');

	it('says where the box may be named', () => {
		expect(help.includes('as boxwizard.yml in this folder says')).toBe(box === 'file');
		expect(help.includes('all where none is named')).toBe(box === 'all');
	});

	it('has a place for the app where one may be meant', () => {
		const words = command.registeredArguments.map(one => `[${one.name()}] ${one.description}`).join(' ');
		expect(/\[app\]|\[service\]/.test(words)).toBe(which !== undefined);
	});

	it('can end what an earlier run left at work, where it would wait for that', () => {
		expect(help.includes('--stop-job')).toBe(waits === true);
	});
});

describe('in a folder with boxwizard.yml', () => {
	test.each(named(({box}) => box === 'file'))('%s needs no box and no app', async (name, {after = []}) => {
		file(`host: ${host}\napp: blog\n`);
		await run(...name.split(' '), ...after);
		expect(told).toMatch(/^(blog on )?127\.0\.0\.1:9, as .*boxwizard\.yml says\.$/m);
	});

	test.each(named(({app: which}) => which === 'one' || which === 'some'))(
		'%s takes another app of that box by its name alone',
		async (name, {programs, after = []}) => {
			file(`host: ${host}\napp: shop\n`);
			// A word after “setup” is an address, always: it may be a new one.
			if (name === 'setup') return;
			const trouble = await run(...name.split(' '), 'blgo', ...after);
			if (programs) expect(trouble?.code).toBe('refused');
			else expect(trouble?.next).toContain('Did you mean “blog”?');
		},
	);

	test('a word that can only be an address is one', async () => {
		file(`host: ${host}\napp: shop\n`);
		expect((await run('check', 'blog.example.org'))?.code).toBe('unknown-host');
		expect((await run('check', 'root@203.0.113.9'))?.code).toBe('unknown-host');
	});
});

test.each(named(({app: which}) => which === 'one'))(
	'%s says which apps there are where several could be meant',
	async (name, {after = []}) => {
		const trouble = await run(...name.split(' '), host, ...after);
		expect(trouble?.what).toBe('This box carries 2 apps: shop, blog.');
	},
);

test.each(named(({app: which}) => which !== undefined))('%s knows the nearest name of an app', async (name, meant) => {
	const trouble = await run(...name.split(' '), host, 'blgo', ...(meant.after ?? []));
	if (meant.programs) expect(trouble?.code).toBe('refused');
	else expect(trouble?.next).toContain('Did you mean “blog”?');
});

test.each(named(({box}) => box === 'file'))('%s asks which box where none is named', async (name, {after = []}) => {
	const trouble = await run(...name.split(' '), ...after);
	// These two have all boxes to go by.
	if (name === 'status') expect(printed).toContain('! shop.example.com (127.0.0.1)');
	else if (name === 'resume') expect(told).toContain('Nothing waits');
	else expect(trouble).toMatchObject({code: 'which-box', evidence: ['shop.example.com']});
});

test('ssh takes an app of the file’s box for that box, and knows its nearest name', async () => {
	file(`host: ${host}\napp: shop\n`);
	expect((await run('ssh', 'blgo', 'ls'))?.next).toContain('Did you mean “blog”?');
	// Nobody has written its key down here: that is as far as it goes.
	expect((await run('ssh', 'blog', 'ls'))?.code).toBe('no-host-key');
	expect((await run('ssh', 'blog.example.org', 'ls'))?.code).toBe('unknown-host');
});

test('status says of a file without a host that it tells of all boxes', async () => {
	file('app: shop\n');
	await run('status');
	expect(told).toMatch(/boxwizard\.yml has no line “host: …”: here are all boxes\.$/m);
	expect(printed).toContain('! shop.example.com (127.0.0.1)');
});

test('setup goes on with the app that is named, and with no stranger’s name', async () => {
	expect((await run('setup', host, 'blog', '--yes'))?.code).toBe('refused');
	const trouble = await run('setup', host, '--set', 'app=third', '--yes');
	expect(trouble).toMatchObject({what: 'There is no app “third” on this box: it carries shop, blog.'});
	expect(trouble?.next).toContain('boxwizard add 127.0.0.1:9');
});

test('receipt tells of one app alone', async () => {
	await run('receipt', host, 'blog');
	expect(printed).toContain('# What boxwizard did for blog on shop.example.com');
	expect(printed).toContain('app/layout');
	expect(printed).not.toContain('account/adminUser');
	expect(printed).toContain('undo 127.0.0.1 --app blog');
});

test('a box that is known at another port is not called unknown by its name', async () => {
	const trouble = await run('check', '127.0.0.1:2222');
	expect(trouble?.what).toBe('This machine does not know the box “127.0.0.1” at port 2222.');
	expect(trouble?.next).toContain('It is known at port 9.');
});
