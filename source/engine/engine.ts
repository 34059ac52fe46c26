import type {Step} from '../contract/step.ts';
import {asTrouble} from '../contract/trouble.ts';
import type {Event, Reply, Summary} from '../contract/ui/events.ts';
import {recoverInterrupted} from './reattach.ts';
import {answered, askingStep} from './run/asking.ts';
import {completeToLook} from './run/complete.ts';
import {noteProgress} from './run/journaling.ts';
import {type Known, leftAlone, leftOutFor, lookAtAll} from './run/obstacles.ts';
import {inHand, lookUpOthers} from './run/other-apps.ts';
import {answersOf, finished, newRun, type Plan, planned, type Run, setAnswers} from './run/run.ts';
import {runSteps} from './run/sequence.ts';
import type {Session} from './session.ts';

export type {Plan} from './run/run.ts';
export type {Session} from './session.ts';

/**
 * Brings a box to what a plan asks for, step by step. Told in events; `asking` and `failed` take a reply. Stopped at any
 * moment, a next run looks at the box and goes on. One wizard at a time: the lock is held throughout.
 * @throws Trouble where nothing can be done: the lock is held, the box is gone for good
 */
export async function* run(plan: Plan, session: Session): AsyncGenerator<Event, Summary, Reply> {
	const started = performance.now();
	const run = newRun(plan, session);
	yield planned(plan, plan.steps);
	yield* run.work.steadily(() => run.work.begin());
	try {
		if (yield* answered(run, plan.answers)) {
			yield* recoverInterrupted(run);
			yield* runSteps(run);
			noteProgress(run);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

/** The same for some of the steps, by id: it says nothing of how far the set-up came. @throws Trouble as `run` does */
export function runPart(plan: Plan, ids: readonly string[], session: Session): AsyncGenerator<Event, Summary, Reply> {
	return run({...plan, steps: plan.steps.filter(({id}) => ids.includes(id)), isPart: true}, session);
}

/** Looks whether a plan is in place; touches nothing. What differs is in `failed`. */
export async function* check(plan: Plan, session: Session): AsyncGenerator<Event, Summary, Reply> {
	const started = performance.now();
	const run = newRun(plan, session);
	yield planned(plan, plan.steps);
	const answers = yield* checkable(run);
	if (answers) {
		const known = yield* lookAtAll(run);
		yield* passedOver(run);
		for (const [step, found] of known) {
			const event = seen(run, step, found);
			run.outcomes.set(step.id, event.type === 'differs' ? 'failed' : 'in place');
			yield event;
		}
	}

	return yield* finished(run, started);
}

/** Says which steps a check passes over. */
async function* passedOver(run: Run): AsyncGenerator<Event, void, Reply> {
	for (const step of run.plan.steps) {
		const reason = leftOutFor(run, step);
		if (!reason) continue;
		run.outcomes.set(step.id, 'skipped');
		yield leftAlone(run, step, reason);
	}
}

/** How a check found a step. One that can't be looked at is named, and the others are told all the same. */
function seen(run: Run, step: Step, known: Known): Event {
	if ('trouble' in known) return {type: 'differs', step: step.id, trouble: asTrouble(known.trouble).toJSON()};
	const isInPlace = step.done(known.facts, answersOf(run, step) as never);
	return isInPlace ? {type: 'skipped', step: step.id, reason: 'in place'} : {type: 'differs', step: step.id};
}

async function* checkable(run: Run): AsyncGenerator<Event, boolean, Reply> {
	const {answers: given, leftOut} = run.plan;
	const list = inHand(run.plan);
	const [completion] = yield* run.work.steadily(() =>
		Promise.all([completeToLook(list, given, run.work.session.vault, run.work.probe), lookUpOthers(run)]),
	);
	const steps = list.steps.filter(step => !leftOut.includes(step.id));
	const problems = completion.problems.filter(problem => askingStep(steps, problem) !== '');
	const [first] = problems;
	if (first) {
		yield {type: 'asking', step: askingStep(steps, first), problems};
		return false;
	}

	setAnswers(run, completion);
	return true;
}
