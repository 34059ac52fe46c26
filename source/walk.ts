import {oneStep} from './bring.ts';
import type {Event, Reply} from './events.ts';
import {isBlocked, type Known, leftAlone, leftOutFor, lookAtAll, type Outcome, type Run} from './run.ts';
import type {Step} from './step.ts';

/** Brings steps about in their order, until all are or someone quits. They are looked at together first. */
export async function* walk(
	run: Run,
	steps: readonly Step[] = run.plan.recipe.steps,
): AsyncGenerator<Event, void, Reply> {
	const known = new Map<Step, Known>(yield* lookAtAll(run, steps));
	let changed = false;
	for (const step of steps) {
		const reason = leftOutFor(run, step);
		if (reason) {
			run.outcomes.set(step.id, reason === 'left out' && isBlocked(run, step) ? 'blocked' : 'skipped');
			yield leftAlone(run, step, reason);
			continue;
		}

		// Earlier steps change what later ones find: what was seen at the start counts only until then.
		const outcome: Outcome = yield* oneStep(run, step, changed ? undefined : known.get(step));
		run.outcomes.set(step.id, outcome);
		changed ||= outcome !== 'in place';
		if (outcome === 'quit') return;
	}
}
