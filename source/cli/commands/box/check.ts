import {roadToApp} from '../../place/chosen-app.ts';
import {placeOf} from '../../place/place.ts';
import {interruptible, openFor, refuseProblems, refuseWithoutSecrets, speak} from '../../talk/run-in-lines.ts';
import {exitCodes} from '../../talk/terminal.ts';
import {appNamed} from '../../wizard/app-roads.ts';
import {type BoxFlags, begin} from '../../wizard/given.ts';
import {knownState} from '../../wizard/known-boxes.ts';
import {createWizard, roadOf} from '../../wizard/wizard.ts';

/** Looks whether a box and all its apps are as they should be, or the box and one of them: exit code 2 where it differs. */
export async function check(named: string | undefined, which: string | undefined, flags: BoxFlags): Promise<void> {
	const {host, app} = placeOf(named, which);
	const beginning = await begin(flags);
	if (app !== undefined) appNamed(knownState(host), app);
	else if (beginning.kind === undefined) knownState(host);
	const wizard = createWizard(beginning);
	await interruptible(wizard, ['boxwizard check', host, ...(app === undefined ? [] : [app])].join(' '), async () => {
		const opened = await openFor(wizard, host, flags, beginning);
		const road = app === undefined ? roadOf(opened, beginning.leftOut) : roadToApp(wizard, app, beginning.answers);
		refuseWithoutSecrets(wizard.validate(road), beginning.catalogue, road);
		const summary = await speak(app === undefined ? wizard.check(road) : wizard.checkApp(road), flags, road.answers);
		refuseProblems(summary.asked, beginning.catalogue);
		if (summary.failed.length > 0) process.exitCode = exitCodes.differs;
	});
}
