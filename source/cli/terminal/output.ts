import {styleText} from 'node:util';
import {asTrouble, Trouble} from '../../contract/trouble.ts';
import {cleanText} from '../../remote/clean.ts';
import {jsonLine} from '../../render/json.ts';

/** What the command leaves behind: documented in the README and in --help. `unread` is what a shell tells of any tool that SIGPIPE (13) ended. */
export const exitCodes = {fine: 0, error: 1, differs: 2, bad: 3, interrupted: 130, unread: 141} as const;

/** Emitted on stdout once its reader has gone (`| head -1`): whoever works on a box ends it safely before the process does. */
export const unread = 'unread';

/** Ends quietly where nobody reads stdout any more, as SIGPIPE ends other tools: Node leaves that signal out. */
export function watchReader(): void {
	process.stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') throw error;
		process.exitCode = exitCodes.unread;
		if (!process.stdout.emit(unread)) process.exit();
	});
	// Where stderr has no reader, there is nobody to be told.
	process.stderr.on('error', () => undefined);
}

/** How a command talks. */
export type Manner = 'screens' | 'plain' | 'json';

export type MannerOptions = {readonly plain?: boolean; readonly json?: boolean; readonly yes?: boolean};

/** Whether a person sits at both ends. */
export function isTerminal(): boolean {
	return Boolean(process.stdin.isTTY && process.stdout.isTTY) && !process.env.CI;
}

/** Screens for a person at a terminal; lines for pipes, CI, --plain, --json and --yes. */
export function mannerOf(options: MannerOptions): Manner {
	if (options.json) return 'json';
	return options.plain || options.yes || !isTerminal() ? 'plain' : 'screens';
}

/** What is printed may hold texts of a box, of DNS or of a file: none of them may drive the terminal. */
export function print(line: string): void {
	process.stdout.write(`${cleanText(line)}\n`);
}

export function note(line: string): void {
	process.stderr.write(`${cleanText(line)}\n`);
}

/** A record for a program that listens. */
export function printJson(record: object): void {
	print(jsonLine(record));
}

/** An error in words, on stderr; as one JSON object on stdout where a program listens. */
export function report(error: unknown, json: boolean): void {
	const trouble = asTrouble(error);
	if (json) {
		printJson({at: new Date().toISOString(), event: 'error', trouble: trouble.toJSON()});
		return;
	}

	const title = styleText(['red', 'bold'], cleanText(trouble.what), {stream: process.stderr});
	process.stderr.write(`\n${title}\n`);
	note(`${trouble.means}\n${trouble.next}`);
	for (const line of trouble.evidence) note(`  | ${line}`);
}

/** Ends a command by the person's Ctrl-C. */
export class Interrupted extends Error {
	override readonly name = 'Interrupted';
}

/** A choice that only a person can make. */
export function needsYes(what: string, command: string): Trouble {
	return new Trouble({
		what,
		means: 'There is no terminal to ask on, and boxwizard does not decide this by itself. Nothing was done.',
		next: `Run it with --yes: ${command} --yes`,
		code: 'needs-yes',
	});
}
