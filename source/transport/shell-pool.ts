import {Disconnected, type Result} from '../box.ts';
import {cleanText, createCleaner} from './clean.ts';
import type {Peer, RootShell} from './root-shell.ts';

/** sshd allows ten sessions per connection (MaxSessions); four serve us and leave room for a person's own. */
const mostShells = 4;
/** What one script may answer, in bytes; more is dropped. */
const mostOutput = 8 * 1024 * 1024;
/** The longest line that `follow` gives, in UTF-16 units. */
const longestLine = 64 * 1024;
/** Lines that wait for a slow reader before the box is made to wait. */
const mostLines = 1000;

/** Root shells of one connection: as many as scripts run at once, kept for the next ones. */
export type ShellPool = {
	run(script: string): Promise<Result>;
	follow(script: string): AsyncGenerator<string, void, void>;
	/** Both ends of the connection, as the first shell told. */
	peer(): Peer;
	/** Opens the first shell. */
	start(): Promise<void>;
	end(): void;
};

/** @param openShell opens one more root shell on the connection. */
export function createShellPool(openShell: () => Promise<RootShell>): ShellPool {
	const idle: RootShell[] = [];
	const all = new Set<RootShell>();
	const waiting: (() => void)[] = [];
	let count = 0;
	let peer: Peer | undefined;

	const acquire = async (): Promise<RootShell> => {
		for (;;) {
			const shell = idle.pop();
			if (shell) return shell;
			if (count < mostShells) return add();
			await new Promise<void>(resolve => {
				waiting.push(resolve);
			});
		}
	};

	const add = async (): Promise<RootShell> => {
		count += 1;
		try {
			const shell = await openShell();
			all.add(shell);
			peer ??= shell.peer;
			void shell.closed.then(() => {
				count -= 1;
				all.delete(shell);
				if (idle.includes(shell)) idle.splice(idle.indexOf(shell), 1);
				waiting.shift()?.();
			});
			return shell;
		} catch (error) {
			count -= 1;
			waiting.shift()?.();
			throw error;
		}
	};

	const release = (shell: RootShell): void => {
		if (all.has(shell)) idle.push(shell);
		waiting.shift()?.();
	};

	const run = async (script: string): Promise<Result> => {
		const shell = await acquire();
		try {
			return await collect(shell, script);
		} finally {
			release(shell);
		}
	};

	return {
		run,
		peer() {
			if (!peer) throw new Disconnected('There is no connection to the box.');
			return peer;
		},
		async start() {
			release(await acquire());
		},
		async *follow(script) {
			const shell = await acquire();
			let ended = false;
			try {
				yield* lines(shell, script);
				ended = true;
			} finally {
				if (ended) release(shell);
				else if (all.has(shell)) await endGroup(shell, run);
			}
		},
		end() {
			for (const shell of all) shell.end();
		},
	};
}

/** Ends what a shell runs, and the shell, over another one: sshd refuses to send signals as root. */
async function endGroup(shell: RootShell, run: ShellPool['run']): Promise<void> {
	try {
		await run(`kill -s TERM -- -${shell.group}`);
	} catch (error) {
		// With the connection gone there is nothing left to end.
		if (!(error instanceof Disconnected)) throw error;
	}

	shell.channel.close();
}

async function collect(shell: RootShell, script: string): Promise<Result> {
	const stdout = createStore();
	const stderr = createStore();
	const code = await shell.run(script, {stdout: stdout.add, stderr: stderr.add});
	return {code, stdout: cleanText(stdout.bytes()), stderr: cleanText(stderr.bytes())};
}

function createStore() {
	const chunks: Buffer[] = [];
	let length = 0;
	return {
		add(bytes: Buffer) {
			const part = bytes.subarray(0, mostOutput - length);
			length += part.length;
			if (part.length > 0) chunks.push(part);
		},
		bytes: () => Buffer.concat(chunks),
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
		queue.push(...cleaner.end());
		wake();
	};
	shell.run(script, sink).then(() => end(), end);
	try {
		for (;;) {
			const taken = queue;
			queue = [];
			yield* taken;
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
