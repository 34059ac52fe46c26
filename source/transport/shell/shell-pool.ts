import {setImmediate as breath} from 'node:timers/promises';
import {Disconnected, type Result} from '../../contract/box.ts';
import {createCleaner} from '../../remote/clean.ts';
import {strangeBox} from '../troubles.ts';
import type {Peer, RootShell} from './standing-shell.ts';

/** sshd allows ten sessions per connection (MaxSessions); four serve us and leave room for a person's own. */
const mostShells = 4;
/** What is kept of one script's answer, in bytes; more is dropped. */
const mostOutput = 8 * 1024 * 1024;
/** What one script may answer, in bytes: it has long been no answer any more, and ends. */
const endlessOutput = 64 * 1024 * 1024;
/** The longest line that `follow` gives, in UTF-16 units: thousands of them are kept for the screens. */
const longestLine = 2000;
/** Milliseconds of lines without a pause: keys and clocks want their turn. */
const longestTurn = 15;
/** Lines that wait for a slow reader before the box is made to wait. */
const mostLines = 1000;

/** Root shells of one connection: as many as scripts run at once, kept for the next ones. */
export class ShellPool {
	readonly #openShell: () => Promise<RootShell>;
	readonly #idle: RootShell[] = [];
	readonly #open = new Set<RootShell>();
	readonly #waiting: (() => void)[] = [];
	/** Open ones and those about to be. */
	#count = 0;
	#peer: Peer | undefined;

	/** @param openShell opens one more root shell on the connection. */
	constructor(openShell: () => Promise<RootShell>) {
		this.#openShell = openShell;
	}

	/** Opens the first shell. */
	async start(): Promise<void> {
		this.#release(await this.#acquire());
	}

	/** Both ends of the connection, as the first shell told. */
	peer(): Peer {
		if (!this.#peer) throw new Disconnected('There is no connection to the box.');
		return this.#peer;
	}

	/** @throws Disconnected */
	async run(script: string): Promise<Result> {
		const shell = await this.#acquire();
		let isOver = false;
		try {
			const result = await collect(shell, script);
			isOver = true;
			return result;
		} finally {
			if (isOver) this.#release(shell);
			else void this.#end(shell);
		}
	}

	/** Lines of stdout while the script runs; returning early ends it on the box. @throws Disconnected */
	async *follow(script: string): AsyncGenerator<string, void, void> {
		const shell = await this.#acquire();
		let isOver = false;
		try {
			yield* lines(shell, script);
			isOver = true;
		} finally {
			if (isOver) this.#release(shell);
			else await this.#end(shell);
		}
	}

	async #end(shell: RootShell): Promise<void> {
		if (this.#open.has(shell)) await endGroup(shell, kill => this.run(kill));
	}

	async #acquire(): Promise<RootShell> {
		for (;;) {
			const shell = this.#idle.pop();
			if (shell) return shell;
			if (this.#count < mostShells) return this.#add();
			await new Promise<void>(resolve => {
				this.#waiting.push(resolve);
			});
		}
	}

	async #add(): Promise<RootShell> {
		this.#count += 1;
		try {
			const shell = await this.#openShell();
			this.#open.add(shell);
			this.#peer ??= shell.peer;
			void shell.closed.then(() => this.#drop(shell));
			return shell;
		} catch (error) {
			this.#count -= 1;
			this.#waiting.shift()?.();
			throw error;
		}
	}

	#drop(shell: RootShell): void {
		this.#count -= 1;
		this.#open.delete(shell);
		const index = this.#idle.indexOf(shell);
		if (index !== -1) this.#idle.splice(index, 1);
		this.#waiting.shift()?.();
	}

	#release(shell: RootShell): void {
		if (this.#open.has(shell)) this.#idle.push(shell);
		this.#waiting.shift()?.();
	}
}

/** Ends what a shell runs, and the shell, over another one: sshd refuses to send signals as root. */
async function endGroup(shell: RootShell, run: (script: string) => Promise<Result>): Promise<void> {
	try {
		await run(`kill -s TERM -- -${shell.group}`);
	} catch (error) {
		// With the connection gone there is nothing left to end.
		if (!(error instanceof Disconnected)) throw error;
	}

	shell.channel.close();
}

async function collect(shell: RootShell, script: string): Promise<Result> {
	const end = Promise.withResolvers<never>();
	const tooMuch = () => end.reject(strangeBox('The box answers a question without end.'));
	const stdout = createStore(tooMuch);
	const stderr = createStore(tooMuch);
	const running = shell.run(script, {stdout: stdout.add, stderr: stderr.add});
	// Whoever has given up on it no longer hears how it ends.
	running.catch(() => undefined);
	const code = await Promise.race([running, end.promise]);
	return {code, stdout: stdout.text(), stderr: stderr.text()};
}

/** Keeps what a script answers, cleaned as it comes: eight megabytes at once would hold up everything else. */
function createStore(tooMuch: () => void) {
	const cleaner = createCleaner();
	const texts: string[] = [];
	let length = 0;
	return {
		add(bytes: Buffer) {
			const kept = bytes.subarray(0, Math.max(0, mostOutput - length));
			if (length <= endlessOutput && length + bytes.length > endlessOutput) tooMuch();
			length += bytes.length;
			if (kept.length > 0)
				texts.push(
					cleaner
						.push(kept)
						.map(line => `${line}\n`)
						.join(''),
				);
		},
		text: () => texts.join('') + cleaner.end().join(''),
	};
}

async function* lines(shell: RootShell, script: string): AsyncGenerator<string, void, void> {
	const cleaner = createCleaner({longestLine});
	let queue: string[] = [];
	let wake = () => {};
	let finished = false;
	let failure: unknown;
	const {channel} = shell;
	const sink = {
		stdout(bytes: Buffer) {
			queue.push(...cleaner.push(bytes));
			if (queue.length > mostLines) channel.pause();
			wake();
		},
		stderr() {},
	};
	const end = (error?: unknown) => {
		failure = error;
		finished = true;
		// Of a lost connection the last line may be cut: it comes whole to whoever asks again.
		if (error === undefined) queue.push(...cleaner.end());
		wake();
	};
	shell.run(script, sink).then(() => end(), end);
	let turn = performance.now() + longestTurn;
	try {
		for (;;) {
			const taken = queue;
			queue = [];
			for (const line of taken) {
				yield line;
				if (performance.now() < turn) continue;
				await breath();
				turn = performance.now() + longestTurn;
			}

			if (queue.length > 0) continue;
			if (finished) break;
			await new Promise<void>(resolve => {
				wake = resolve;
				channel.resume();
			});
		}
	} finally {
		channel.resume();
	}

	if (failure !== undefined) throw failure;
}
