import {type Answers, isDeclined, isWanted} from '../answers/answers.ts';
import type {Package, Step} from '../contract/step.ts';

/**
 * The steps that are to be in place by their answers: without those that are left out, and those that an answer leaves out with
 * what stands on them. Pure: it asks no box.
 * @param leftOut ids of steps
 */
export function calledFor(
	steps: readonly Step[],
	leftOut: readonly string[],
	answersOf: (step: Step) => Answers,
): readonly Step[] {
	const declined = new Set<string>();
	return steps.filter(step => {
		const answers = answersOf(step);
		if (isDeclined(step, answers) || step.needs?.some(id => declined.has(id))) declined.add(step.id);
		return !declined.has(step.id) && !leftOut.includes(step.id) && isWanted(step, answers);
	});
}

/** The packages that steps want, each once, in the order of the steps. */
export function packagesOf(steps: readonly Step[], answersOf: (step: Step) => Answers): readonly Package[] {
	const wanted = steps.flatMap(step => step.packages?.(answersOf(step) as never) ?? []);
	const all = wanted.map(one => (typeof one === 'string' ? {name: one} : one));
	return all.filter(({name}, index) => all.findIndex(other => other.name === name) === index);
}
