import {interruptible, openFor, refuseProblems, refuseWithoutSecrets, speak} from '../../talk/run-in-lines.ts';
import {exitCodes} from '../../talk/terminal.ts';
import {type BoxFlags, begin} from '../../wizard/given.ts';
import {knownState} from '../../wizard/known-boxes.ts';
import {createWizard, roadOf} from '../../wizard/wizard.ts';

/** Looks whether a box is as it should be: exit code 2 where it differs. */
export async function check(host: string, flags: BoxFlags): Promise<void> {
	const beginning = await begin(flags);
	if (beginning.kind === undefined) knownState(host);
	const wizard = createWizard(beginning);
	await interruptible(wizard, `boxwizard check ${host}`, async () => {
		const opened = await openFor(wizard, host, flags, beginning);
		const road = roadOf(opened, beginning.leftOut);
		refuseWithoutSecrets(wizard.validate(road), beginning.catalogue, road);
		const summary = await speak(wizard.check(road), flags, road.answers);
		refuseProblems(summary.asked, beginning.catalogue);
		if (summary.failed.length > 0) process.exitCode = exitCodes.differs;
	});
}
