import type {Fit, Release} from '../../../contract/release.ts';
import {Trouble} from '../../../contract/trouble.ts';
import type {Summary} from '../../../contract/ui/events.ts';
import {releaseWords} from '../../../render/wording.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {chosenApp, setupForApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {releaseMeant} from '../../target/release-meant.ts';
import {confirm} from '../../terminal/ask-terminal.ts';
import {isTerminal, needsYes, note, print, printJson} from '../../terminal/output.ts';
import {interruptible, openFor, refuseWithoutSecrets, runInLines} from '../../terminal/run-in-lines.ts';
import {createWizard} from '../../wizard/wizard.ts';

type RollbackFlags = BoxFlags & {
	/** The name of a release, or its commit. */
	readonly to?: string;
	/** Also where its code does not fit the tables. */
	readonly codeOnly?: boolean;
};

/** Has a release of before take over again: the one before the live one, or that of --to. The database stays as it is. @throws Trouble where it does not fit, or a step failed */
export async function rollback(host: string | undefined, app: string | undefined, flags: RollbackFlags): Promise<void> {
	const place = placeOf(host, app);
	const name = chosenApp(knownState(place.host), place.app);
	const command = `boxwizard rollback ${place.host} ${name}${flags.to === undefined ? '' : ` --to ${flags.to}`}`;
	const asks = isTerminal() && !flags.json && !flags.yes;
	if (!flags.yes && !asks) throw needsYes('A rollback changes what visitors get.', command);
	const request = await fromFlags(flags);
	const wizard = createWizard(request);
	await interruptible(wizard, command, async () => {
		await openFor(wizard, place.host, flags, request);
		const setup = setupForApp(wizard, name, request.answers);
		refuseWithoutSecrets(wizard.validate(setup), request.catalogue, setup);
		const release = releaseMeant(await wizard.releases(setup), flags.to);
		const fit = await wizard.fit(setup, release.name);
		tell(release, fit, flags);
		if (fit.verdict !== 'fits' && !flags.codeOnly) throw doesNotFit(fit, command);
		if (asks && !(await confirm(`Take ${name} back to it?`))) return note('Nothing was done.');
		const summary = await runInLines(wizard.rollback(setup, release.name), flags, setup.answers);
		if (summary.failed.length > 0) throw notBack(summary, command);
	});
}

function tell(release: Release, fit: Fit, {json}: RollbackFlags): void {
	if (json) printJson({at: new Date().toISOString(), event: 'rollback', release, fit});
	else for (const line of [releaseWords(release), ...fit.lines]) print(line);
}

function doesNotFit({lines}: Fit, command: string): Trouble {
	return new Trouble({
		what: 'The code of that release does not fit the tables as they are now.',
		means: 'Its pages would fail. Nothing was done: what is live stays so.',
		next: `Mend what is live by a new commit and a deploy. If you know that it goes all the same: ${command} --code-only`,
		evidence: lines,
		code: 'release-does-not-fit',
	});
}

function notBack({failed}: Summary, command: string): Trouble {
	return new Trouble({
		what: `The rollback stopped at ${failed[0]}.`,
		means: 'The version that was live before is still the one that runs.',
		next: `Mend what the lines above name, and run it again: ${command}`,
		evidence: failed,
		code: 'rollback-failed',
	});
}
