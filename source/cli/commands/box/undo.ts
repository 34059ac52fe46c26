import type {Catalogue} from '../../../contract/kind.ts';
import type {Drop, Step} from '../../../contract/step.ts';
import {instanceOf, qualified} from '../../../contract/step-id.ts';
import {Trouble} from '../../../contract/trouble.ts';
import type {StepForm} from '../../../contract/ui/setup.ts';
import {keptFixes} from '../../../engine/fixes/journaled-fixes.ts';
import {unconfirmed} from '../../../engine/undo.ts';
import {type JournalState, stepRecords} from '../../../state/journal-state.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {stepIds} from '../../given/kinds.ts';
import {appNamed} from '../../plans/app-setups.ts';
import {setupForApp} from '../../target/chosen-app.ts';
import {wordsOf} from '../../target/named-box.ts';
import {confirm, typeName} from '../../terminal/ask-terminal.ts';
import {isTerminal, needsYes, note} from '../../terminal/output.ts';
import {interruptible, openFor, runInLines} from '../../terminal/run-in-lines.ts';
import {createWizard, setupOf} from '../../wizard/wizard.ts';

export type UndoFlags = BoxFlags & {
	readonly all?: boolean;
	/** The app whose steps are meant. */
	readonly app?: string;
	/** Names of what may be dropped. */
	readonly confirm?: readonly string[];
};

/** Takes back one step, all of an app's, or with `all` everything that was done from here, last one first. */
export async function undo(named: string | undefined, which: string | undefined, flags: UndoFlags): Promise<void> {
	const {host, word: step, app: ofFile} = wordsOf(named, which);
	const {all: isAll = false} = flags;
	const request = await fromFlags(flags);
	const app = flags.app ?? appOfFile(request.catalogue, step, ofFile);
	const command = ['boxwizard undo', host, step ?? (isAll ? '--all' : ''), ...(app === undefined ? [] : ['--app', app])]
		.filter(word => word !== '')
		.join(' ');
	const asks = isTerminal() && !flags.json && !flags.yes;
	if (!flags.yes && !asks) throw needsYes('Undoing changes the box.', command);
	const state = knownState(host);
	if (app !== undefined) appNamed(state, app);
	if ([step !== undefined || app !== undefined, isAll].filter(Boolean).length !== 1)
		throw whatToUndo(host, Object.keys(stepRecords(state)));
	// What is misspelled is said before anything is connected.
	if (step !== undefined) stepIds([...namedSteps(request.catalogue, state), ...keptFixes(state)], [step]);
	const wizard = createWizard(request);
	await interruptible(wizard, command, async () => {
		const opened = await openFor(wizard, host, flags, request);
		const setup = app === undefined ? setupOf(opened, []) : setupForApp(wizard, app, request.answers);
		const all = wizard.allSteps(setup);
		const known = [...all.map(({summary}) => summary), ...keptFixes(state)];
		const idsOfApp = () => wizard.removal(app ?? '').map(({summary}) => summary.id);
		const idsOfOne = (named: string) => meantSteps(state, known, {step: named, app});
		const ids = isAll ? known.map(({id}) => id) : step === undefined ? idsOfApp() : idsOfOne(step);
		const forms = all.filter(({summary}) => ids.includes(summary.id));
		const done = forms.filter(({undoable}) => undoable);
		for (const {summary, notUndone} of done) if (notUndone !== undefined) note(`${summary.title} leaves: ${notUndone}`);
		const question = `Take back ${whatOf(step, app)} on ${opened.label}?`;
		const confirmed = await consent(question, dropsOf(done), flags.confirm ?? [], asks);
		if (!confirmed) return note('Nothing was done.');
		const summary = await runInLines(wizard.undo(setup, ids, confirmed), flags, setup.answers);
		if (summary.failed.length > 0) throw notUndone(summary.failed, command);
		if (app !== undefined && step === undefined && !flags.json) {
			note(`Its answers are remembered. To bring it back: boxwizard add ${host} --set app=${app}`);
			note(`To forget it: boxwizard remove ${host} ${app}`);
		}
	});
}

/** The app of boxwizard.yml, where a step of an app's is to be taken back: never all of it, or a step of the box, for the file's sake. */
export function appOfFile({kinds}: Catalogue, step: string | undefined, app: string | undefined): string | undefined {
	return kinds.some(({steps}) => steps.some(({id}) => id === step)) ? app : undefined;
}

function whatOf(step: string | undefined, app: string | undefined): string {
	if (step !== undefined) return app === undefined ? `“${step}”` : `“${step}” of ${app}`;
	return app === undefined ? 'everything that boxwizard did' : `all that was done for ${app} alone`;
}

/**
 * Ids of the step that is meant, as the plan of the whole box calls it: with several apps, the name of the app stands
 * before the id of its step.
 * @throws Trouble where there is no such step, or several apps have it and none is named
 */
export function meantSteps(
	{apps}: Pick<JournalState, 'apps'>,
	known: readonly Pick<Step, 'id'>[],
	{step, app}: {readonly step: string; readonly app?: string | undefined},
): readonly string[] {
	const several = Object.keys(apps).length > 1;
	if (app !== undefined) {
		const own = several ? known.filter(({id}) => instanceOf(id).app === app) : known;
		return stepIds(own, [several ? qualified(app, step) : step]);
	}

	const instances = known
		.map(({id}) => id)
		.filter(id => instanceOf(id).app !== undefined && instanceOf(id).id === step);
	if (instances.length === 0) return stepIds(known, [step]);
	throw new Trouble({
		what: `“${step}” was done for several apps: ${instances.map(id => instanceOf(id).app).join(', ')}.`,
		means: 'Nothing was done.',
		next: `Name the one that is meant: --app ${instanceOf(instances[0] ?? '').app}`,
		evidence: instances,
		code: 'which-app',
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
		next: `One: boxwizard undo ${host} STEP. All of an app: boxwizard undo ${host} --app NAME. Everything: boxwizard undo ${host} --all. These were done from here:`,
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
