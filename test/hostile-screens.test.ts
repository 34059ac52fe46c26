import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {AuthContext} from 'ssh2';
import {afterAll, afterEach, beforeAll, describe, expect, it, vi} from 'vitest';
import {bundleGallery} from './gallery-bundle.ts';
import {
	attack,
	attackBytes,
	endless,
	type HostileOptions,
	type HostileServer,
	probeAnswer,
	startHostile,
} from './hostile-server.ts';
import {closeTerminals, openTerminal, type TerminalProgram} from './terminal.ts';
import {knownHostsIn} from './transport-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxwizard-hostile-screens-'));
const program = join(folder, 'program.mjs');
const running: HostileServer[] = [];

beforeAll(() => bundleGallery(program, 'hostile-program.tsx'), 60_000);
afterEach(() => {
	closeTerminals();
	for (const server of running.splice(0)) server.stop();
});
afterAll(() => rmSync(folder, {recursive: true}));

async function open(options: HostileOptions, manner = 'screens'): Promise<TerminalProgram> {
	const server = await startHostile(options);
	running.push(server);
	return openTerminal(program, [String(server.port), knownHostsIn(folder, String(server.port)), manner]);
}

const asking = (context: AuthContext): void => {
	if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
	else context.prompt([{prompt: `${attack} code: `, echo: true}], attack, attack, () => context.accept());
};

const line = Buffer.concat([attackBytes, Buffer.from('\n')]);
const os = Buffer.concat([Buffer.from('debian\n12\n'), attackBytes]);

/** A box that says the same thing everywhere, and its log for ever where it is told to. */
const everywhere = (log: Iterable<Buffer>): HostileOptions => ({
	authenticate: asking,
	motd: [line],
	answer: script => {
		if (script === 'log') return log;
		return script.includes('mkdir -m 0700') ? probeAnswer(script, line, {0: os}) : [line];
	},
});

/** What Ink and boxwizard write by themselves: style, cursor, erasing, and the modes of a screen. */
const own = /\u001b\[(?:[\d;]*[mABCDEFGHJK]|\?(?:25|1049|2004|2026)[hl]|>\d*u|<u|\?u)|\r|\n/g;

function expectOwn(program: TerminalProgram): void {
	const rest = program.raw().replaceAll(own, '');
	expect(rest).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
	expect(program.raw()).not.toMatch(/\u001b\[(?:3J|38;5;1m|\?1000)/);
	expect(program.raw()).toContain('shown');
}

/** The most memory a program ever had, in megabytes. */
const peak = (pid: number): number =>
	Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** The same, when it has not grown for two seconds. */
async function settledPeak(pid: number): Promise<number> {
	for (let before = 0, now = peak(pid); ; before = now, now = peak(pid)) {
		if (now === before) return now;
		await sleep(2000);
	}
}

/** Milliseconds from a key to what it brings onto the screen. */
async function answerTime(terminal: TerminalProgram, key: string, text: RegExp): Promise<number> {
	const since = performance.now();
	terminal.type(key);
	await vi.waitFor(() => expect(terminal.lines().join('\n')).toMatch(text), {timeout: 15_000, interval: 2});
	return performance.now() - since;
}

/** Milliseconds that help takes to come, and to go again. */
async function medianAnswer(terminal: TerminalProgram, behind: RegExp): Promise<number> {
	const times: number[] = [];
	for (let round = 0; round < 5; round += 1) {
		times.push(await answerTime(terminal, '?', /any key/));
		times.push(await answerTime(terminal, '\u001b', behind));
	}

	return times.toSorted((one, other) => one - other)[5] ?? 0;
}

async function walkToLog(terminal: TerminalProgram): Promise<void> {
	await terminal.see('Is this your box');
	terminal.type('y');
	await terminal.see('code');
	terminal.type('1\r');
	await terminal.see('Runs already');
	terminal.type('c');
	await terminal.see('Upgrades');
}

describe('a hostile box on the screens', () => {
	it('draws nothing but what is ours: question, survey, log, trouble', async () => {
		const terminal = await open(everywhere(Array.from({length: 50}, () => line)));
		await walkToLog(terminal);
		await terminal.see(/Next/);
		expectOwn(terminal);
		terminal.type('\u0003');
		await terminal.see('Leave now?');
		terminal.type('\r');
		await terminal.exited;
		expectOwn(terminal);
	});

	const flood = () => {
		const long = Buffer.from(`${'漢'.repeat(6000)}\n`);
		return open(everywhere(endless(Buffer.concat([line, line, line, long]))));
	};

	// The box, its terminal and others share this machine: a key that waited for them is pressed again.
	it('answers keys while a log floods', {retry: 2}, async () => {
		const terminal = await flood();
		await terminal.see('Is this your box');
		const calm = await medianAnswer(terminal, /yes, it is mine/);
		await walkToLog(terminal);
		await terminal.see('shown');
		// On a machine that is busy with other things every answer is slow: then the flood must not make it much slower.
		expect(await medianAnswer(terminal, /Upgrades[\s\S]*shown/)).toBeLessThan(Math.max(200, 3 * calm));
		expectOwn(terminal);
	});

	it('keeps its memory while a log floods', async () => {
		const terminal = await flood();
		await walkToLog(terminal);
		await terminal.see('shown');
		expect(await settledPeak(terminal.pid)).toBeLessThan(200);
	});

	it.each(['plain', 'json'])('prints nothing but text: %s', async manner => {
		const options = {...everywhere(Array.from({length: 50}, () => line)), authenticate: undefined as never};
		const terminal = await open({...options, authenticate: context => context.accept()}, manner);
		await terminal.exited;
		expectOwn(terminal);
	});
});
