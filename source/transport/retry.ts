import {setTimeout as sleep} from 'node:timers/promises';

/** Milliseconds. */
const firstPause = 200;
const longestPause = 10_000;

export type RetryOptions = {
	/** Milliseconds. */
	readonly patience: number;
	readonly mayPass: (error: unknown) => boolean;
	readonly onAttempt?: (attempt: number) => void;
	readonly signal?: AbortSignal;
};

/** Tries again what may pass, each pause twice the last one, up to ten seconds, and shortened at random so that many don't come at once. */
export async function retry<Value>(work: (attempt: number) => Promise<Value>, options: RetryOptions): Promise<Value> {
	const {patience, mayPass, onAttempt, signal} = options;
	// By a clock that nobody sets.
	const deadline = performance.now() + patience;
	let pause = firstPause;
	for (let attempt = 1; ; attempt++) {
		signal?.throwIfAborted();
		onAttempt?.(attempt);
		try {
			return await work(attempt);
		} catch (error) {
			const wait = pause * (0.5 + Math.random() / 2);
			if (!mayPass(error) || performance.now() + wait > deadline) throw error;
			await sleep(wait, undefined, signal ? {signal} : {});
			pause = Math.min(pause * 2, longestPause);
		}
	}
}
