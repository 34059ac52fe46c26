import type {Catalogue, Drop, Step} from '../../../contract/step.ts';
import {qualified} from '../../../contract/step-id.ts';
import {Trouble} from '../../../contract/trouble.ts';
import type {StepForm} from '../../../contract/wizard.ts';
import {keptFixes} from '../../../engine/journaled-fixes.ts';
import {unconfirmed} from '../../../engine/undo.ts';
import {type JournalState, stepRecords} from '../../../state/journal.ts';
import {confirm, typeName} from '../../talk/ask-terminal.ts';
import {interruptible, openFor, speak} from '../../talk/run-in-lines.ts';
import {isTerminal, needsYes, note} from '../../talk/terminal.ts';
import {type BoxFlags, begin} from '../../wizard/given.ts';
import {stepIds} from '../../wizard/kinds.ts';
import {knownState} from '../../wizard/known-boxes.ts';
import {createWizard, roadOf} from '../../wizard/wizard.ts';

export type UndoFlags = BoxFlags & {
	readonly all?: boolean;
	/** Names of what may be dropped. */
	readonly confirm?: readonly string[];
};

/** Takes back one step, or with `all` everything that was done from here, last one first. */
export async function undo(host: string, step: string | undefined, flags: UndoFlags): Promise<void> {
	const command = ['boxwizard undo', host, step ?? '--all'].join(' ');
	const asks = isTerminal() && !flags.json && !flags.yes;
	if (!flags.yes && !asks) throw needsYes('Undoing changes the box.', command);
	const beginning = await begin(flags);
	const state = knownState(host);
	if ((step === undefined) === (flags.all !== true)) throw whatToUndo(host, Object.keys(stepRecords(state)));
	// What is misspelled is said before anything is connected.
	if (step !== undefined) stepIds([...namedSteps(beginning.catalogue, state), ...keptFixes(state)], [step]);
	const wizard = createWizard(beginning);
	await interruptible(wizard, command, async () => {
		const opened = await openFor(wizard, host, flags, beginning);
		const road = roadOf(opened, []);
		const all = wizard.allSteps(road);
		const known = [...all.map(({summary}) => summary), ...keptFixes(state)];
		const ids = step === undefined ? known.map(({id}) => id) : stepIds(known, [step]);
		const forms = all.filter(({summary}) => ids.includes(summary.id));
		const done = forms.filter(({undoable}) => undoable);
		for (const {summary, keeps} of done) if (keeps !== undefined) note(`${summary.title} leaves: ${keeps}`);
		const what = step === undefined ? 'everything that boxwizard did' : `“${step}”`;
		const question = `Take back ${what} on ${opened.label}?`;
		const confirmed = await consent(question, dropsOf(done), flags.confirm ?? [], asks);
		if (!confirmed) return note('Nothing was done.');
		const summary = await speak(wizard.undo(road, ids, confirmed), flags, road.answers);
		if (summary.failed.length > 0) throw notUndone(summary.failed, command);
	});
}

/** All steps that can be named: those of an app by their id alone, or with its name before it. */
function namedSteps({box, afterApps, kinds}: Catalogue, {apps}: JournalState): readonly Pick<Step, 'id'>[] {
	const ofApps = kinds.flatMap(({steps}) => steps);
	const named = Object.keys(apps).flatMap(app => ofApps.map(({id}) => ({id: qualified(app, id)})));
	return [...box, ...ofApps, ...named, ...afterApps];
}

export function dropsOf(forms: readonly StepForm[]): Drop[] {
	return forms.flatMap(({drops}) => drops ?? []);
}

/**
 * The names that are confirmed, given or typed; undefined where the person would rather not. A name that is typed says more than a yes.
 * @throws Trouble where nobody is asked and a name is missing
 */
export async function consent(
	question: string,
	drops: readonly Drop[],
	given: readonly string[],
	asks: boolean,
): Promise<readonly string[] | undefined> {
	const open = drops.filter(({name}) => !given.includes(name));
	if (open.length > 0 && !asks) throw unconfirmed(open);
	for (const {what, savedIn} of drops) note(`This drops ${what}, once it is saved into ${savedIn} on the box.`);
	if (open.length === 0) return !asks || (await confirm(question)) ? given : undefined;
	const names = [...new Set(open.map(({name}) => name))];
	for (const name of names) if (!(await typeName(question, name))) return undefined;
	return [...given, ...names];
}

function whatToUndo(host: string, ids: readonly string[]): Trouble {
	return new Trouble({
		what: 'Take back one step, or everything?',
		means: 'Nothing was done.',
		next: `One: boxwizard undo ${host} STEP. Everything: boxwizard undo ${host} --all. These were done from here:`,
		evidence: ids,
		code: 'what-to-undo',
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
