import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, expect, test, vi} from 'vitest';
import type {Resumable} from '../../source/contract/ui/setup.ts';
import type {Start} from '../../source/contract/ui/wizard.ts';
import {closeTerminals, openTerminal, type TerminalOptions} from '../fixtures/terminal.ts';
import type {FakeOptions} from './fake/fake-options.ts';
import {laptopKey} from './fake/fake-wizard.ts';
import {bundleGallery} from './gallery-bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxwizard-screens-'));
const program = join(folder, 'gallery.mjs');

beforeAll(() => bundleGallery(program), 60_000);
afterEach(closeTerminals);
afterAll(() => rmSync(folder, {recursive: true}));

type Given = FakeOptions & {readonly start?: Start};

/** The app in a real terminal, with the scripted wizard behind it. */
function open(given: Given, options: TerminalOptions = {}) {
	return openTerminal(program, [JSON.stringify({pace: 5, ...given})], options);
}

const down = '\u001b[B';
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
	done: 9,
	total: 21,
	stoppedAt: 'Database',
	running: false,
};
const box: Start = {at: 'box', target: 'root@203.0.113.7'};

test('two Downs in one chunk move two rows, and Enter in the same chunk takes that one', async () => {
	const {see, type} = open({});
	await see('❯ Go on');
	type(`${down}${down}`);
	await see('❯ 203.0.113.44');
	type(`${down}${down}\r`);
	await see('Which box?');
});

test('a text and Enter in one chunk submit the text', async () => {
	const {see, type} = open({questions: ['password', 'new-password'], start: box});
	await see('The password of root');
	type('secret\r');
	await see('A new password');
	type('a long one\ra long one\r');
	await see('Runs already');
});

test('a pasted text loses its line end and waits for Enter', async () => {
	const {see, type} = open({});
	await see('New box');
	type('n');
	await see('Which box?');
	type('\u001b[200~root@203.0.113.7\r\n\u001b[201~');
	await see(/Address {2}root@203\.0\.113\.7 *\n/);
	type('\r');
	await see('Runs already');
});

test('a whole form typed in one go', async () => {
	const {see, type} = open({start: box});
	await see('Runs already');
	type('\rhttps://github.com/you/microblog.git\r');
	await see('can’t be read from here');
	type('w1');
	await see('question 2 of 7');
	type('microblog.example.com\rjessica\r\r \r2\r\r\r\r');
	await see('question 7 of 7');
	type('A=1\rB=2\r\r');
	await see('19 to do');
});

test('resizing keeps every part in its place', async () => {
	const {see, type, resize, lines} = open({start: box});
	await see('Runs already');
	type('\rhttps://github.com/you/microblog.git\r');
	await see('can’t be read from here');
	type('w1');
	await see('question 2 of 7');
	expect(lines()[2]).toContain('The plan');
	expect(lines()[23]).toContain('next');
	resize(120, 40);
	await vi.waitFor(() => expect(lines()[39]).toContain('next'), {timeout: 10_000});
	await vi.waitFor(() => expect(lines()[2]).toMatch(/The plan +Host name/), {timeout: 10_000});
	resize(60, 16);
	await vi.waitFor(() => expect(lines()[1]).toMatch(/● Host name {2}question 2 of 7/), {timeout: 10_000});
	expect(lines().join('\n')).not.toContain('The plan');
	await vi.waitFor(() => expect(lines().slice(-2).join(' ')).toContain('back'), {timeout: 10_000});
});

test('leaving gives the terminal back as it was, with a summary and an exit code', async () => {
	const {see, type, exited, raw, lines} = open({start: box});
	await see('Runs already');
	type('\u0003');
	await see('Leave now?');
	type('\r');
	expect(await exited).toBe(130);
	expect(raw()).toContain('\u001b[?1049h');
	expect(raw()).toContain('\u001b[?1049l');
	expect(raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(raw().lastIndexOf('\u001b[?25l'));
	await vi.waitFor(() => expect(lines().join('\n')).toContain('boxwizard setup root@203.0.113.7'));
});

test('whoever stops at a failure is told how far the run came', async () => {
	const {see, type, exited, lines} = open({start: box, resumable, fails: 'app/code'});
	await see('9 of 21 done');
	type('r');
	await see('git could not clone');
	type('q');
	expect(await exited).toBe(1);
	await vi.waitFor(() => expect(lines().join('\n')).toMatch(/Left +after \d+ of 21 steps, at “.+”/));
});

test('NO_COLOR and a terminal without unicode', async () => {
	const {see, raw, lines} = open({start: box}, {environment: {NO_COLOR: '1', LC_ALL: 'C', LANG: 'C'}});
	await see('* Your box');
	await see('enter go on');
	expect(raw()).not.toMatch(/\u001b\[(?:[\d;]*;)?3[1-7]m/);
	expect(lines().join('')).toMatch(/^[ -~]*$/);
});

test('for those who listen: words in place of columns and marks, on the normal screen', async () => {
	const {see, raw, lines} = open({start: box}, {environment: {INK_SCREEN_READER: 'true'}});
	await see('2 of 6: Your box, now');
	await see('Keys: Enter go on, question mark help, Escape back');
	expect(raw()).not.toContain('\u001b[?1049h');
	expect(lines().join('\n')).not.toMatch(/[●○✓❯]/);
});

test('for those who listen: what does not change is said once, however many keys are pressed', async () => {
	const {see, type, raw} = open({start: box}, {environment: {INK_SCREEN_READER: 'true'}});
	await see('Keys: Enter go on');
	type('\rhttps://github.com/you/microblog.git\r');
	await see('can’t be read from here');
	type('w1');
	await see('Host name');
	type('microblog.example.com');
	await see('microblog.example.com');
	const typed = raw().slice(raw().lastIndexOf('The plan') + 1);
	expect(typed.split('question 2 of 7')).toHaveLength(2);
	expect(typed.split('Keys: Enter next')).toHaveLength(2);
});

test('for those who listen: a run tells each step once, and then only what it does', async () => {
	const {see, type, raw} = open({start: box, resumable}, {environment: {INK_SCREEN_READER: 'true'}});
	await see('Keys: r go on');
	type('r');
	await see('on the air');
	expect(raw().split(': in place')).toHaveLength(3);
	expect(raw().split('Keys: l log').length).toBeLessThan(6);
});
