import {Trouble} from '../../../contract/trouble.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {chosenApp, setupForApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {note} from '../../terminal/output.ts';
import {interruptible, openFor, runInLines} from '../../terminal/run-in-lines.ts';
import {createWizard} from '../../wizard/wizard.ts';

/** Renews an app's certificate now: a trial first, then the real one, proven from here. */
export async function renew(
	named: string | undefined,
	which: string | undefined,
	flags: BoxFlags & {readonly force?: boolean},
): Promise<void> {
	const place = placeOf(named, which);
	const {host} = place;
	const app = chosenApp(knownState(host), place.app);
	const command = `boxwizard renewals renew ${host} ${app}`;
	const request = await fromFlags(flags);
	const wizard = createWizard(request);
	await interruptible(wizard, command, async () => {
		await openFor(wizard, host, flags, request);
		const setup = setupForApp(wizard, app, request.answers);
		const summary = await runInLines(wizard.renew(setup, flags.force ?? false), flags, setup.answers);
		if (summary.failed.length > 0) throw notRenewed(summary.failed, command);
		if (summary.changed.length === 0 && !flags.json)
			note('The certificate has more than 30 days. To renew it all the same (the authority counts): --force');
	});
}

function notRenewed(failed: readonly string[], command: string): Trouble {
	return new Trouble({
		what: 'The certificate was not renewed.',
		means: failed.includes('tls/renewalTrial')
			? 'The trial failed, so the authority was not asked for a real one. The old certificate is served as before.'
			: 'The old certificate is served as before, unless the lines above say otherwise.',
		next: `Mend what the lines above name, then run it again: ${command}`,
		evidence: failed,
		code: 'not-renewed',
	});
}
