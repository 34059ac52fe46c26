import {type Answers, optionsOf} from '../answers/answers.ts';
import type {Event, Problem, Reply} from '../contract/events.ts';
import type {Step} from '../contract/step.ts';
import {complete} from './complete.ts';
import {type Run, setAnswers} from './run.ts';

/**
 * Completes the answers of a run with what is `given`, asking as long as something is missing or wrong; false when
 * nobody answers.
 */
export async function* answered(run: Run, given: Answers): AsyncGenerator<Event, boolean, Reply> {
	const {recipe, leftOut} = run.plan;
	const steps = recipe.steps.filter(step => !leftOut.includes(step.id));
	for (let all = given; ; ) {
		const completion = yield* run.work.steadily(() =>
			complete({...recipe, steps}, all, run.work.session.vault, run.work.probe),
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

/** The step that a problem's option belongs to: the first that takes it, or the one that found the conflict. */
export function askingStep(steps: readonly Step[], {option, conflict}: Problem): string {
	return steps.find(step => option in step.options.shape && (!conflict || step.conflicts))?.id ?? '';
}

function problemsOf(steps: readonly Step[], id: string, problems: readonly Problem[]): Problem[] {
	const names = optionsOf(steps.filter(step => step.id === id)).map(option => option.name);
	return problems.filter(problem => names.includes(problem.option));
}
