import {afterEach, expect, test, vi} from 'vitest';
import {Secret} from '../../source/contract/secret.ts';
import type {Resumable} from '../../source/contract/ui/setup.ts';
import type {Finding, TroubleshootEvent} from '../../source/contract/ui/troubleshooting.ts';
import type {Start} from '../../source/contract/ui/wizard.ts';
import type {FakeOptions} from './fake/fake-options.ts';
import {fakeWizard, laptopKey} from './fake/fake-wizard.ts';
import {cleanup} from './ink.ts';
import {openApp} from './open-app.tsx';

afterEach(cleanup);

const enter = '\r';
const escapeKey = '\u001b';
const controlT = '\u0014';

const resumable: Resumable = {
	kind: 'python',
	title: 'Flask app',
	answers: {
		domain: 'microblog.example.com',
		user: 'jessica',
		keys: [laptopKey.line],
		app: 'microblog',
		repository: 'https://github.com/you/microblog.git',
	},
	leftOut: [],
	done: 21,
	total: 21,
	running: false,
};
const start: Start = {at: 'troubleshoot', target: 'jessica@203.0.113.7', app: 'microblog'};

const open = (options: FakeOptions, at: Start = start) => openApp(fakeWizard({resumable, ...options}), at);

const missing: Finding = {
	cause: 'python/missing-package',
	title: 'The Python package redis is missing.',
	means: 'The code imports redis, and the app’s environment does not have it.',
	next: 'Add redis to requirements.txt.',
	before: ['  File "/srv/microblog/current/app/__init__.py", line 9, in <module>'],
	evidence: {from: 'output', text: "ModuleNotFoundError: No module named 'redis'"},
	fixes: [
		{
			id: 'fix/package-redis',
			title: 'Install redis',
			why: 'It goes into the app’s own environment.',
			preview: {step: 'fix/package-redis', state: 'to do', commands: ['pip install redis'], files: [], packages: []},
		},
		{id: 'fix/variable-redis-url', title: 'Set REDIS_URL', why: 'It is written into .env.', asks: 'REDIS_URL'},
	],
};

const begun: readonly TroubleshootEvent[] = [
	{type: 'looking'},
	{
		type: 'app',
		app: {
			name: 'microblog',
			manager: 'supervisor',
			command: '/srv/microblog/current/venv/bin/gunicorn microblog:app',
			user: 'microblog',
			folder: '/srv/microblog/current',
			port: 8000,
			url: 'https://microblog.example.com',
			log: '/var/log/supervisor/microblog.log',
			supervised: 'failing',
			answers: 0,
			faults: ['https://microblog.example.com/ at 203.0.113.7 answers 502'],
		},
	},
	{type: 'foreground', mode: 'in its place', port: 8000, window: 60},
	{type: 'line', from: 'output', text: 'Booting worker with pid: 7'},
	{type: 'line', from: 'log', text: 'said under supervisor'},
	{type: 'line', from: 'output', text: "ModuleNotFoundError: No module named 'redis'"},
	{type: 'answer', page: '/', status: 0},
];
const found: TroubleshootEvent = {type: 'diagnosis', well: false, findings: [missing], otherMode: 'beside'};
const ended: TroubleshootEvent = {
	type: 'done',
	summary: {
		outcome: 'mended',
		app: 'microblog',
		url: 'https://microblog.example.com',
		causes: ['python/missing-package'],
		fixes: ['app/dependencies', 'fix/package-redis'],
		log: '/var/log/supervisor/microblog.log',
		seconds: 12,
	},
};

test('a cause in words with its line; a fix on one key, shown before it runs; how it ended', async () => {
	const heard = vi.fn();
	const {see, frame, press} = open({heard, troubles: [...begun, found, ended]});
	await see('✗ The Python package redis is missing');
	expect(heard).toHaveBeenCalledWith('troubleshoot', 'microblog');
	expect(frame()).toContain('__init__.py", line 9');
	expect(frame()).toContain("│ ModuleNotFoundError: No module named 'redis'");
	expect(frame()).toMatch(/1 {2}Install redis\n.*2 {2}Set REDIS_URL/);
	await press('1', 'pip install redis');
	expect(heard).not.toHaveBeenCalledWith('reply', expect.anything());
	await press(escapeKey, '✗ The Python package redis is missing');
	await press('1', 'pip install redis');
	await press(enter, 'microblog is well again');
	expect(heard).toHaveBeenCalledWith('reply', {action: 'fix', fix: 'fix/package-redis'});
	expect(frame()).toContain('https://microblog.example.com');
	expect(frame()).toContain('boxwizard undo 203.0.113.7 fix/package-redis');
	expect(frame()).not.toContain('undo 203.0.113.7 app/dependencies');
});

