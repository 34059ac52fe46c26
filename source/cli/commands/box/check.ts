import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {appNamed} from '../../plans/app-setups.ts';
import {setupForApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {exitCodes} from '../../terminal/output.ts';
import {interruptible, openFor, refuseProblems, refuseWithoutSecrets, runInLines} from '../../terminal/run-in-lines.ts';
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
