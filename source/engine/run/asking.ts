import {type Answers, optionsOf} from '../../answers/answers.ts';
import type {Step} from '../../contract/step.ts';
import type {Event, Problem, Reply} from '../../contract/ui/events.ts';
import {complete} from './complete.ts';
import {concernOf, type Known, lookAtAll} from './obstacles.ts';
import {isOfOther, type Run, setAnswers} from './run.ts';

/**
 * Completes the answers of a run with what is `given`, asking as long as something is missing or wrong; false when
 * nobody answers.
 */
export async function* answered(run: Run, given: Answers): AsyncGenerator<Event, boolean, Reply> {
	const {plan} = run;
	const steps = plan.steps.filter(step => !plan.leftOut.includes(step.id) && !isOfOther(plan, step));
	for (let all = given; ; ) {
		const completion = yield* run.work.steadily(() =>
			complete({...plan, steps}, all, run.work.session.vault, run.work.probe),
		);
		const [first] = completion.problems;
		if (!first) {
			setAnswers(run, completion);
			return true;
		}

		const step = askingStep(steps, first);
		const reply: Reply = yield {type: 'asking', step, problems: problemsOf(steps, step, completion.problems)};
		if (!reply?.answers) {
			run.outcomes.set(step, 'quit');
			return false;
		}

		all = {...all, ...reply.answers};
	}
}

/**
 * Asks for what only the person can decide, as the steps found the box, before anything is touched; what they have found by
 * then. Undefined when nobody answers.
 */
export async function* decided(
	run: Run,
	steps: readonly Step[],
): AsyncGenerator<Event, ReadonlyMap<Step, Known> | undefined, Reply> {
	for (;;) {
		const known = yield* lookAtAll(run, steps);
		const concerns = known.flatMap(([step, found]) => {
			const concern = 'facts' in found ? concernOf(run, step, found.facts) : undefined;
			return concern ? [{step, concern}] : [];
		});
		const [first] = concerns;
		if (!first) return new Map(known);
		// A form is one step's; who reads lines is told of all at once.
		const reply: Reply = yield {type: 'asking', step: first.step.id, problems: concerns.map(({concern}) => concern)};
		if (!reply?.answers) {
			run.outcomes.set(first.step.id, 'quit');
			return undefined;
		}

		if (!(yield* answered(run, {...run.answers, ...reply.answers}))) return undefined;
	}
}

/** The step that a problem's option belongs to: the first that takes it, or the one that found the conflict. */
export function askingStep(steps: readonly Step[], {option, conflict}: Problem): string {
	return steps.find(step => option in step.options.shape && (!conflict || step.conflicts))?.id ?? '';
}

function problemsOf(steps: readonly Step[], id: string, problems: readonly Problem[]): Problem[] {
	const names = optionsOf(steps.filter(step => step.id === id)).map(option => option.name);
	return problems.filter(problem => names.includes(problem.option));
}