test('a fix that must be told something asks for it, and never shows it', async () => {
	const heard = vi.fn();
	const {see, frame, press} = open({heard, troubles: [...begun, found, ended]});
	await see('Set REDIS_URL');
	await press('2', '❯ REDIS_URL');
	await press('redis://secret', '••••••');
	expect(frame()).not.toContain('redis://secret');
	await press(enter, 'microblog is well again');
	const [, reply] = heard.mock.calls.find(([call]) => call === 'reply') ?? [];
	expect(reply).toMatchObject({action: 'fix', fix: 'fix/variable-redis-url'});
	expect(reply.typed).toBeInstanceOf(Secret);
	expect(reply.typed.reveal()).toBe('redis://secret');
});

test('what matches nothing shows the last lines, and its log is one key away', async () => {
	const unknown: TroubleshootEvent = {type: 'diagnosis', well: false, findings: [], otherMode: 'beside'};
	const {see, frame, press} = open({troubles: [...begun, unknown, ended]});
	await see('matches nothing known');
	expect(frame()).toContain("ModuleNotFoundError: No module named 'redis'");
	expect(frame()).toContain('/var/log/supervisor/microblog.log');
	await press('l', 'Before, under its process manager');
	expect(frame()).toContain('said under supervisor');
	await press(escapeKey, 'matches nothing known');
});

test('it can be run again, also in the other way, and left as it is', async () => {
	const heard = vi.fn();
	const {see, press} = open({heard, troubles: [...begun, found, found, found, ended]});
	await see('is missing');
	await press('r', 'is missing');
	await vi.waitFor(() => expect(heard).toHaveBeenCalledWith('reply', {action: 'again'}));
	await see('is missing');
	await press('x', 'is missing');
	await vi.waitFor(() => expect(heard).toHaveBeenCalledWith('reply', {action: 'again', mode: 'beside'}));
	await see('is missing');
	await press(escapeKey, 'is well again');
	expect(heard).toHaveBeenCalledWith('reply', {action: 'quit'});
});

test('a fix that failed is told beside the diagnosis', async () => {
	const trouble = {
		what: '“Install redis” stopped: pip failed.',
		means: 'Nothing more was done.',
		next: 'Read its lines.',
	};
	const {see, frame} = open({troubles: [...begun, {...found, trouble}, ended]});
	await see('Install redis” stopped');
	expect(frame()).toContain('The Python package redis is missing');
});

test('one key from home, from a box, and from a step of the app that failed', async () => {
	const heard = vi.fn();
	const home = open({heard, troubles: [...begun, found, ended]}, {at: 'home'});
	await home.see('Your boxes');
	await home.press(controlT, 'is missing');
	cleanup();

	const apps = [{name: 'microblog', kind: 'Flask app', domain: 'microblog.example.com'}];
	const box = open({heard, apps, troubles: [...begun, found, ended]}, {at: 'box', target: 'root@203.0.113.7'});
	await box.see('t troubleshoot');
	heard.mockClear();
	await box.press('t', 'is missing');
	expect(heard).toHaveBeenCalledWith('troubleshoot', 'microblog');
	cleanup();

	const failed = open(
		{fails: 'app/code', troubles: [...begun, found, ended], resumable: {...resumable, done: 9, stoppedAt: 'Database'}},
		{at: 'box', target: 'root@203.0.113.7'},
	);
	await failed.see('stopped at “Database”');
	await failed.press('r', 'git could not clone');
	await failed.press('t', 'is missing');
});

test('Ctrl-C while it runs says that the app is given back', async () => {
	const {see, press, frame} = open({pace: 200, troubles: [...begun, ...begun, ...begun, ended]});
	await see('in the place of');
	await press('\u0003', 'The app is given back');
	expect(frame()).toContain('boxwizard troubleshoot root@203.0.113.7');
});

test('work of an earlier run is waited for, and ended by a key that is pressed twice', async () => {
	const heard = vi.fn();
	const ended = Promise.withResolvers<void>();
	const wizard = {
		...fakeWizard({resumable}),
		async *troubleshoot() {
			yield {type: 'looking' as const};
			const event = {type: 'running' as const, step: 'app/release', job: 'old', attached: true};
			yield {type: 'step' as const, event};
			await ended.promise;
			yield* begun;
			return {outcome: 'unknown' as const, app: 'microblog', causes: [], fixes: [], log: '', seconds: 1};
		},
		stopJob() {
			heard();
			ended.resolve();
		},
	};
	const {see, press} = openApp(wizard, start);
	await see('Work of an earlier run still runs on the box');
	await press('x', 'again to end it');
	expect(heard).not.toHaveBeenCalled();
	await press('x', 'gunicorn microblog:app');
	expect(heard).toHaveBeenCalledOnce();
});
