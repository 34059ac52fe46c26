import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** What a process took. */
export type Taken = {
	/** From its start to its end. */
	readonly seconds: number;
	/** The most memory it ever had, in MB: VmHWM of proc(5). */
	readonly peak: number;
	readonly stdout: string;
};

export type Command = {
	readonly words: readonly [string, ...string[]];
	readonly input?: string;
	readonly env?: Readonly<Record<string, string>>;
};

/** Runs a command and times it. @throws Error with what it printed, when it fails */
export async function timed({words: [program, ...words], input = '', env = {}}: Command): Promise<Taken> {
	const started = performance.now();
	const child = spawn(program, words, {env: {...process.env, ...env}, stdio: 'pipe'});
	let stdout = '';
	let stderr = '';
	let peak = 0;
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	child.stdin.on('error', () => {});
	child.stdin.end(input);
	// The kernel keeps the high-water mark, so a look now and then loses at most the last moment.
	const look = setInterval(() => {
		peak = Math.max(peak, highWaterMark(child.pid ?? 0));
	}, 100);
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	clearInterval(look);
	const seconds = (performance.now() - started) / 1000;
	if (code === 0) return {seconds, peak, stdout};
	throw new Error(`${program} ${words.join(' ')} ended with ${code}:\n${stdout.slice(-4000)}\n${stderr.slice(-4000)}`);
}

function highWaterMark(pid: number): number {
	try {
		const [, kilobytes = '0'] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
		return Number(kilobytes) / 1024;
	} catch {
		// It has just ended.
		return 0;
	}
}

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((one, other) => one - other);
	const middle = sorted.length >> 1;
	const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
	return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/**
 * Several ways of doing the same, taken in turns, so that a busy moment of the machine meets all of them; the median
 * seconds of each.
 */
export async function medians<Name extends string>(
	times: number,
	ways: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number>> {
	const taken = new Map<string, number[]>();
	for (let turn = 0; turn < times; turn++) {
		for (const [name, way] of Object.entries<() => Promise<number>>(ways)) {
			taken.set(name, [...(taken.get(name) ?? []), await way()]);
		}
	}

	return Object.fromEntries([...taken].map(([name, values]) => [name, median(values)])) as Record<Name, number>;
}
