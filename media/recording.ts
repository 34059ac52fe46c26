import type {Terminal} from '@xterm/headless';
import xterm from '@xterm/headless';
import {spawn} from 'node-pty';

/** A piece of text of one look: colour is an index of the terminal's palette. */
export type Run = {
	readonly text: string;
	readonly colour?: number;
	readonly bold: boolean;
	readonly dim: boolean;
	readonly inverse: boolean;
};

/** One screen, row by row, and the second it comes up at. */
export type Frame = {readonly at: number; readonly rows: readonly (readonly Run[])[]};

export type Size = {readonly columns: number; readonly rows: number};

/** Seconds between two frames at least: more would be seen by nobody. */
const shortest = 0.12;

/**
 * A program in a terminal of its own, filmed. The film's clock is not the wall's: waiting runs at the pace that the
 * scene asks for, typing and looking take the time that a person takes.
 */
export type Recording = {
	/** Waits until the screen shows it; the film runs `pace` times as fast. */
	see(text: string | RegExp, pace?: number): Promise<void>;
	/** Types, key by key as a person does. */
	type(text: string): Promise<void>;
	press(key: keyof typeof keys): Promise<void>;
	/** Presses a key until the hand is at a row, and sees it move each time. @param row what its line holds */
	goTo(key: keyof typeof keys, row: RegExp): Promise<void>;
	/** Seconds to look at what is there. */
	hold(seconds: number): void;
	/** What is on the screen now. */
	still(): Frame;
	/** All that was filmed so far. */
	frames(): readonly Frame[];
	end(): void;
};

const keys = {enter: '\r', down: '\u001b[B', up: '\u001b[A', escape: '\u001b', preview: '\u0010', space: ' '};

export function record(
	program: string,
	words: readonly string[],
	{columns, rows}: Size,
	environment: Readonly<Record<string, string>>,
): Recording {
	const {CI: _, ...inherited} = process.env;
	const screen = new xterm.Terminal({cols: columns, rows, allowProposedApi: true});
	const env = {...inherited, ...environment};
	const pty = spawn(program, [...words], {cols: columns, rows, name: 'xterm-256color', env});
	const frames: Frame[] = [];
	let clock = 0;
	let pace = 0;
	let seen = Date.now();
	const wakes = new Set<() => void>();
	const text = () => linesOf(screen).join('\n');
	/** A typed space shows by the cursor alone. */
	const mark = () => `${text()} ${screen.buffer.active.cursorX}`;
	const shoot = () => {
		const now = Date.now();
		clock += ((now - seen) / 1000) * pace;
		seen = now;
		if (clock - (frames.at(-1)?.at ?? -1) >= shortest) frames.push({at: clock, rows: rowsOf(screen)});
	};
	pty.onData(data =>
		screen.write(data, () => {
			shoot();
			for (const wake of wakes) wake();
		}),
	);
	const until = (come: () => boolean, patience: number, what: string) =>
		new Promise<void>((resolve, reject) => {
			const late = () => finish(() => reject(new Error(`Not seen: ${what}\n${text()}`)));
			const timer = setTimeout(late, patience);
			const look = () => come() && finish(resolve);
			const finish = (then: () => void) => {
				clearTimeout(timer);
				wakes.delete(look);
				then();
			};
			wakes.add(look);
			look();
		});
	const hold = (seconds: number) => {
		frames.push({at: clock, rows: rowsOf(screen)});
		clock += seconds;
	};
	const press = async (sent: string, seconds: number) => {
		const before = mark();
		pty.write(sent);
		await until(() => mark() !== before, 20_000, `a change after ${JSON.stringify(sent)}`);
		hold(seconds);
	};
	const pointed = () => linesOf(screen).find(line => line.includes('❯')) ?? '';
	const goTo = async (key: keyof typeof keys, row: RegExp) => {
		for (let here = pointed(); !row.test(here); here = pointed()) {
			await press(keys[key], 0.3);
			const from = here;
			await until(() => pointed() !== from, 20_000, `another row than ${from}, on the way to ${row}`);
		}
	};
	return {
		hold,
		still: () => ({at: 0, rows: rowsOf(screen)}),
		async see(wanted, faster = 1) {
			seen = Date.now();
			pace = 1 / faster;
			await until(() => text().search(wanted) >= 0, 10 * 60_000, String(wanted));
			pace = 0;
		},
		async type(words) {
			for (const letter of words) await press(letter, 0.07);
		},
		press: key => press(keys[key], 0.3),
		goTo,
		frames: () => [...frames, {at: clock, rows: rowsOf(screen)}],
		end: () => pty.kill(),
	};
}

function linesOf({buffer, rows}: Terminal): string[] {
	const {active} = buffer;
	return Array.from({length: rows}, (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '');
}

function rowsOf(screen: Terminal): Run[][] {
	const {active} = screen.buffer;
	return Array.from({length: screen.rows}, (_, row) => {
		const line = active.getLine(active.viewportY + row);
		const runs: Run[] = [];
		for (let column = 0; line && column < screen.cols; column += 1) {
			const cell = line.getCell(column);
			if (!cell || cell.getWidth() === 0) continue;
			const look = {
				...(cell.isFgDefault() ? {} : {colour: cell.getFgColor()}),
				bold: cell.isBold() > 0,
				dim: cell.isDim() > 0,
				inverse: cell.isInverse() > 0,
			};
			const before = runs.at(-1);
			const same = before && themeOf(before) === themeOf({...look, text: ''});
			if (same) runs.pop();
			runs.push({...look, text: (same ? before.text : '') + (cell.getChars() || ' ')});
		}

		return runs;
	});
}

const themeOf = ({colour, bold, dim, inverse}: Run) => `${colour} ${bold} ${dim} ${inverse}`;
