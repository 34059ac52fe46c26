import {afterEach, expect, test, vi} from 'vitest';
import type {Warning} from '../../source/contract/detection.ts';
import type {Field} from '../../source/contract/ui/field.ts';
import type {Start} from '../../source/contract/ui/wizard.ts';
import type {FakeOptions} from './fake/fake-options.ts';
import {fakeWizard, flask} from './fake/fake-wizard.ts';
import {cleanup} from './ink.ts';
import {openApp} from './open-app.tsx';

afterEach(cleanup);

const start: Start = {at: 'box', target: 'root@203.0.113.7'};
const likely = 'https://github.com/you/microblog.git';
const enter = '\r';
const escapeKey = '\u001b';
const down = '\u001b[B';

/** On the screen with what was found. */
async function open(options: FakeOptions) {
	const app = openApp(fakeWizard({likely, ...options}), start);
	await app.see('Runs already');
	await app.press(enter, /Git repository +https:\/\/github.com\/you\/microblog.git/);
	await app.press(enter, /❯ +Go on/);
	return app;
}

const windows: Warning = {
	code: 'frozen-elsewhere',
	severity: 'fails',
	what: 'requirements.txt:1 is for Windows alone.',
	means: 'pip finds no such package on Linux, and installs nothing.',
	next: 'Take the line out.',
	remedy: {type: 'remove-line', path: 'requirements.txt', line: 1},
	evidence: ['requirements.txt:1  pywin32==306'],
};

const secret = (name: string, detail = false): Field => ({
	name,
	kind: 'secret',
	title: name,
	value: undefined,
	detail,
	optional: true,
	generated: false,
	problem: () => undefined,
});

test('what was found says what it is and why, and Enter goes on with only what is open', async () => {
	const {see, frame, press} = await open({found: {}});
	expect(frame()).toContain('microblog: a Flask app');
	expect(frame()).toContain('requirements.txt names 7 packages: uv installs them. microblog.py:3 makes a Flask app.');
	expect(frame()).toMatch(/Database +sqlite/);
	await press(enter, 'question 2 of 4');
	await press('microblog.example.com', 'microblog.example.com');
	await press(enter, 'question 3 of 4');
	await press('jessica', 'jessica');
	await press(enter, '❯ Sudo password');
	await press(enter, 'question 4 of 4');
	await see('jessica@laptop');
	await press(' ', '◉ ed25519');
	await press(enter, 'The plan');
	await press(escapeKey, 'question 4 of 4');
});

test('everything on it can be changed: Enter opens the field, Escape takes it back', async () => {
	const {frame, press} = await open({found: {}});
	for (const row of ['Kind', 'Database']) await press(down, new RegExp(`❯ +${row}`));
	await press(enter, '◉ sqlite');
	await press('p', '◉ postgresql');
	await press(enter, /Database +postgresql/);
	await press(enter, '◉ postgresql');
	await press('m', '◉ mysql');
	await press(escapeKey, /Database +postgresql/);
	expect(frame()).toMatch(/❯ +Database/);
	// Back at the address, and on again: what was typed stays.
	await press(escapeKey, 'Your app');
	await press(enter, /Database +postgresql/);
});

test('another branch is read anew', async () => {
	const heard = vi.fn();
	const {press} = await open({found: {answers: {branch: 'main', database: 'sqlite'}}, heard});
	for (const row of ['Kind', 'Database', 'Branch']) await press(down, new RegExp(`❯ +${row}`));
	await press(enter, '❯ Branch');
	await press('\u0015', /❯ Branch *\n/);
	await press('next', 'next');
	await press(enter, 'Go on');
	expect(heard).toHaveBeenLastCalledWith('findApp', likely, 'next');
});

test('a repository without an app says so, and its kind can be chosen', async () => {
	const nothing = {app: undefined as never, kind: undefined as never, answers: {}, files: 3};
	const {frame, press} = await open({found: nothing});
	expect(frame()).toContain('nothing is recognised');
	expect(frame()).toContain('None of its 3 files (branch main)');
	await press(enter, 'What is your app made of?');
	await press('f', 'Go on');
	await press(enter, 'question 2 of');
});

