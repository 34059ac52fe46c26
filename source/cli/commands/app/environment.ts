import {
	type Change,
	changesBetween,
	ownText,
	refusedName,
	refusedValue,
	type Settings,
	settingsIn,
	withVariable,
} from '../../../../steps/app/ownVariables.ts';
import {parseDotenv, type Variable} from '../../../../steps/reading/dotenv.ts';
import {didYouMean} from '../../../answers/nearest.ts';
import {Secret} from '../../../contract/secret.ts';
import {Trouble} from '../../../contract/trouble.ts';
import type {BoxFlags} from '../../given/from-flags.ts';
import {setupForApp} from '../../target/chosen-app.ts';
import {confirm} from '../../terminal/ask-terminal.ts';
import {isTerminal, needsYes, note, print, printJson} from '../../terminal/output.ts';
import {interruptible, refuseProblems, runInLines} from '../../terminal/run-in-lines.ts';
import {dotenvOf, variableLines} from '../../wizard/app-settings.ts';
import {askValue, editText, writeDotenv} from './environment-input.ts';
import {type EnvironmentWords, readWords} from './environment-words.ts';
import {type OpenedApp, openApp} from './opened-app.ts';

export type EnvironmentFlags = BoxFlags & {
	/** Of pull: the file to write. */
	readonly output: string;
	readonly force?: boolean;
};

/** Shows and changes an app's settings. Values are secrets: only `get` and `pull` give them out. */
export async function environment(words: readonly string[], flags: EnvironmentFlags): Promise<void> {
	const asked = readWords(words);
	const app = await openApp(asked.host, asked.app, flags);
	const {action, name} = asked;
	const command = ['boxwizard env', app.host, app.name, action, ...(name === undefined ? [] : [name])].join(' ');
	await interruptible(app.wizard, command, async () => {
		await app.enter();
		const text = await dotenvOf(app.wizard.ask, app.name);
		const settings = settingsIn(text);
		await act(asked, {app, settings, text, command}, flags);
	});
}

type Found = {
	readonly app: OpenedApp;
	readonly settings: Settings;
	readonly text: string;
	/** What was asked for, as it is typed. */
	readonly command: string;
};

async function act({action, name = ''}: EnvironmentWords, found: Found, flags: EnvironmentFlags): Promise<void> {
	const {settings} = found;
	switch (action) {
		case 'list':
			return list(settings, flags);
		case 'get':
			return give(settings, name, flags);
		case 'pull':
			writeDotenv(flags.output, found.text, flags.force ?? false);
			return note(`Written to ${flags.output}, readable by you alone. It holds secrets: keep it out of git.`);
		case 'set': {
			refuse(refusedName(name, settings));
			const value = await askValue(name);
			refuse(refusedValue(value));
			return await change(found, withVariable(settings.own, name, value), flags);
		}
		case 'unset': {
			refuse(refusedName(name, settings));
			if (!settings.own.some(variable => variable.name === name)) throw noVariable(name, settings.own);
			return await change(
				found,
				settings.own.filter(variable => variable.name !== name),
				flags,
			);
		}
		case 'edit':
			return await edit(found, flags);
		default:
			return action satisfies never;
	}
}

function list({written, filled, own}: Settings, {json}: BoxFlags): void {
	const all = [
		...[...written, ...filled].map(({name}) => [name, 'boxwizard'] as const),
		...own.map(({name}) => [name, 'you'] as const),
	];
	const width = Math.max(0, ...all.map(([name]) => name.length));
	for (const [name, by] of all) {
		if (json) printJson({event: 'variable', name, by});
		else print(`${name.padEnd(width)}  ${by === 'you' ? 'yours' : 'by boxwizard'}`);
	}
}

/** The one place beside `pull` where a value is given out: it was asked for. */
function give({written, filled, own}: Settings, name: string, {json}: BoxFlags): void {
	const all = [...written, ...filled, ...own];
	const variable = all.find(one => one.name === name);
	if (!variable) throw noVariable(name, all);
	if (json) printJson({event: 'variable', ...variable});
	else if (process.stdout.isTTY) print(variable.value);
	else process.stdout.write(`${variable.value}\n`);
}

