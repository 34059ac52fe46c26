import type {Catalogue} from '../../contract/kind.ts';
import type {Conflict} from '../../contract/option.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Event, Problem, Reply, Summary} from '../../contract/ui/events.ts';
import type {Answers, Setup} from '../../contract/ui/setup.ts';
import {redactor} from '../../remote/explain.ts';
import {renderJson} from '../../render/json.ts';
import {renderPlain} from '../../render/plain.ts';
import type {BoxFlags, FromFlags} from '../given/from-flags.ts';
import {secretNames} from '../plans/setup-plan.ts';
import type {Entered, JoinedWizard} from '../wizard/joined-wizard.ts';
import {askNobody} from './ask-nobody.ts';
import {askTerminal, confirm} from './ask-terminal.ts';
import {exitCodes, isTerminal, note, print, unread} from './output.ts';
import {showUnsavedSecrets} from './unsaved-secrets.ts';

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

/** How a run ended, and what it asked for: nobody was there to answer. */
export type Spoken = Summary & {readonly asked: readonly Problem[]};

/** Writes a run in the manner the flags ask for. */
export async function runInLines(
	events: AsyncGenerator<Event, Summary, Reply>,
	flags: BoxFlags,
	answers: Answers,
): Promise<Spoken> {
	const clean = redactor(answers);
	const asked: Problem[] = [];
	const heard = noting(events, asked);
	const summary = flags.json
		? await renderJson(heard, print, clean)
		: await renderPlain(heard, print, {
				verbose: flags.verbose ?? false,
				clean,
				...(isTerminal() && !flags.yes && {repair: repairing()}),
			});
	return {...summary, asked};
}

/** Passes a run on, and ends the job of an earlier one that it waits for: the first; one found later is this run's own, whose connection was lost. */
export async function* endingJob(
	events: AsyncGenerator<Event, Summary, Reply>,
	stopJob: () => void,
): AsyncGenerator<Event, Summary, Reply> {
	let isFirst = true;
	let next = await events.next();
	while (!next.done) {
		if (next.value.type === 'running' && next.value.attached && isFirst) {
			isFirst = false;
			stopJob();
		}

		next = await events.next(yield next.value);
	}

	return next.value;
}

/** Offers each fix of a failed step once, to the person at the terminal. */
function repairing(): (failed: Extract<Event, {type: 'failed'}>) => Promise<Reply> {
	const offered = new Set<string>();
	return async ({findings = []}) => {
		for (const {id, title, why, asks} of findings.flatMap(({fixes}) => fixes)) {
			if (offered.has(id)) continue;
			offered.add(id);
			note(`\n${title}. ${why}`);
			if (asks === undefined) {
				if (await confirm('Do it?')) return {fix: id};
				continue;
			}

			const prompts = [{text: `${asks} (nothing to leave it): `, echo: false}];
			const [typed] = await askTerminal({kind: 'prompts', title, instructions: '', prompts});
			if (typed && typed.reveal() !== '') return {fix: id, typed};
		}

		return undefined;
	};
}

/** Passes a run on, and notes what it asks for. */
async function* noting(
	events: AsyncGenerator<Event, Summary, Reply>,
	asked: Problem[],
): AsyncGenerator<Event, Summary, Reply> {
	let next = await events.next();
	while (!next.done) {
		if (next.value.type === 'asking') asked.push(...next.value.problems);
		next = await events.next(yield next.value);
	}

	return next.value;
}

/** Refuses as `refuseProblems` does, but no missing secret: a look needs none, and a deploy asks for those its own steps take. */
export function refuseWithoutSecrets(
	problems: readonly Problem[],
	catalogue: Catalogue,
	{answers}: Pick<Setup, 'answers'>,
): void {
	const secrets = secretNames(catalogue);
	const isMissing = ({option}: Problem) => secrets.includes(option) && answers[option] === undefined;
	refuseProblems(
		problems.filter(problem => !isMissing(problem)),
		catalogue,
	);
}

/** An error that names each answer that is missing or wrong, and how to give it. */
export function refuseProblems(problems: readonly Problem[], catalogue: Catalogue): void {
	if (problems.length === 0) return;
	const conflicts = problems.flatMap(problem => problem.conflict ?? []);
	if (conflicts.length > 0) throw undecided(conflicts);
	const names = [...new Set(problems.map(problem => problem.option))];
	throw new Trouble({
		what:
			names.length === 1
				? `The answer “${names[0]}” is missing or wrong.`
				: `${names.length} answers are missing or wrong.`,
		means: 'Nothing was done: boxwizard guesses no answer that it can’t take back.',
		next: waysToGive(names, secretNames(catalogue)),
		evidence: problems.map(({option, message}) => `${option}: ${message}`),
		code: 'missing-answer',
	});
}

/** What stands in the way, and nobody has decided about. */
function undecided(conflicts: readonly Conflict[]): Trouble {
	const sentences = (part: 'what' | 'means') => conflicts.map(conflict => conflict[part]).join(' ');
	const flags = conflicts.map(({option, choices}) => `--set ${option}=${Object.keys(choices).join('|')}`);
	return new Trouble({
		what: sentences('what'),
		means: `${sentences('means')} Nothing was touched.`,
		next: `Say what becomes of it, with ${flags.join(' and ')}`,
		evidence: conflicts.flatMap(({option, choices}) =>
			Object.entries(choices).map(([choice, does]) => `${option}=${choice}: ${does}`),
		),
		code: 'conflict',
	});
}

/** A secret is taken neither from the words of a command nor from an answers file. */
function waysToGive(names: readonly string[], secrets: readonly string[]): string {
	const [plain] = names.filter(name => !secrets.includes(name));
	const files = names.filter(name => secrets.includes(name)).map(name => `--secret ${name}=FILE`);
	const ways = [
		...(plain === undefined ? [] : [`Give them with --set ${plain}=…, or in an answers file: boxwizard init`]),
		...(files.length === 0 ? [] : [`A secret is read from a file: ${files.join(' ')}`]),
	];
	return ways.join('. ');
}

/**
 * Runs `task`; on Ctrl-C it leaves the box as it is, safe, says how to go on, and ends with 130. It ends likewise, and
 * without a word, when nobody reads its output any more.
 */
export async function interruptible(
	wizard: JoinedWizard,
	resume: string,
	task: () => Promise<void>,
	cleanUp: () => Promise<void> = async () => undefined,
): Promise<void> {
	let isEnding = false;
	const end = async (code: number): Promise<void> => {
		if (isEnding) return;
		isEnding = true;
		showUnsavedSecrets(await wizard.unsavedSecrets());
		await cleanUp();
		process.exit(code);
	};
	const interrupt = async (): Promise<void> => {
		note('\nInterrupted. The box is safe: what runs there runs on, and an unproven change takes itself back.');
		note(`Go on with: ${resume}`);
		await end(exitCodes.interrupted);
	};
	process.once('SIGINT', interrupt);
	process.once('SIGTERM', interrupt);
	process.stdout.on(unread, () => end(exitCodes.unread));
	try {
		await task();
	} finally {
		isEnding = true;
		process.off('SIGINT', interrupt);
		process.off('SIGTERM', interrupt);
		showUnsavedSecrets(await wizard.unsavedSecrets());
		await wizard.leave();
	}
}
