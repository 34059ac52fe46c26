import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, afterEach, beforeEach, describe, expect, it, test, vi} from 'vitest';
import {readWords} from '../../source/cli/commands/app/environment-words.ts';
import {aroundHyphens} from '../../source/cli/program/inside.ts';
import {plainText, Secret} from '../../source/contract/secret.ts';
import {browse, browserCommand} from '../../source/outside/browser.ts';
import {changesBetween, ownText, refusedName, settingsIn, withVariable} from '../../steps/app/ownVariables.ts';
import {insideScript} from '../../steps/python/inside.ts';
import {dotenvOf} from '../../steps/python/variables.ts';
import {troubleOf} from '../fixtures/refused.ts';

describe('the words of env', () => {
	test.each([
		['', {action: 'list'}],
		['box', {host: 'box', action: 'list'}],
		['box blog', {host: 'box', app: 'blog', action: 'list'}],
		['get KEY', {action: 'get', name: 'KEY'}],
		['box set KEY', {host: 'box', action: 'set', name: 'KEY'}],
		['box blog unset KEY', {host: 'box', app: 'blog', action: 'unset', name: 'KEY'}],
		['box blog pull', {host: 'box', app: 'blog', action: 'pull'}],
	])('%j', (words, expected) => {
		expect(readWords(words.split(' ').filter(word => word !== ''))).toEqual(expected);
	});

	test.each([
		['box set KEY=value', 'value-in-words'],
		['box set KEY value', 'value-in-words'],
		['box get', 'bad-words'],
		['box list KEY', 'bad-words'],
		['box blog lst', 'unknown-action'],
	])('%j is refused', (words, code) => {
		expect(troubleOf(() => readWords(words.split(' '))).code).toBe(code);
	});
});

describe('the person’s own variables', () => {
	const text = plainText(
		dotenvOf(
			{
				app: 'blog',
				database: 'sqlite',
				queue: '',
				search: 'none',
				mail: 'none',
				secretKey: new Secret('0123456789abcdef'),
				redisDatabase: 0,
				environment: new Secret("API_KEY=it's\nNAME='x y'"),
				domain: 'blog.example.com',
				aliases: [],
				appPort: 8000,
				databaseScheme: '',
				entry: '',
				flaskApp: '',
				serverInterface: 'wsgi',
				settingsModule: '',
				fillings: {SITE: 'domain'},
			},
			'blog.py',
		),
	);
	const settings = settingsIn(text);

	it('are those below the mark of the .env that boxwizard writes', () => {
		expect(settings.written.map(({name}) => name)).toEqual(['FLASK_APP', 'SECRET_KEY', 'DATABASE_URL']);
		expect(settings.filled).toEqual([{name: 'SITE', value: 'blog.example.com'}]);
		expect(refusedName('SITE', settings)).toBeUndefined();
		expect(settings.own).toEqual([
			{name: 'API_KEY', value: "it's"},
			{name: 'NAME', value: 'x y'},
		]);
	});

	it('keep their place and their bytes when one is changed, and show no value', () => {
		const own = withVariable(settings.own, 'API_KEY', 'a\\b "c" $d');
		const answer = ownText(own);
		expect(settingsIn(`# Further variables\n${answer.reveal()}`).own).toEqual(own);
		expect(String(answer)).not.toContain('$d');
	});

	it('change by names alone', () => {
		const after = withVariable(settings.own.slice(1), 'NEW', '1').concat([{name: 'NAME', value: 'x y'}]);
		expect(changesBetween(settings.own, after.slice(0, -1))).toEqual([
			{name: 'API_KEY', does: 'removed'},
			{name: 'NEW', does: 'added'},
		]);
		expect(changesBetween(settings.own, withVariable(settings.own, 'NAME', 'z'))).toEqual([
			{name: 'NAME', does: 'changed'},
		]);
		expect(changesBetween(settings.own, [...settings.own])).toEqual([]);
	});

	it('take no name that boxwizard writes, and none that is no name', () => {
		expect(refusedName('SECRET_KEY', settings)).toBe('SECRET_KEY is written by boxwizard itself');
		expect(refusedName('1A', settings)).toContain('starts with no digit');
		expect(refusedName('NEW', settings)).toBeUndefined();
	});
});

