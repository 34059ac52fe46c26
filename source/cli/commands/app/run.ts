import type {Inside} from '../../../contract/kind.ts';
import {Trouble} from '../../../contract/trouble.ts';
import {openSession} from '../../boxes/box-session.ts';
import {knownState} from '../../boxes/known-boxes.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {kindNamed} from '../../given/kinds.ts';
import {appNamed} from '../../plans/app-setups.ts';
import {chosenApp} from '../../target/chosen-app.ts';
import {placeOf} from '../../target/named-box.ts';
import {askNobody} from '../../terminal/ask-nobody.ts';
import {askTerminal} from '../../terminal/ask-terminal.ts';
import {note} from '../../terminal/output.ts';
import {passThrough, terminalShape} from '../../terminal/pass-through.ts';

/** Runs a command in an app, as the app itself would. Ends with the command's own exit code. */
export async function run(before: readonly string[], command: readonly string[], flags: BoxFlags): Promise<void> {
	if (command.length === 0) throw noCommand();
	const [host, app] = before;
	await goInside(host, app, {run: 'command', words: command}, flags);
}

/** Opens an app's own shell, as its kind has one. */
export async function openConsole(host: string | undefined, app: string | undefined, flags: BoxFlags): Promise<void> {
	await goInside(host, app, {run: 'console'}, flags);
}

/** Opens the shell of an app's database, as the app's own database user. */
export async function openDatabase(host: string | undefined, app: string | undefined, flags: BoxFlags): Promise<void> {
	await goInside(host, app, {run: 'database'}, flags);
}

async function goInside(
	host: string | undefined,
	app: string | undefined,
	inside: Inside,
	flags: BoxFlags,
): Promise<void> {
	const place = placeOf(host, app);
	const state = knownState(place.host);
	const name = chosenApp(state, place.app);
	const {catalogue, connection, passwords} = await fromFlags(flags);
	const known = appNamed(state, name);
	const kind = kindNamed(catalogue, known.kind);
	const terminal = terminalShape();
	const ask = process.stdin.isTTY ? askTerminal : askNobody(passwords);
	const {box} = await openSession(place.host, ask, connection, terminal ? note : () => undefined);
	try {
		const {stdout} = await box.run(kind.inside.isLive(name));
		if (stdout.trim() !== 'yes') throw nothingLive(name);
		const program = await box.interact(
			kind.inside.script({...known.answers, app: name}, inside, terminal?.term),
			terminal,
		);
		process.exitCode = await passThrough(program, async () => {
			await box.run(`kill -s INT -- -${program.group}`);
		});
	} finally {
		await box.close();
	}
}

function noCommand(): Trouble {
	return new Trouble({
		what: 'Which command?',
		means: 'Nothing was run.',
		next: 'Write it after two hyphens: boxwizard run HOST -- flask db current',
		code: 'no-command',
	});
}

function nothingLive(app: string): Trouble {
	return new Trouble({
		what: `No version of ${app} is live on this box.`,
		means: 'There is no folder and no environment to run a command in. Nothing was run.',
		next: 'Finish its set-up: boxwizard setup HOST',
		code: 'nothing-live',
	});
}
