import {createInterface} from 'node:readline';
import {$, ProcessOutput, type ProcessPromise, quote} from 'zx/core';
import {Trouble} from '../contract/trouble.ts';
import type {Tell} from './types.ts';

/** Runs a script on this machine: bash, stopping at the first failure, output kept and not shown, standard input empty. */
export const local = $({
	shell: 'bash',
	prefix: 'set -euo pipefail;',
	quote,
	input: '',
	quiet: true,
	env: {...process.env, LC_ALL: 'C'},
});

/** The same with a text on standard input: the way a script, or a secret, travels. */
export function fed(input: string) {
	return (pieces: TemplateStringsArray, ...values: unknown[]): ProcessPromise => {
		const running = local({input})(pieces, ...values);
		// A command may end before it has read everything; its exit code says what that means.
		running.stdin.on('error', () => undefined);
		return running;
	};
}

/** Tells each line a command prints, on either stream, as it comes; for people who watch. */
export function told(running: ProcessPromise, tell: Tell): ProcessPromise {
	for (const stream of [running.stdout, running.stderr]) createInterface({input: stream}).on('line', tell);
	return running;
}

/** The last lines of what a failed local command printed; its message when it printed nothing. */
export function lastLines(error: unknown, count = 12): string[] {
	if (!(error instanceof ProcessOutput)) return [error instanceof Error ? error.message : String(error)];
	const lines = `${error.stdout}\n${error.stderr}`.split('\n').filter(line => line.trim() !== '');
	return lines.length === 0 ? [`exit code ${error.exitCode}`] : lines.slice(-count);
}

/** Awaits work on this machine; a failure becomes a Trouble that says which work it was. */
export async function attempt<T>(what: string, work: PromiseLike<T>): Promise<T> {
	try {
		return await work;
	} catch (error) {
		if (error instanceof Trouble) throw error;
		throw new Trouble(
			{
				what: `${what} failed on this machine.`,
				means: 'The practice stops here. No machine but this one was touched.',
				next: 'Read the lines below, mend what they name, and start the practice again.',
				evidence: lastLines(error),
				code: 'practice-local',
			},
			error,
		);
	}
}