describe('what is run inside an app', () => {
	it('runs as its user, in its live release, with nothing of root’s environment', () => {
		const script = insideScript({app: 'blog'}, {run: 'command', words: ['echo', "it's", '--version']}, undefined);
		expect(script).toContain('exec runuser -u blog -- env -i -C /srv/blog/current HOME=/srv/blog/shared/state');
		expect(script).toContain('PATH=/srv/blog/current/venv/bin:/usr/local/bin:/usr/bin:/bin');
		expect(script).toMatch(/\/srv\/blog\/shared\/environment \/usr\/bin\/env -- echo 'it'\\''s' --version$/);
		expect(script).not.toContain('TERM=');
	});

	it('is told of its terminal, and begins where the app is started', () => {
		const script = insideScript(
			{app: 'blog', folder: 'backend', workingFolder: 'src'},
			{run: 'console'},
			'xterm-256color',
		);
		expect(script).toContain('TERM=xterm-256color');
		expect(script).toContain('env -i -C /srv/blog/current/backend/src');
	});

	it('takes what stands behind the two hyphens for the command', () => {
		const words = ['box', 'blog', 'ls', '-l'];
		expect(aroundHyphens(words, ['node', 'x', 'run', 'box', 'blog', '--', 'ls', '-l'])).toEqual({
			before: ['box', 'blog'],
			after: ['ls', '-l'],
		});
		expect(aroundHyphens(['box', 'a', '--', 'b'], ['run', 'box', '--', 'a', '--', 'b'])).toEqual({
			before: ['box'],
			after: ['a', '--', 'b'],
		});
		expect(aroundHyphens(['box'], ['run', 'box'])).toEqual({before: ['box'], after: []});
	});
});

describe('a site in the browser', () => {
	const url = 'https://blog.example.com/';

	test.each([
		['darwin', {}, '', ['open', url]],
		['win32', {}, '', ['rundll32', 'url.dll,FileProtocolHandler', url]],
		['linux', {DISPLAY: ':0'}, '6.1.0', ['xdg-open', url]],
		['linux', {WAYLAND_DISPLAY: 'wayland-0'}, '6.1.0', ['xdg-open', url]],
		['linux', {}, '5.15.90-microsoft-standard-WSL2', ['rundll32.exe', 'url.dll,FileProtocolHandler', url]],
		['linux', {}, '6.1.0', undefined],
		['linux', {DISPLAY: ':0', SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22'}, '6.1.0', undefined],
	] as const)('on %s with %j', (platform, environment, kernel, expected) => {
		expect(browserCommand(url, platform, environment, kernel)).toEqual(expected);
	});

	describe('with a starter of this machine', () => {
		const folder = mkdtempSync(join(tmpdir(), 'boxwizard-browser-'));

		beforeEach(() => {
			vi.stubEnv('DISPLAY', ':0').stubEnv('SSH_CONNECTION', '').stubEnv('PATH', folder);
		});

		afterEach(() => {
			vi.unstubAllEnvs();
			rmSync(join(folder, 'xdg-open'), {force: true});
		});

		afterAll(() => rmSync(folder, {recursive: true}));

		it.runIf(process.platform === 'linux')(
			'is opened also where the starter stays as long as the browser',
			async () => {
				const opened = join(folder, 'opened');
				// Opening a pipe for reading waits until somebody writes into it.
				await promisify(execFile)('/usr/bin/mkfifo', [opened]);
				writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nread line < ${opened}\n`, {mode: 0o700});
				expect(await browse(url)).toBe(true);
				writeFileSync(opened, 'ended\n');
			},
		);

		it.runIf(process.platform === 'linux')('is not opened where there is none', async () => {
			expect(await browse(url)).toBe(false);
		});
	});
});
