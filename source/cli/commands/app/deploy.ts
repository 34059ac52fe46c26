import {isRef, noRef} from '../../../../steps/app/coming.ts';
import type {Coming} from '../../../contract/coming.ts';
import {Trouble} from '../../../contract/trouble.ts';
import type {Summary} from '../../../contract/ui/events.ts';
import {comingLines} from '../../../render/wording.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {chosenApp, setupForApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {confirm} from '../../terminal/ask-terminal.ts';
import {isTerminal, needsYes, note, print, printJson} from '../../terminal/output.ts';
import {interruptible, openFor, refuseProblems, refuseWithoutSecrets, runInLines} from '../../terminal/run-in-lines.ts';
import {createWizard} from '../../wizard/wizard.ts';

type DeployFlags = BoxFlags & {
	/** A branch, tag or commit. */
	readonly ref?: string;
};

/** Shows what a version of an app brings, and brings it live: the newest commit of its branch, or that of --ref. @throws Trouble when a step failed */
export async function deploy(host: string | undefined, app: string | undefined, flags: DeployFlags): Promise<void> {
	const place = placeOf(host, app);
	const name = chosenApp(knownState(place.host), place.app);
	const {ref} = flags;
	const command = `boxwizard deploy ${place.host} ${name}${ref === undefined ? '' : ` --ref ${ref}`}`;
	const asks = isTerminal() && !flags.json && !flags.yes;
	if (!flags.yes && !asks) throw needsYes('A deploy changes what visitors get.', command);
	if (ref !== undefined && !isRef(ref)) throw noRef(ref);
	const request = await fromFlags(flags);
	const wizard = createWizard(request);
	await interruptible(wizard, command, async () => {
		await openFor(wizard, place.host, flags, request);
		const setup = setupForApp(wizard, name, request.answers);
		refuseWithoutSecrets(wizard.validate(setup), request.catalogue, setup);
		const coming = await wizard.coming(setup, ref);
		tell(coming, flags);
		if (asks && !(await confirm(`Deploy it to ${place.host}?`))) return note('Nothing was done.');
		const summary = await runInLines(wizard.deploy(setup, coming.version.id), flags, setup.answers);
		refuseProblems(summary.asked, request.catalogue);
		if (summary.failed.length > 0) throw notDeployed(summary, command);
	});
}

function tell(coming: Coming, {json}: DeployFlags): void {
	if (json) printJson({at: new Date().toISOString(), event: 'coming', ...coming});
	else for (const {title, text} of comingLines(coming)) print(`${title.padEnd(12)}${text}`);
}

function notDeployed({failed, changed}: Summary, command: string): Trouble {
	const migrated = changed.includes('app/migrations');
	return new Trouble({
		what: `The deploy stopped at ${failed[0]}.`,
		means: migrated
			? 'The version that was live before runs again. The tables stay changed: they were saved to /var/backups/boxwizard before.'
			: 'The version that was live before is still the one that runs.',
		next: `Mend what the lines above name, commit, push, and run it again: ${command}`,
		evidence: failed,
		code: 'deploy-failed',
	});
}
