import {Trouble} from '../../../contract/trouble.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {fromFlags} from '../../given/from-flags.ts';
import {chosenApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {isTerminal, needsYes, note} from '../../terminal/output.ts';
import {interruptible, openFor, runInLines} from '../../terminal/run-in-lines.ts';
import {createWizard} from '../../wizard/wizard.ts';
import {consent, dropsOf, type UndoFlags} from '../box/undo.ts';

/** Takes an app off a box, its dump and archive first; the others run on. @throws Trouble when a step could not be taken back */
export async function remove(named: string | undefined, which: string | undefined, flags: UndoFlags): Promise<void> {
	const place = placeOf(named, which);
	const {host} = place;
	const app = chosenApp(knownState(host), place.app);
	const command = `boxwizard remove ${host} ${app}`;
	const asks = isTerminal() && !flags.json && !flags.yes;
	if (!flags.yes && !asks) throw needsYes('Removing an app changes the box.', command);
	const request = await fromFlags(flags);
	const wizard = createWizard(request);
	await interruptible(wizard, command, async () => {
		const opened = await openFor(wizard, host, flags, request);
		const done = wizard.removal(app).filter(({undoable}) => undoable);
		for (const {summary, notUndone} of done) if (notUndone !== undefined) note(`${summary.title} leaves: ${notUndone}`);
		const confirmed = await consent(`Take ${app} off ${opened.label}?`, dropsOf(done), flags.confirm ?? [], asks);
		if (!confirmed) return note('Nothing was done.');
		const {answers} = wizard.setupFor(app);
		const summary = await runInLines(wizard.remove(app, confirmed), flags, answers);
		if (summary.failed.length > 0) throw notRemoved(app, summary.failed, command);
	});
}

function notRemoved(app: string, failed: readonly string[], command: string): Trouble {
	return new Trouble({
		what: `${app} could not be taken off whole.`,
		means: 'The other apps run on. What was taken back stays so.',
		next: `Mend what the lines above name, then go on with: ${command}`,
		evidence: failed,
		code: 'remove-failed',
	});
}
