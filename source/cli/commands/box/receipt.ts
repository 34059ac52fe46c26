import {receipt as receiptText} from '../../../engine/receipt.ts';
import {writeWhole} from '../../../state/atomic-write.ts';
import {note, print} from '../../talk/terminal.ts';
import {knownState} from '../../wizard/known-boxes.ts';
import {recipeNamed} from '../../wizard/recipes.ts';

/** Writes what was done to a box, as Markdown. Needs no connection: the box may be gone. */
export async function receipt(host: string, options: {readonly output?: string}): Promise<void> {
	const {recipes} = await import('../../../../steps/index.ts');
	const state = knownState(host);
	const text = receiptText(state, recipeNamed(recipes, state.recipe));
	if (options.output === undefined) return print(text);
	writeWhole(options.output, text);
	note(`Written to ${options.output}.`);
}
