import {causes} from '../../../steps/causes/index.ts';
import {fields, isWanted, missingSecrets, optionsOf, resolve} from '../../answers/answers.ts';
import type {Problem} from '../../contract/events.ts';
import {Secret} from '../../contract/secret.ts';
import type {Recipe} from '../../contract/step.ts';
import type {Answers, Resumable, Road, StepForm} from '../../contract/wizard.ts';
import type {Plan} from '../../engine/engine.ts';
import {sendRecords} from '../../outside/index.ts';
import type {JournalState, Json} from '../../state/journal.ts';
import {countSteps, stoppedAt} from './known-boxes.ts';
import {recipeNamed, stepIds} from './recipes.ts';

/** A road as the engine takes it. @throws Trouble for an unknown recipe or step */
export function planOf(recipes: readonly Recipe[], road: Road): Plan {
	const recipe = recipeNamed(recipes, road.recipe);
	return {recipe, answers: road.answers, leftOut: stepIds(recipe, road.leftOut), sendRecords, causes};
}

/** The forms of a recipe's steps, as the answers so far call for them. */
export function stepForms(
	recipe: Recipe,
	answers: Answers,
	journal: Pick<JournalState, 'seconds' | 'steps'> | undefined,
): StepForm[] {
	const given = {...recipe.defaults, ...defined(answers)};
	return recipe.steps.map(step => {
		const {id, title, why, hazard, keeps} = step;
		const took = journal?.seconds?.[id];
		const before = journal?.steps[id]?.before;
		const undoable = step.undo !== undefined && before !== undefined;
		const drops = undoable ? step.drops?.(before, given) : undefined;
		return {
			summary: {id, title, why, ...(hazard && {hazard})},
			fields: fields(step, given, recipe.steps),
			wanted: isWanted(step, resolve([step], {}, given).answers),
			...(took !== undefined && {seconds: took}),
			...(keeps !== undefined && {keeps}),
			...(drops && {drops}),
			...(undoable && {undoable}),
		};
	});
}

/**
 * What is missing or wrong over all steps that are not left out. A missing secret that the box itself may keep is no problem
 * yet: a run looks for it there, and then asks.
 */
export function problemsOf(recipe: Recipe, {answers, leftOut}: Road): readonly Problem[] {
	const steps = recipe.steps.filter(step => !leftOut.includes(step.id));
	const kept = missingSecrets(steps, recipe.defaults, answers).filter(({meta}) => meta.recall);
	const {problems} = resolve(steps, recipe.defaults, answers);
	return problems.filter(({option}) => !kept.some(({name}) => name === option));
}

function defined(answers: Answers): Answers {
	return Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined));
}

/** The journal with a road in it: all but its secrets. */
export function withRoad(state: JournalState, {recipe, answers, leftOut}: Road): JournalState {
	const plain = Object.entries(defined(answers)).filter(([, value]) => !(value instanceof Secret));
	const {domain} = answers;
	return {
		...state,
		recipe,
		answers: Object.fromEntries(plain) as Record<string, Json>,
		leftOut,
		...(typeof domain === 'string' && {domain}),
	};
}

/** The secrets among the answers, by name. */
export function secretsOf(answers: Answers): readonly (readonly [string, Secret])[] {
	return Object.entries(answers).filter((pair): pair is [string, Secret] => pair[1] instanceof Secret);
}

/** Names of all options that hold secrets, over the recipes. */
export function secretNames(recipes: readonly Recipe[]): string[] {
	const options = recipes.flatMap(recipe => optionsOf(recipe.steps));
	return [...new Set(options.filter(({kind}) => kind === 'secret').map(({name}) => name))];
}

/** A road that was begun before; undefined on a new box. */
export function resumable(state: JournalState, recipes: readonly Recipe[], secrets: Answers): Resumable | undefined {
	const recipe = recipes.find(({name}) => name === state.recipe);
	if (!recipe || Object.keys(state.steps).length === 0) return undefined;
	return {
		recipe: recipe.name,
		title: recipe.title,
		answers: {...state.answers, ...secrets},
		leftOut: state.leftOut,
		...countSteps(state, recipe),
		...stoppedAt(state, recipe),
		running: state.job !== undefined,
	};
}
