import {Trouble} from '../../../contract/trouble.ts';
import type {Summary} from '../../../contract/ui/events.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {chosenApp, setupForApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {interruptible, openFor, refuseProblems, refuseWithoutSecrets, runInLines} from '../../terminal/run-in-lines.ts';
import {createWizard} from '../../wizard/wizard.ts';

/** Brings the newest commit of an app’s branch live; nothing where it is already. @throws Trouble when a step failed */
export async function deploy(host: string | undefined, app: string | undefined, flags: BoxFlags): Promise<void> {
	const place = placeOf(host, app);
	const name = chosenApp(knownState(place.host), place.app);
	const request = await fromFlags(flags);
	const wizard = createWizard(request);
	const command = `boxwizard deploy ${place.host} ${name}`;
	await interruptible(wizard, command, async () => {
		await openFor(wizard, place.host, flags, request);
		const setup = setupForApp(wizard, name, request.answers);
		refuseWithoutSecrets(wizard.validate(setup), request.catalogue, setup);
		const summary = await runInLines(wizard.deploy(setup), flags, setup.answers);
		refuseProblems(summary.asked, request.catalogue);
		if (summary.failed.length > 0) throw notDeployed(summary, command);
	});
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
