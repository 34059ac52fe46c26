import {isDeclined, isWanted} from '../../answers/answers.ts';
import {Disconnected} from '../../contract/box.ts';
import type {Concern, Step} from '../../contract/step.ts';
import {recordId} from '../../contract/step-id.ts';
import type {Event, Reply} from '../../contract/ui/events.ts';
import {stepRecord} from '../../state/journal-state.ts';
import {answersOf, type Run} from './run.ts';

export type Known = {readonly facts: unknown} | {readonly trouble: unknown};

export function leftOutFor(run: Run, step: Step): 'not wanted' | 'left out' | undefined {
	if (!isWanted(step, answersOf(run, step)) && !hasToClear(run, step)) return 'not wanted';
	if (isLeftOut(run, step) || run.lacking.has(step.id)) return 'left out';
	return isBlocked(run, step) ? 'left out' : undefined;
}

/** Whether a step that the answers call for no more has yet to take away what it made. */
export function hasToClear(run: Run, step: Step): boolean {
	const isOver = step.clears === true && !isWanted(step, answersOf(run, step));
	return isOver && stepRecord(run.work.session.journal.read(), recordId(step)) !== undefined;
}

/** Whether the person left a step out, by its name or by an answer. */
function isLeftOut(run: Run, step: Step): boolean {
	return run.plan.leftOut.includes(step.id) || isDeclined(step, answersOf(run, step));
}

/** Whether a step it needs has failed in this run, or is left out and not in place; or one that this one needs in its turn. */
export function isBlocked(run: Run, step: Step): boolean {
	return obstacle(run, step) !== undefined;
}

function obstacle(run: Run, step: Step): string | undefined {
	const failed = ['failed', 'blocked', 'quit'];
	return step.needs?.find(id => run.lacking.has(id) || failed.includes(run.outcomes.get(id) ?? ''));
}

/** Says that a step is left alone, and why. */
export function leftAlone(run: Run, step: Step, reason: 'not wanted' | 'left out'): Event {
	const needed = reason === 'left out' && !isLeftOut(run, step) ? obstacle(run, step) : undefined;
	const title = run.plan.steps.find(({id}) => id === needed)?.title;
	return {
		type: 'skipped',
		step: step.id,
		reason,
		...(title !== undefined && {because: `it needs “${title}”, which is not in place`}),
	};
}

/**
 * The facts of all wanted steps: their probes travel together. A left-out one that others need is looked at too: those
 * that would stand on nothing are left out with it.
 */
export async function* lookAtAll(
	run: Run,
	among: readonly Step[] = run.plan.steps,
): AsyncGenerator<Event, [Step, Known][], Reply> {
	const needed = new Set(among.filter(step => !isLeftOut(run, step)).flatMap(step => step.needs ?? []));
	const steps = among.filter(
		step =>
			(isWanted(step, answersOf(run, step)) || hasToClear(run, step)) && (!isLeftOut(run, step) || needed.has(step.id)),
	);
	const looked = yield* run.work.steadily(() =>
		Promise.all(steps.map(async step => [step, await knownOf(run, step)] satisfies [Step, Known])),
	);
	run.lacking.clear();
	for (const [step, known] of looked) {
		const isInPlace = 'facts' in known && step.done(known.facts, answersOf(run, step) as never);
		if (!isInPlace && (isLeftOut(run, step) || isBlocked(run, step))) run.lacking.add(step.id);
	}

	return looked.filter(([step]) => leftOutFor(run, step) === undefined);
}

/** What the person must answer for before the step may touch the box. */
export function concernOf(run: Run, step: Step, facts: unknown): Concern | undefined {
	const before = stepRecord(run.work.session.journal.read(), recordId(step))?.before;
	return step.concern?.(facts, answersOf(run, step) as never, before);
}

/** What a step's check finds, or why it can't be looked at. @throws Disconnected */
export async function knownOf(run: Run, step: Step): Promise<Known> {
	try {
		return {facts: await step.check(run.work.probe, answersOf(run, step) as never)};
	} catch (error) {
		if (error instanceof Disconnected) throw error;
		return {trouble: error};
	}
}
