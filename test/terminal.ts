import {writeFileSync} from 'node:fs';
import {Terminal} from '@xterm/headless';
import {type IPty, spawn} from 'node-pty';
import {expect, vi} from 'vitest';

export type TerminalOptions = {
	readonly columns?: number;
	readonly rows?: number;
	readonly environment?: Readonly<Record<string, string>>;
	readonly folder?: string;
};

/** A Node program in a real terminal: what is typed goes in as one chunk, what is seen is read off the screen. */
export type TerminalProgram = {
	readonly pid: number;
	readonly lines: () => string[];
	/** Everything it ever wrote, with its control sequences. */
	readonly raw: () => string;
	/** The exit code, once it ended. */
	readonly exited: Promise<number>;
	/** Waits until the screen shows it. */
	readonly see: (text: string | RegExp, patience?: number) => Promise<void>;
	readonly type: (keys: string) => void;
	readonly resize: (columns: number, rows: number) => void;
	readonly kill: (signal?: string) => void;
};

const running = new Set<IPty>();

/** Starts `node program args` in a terminal of its own. CI is taken out of its environment: there Ink would draw nothing. */
export function openTerminal(
	program: string,
	programArguments: readonly string[],
	{columns = 80, rows = 24, environment = {}, folder}: TerminalOptions = {},
): TerminalProgram {
	const {CI: _, ...inherited} = process.env;
	const screen = new Terminal({cols: columns, rows, allowProposedApi: true});
	const pty = spawn(process.execPath, [program, ...programArguments], {
		cols: columns,
		rows,
		name: 'xterm-256color',
		env: {...inherited, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', ...environment},
		...(folder && {cwd: folder}),
	});
	running.add(pty);
	let raw = '';
	pty.onData(data => {
		raw += data;
		screen.write(data, () => {
			// For whoever wants to look on: tail this file.
			if (record) writeFileSync(record, lines().join('\n'));
		});
	});
	const exited = new Promise<number>(resolve =>
		pty.onExit(({exitCode}) => {
			running.delete(pty);
			resolve(exitCode);
		}),
	);
	const record = process.env.BOXWIZARD_TEST_SCREEN;
	const lines = () => {
		const {active} = screen.buffer;
		return Array.from(
			{length: screen.rows},
			(_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
		);
	};
	return {
		pid: pty.pid,
		lines,
		exited,
		raw: () => raw,
		see: (text, patience = 15_000) =>
			vi.waitFor(() => expect(lines().join('\n')).toMatch(text), {timeout: patience, interval: 20}),
		type: keys => pty.write(keys),
		resize(to, by) {
			screen.resize(to, by);
			pty.resize(to, by);
		},
		kill: signal => pty.kill(signal),
	};
}

/** Ends what a test left running. */
export function closeTerminals(): void {
	for (const pty of running) pty.kill();
	running.clear();
}
