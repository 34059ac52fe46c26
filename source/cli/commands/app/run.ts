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
import {terminalShape} from '../../terminal/pass-through.ts';
import {runInside} from '../../terminal/run-inside.ts';

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
	const ask = process.stdin.isTTY ? askTerminal : askNobody(passwords);
	const {box} = await openSession(place.host, ask, connection, terminalShape() ? note : () => undefined);
	try {
		process.exitCode = await runInside(box, kind, {...known.answers, app: name}, inside);
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
