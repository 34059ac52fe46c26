import {keptFixes} from '../kept-fixes.ts';
import {Trouble} from '../trouble.ts';
import {confirm} from './ask-terminal.ts';
import {type BoxFlags, begin} from './begin.ts';
import {knownState} from './known-boxes.ts';
import {recipeNamed, stepIds} from './recipes.ts';
import {interruptible, openFor, speak} from './speak.ts';
import {isTerminal, needsYes, note} from './terminal.ts';
import {createWizard, roadOf} from './wizard.ts';

/** Takes back one step, or all that were done from here, last one first. */
export async function undo(host: string, step: string | undefined, flags: BoxFlags): Promise<void> {
	const command = ['boxwizard undo', host, ...(step === undefined ? [] : [step])].join(' ');
	const asks = isTerminal() && !flags.json;
	if (!flags.yes && !asks) throw needsYes('Undoing changes the box.', command);
	const beginning = await begin(flags);
	const state = knownState(host);
	const recipe = recipeNamed(beginning.recipes, state.recipe);
	const known = [...recipe.steps, ...keptFixes(state)];
	const ids = step === undefined ? known.map(({id}) => id) : stepIds({...recipe, steps: known}, [step]);
	const wizard = createWizard(beginning);
	await interruptible(wizard, command, async () => {
		const opened = await openFor(wizard, host, flags, beginning);
		const road = roadOf(opened, []);
		const forms = wizard.steps(road.recipe, road.answers).filter(({summary}) => ids.includes(summary.id));
		for (const {summary, keeps} of forms) if (keeps !== undefined) note(`${summary.title} leaves: ${keeps}`);
		const what = step === undefined ? 'everything that boxwizard did' : `“${step}”`;
		if (!flags.yes && !(await confirm(`Take back ${what} on ${opened.label}?`))) return note('Nothing was done.');
		const summary = await speak(wizard.undo(road, ids), flags, road.answers);
		if (summary.failed.length > 0) throw notUndone(summary.failed, command);
	});
}

function notUndone(failed: readonly string[], command: string): Trouble {
	return new Trouble({
		what: failed.length === 1 ? 'A step could not be taken back.' : `${failed.length} steps could not be taken back.`,
		means: 'The others were, or were not begun.',
		next: `Mend what the lines above name, then run it again: ${command}`,
		evidence: failed,
		code: 'undo-failed',
	});
}
