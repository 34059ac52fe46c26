import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {openTerminal, type TerminalOptions, type TerminalProgram} from '../../fixtures/terminal.ts';

const program = fileURLToPath(new URL('../../../dist/boxwizard.js', import.meta.url));

/** What a command left. */
export type Ended = {readonly code: number; readonly stdout: string; readonly stderr: string};

/** A person with a laptop: a home of their own, a key in it, and the boxwizard that was just built. */
export type Person = {
	readonly home: string;
	/** The authorized_keys line of their key. */
	readonly publicKey: string;
	/** At a terminal, with their hands. */
	readonly open: (words: readonly string[], options?: TerminalOptions) => TerminalProgram;
	/** From a script: no terminal, `input` on stdin. */
	readonly run: (words: readonly string[], input?: string) => Promise<Ended>;
	/** The same, with a way to end it at once (SIGKILL). */
	readonly start: (
		words: readonly string[],
		input?: string,
	) => {readonly ended: Promise<Ended>; readonly kill: () => void};
	/** A file of theirs, readable by them alone. */
	readonly file: (name: string) => string;
	readonly leave: () => void;
};

export function newPerson(): Person {
	const home = mkdtempSync(join(tmpdir(), 'boxwizard-person-'));
	mkdirSync(join(home, '.ssh'), {mode: 0o700});
	const key = join(home, '.ssh/id_ed25519');
	execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'person@laptop', '-f', key]);
	const environment = {
		HOME: home,
		BOXWIZARD_HOME: join(home, 'boxwizard'),
		BOXWIZARD_VAULT: 'memory',
		SSH_AUTH_SOCK: '',
	};
	return {
		home,
		publicKey: readFileSync(`${key}.pub`, 'utf8').trim(),
		open: (words, options = {}) =>
			openTerminal(program, words, {...options, folder: home, environment: {...environment, ...options.environment}}),
		run: (words, input) => startProgram(words, input, home, environment).ended,
		start: (words, input) => startProgram(words, input, home, environment),
		file: name => join(home, name),
		leave: () => rmSync(home, {recursive: true, force: true}),
	};
}

function startProgram(
	words: readonly string[],
	input: string | undefined,
	folder: string,
	environment: Readonly<Record<string, string>>,
) {
	const child = spawn(process.execPath, [program, ...words], {cwd: folder, env: {...process.env, ...environment}});
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		stdout += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		stderr += text;
	});
	child.stdin.end(input);
	const ended = new Promise<Ended>(resolve =>
		child.on('close', status => resolve({code: status ?? -1, stdout, stderr})),
	);
	return {ended, kill: () => void child.kill('SIGKILL')};
}
