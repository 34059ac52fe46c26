import {decided} from './answers/option.ts';
import type {Conflict, Probe, Recipe, Step} from './contract/step.ts';

/** What a recipe's steps would run into on this box. Only looks; one round trip. */
export async function findConflicts($: Probe, {steps}: Recipe): Promise<readonly Conflict[]> {
	return (await Promise.all(steps.map(step => step.conflicts?.($) ?? []))).flat();
}

/** The recipe as a box with these conflicts needs it: the options that decide them have to be answered. */
export function withConflicts(recipe: Recipe, conflicts: readonly Conflict[]): Recipe {
	if (conflicts.length === 0) return recipe;
	return {...recipe, steps: recipe.steps.map(step => conflicts.reduce(deciding, step))};
}

function deciding(step: Step, conflict: Conflict): Step {
	return conflict.option in step.options.shape ? {...step, options: decided(step.options, conflict)} : step;
}

/** Whether it is this step that asks for an option: what decides a conflict is asked by the step that finds it. */
export function asksFor(step: Step, option: {readonly meta: {readonly decides?: boolean}}): boolean {
	return !option.meta.decides || step.conflicts !== undefined;
}