/** Lets the person edit their own variables; what can't be taken is told, and edited again. */
async function edit(found: Found, flags: EnvironmentFlags): Promise<void> {
	if (!isTerminal() || flags.json) throw noEditor();
	const {settings, app} = found;
	let text = ownText(settings.own).reveal();
	for (;;) {
		text = await editText(app.name, text);
		const problem = problemOf(text, settings);
		if (problem === undefined) break;
		note(problem);
		if (!(await confirm('Open it again?'))) return note('Nothing was done.');
	}

	await change(found, parseDotenv(text).variables, flags);
}

/** What is wrong with an edited text, in words without any value. */
function problemOf(text: string, settings: Settings): string | undefined {
	const {variables, wrong} = parseDotenv(text);
	if (wrong.length > 0) return `Lines of NAME=value; line ${wrong[0]} is none.`;
	const names = variables.map(({name}) => name);
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) return `${twice} stands there twice.`;
	const problems = variables.map(({name, value}) => refusedName(name, settings) ?? withName(name, refusedValue(value)));
	return problems.find(problem => problem !== undefined);
}

const withName = (name: string, problem: string | undefined) =>
	problem === undefined ? undefined : `${name}: ${problem}.`;

/** Shows what changes, by names, asks, and brings it about as one run. */
async function change({app, settings, command}: Found, own: readonly Variable[], flags: BoxFlags): Promise<void> {
	const changes = changesBetween(settings.own, own);
	if (changes.length === 0) return note('It is so already. Nothing was done.');
	const {wizard, request} = app;
	const setup = setupForApp(wizard, app.name, {
		...request.answers,
		environment: variableLines(own.map(({name, value}) => ({name, value: new Secret(value)}))),
	});
	refuseProblems(
		wizard.validate(setup).filter(({option}) => option === 'environment'),
		request.catalogue,
	);
	for (const one of changes) tell(one, flags);
	const asks = isTerminal() && !flags.json && !flags.yes;
	if (!asks && !flags.yes) throw needsYes('Its programs start anew with the new settings.', command);
	if (asks && !(await confirm(`Write it, and start what reads it anew?`))) return note('Nothing was done.');
	const summary = await runInLines(wizard.applySettings(setup), flags, setup.answers);
	refuseProblems(summary.asked, request.catalogue);
	if (summary.failed.length > 0) throw notApplied(app, summary.failed);
}

function tell({name, does}: Change, {json}: BoxFlags): void {
	if (json) printJson({event: 'change', name, does});
	else note(`${name}  ${does}`);
}

function refuse(problem: string | undefined): void {
	if (problem === undefined) return;
	throw new Trouble({
		what: `${problem}.`,
		means: 'Nothing was done.',
		next: 'Change it, and try again.',
		code: 'bad-variable',
	});
}

function noVariable(name: string, variables: readonly Variable[]): Trouble {
	return new Trouble({
		what: `There is no variable “${name}”.`,
		means: 'Nothing was done.',
		next: didYouMean(
			name,
			variables.map(variable => variable.name),
		),
		code: 'unknown-variable',
	});
}

function noEditor(): Trouble {
	return new Trouble({
		what: 'An editor needs a terminal.',
		means: 'Input or output is a pipe or a file. Nothing was done.',
		next: 'Set one by one instead: boxwizard env HOST set NAME --yes < value.txt',
		code: 'no-terminal',
	});
}

function notApplied({host, name}: OpenedApp, failed: readonly string[]): Trouble {
	return new Trouble({
		what: 'The new settings are written, and the app did not come up with them.',
		means: 'Visitors may see an error until they are put right.',
		next: `Look why: boxwizard troubleshoot ${host} ${name}. Or change them back: boxwizard env ${host} ${name} edit`,
		evidence: failed,
		code: 'settings-failed',
	});
}
