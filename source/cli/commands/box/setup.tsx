import {Trouble} from '../../../contract/trouble.ts';
import type {Setup} from '../../../contract/ui/setup.ts';
import type {Outcome, Wizard} from '../../../contract/ui/wizard.ts';
import {parseTarget} from '../../../transport/index.ts';
import {journalOf} from '../../boxes/known-boxes.ts';
import {withFoundApp} from '../../detection/with-found-app.ts';
import {type BoxFlags, type FromFlags, fromFlags, suggested} from '../../given/from-flags.ts';
import {kindNamed} from '../../given/kinds.ts';
import {refuseStranger} from '../../plans/app-setups.ts';
import {offerFile, type WritingFlags} from '../../target/offer-project-file.ts';
import {withProject} from '../../target/project-file.ts';
import {mannerOf, print, printJson} from '../../terminal/output.ts';
import {interruptible, openFor, refuseProblems, runInLines} from '../../terminal/run-in-lines.ts';
import type {JoinedWizard} from '../../wizard/joined-wizard.ts';
import {createWizard} from '../../wizard/wizard.ts';

/** Sets a box up, or goes on where it stopped: on screens at a terminal, else in lines. */
export async function setup(
	named: string | undefined,
	app: string | undefined,
	given: WritingFlags,
	{resume: goesOn = false} = {},
): Promise<void> {
	const {host, flags} = withProject(named, given);
	const request = withApp(await fromFlags(flags), app);
	refuseStranger(host, journalOf(parseTarget(host))?.read(), request.answers);
	if (mannerOf(flags) === 'screens') {
		const {showScreens} = await import('../../terminal/screens.tsx');
		const {kind} = request;
		const wizard = createWizard({...request, suggested});
		await showScreens(wizard, {at: 'box', target: host, resume: goesOn, ...(kind !== undefined && {kind})});
		return await offerFile(host, flags);
	}

	const whole = await withFoundApp(request, journalOf(parseTarget(host))?.read(), flags);
	const wizard = createWizard(whole);
	const resume = resumeCommand(host, flags);
	await interruptible(wizard, resume, async () => {
		await setUpInLines(wizard, host, flags, whole, resume);
	});
	await offerFile(host, flags);
}

/** Without screens: connects, takes defaults for what is not answered, runs, and prints how it ended. @throws Trouble when a step failed */
export async function setUpInLines(
	wizard: JoinedWizard,
	host: string,
	flags: BoxFlags,
	request: FromFlags,
	resume: string,
): Promise<Outcome> {
	refuseUnanswered(wizard, host, request);
	const opened = await openFor(wizard, host, flags, request);
	const kind = kindNamed(request.catalogue, opened.kind).name;
	const leftOut = [...new Set([...(opened.resumable?.leftOut ?? []), ...request.leftOut])];
	await wizard.lookForConflicts();
	const setup: Setup = {kind, answers: {...opened.resumable?.answers, ...opened.answers}, leftOut};
	refuseProblems(wizard.validate(setup), request.catalogue);
	await wizard.refuseUnsavedSecrets(setup);
	const summary = await runInLines(wizard.run(setup), flags, setup.answers);
	refuseProblems(summary.asked, request.catalogue);
	if (summary.failed.length > 0) throw stopped(summary.failed, resume);
	const outcome = await wizard.outcome(setup, summary);
	if (flags.json) printJson({at: new Date().toISOString(), event: 'outcome', ...shareable(outcome)});
	else for (const line of outcomeLines(outcome)) print(line);
	return outcome;
}

/** On a box that is new to this machine all must be answered by flags and file: known before anything is connected. */
function refuseUnanswered(wizard: Wizard, host: string, {catalogue, kind, answers, found, leftOut}: FromFlags): void {
	if (journalOf(parseTarget(host))) return;
	const known = {...found?.answers, ...answers};
	refuseProblems(
		wizard.validate({kind: kindNamed(catalogue, kind ?? found?.kind).name, answers: known, leftOut}),
		catalogue,
	);
}

/** What is known beforehand, and that this app is meant. */
function withApp({answers, ...beginning}: FromFlags, app: string | undefined): FromFlags {
	return {...beginning, answers: {...answers, ...(app !== undefined && {app})}};
}

/** Words of the command that goes on from here. */
function resumeCommand(host: string, {answers, identity}: BoxFlags): string {
	const words = ['boxwizard setup', host];
	if (answers !== undefined) words.push('--answers', answers);
	if (identity !== undefined) words.push('--identity', identity);
	return words.join(' ');
}

export function stopped(failed: readonly string[], resume: string): Trouble {
	return new Trouble({
		what: failed.length === 1 ? `The set-up stopped at ${failed[0]}.` : `${failed.length} steps failed.`,
		means: 'What came before it is done and stays. The box is safe.',
		next: `Mend what the lines above name, then go on with: ${resume}`,
		evidence: failed,
		code: 'setup-stopped',
	});
}

/** What was generated is told by name and place only. */
export function shareable({secrets, ...outcome}: Outcome): object {
	return {...outcome, secrets: secrets.map(({title, where}) => ({title, where}))};
}

export function outcomeLines({url, login, commands, firstThings, next}: Outcome): string[] {
	return [
		'',
		...(url === undefined ? [] : [`Your app      ${url}`]),
		`Log in        ${login}`,
		...[...commands, ...firstThings].map(({title, command}) => `${title}:  ${command}`),
		...next.map(line => `- ${line}`),
	];
}
