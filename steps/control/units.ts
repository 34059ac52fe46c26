import type {Service} from '../../source/contract/service.ts';
import type {Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';

/** A unit of systemd, in the manner of most. */
export function unit(
	name: string,
	also: readonly string[],
	service: string,
	effects: {readonly interrupts: string; readonly stops: string},
): Service {
	return {
		name,
		also,
		...effects,
		command: `sudo systemctl restart ${service}`,
		act($, action) {
			$`systemctl ${action} -- ${service}`;
		},
		runs: $ => isActive($, service, true),
		rests: $ => isActive($, service, false),
	};
}

export async function isActive($: Probe, service: string, wanted: boolean): Promise<void> {
	const state = await $`systemctl is-active -- ${service}`;
	if (wanted === (state === 'active')) return;
	if (!wanted) throw still(service);
	throw notRunning(service, await $`journalctl --unit=${service} --lines=8 --no-pager --output=cat`);
}

export function notRunning(name: string, words: string): Trouble {
	return new Trouble({
		what: `${name} does not run.`,
		means: 'It was started, and ended; or it does not answer yet.',
		next: 'Its last lines stand below. boxwizard logs HOST shows more, boxwizard doctor HOST what may be wrong.',
		evidence: words.split('\n'),
		code: 'not-running',
	});
}

export function still(name: string): Trouble {
	return new Trouble({
		what: `${name} still runs.`,
		means: 'Something starts it again at once.',
		next: 'Look at what keeps it: systemctl status, supervisorctl status.',
		code: 'still-running',
	});
}
