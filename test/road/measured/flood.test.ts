import {readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {expect, test, vi} from 'vitest';
import type {TerminalProgram} from '../../fixtures/terminal.ts';
import {everywhere, expectOwn, line, open, walkToLog} from '../../screens/hostile-terminal.ts';
import {endless} from '../../transport/hostile-server.ts';

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

const flood = () => {
	const long = Buffer.from(`${'漢'.repeat(6000)}\n`);
	return open(everywhere(endless(Buffer.concat([line, line, line, long]))));
};

// The box, its terminal and others share this machine: a key that waited for them is pressed again.
test('answers keys while a log floods', {retry: 2}, async () => {
	const terminal = await flood();
	await terminal.see('Is this your box');
	const calm = await medianAnswer(terminal, /yes, it is mine/);
	await walkToLog(terminal);
	await terminal.see('shown');
	// On a machine that is busy with other things every answer is slow: then the flood must not make it much slower.
	expect(await medianAnswer(terminal, /Upgrades[\s\S]*shown/)).toBeLessThan(Math.max(200, 3 * calm));
	expectOwn(terminal);
});

test('keeps its memory while a log floods', async () => {
	const terminal = await flood();
	await walkToLog(terminal);
	await terminal.see('shown');
	expect(await settledPeak(terminal.pid)).toBeLessThan(200);
});
