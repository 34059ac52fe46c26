import type {Step} from '../../contract/step.ts';
import {asTrouble} from '../../contract/trouble.ts';
import type {Event, Reply, Summary} from '../../contract/ui/events.ts';
import {record} from '../../remote/recorder.ts';
import {perform} from '../apply.ts';
import {recoverInterrupted} from '../reattach.ts';
import type {Session} from '../session.ts';
import {answered} from './asking.ts';
import {finished, look, newRun, type Outcome, type Plan, planned, type Run} from './run.ts';

/**
 * Does what is no part of a set-up (a renewal now): each step is looked at, applied as one job and proven, and the first
 * that fails ends it. The journal knows the job while it runs, and nothing of it afterwards: there is nothing to take back.
 * @throws Trouble where nothing can be done: the lock is held, the box is gone for good
 */
export async function* runTasks(plan: Plan, session: Session): AsyncGenerator<Event, Summary, Reply> {
	const started = performance.now();
	const run = newRun(plan, session);
	yield planned(plan, plan.steps);
	await run.work.begin();
	try {
		if (yield* answered(run, plan.answers)) {
			yield* recoverInterrupted(run);
			yield* untilOneFails(run);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

async function* untilOneFails(run: Run): AsyncGenerator<Event, void, Reply> {
	for (const step of run.plan.steps) {
		const outcome = yield* runTask(run, step);
		run.outcomes.set(step.id, outcome);
		if (outcome === 'failed') return;
	}
}

async function* runTask(run: Run, step: Step): AsyncGenerator<Event, Outcome, Reply> {
	const started = performance.now();
	for (;;) {
		try {
			yield {type: 'checking', step: step.id};
			const facts = yield* look(run, step);
			if (step.done(facts, run.answers as never)) {
				yield {type: 'skipped', step: step.id, reason: 'in place'};
				return 'in place';
			}

			yield* perform(
				run.context,
				step,
				record(hand => step.apply(hand, facts, run.answers as never)),
			);
			if (step.verify) {
				yield {type: 'proving', step: step.id, what: step.title};
				yield* run.work.steadily(async () => step.verify?.(run.work.probe, run.answers as never));
			}

			yield {type: 'verified', step: step.id, seconds: (performance.now() - started) / 1000};
			return 'changed';
		} catch (error) {
			const trouble = asTrouble(error).toJSON();
			const reply = yield {type: 'failed', step: step.id, trouble, actions: ['retry', 'quit']};
			if (reply?.action !== 'retry') return 'failed';
		}
	}
}
