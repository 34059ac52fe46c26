import {setupForApp} from '../../place/chosen-app.ts';
import {placeOf} from '../../place/place.ts';
import {interruptible, openFor, refuseProblems, refuseWithoutSecrets, runInLines} from '../../talk/run-in-lines.ts';
import {exitCodes} from '../../talk/terminal.ts';
import {appNamed} from '../../wizard/app-roads.ts';
import {type BoxFlags, fromFlags} from '../../wizard/given.ts';
import {knownState} from '../../wizard/known-boxes.ts';
import {createWizard, setupOf} from '../../wizard/wizard.ts';

/** Looks whether a box and all its apps are as they should be, or the box and one of them: exit code 2 where it differs. */
export async function check(named: string | undefined, which: string | undefined, flags: BoxFlags): Promise<void> {
	const {host, app} = placeOf(named, which);
	const request = await fromFlags(flags);
	if (app !== undefined) appNamed(knownState(host), app);
	else if (request.kind === undefined) knownState(host);
	const wizard = createWizard(request);
	await interruptible(wizard, ['boxwizard check', host, ...(app === undefined ? [] : [app])].join(' '), async () => {
		const opened = await openFor(wizard, host, flags, request);
		const setup = app === undefined ? setupOf(opened, request.leftOut) : setupForApp(wizard, app, request.answers);
		refuseWithoutSecrets(wizard.validate(setup), request.catalogue, setup);
		const summary = await runInLines(
			app === undefined ? wizard.check(setup) : wizard.checkApp(setup),
			flags,
			setup.answers,
		);
		refuseProblems(summary.asked, request.catalogue);
		if (summary.failed.length > 0) process.exitCode = exitCodes.differs;
	});
}
