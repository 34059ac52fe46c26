import type {Answers} from '../../answers/answers.ts';
import {Secret} from '../../contract/secret.ts';
import type {Step} from '../../contract/step.ts';
import type {Event, Reply} from '../../contract/ui/events.ts';
import {decided} from './asking.ts';
import {isBlocked, type Known, leftAlone, leftOutFor} from './obstacles.ts';
import {answersOf, type Outcome, type Run} from './run.ts';
import {type Following, runStep} from './run-step.ts';

/**
 * Brings steps about in their order, until all are or someone quits. They are looked at together first, and what only the
 * person can decide is asked then. An answer that is
 * changed on the way leads back to the first step that takes it: it was brought about with another one.
 */
export async function* runSteps(run: Run, steps: readonly Step[] = run.plan.steps): AsyncGenerator<Event, void, Reply> {
	const known = yield* decided(run, steps);
	if (!known) return;
	let changed = false;
	let following: Following | undefined;
	for (let index = 0; index < steps.length; index += 1) {
		const step = steps[index] as Step;
		const reason = leftOutFor(run, step);
		if (reason) {
			run.outcomes.set(step.id, reason === 'left out' && isBlocked(run, step) ? 'blocked' : 'skipped');
			yield leftAlone(run, step, reason);
			continue;
		}

		const {answers} = run;
		// Earlier steps change what later ones find: what was seen at the start counts only until then, and after a change what was
		// seen at its end.
		const seen: Known | undefined = changed
			? following?.step === step
				? following.known
				: undefined
			: known.get(step);
		const next = steps.slice(index + 1).find(later => leftOutFor(run, later) === undefined);
		following = next && {step: next};
		const outcome: Outcome = yield* runStep(run, step, seen, following);
		const again = outcome === 'in place' && run.outcomes.get(step.id) === 'changed';
		run.outcomes.set(step.id, again ? 'changed' : outcome);
		changed ||= outcome !== 'in place';
		if (outcome !== 'changed') following = undefined;
		if (outcome === 'quit') return;
		const earlier = steps.slice(0, index).findIndex(before => takesAnother(run, before, answers));
		if (earlier === -1) continue;
		changed = true;
		following = undefined;
		index = earlier - 1;
	}
}

/** Whether one of a step's answers is another one than it was. @param answers those of then */
function takesAnother(run: Run, step: Step, answers: Answers): boolean {
	if (answers === run.answers) return false;
	const [before, now] = [answersOf({...run, answers}, step), answersOf(run, step)];
	return Object.keys(step.options.shape).some(name => plain(before[name]) !== plain(now[name]));
}

const plain = (value: unknown) => (value instanceof Secret ? value.reveal() : JSON.stringify(value));
