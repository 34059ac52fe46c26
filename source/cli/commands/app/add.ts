import {offerFile, type WritingFlags} from '../../place/offer-file.ts';
import {withProject} from '../../place/project-file.ts';
import {interruptible, openFor, refuseProblems, speak} from '../../talk/run-in-lines.ts';
import {mannerOf, print, printJson} from '../../talk/terminal.ts';
import {refuseClash} from '../../wizard/app-roads.ts';
import {begin, suggested} from '../../wizard/given.ts';
import {knownState} from '../../wizard/known-boxes.ts';
import {createWizard} from '../../wizard/wizard.ts';
import {outcomeLines, shareable, stopped} from '../box/setup.tsx';

/** Brings another app to a box that is set up: on screens at a terminal, else in lines. @throws Trouble when a step failed */
export async function add(named: string | undefined, given: WritingFlags): Promise<void> {
	const {host, flags} = withProject(named, given);
	const state = knownState(host);
	const beginning = await begin(flags);
	if (mannerOf(flags) === 'screens') {
		const {showScreens} = await import('../../talk/screens.tsx');
		await showScreens(createWizard({...beginning, suggested}), {at: 'box', target: host, to: 'add'});
		return await offerFile(host, flags, state);
	}

	const wizard = createWizard(beginning);
	const resume = `boxwizard setup ${host}`;
	await interruptible(wizard, resume, async () => {
		await openFor(wizard, host, flags, beginning);
		const road = {...wizard.newApp(beginning.kind)};
		refuseClash(beginning.catalogue, state, road);
		const whole = {...road, leftOut: [...road.leftOut, ...beginning.leftOut]};
		refuseProblems(wizard.validate(whole), beginning.catalogue);
		await wizard.refuseUnkept(whole);
		const summary = await speak(wizard.run(whole), flags, whole.answers);
		refuseProblems(summary.asked, beginning.catalogue);
		if (summary.failed.length > 0) throw stopped(summary.failed, resume);
		const outcome = await wizard.outcome(whole, summary);
		if (flags.json) printJson({at: new Date().toISOString(), event: 'outcome', ...shareable(outcome)});
		else for (const line of outcomeLines(outcome)) print(line);
	});
	await offerFile(host, flags, state);
}
