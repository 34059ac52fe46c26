import {z} from 'zod';
import type {Service, ServiceCommand} from '../contract/service.ts';
import type {Step} from '../contract/step.ts';
import {asTrouble} from '../contract/trouble.ts';
import type {Event, Reply, Summary} from '../contract/ui/events.ts';
import {record} from '../remote/recorder.ts';
import {perform} from './apply.ts';
import {recoverInterrupted} from './reattach.ts';
import {reboot} from './reboot.ts';
import {finished, newRun, type Plan, planned, type Run} from './run/run.ts';
import type {Session} from './session.ts';

const words: Readonly<Record<ServiceCommand, string>> = {restart: 'Restart', stop: 'Stop', start: 'Start'};

/**
 * Restarts, stops or starts services, one after the other: as jobs on the box, each proven before the next. What an earlier
 * run left at work is waited for first. Nothing of it is journaled: it leaves nothing to be taken back.
 */
export async function* serve(
	plan: Plan,
	session: Session,
	services: readonly Service[],
	action: ServiceCommand,
): AsyncGenerator<Event, Summary, Reply> {
	const started = performance.now();
	const run = newRun(plan, session, false);
	const steps = services.map(service => asStep(service, action));
	yield planned(plan, steps);
	await run.work.begin();
	try {
		// Two jobs at once could undo each other, and the journal knows of one.
		yield* recoverInterrupted(run);
		for (const [index, step] of steps.entries()) {
			const service = services[index];
			if (!service || !(yield* done(run, step, service))) break;
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

async function* done(run: Run, step: Step, service: Service): AsyncGenerator<Event, boolean, Reply> {
	const started = performance.now();
	try {
		const operations = record(hand => step.apply(hand, undefined, {}));
		if (service.reboots) yield* reboot(run.work, step.id, operations);
		else yield* perform(run.context, step, operations);
		yield {type: 'proving', step: step.id, what: step.title};
		yield* run.work.steadily(async () => step.verify?.(run.work.probe, {}));
		run.outcomes.set(step.id, 'changed');
		yield {type: 'verified', step: step.id, seconds: (performance.now() - started) / 1000};
		return true;
	} catch (error) {
		run.outcomes.set(step.id, 'failed');
		yield {type: 'failed', step: step.id, trouble: asTrouble(error).toJSON(), actions: ['quit']};
		return false;
	}
}

function asStep(service: Service, action: ServiceCommand): Step {
	return {
		id: `${action}/${service.name}`,
		title: `${words[action]} ${service.name}`,
		why: service.interrupts ?? 'Nobody is interrupted.',
		options: z.object({}),
		check: async () => null,
		done: () => false,
		apply: $ => service.act($, action),
		verify: $ => (action === 'stop' && service.rests ? service.rests($) : service.runs($)),
	};
}
