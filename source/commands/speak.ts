import type {Event, Problem, Reply, Summary} from '../events.ts';
import {redactor} from '../explain.ts';
import {renderJson} from '../render/json.ts';
import {renderPlain} from '../render/plain.ts';
import {Trouble} from '../trouble.ts';
import type {Answers} from '../wizard.ts';
import {askNobody} from './ask-nobody.ts';
import {askTerminal} from './ask-terminal.ts';
import type {BoxFlags, FromFlags} from './begin.ts';
import {exitCodes, isTerminal, note, print} from './terminal.ts';
import {showUnkept} from './unkept.ts';
import type {Entered, JoinedWizard} from './wizard.ts';

/** Opens a box for a command that prints lines. At a terminal the person is asked, unless told otherwise. */
export async function openFor(
	wizard: JoinedWizard,
	host: string,
	flags: BoxFlags,
	{passwords}: FromFlags,
	tell = note,
): Promise<Entered> {
	const asks = isTerminal() && !flags.yes && !flags.json && !flags.passwordStdin;
	return await wizard.enter(host, asks ? askTerminal : askNobody(passwords), line => {
		if (!flags.json) tell(line);
	});
}

/** Writes a run in the manner the flags ask for. */
export async function speak(
	events: AsyncGenerator<Event, Summary, Reply>,
	flags: BoxFlags,
	answers: Answers,
): Promise<Summary> {
	const clean = redactor(answers);
	if (flags.json) return await renderJson(events, print, clean);
	return await renderPlain(events, print, {verbose: flags.verbose ?? false, clean});
}

/** An error that names each answer that is missing or wrong, and how to give it. */
export function refuseProblems(problems: readonly Problem[]): void {
	if (problems.length === 0) return;
	const names = [...new Set(problems.map(problem => problem.option))];
	throw new Trouble({
		what:
			names.length === 1
				? `The answer “${names[0]}” is missing or wrong.`
				: `${names.length} answers are missing or wrong.`,
		means: 'Nothing was done: boxwizard guesses no answer that it can’t take back.',
		next: `Give them with --set ${names[0]}=…, or in an answers file: boxwizard init`,
		evidence: problems.map(({option, message}) => `${option}: ${message}`),
		code: 'missing-answer',
	});
}

/** Runs `task`; on Ctrl-C it leaves the box as it is, safe, says how to go on, and ends with 130. */
export async function interruptible(
	wizard: JoinedWizard,
	resume: string,
	task: () => Promise<void>,
	cleanUp: () => Promise<void> = async () => undefined,
): Promise<void> {
	const interrupt = async (): Promise<void> => {
		note('\nInterrupted. The box is safe: what runs there runs on, and an unproven change takes itself back.');
		note(`Go on with: ${resume}`);
		showUnkept(await wizard.unkept());
		await cleanUp();
		process.exit(exitCodes.interrupted);
	};
	process.once('SIGINT', interrupt);
	process.once('SIGTERM', interrupt);
	try {
		await task();
	} finally {
		process.off('SIGINT', interrupt);
		process.off('SIGTERM', interrupt);
		showUnkept(await wizard.unkept());
		await wizard.leave();
	}
}
