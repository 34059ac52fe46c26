import {connect} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {Trouble} from '../contract/trouble.ts';

/** How often a state that sends no event is looked at, in milliseconds. */
const interval = 20;

/**
 * Waits until `look` answers something other than undefined, false or null, and returns it.
 * @param what said in the error: 'SSH to answer'
 * @param seconds after which a Trouble is thrown
 */
export async function until<T>(
	what: string,
	seconds: number,
	look: () => T | undefined | false | null | Promise<T | undefined | false | null>,
): Promise<T> {
	const deadline = performance.now() + seconds * 1000;
	for (;;) {
		const seen = await look();
		if (seen !== undefined && seen !== false && seen !== null) return seen;
		if (performance.now() > deadline) {
			throw new Trouble({
				what: `Waited ${seconds} s for ${what}, in vain.`,
				means: 'The practice box, or a server beside it, did not come up.',
				next: 'Start it again; `boxwizard practice rm` clears what is left.',
				code: 'practice-timeout',
			});
		}

		await sleep(interval);
	}
}

/** Whether a TCP port accepts; `greeting` also waits for the server's first bytes, as SSH sends them. */
export async function accepts(address: string, port: number, greeting = false): Promise<boolean> {
	return await new Promise(resolve => {
		const socket = connect({host: address, port, timeout: 1000});
		const answer = (open: boolean) => {
			socket.destroy();
			resolve(open);
		};

		if (greeting) socket.once('data', () => answer(true));
		else socket.once('connect', () => answer(true));
		socket.once('error', () => answer(false));
		socket.once('close', () => answer(false));
		socket.once('timeout', () => answer(false));
	});
}
