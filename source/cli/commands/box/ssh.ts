import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {constants, tmpdir} from 'node:os';
import {join} from 'node:path';
import {Trouble} from '../../../contract/trouble.ts';
import type {JournalState} from '../../../state/journal-state.ts';
import {fingerprint, matches, readKnownHosts} from '../../../transport/login/known-hosts.ts';
import {resolveTarget} from '../../../transport/target.ts';
import {completeConnection} from '../../boxes/box-session.ts';
import {knownState, loginOf} from '../../boxes/known-boxes.ts';
import type {ConnectionOptions} from '../../given/connection-options.ts';
import {type BoxFlags, fromFlags} from '../../given/from-flags.ts';
import {appNamed} from '../../plans/app-setups.ts';
import {wordsOf} from '../../target/named-box.ts';

/** The name that the box's key stands under in the file that is made for this one login. */
const alias = 'boxwizard';

/**
 * Logs in as the admin user, with the key and the host key that the wizard knows. Ends with ssh's own exit code.
 * @param before the words before “--”: the box, or one of its apps where a file says which box; further ones begin the command
 * @throws Trouble for a box or an app that there is not
 */
export async function ssh(
	before: readonly string[],
	command: readonly string[],
	flags: Pick<BoxFlags, 'identity' | 'knownHosts'>,
): Promise<void> {
	const [named, ...words] = before;
	const {host, word} = wordsOf(named, undefined);
	const state = knownState(host);
	if (word !== undefined) appNamed(state, word);
	const connection = await completeConnection((await fromFlags(flags)).connection, state);
	process.exitCode = await logIn(state, connection, [...words, ...command]);
}

/** A shell on a known box, or one command there, on this terminal. Answers ssh's own exit code. @throws Trouble */
export async function logIn(
	state: JournalState,
	connection: ConnectionOptions,
	words: readonly string[],
): Promise<number> {
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-ssh-'));
	try {
		const file = join(folder, 'known_hosts');
		writeFileSync(file, await pinned(state, connection), {mode: 0o600});
		return await runSsh([...sshWords(state, connection, file), ...words]);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

/** The arguments of ssh(1): what is known is used, and nothing is asked of the person that the wizard knows. */
export function sshWords(state: JournalState, {identity}: ConnectionOptions, knownHosts: string): string[] {
	const {user, host, port} = loginOf(state);
	return [
		...['-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'GlobalKnownHostsFile=none', '-o', `HostKeyAlias=${alias}`],
		...['-o', 'StrictHostKeyChecking=yes', '-o', 'UpdateHostKeys=no', '-o', 'CheckHostIP=no'],
		...(identity === undefined ? [] : ['-i', identity, '-o', 'IdentitiesOnly=yes']),
		...['-p', String(port), '-l', user, '--', host],
	];
}

/** The box's host keys as known_hosts lines: those that the wizard has written down, and of them the one it saw last. */
async function pinned(state: JournalState, connection: ConnectionOptions): Promise<string> {
	const {user, host, port} = loginOf(state);
	const {knownHosts, knownAs} = await resolveTarget({user, host, port}, connection.knownHosts);
	const known = readKnownHosts(knownHosts).filter(
		entry => entry.marker === undefined && [knownAs, host].some(name => matches(entry.hosts, name)),
	);
	const seen = known.filter(entry => fingerprint(Buffer.from(entry.key, 'base64')) === state.hostKey);
	if (seen.length === 0) throw noKey(host, knownHosts[0] ?? '', state.hostKey);
	return seen.map(({type, key}) => `${alias} ${type} ${key}\n`).join('');
}

async function runSsh(words: readonly string[]): Promise<number> {
	const child = spawn('ssh', words, {stdio: 'inherit'});
	// Ctrl-C is for the program on the box.
	const ignore = () => undefined;
	process.on('SIGINT', ignore);
	try {
		return await new Promise<number>((resolve, reject) => {
			child.once('error', error => reject('code' in error && error.code === 'ENOENT' ? noClient(words, error) : error));
			child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
		});
	} finally {
		process.off('SIGINT', ignore);
	}
}

function noClient(words: readonly string[], cause: unknown): Trouble {
	const login = words.slice(words.indexOf('-l') + 1);
	return new Trouble(
		{
			what: 'There is no ssh program on this machine.',
			means: 'boxwizard speaks ssh itself, but a shell on the box needs OpenSSH’s client.',
			next: 'Install it (Debian, Ubuntu: openssh-client; Windows: Settings, Optional features), or log in with another ssh program.',
			evidence: [`user ${login[0] ?? ''}, host ${login[2] ?? ''}`],
			code: 'no-ssh',
		},
		cause,
	);
}

function noKey(host: string, file: string, key: string | undefined): Trouble {
	return new Trouble({
		what: `The host key of ${host} is not written down on this machine any more.`,
		means: 'Whether it is the same box could not be told. Nobody was logged in.',
		next: `Connect once, and compare the key that is shown: boxwizard check ${host}`,
		evidence: [...(key === undefined ? [] : [`last seen: ${key}`]), `looked for in ${file}`],
		code: 'no-host-key',
	});
}
