import {didYouMean} from '../../answers/nearest.ts';
import type {Recipe} from '../../contract/step.ts';
import {Trouble} from '../../contract/trouble.ts';

/** The recipe of that name; the first one where none is named. @throws Trouble with the nearest match */
export function recipeNamed(recipes: readonly Recipe[], name: string | undefined): Recipe {
	const recipe = name === undefined ? recipes[0] : recipes.find(candidate => candidate.name === name);
	if (recipe) return recipe;
	const names = recipes.map(candidate => candidate.name);
	throw new Trouble({
		what: `There is no recipe “${name}”.`,
		means: 'Nothing was done.',
		next: didYouMean(name ?? '', names),
		code: 'unknown-recipe',
	});
}

/** The ids, as they were given. @throws Trouble with the nearest match where one is no step of the recipe */
export function stepIds(recipe: Recipe, ids: readonly string[]): readonly string[] {
	const known = recipe.steps.map(step => step.id);
	for (const id of ids) {
		if (known.includes(id)) continue;
		throw new Trouble({
			what: `The recipe “${recipe.name}” has no step “${id}”.`,
			means: 'Nothing was done.',
			next: didYouMean(id, known),
			code: 'unknown-step',
		});
	}

	return ids;
}