test('a question that the files leave open is a choice', async () => {
	const heard = vi.fn();
	const question = {about: 'entry', question: 'Which of them is the app?', choices: ['shop:app', 'admin:app']};
	const {frame, press} = await open({found: {questions: [question]}, heard});
	expect(frame()).toContain('Which of them is the app? Now: shop:app');
	await press(down, /❯ +\?/);
	await press(enter, 'Which one?');
	await press(down, '❯ admin:app');
	await press(enter, 'Go on');
	expect(heard).toHaveBeenCalledWith('settleApp', expect.objectContaining({set: {entry: 'admin:app'}}));
	expect(frame()).not.toContain('Which of them');
});

test('what will fail shows the line to change, and a key writes it into one’s own folder', async () => {
	const heard = vi.fn();
	const app = {...flask, warnings: [windows]};
	const {frame, press} = await open({found: {app, folder: '/home/jessica/microblog'}, heard});
	expect(frame()).toContain('Go on all the same');
	await press(down, /❯ ✗ Fails +requirements.txt:1 is for Windows/);
	await press(enter, 'This will fail');
	expect(frame()).toContain('pip finds no such package on Linux');
	expect(frame()).toContain('-pywin32==306');
	expect(heard).not.toHaveBeenCalledWith('writeEdit', expect.anything());
	await press('w', 'commit and push it before you go on');
	expect(heard).toHaveBeenCalledWith('writeEdit', windows.remedy);
});

test('without a folder of one’s own the change is shown to be made by hand', async () => {
	const {frame, press} = await open({found: {app: {...flask, warnings: [windows]}}});
	await press(down, /❯ ✗/);
	await press(enter, 'Take line 1 out of requirements.txt');
	expect(frame()).not.toContain('write it there');
	await press('w', 'Take line 1 out');
	await press(escapeKey, 'Go on all the same');
});

test('the line that mends is copied with a key, and any key leads back', async () => {
	const remedy = {type: 'change-line', path: 'requirements.txt', line: 1, to: 'certifi'} as const;
	const {frame, press} = await open({found: {app: {...flask, warnings: [{...windows, remedy}]}}});
	await press(down, /❯ ✗/);
	await press(enter, 'c copy');
	await press('c', /^certifi/m);
	expect(frame()).not.toContain('This will fail');
	await press(escapeKey, 'This will fail');
	await press(escapeKey, 'Go on all the same');
});

test('an answer that mends is a key', async () => {
	const heard = vi.fn();
	const remedy = {type: 'answer', set: {workers: '1'}} as const;
	const {press} = await open({found: {app: {...flask, warnings: [{...windows, severity: 'careful', remedy}]}}, heard});
	await press(down, /❯ ! Careful/);
	await press(enter, 'Worth a thought');
	await press('m', 'Go on');
	expect(heard).toHaveBeenCalledWith('settleApp', expect.objectContaining({set: {workers: '1'}}));
});

test('variables that only the person knows are asked for as dots; one left empty is warned of once', async () => {
	const heard = vi.fn();
	const variables = [secret('STRIPE_KEY'), secret('SENTRY_DSN'), secret('TITLE', true)];
	const {frame, press} = await open({found: {}, variables, heard});
	await press(enter, 'question 2 of 5');
	expect(frame()).not.toContain('TITLE');
	await press('sk_live', '•••••••');
	expect(frame()).not.toContain('sk_live');
	await press(enter, '❯ SENTRY_DSN');
	await press(enter, '! Left empty: SENTRY_DSN');
	await press(enter, 'question 3 of 5');
	const [, values] = heard.mock.calls.find(([what]) => what === 'withVariables') ?? [];
	expect(values.STRIPE_KEY.reveal()).toBe('sk_live');
	expect(Object.keys(values)).toEqual(['STRIPE_KEY']);
});

test('while it is read, the address is said, and Escape goes back to it', async () => {
	const reading = vi.fn(
		(_repository: string, _branch: string | undefined, _signal: AbortSignal) => new Promise<never>(() => {}),
	);
	const {see, press} = openApp({...fakeWizard({likely}), findApp: reading}, start);
	await see('Runs already');
	await press(enter, 'Git repository');
	await press(enter, `Reading ${likely}`);
	await press(escapeKey, /Your app[\s\S]*❯ Git repository/);
	expect(reading.mock.calls[0]?.[2].aborted).toBe(true);
});
