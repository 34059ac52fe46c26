import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {AuthContext} from 'ssh2';
import {afterAll, afterEach, beforeAll, expect} from 'vitest';
import {closeTerminals, openTerminal, type TerminalProgram} from '../fixtures/terminal.ts';
import {
	attack,
	attackBytes,
	type HostileOptions,
	type HostileServer,
	probeAnswer,
	startHostile,
} from '../transport/hostile-server.ts';
import {knownHostsIn} from '../transport/server.ts';
import {bundleGallery} from './gallery-bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxwizard-hostile-screens-'));
const program = join(folder, 'program.mjs');
const running: HostileServer[] = [];

beforeAll(() => bundleGallery(program, 'hostile-program.tsx'), 60_000);
afterEach(() => {
	closeTerminals();
	for (const server of running.splice(0)) server.stop();
});
afterAll(() => rmSync(folder, {recursive: true}));

/** The screens, or another manner to tell, at a server that is hostile. */
export async function open(options: HostileOptions, manner = 'screens'): Promise<TerminalProgram> {
	const server = await startHostile(options);
	running.push(server);
	return openTerminal(program, [String(server.port), knownHostsIn(folder, String(server.port)), manner]);
}

const asking = (context: AuthContext): void => {
	if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
	else context.prompt([{prompt: `${attack} code: `, echo: true}], attack, attack, () => context.accept());
};

/** A line that tries all that could drive a terminal. */
export const line = Buffer.concat([attackBytes, Buffer.from('\n')]);
const os = Buffer.concat([Buffer.from('debian\n12\n'), attackBytes]);

/** A box that says the same thing everywhere, and its log for ever where it is told to. */
export const everywhere = (log: Iterable<Buffer>): HostileOptions => ({
	authenticate: asking,
	motd: [line],
	answer: script => {
		if (script === 'log') return log;
		return script.includes('mkdir -m 0700') ? probeAnswer(script, line, {0: os}) : [line];
	},
});

/** What Ink and boxwizard write by themselves: style, cursor, erasing, and the modes of a screen. */
const own = /\u001b\[(?:[\d;]*[mABCDEFGHJK]|\?(?:25|1049|2004|2026)[hl]|>\d*u|<u|\?u)|\r|\n/g;

/** Nothing but that reached the terminal, and no attack did. */
export function expectOwn(program: TerminalProgram): void {
	const rest = program.raw().replaceAll(own, '');
	expect(rest).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
	expect(program.raw()).not.toMatch(/\u001b\[(?:3J|38;5;1m|\?1000)/);
	expect(program.raw()).toContain('shown');
}

/** From the first question to a step’s log. */
export async function walkToLog(terminal: TerminalProgram): Promise<void> {
	await terminal.see('Is this your box');
	terminal.type('y');
	await terminal.see('code');
	terminal.type('1\r');
	await terminal.see('Runs already');
	terminal.type('\r');
	await terminal.see('Git repository');
	terminal.type('\r');
	// What is found in a repository is as hostile as a box.
	await terminal.see(/Go on/);
	terminal.type('\r');
	await terminal.see(/The plan[\s\S]*to do/);
	terminal.type('r');
	await terminal.see(/Setting up[\s\S]*Upgrades/);
}
