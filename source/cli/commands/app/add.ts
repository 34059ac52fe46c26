import {knownState} from '../../boxes/known-boxes.ts';
import {withFoundApp} from '../../detection/with-found-app.ts';
import {fromFlags, suggested} from '../../given/from-flags.ts';
import {refuseClash} from '../../plans/app-setups.ts';
import {offerFile, type WritingFlags} from '../../target/offer-project-file.ts';
import {withProject} from '../../target/project-file.ts';
import {mannerOf, print, printJson} from '../../terminal/output.ts';
import {interruptible, openFor, refuseProblems, runInLines} from '../../terminal/run-in-lines.ts';
import {createWizard} from '../../wizard/wizard.ts';
import {outcomeLines, shareable, stopped} from '../box/setup.tsx';

/** Brings another app to a box that is set up: on screens at a terminal, else in lines. @throws Trouble when a step failed */
export async function add(named: string | undefined, given: WritingFlags): Promise<void> {
	const {host, flags} = withProject(named, given);
	const state = knownState(host);
	const request = await fromFlags(flags);
	if (mannerOf(flags) === 'screens') {
		const {showScreens} = await import('../../terminal/screens.tsx');
		await showScreens(createWizard({...request, suggested}), {at: 'box', target: host, to: 'add'});
		return await offerFile(host, flags, state);
	}

	const whole = await withFoundApp(request, state, flags, true);
	const wizard = createWizard(whole);
	const app = whole.answers.app ?? whole.found?.answers.app;
	const resume = ['boxwizard setup', host, ...(typeof app === 'string' ? [app] : [])].join(' ');
	await interruptible(wizard, resume, async () => {
		await openFor(wizard, host, flags, request);
		await wizard.lookForConflicts();
		const setup = {...wizard.newApp(request.kind)};
		refuseClash(request.catalogue, state, setup);
		const complete = {...setup, leftOut: [...setup.leftOut, ...request.leftOut]};
		refuseProblems(wizard.validate(complete), request.catalogue);
		await wizard.refuseUnsavedSecrets(complete);
		const summary = await runInLines(wizard.run(complete), flags, complete.answers);
		refuseProblems(summary.asked, request.catalogue);
		if (summary.failed.length > 0) throw stopped(summary.failed, resume);
		const outcome = await wizard.outcome(complete, summary);
		if (flags.json) printJson({at: new Date().toISOString(), event: 'outcome', ...shareable(outcome)});
		else for (const line of outcomeLines(outcome)) print(line);
	});
	await offerFile(host, flags, state);
}
