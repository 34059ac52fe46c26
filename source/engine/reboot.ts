import {setTimeout as pause} from 'node:timers/promises';
import {type Box, Disconnected} from '../contract/box.ts';
import {Trouble} from '../contract/trouble.ts';
import type {Event, Reply} from '../contract/ui/events.ts';
import type {Operation} from '../remote/recorder.ts';
import {body} from '../remote/script.ts';
import {forgetReboot} from '../renewals/memory.ts';
import type {Work} from './session.ts';

/** Milliseconds a box may take to come back. */
const patience = 10 * 60 * 1000;

/** Reboots the box with a step's recorded apply, and waits for a boot that is another one (boot_id, random(4)). */
export async function* reboot(
	work: Work,
	step: string,
	operations: readonly Operation[],
): AsyncGenerator<Event, void, Reply> {
	const before = yield* work.steadily(() => bootId(work.box));
	yield {type: 'rebooting', step};
	await work.box.run(body(operations).join('\n')).catch(unlessDisconnected);
	const until = performance.now() + patience;
	for (let attempt = 1; performance.now() < until; attempt++) {
		const now = await bootId(work.box).catch(unlessDisconnected);
		if (now !== undefined && now !== before) return noteRebooted(work);
		if (now === undefined) {
			yield* work.again(attempt, until - performance.now());
		} else {
			// Still the old boot, on its way down: its sshd gives no sign to wait for.
			await pause(200);
		}
	}

	throw new Trouble({
		what: 'The box did not reboot within ten minutes.',
		means: 'Its boot_id is still the old one: something holds the reboot up.',
		next: 'Look at its console, then retry.',
		code: 'no-reboot',
	});
}

/** For the reminders. A memory that can't be written is no fault of the reboot: the next look at the box puts it right. */
function noteRebooted(work: Work): void {
	try {
		forgetReboot(work.session.journal.read().host);
	} catch (error) {
		if (!(error instanceof Trouble)) throw error;
	}
}

async function bootId(box: Box): Promise<string> {
	return (await box.run('cat /proc/sys/kernel/random/boot_id')).stdout.trim();
}

function unlessDisconnected(error: unknown): undefined {
	if (!(error instanceof Disconnected)) throw error;
}
