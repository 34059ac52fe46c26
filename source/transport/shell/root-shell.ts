import {randomBytes} from 'node:crypto';
import type {Client, ClientChannel} from 'ssh2';
import {Disconnected} from '../../contract/box.ts';
import type {Secret} from '../../contract/secret.ts';
import {cleanText} from '../../remote/clean.ts';
import {createPausableTimeout} from '../pausable-timeout.ts';
import {noShell, noSudo, otherUser, shellClosed, silentShell, strangeBox} from '../troubles.ts';
import {createShell, type RootShell} from './standing-shell.ts';

export type RootShellOptions = {
	readonly user: string;
	/** The sudo password; asked for only when sudo asks. `wrong` after the first. */
	readonly sudoPassword: (wrong: boolean) => Promise<Secret>;
	/** Milliseconds until the shell must be ready, without a person's thinking; a minute where nothing is said. */
	readonly within?: number;
};

/** Thrown when the box wants the login password changed before it runs anything. */
export class PasswordExpired extends Error {
	override readonly name = 'PasswordExpired';
}

/**
 * The loop that runs on the box. It travels as an argument through whatever the login shell is, so it holds neither a single quote nor
 * a backslash nor an exclamation mark, and is one line. Each script comes on stdin as “nonce length”, then its bytes, and runs in a
 * subshell without stdin; “nonce code” on stdout and the nonce on stderr end its output. SSH_CONNECTION is handed on because sudo drops it.
 */
const loop = [
	'export LC_ALL=C.UTF-8 HOME=~root USER=root LOGNAME=root SHELL=/bin/bash SSH_CONNECTION="$2"',
	'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin',
	'umask 022',
	'cd /',
	'read -r _ _ _ _ g _ </proc/$$/stat',
	'echo "$1 $g $2"',
	'set --',
	'while IFS=" " read -r n l; do IFS= LC_ALL=C read -r -N "$l" s || break',
	'(eval "unset -v n l s g; $s") </dev/null',
	'c=$?',
	'echo "$n $c"',
	'echo "$n" >&2',
	'done',
].join('; ');

const tries = 3;
const longest = 60_000;
/** Bytes that motd, banners and .bashrc may print before the shell is ready, and how many of the last are looked at. */
const mostBefore = 4 * 1024 * 1024;
const looked = 16 * 1024;
/** What cloud-init has root's forced command say (cc_ssh, disable_root_opts); it then waits ten seconds. */
const elsewhere = /please login as the user "?([\w.-]{1,32})"? rather than the user/i;
const expired =
	/password change required|required to change your password|password has expired|must change your password/i;

/** Opens a root shell: as root at once, else through sudo, whose password goes over stdin and only after its own prompt. @throws Trouble, Disconnected, PasswordExpired */
export async function openRootShell(client: Client, options: RootShellOptions): Promise<RootShell> {
	const ready = randomBytes(16).toString('hex');
	const prompt = randomBytes(16).toString('hex');
	// “exec” and both kinds of quotes mean the same in sh, bash, zsh, fish and csh.
	const bash = `/bin/bash -c '${loop}' bash ${ready} "$SSH_CONNECTION"`;
	const command = options.user === 'root' ? `exec ${bash}` : `exec sudo -S -p ${prompt} -- ${bash}`;
	let isLate = false;
	const patience = createPausableTimeout(options.within ?? longest, () => {
		isLate = true;
		client.destroy();
	});
	const sudoPassword = (wrong: boolean) => patience.paused(() => options.sudoPassword(wrong));
	try {
		const {channel, exit} = await open(client, command);
		const words = await awaitReady(channel, ready, prompt, {...options, sudoPassword, exit});
		return createShell(channel, words);
	} catch (error) {
		throw isLate ? silentShell(options.user) : error;
	} finally {
		patience.stop();
	}
}

type Opened = {
	readonly channel: ClientChannel /** The exit code, once it has ended by itself. */;
	readonly exit: () => number | undefined;
};

function open(client: Client, command: string): Promise<Opened> {
	return new Promise((resolve, reject) => {
		const onClose = () => reject(new Disconnected('The connection to the box was lost.'));
		client.once('close', onClose);
		const done = (error: Error | undefined, channel: ClientChannel) => {
			client.removeListener('close', onClose);
			if (error) return reject(error);
			// Heard from here on: the end of a shell that ends at once comes in the same packet as its beginning.
			let code: number | undefined;
			channel.on('exit', (status: number | null) => {
				code = status ?? undefined;
			});
			resolve({channel, exit: () => code});
		};
		try {
			client.exec(command, done);
		} catch (error) {
			client.removeListener('close', onClose);
			reject(new Disconnected('The connection to the box was lost.', {cause: error}));
		}
	});
}

/** Waits for the loop's first words, and answers sudo's prompt on the way; whatever motd, banners and .bashrc print is passed over. */
function awaitReady(
	channel: ClientChannel,
	ready: string,
	prompt: string,
	options: RootShellOptions & Pick<Opened, 'exit'>,
): Promise<string[]> {
	return new Promise((resolve, reject) => {
		const readyWords = new RegExp(`${ready} ([\\w.: %-]{0,200})\\n`);
		let stdout = '';
		let stderr = '';
		let prompts = 0;
		let bytesBefore = 0;
		const finish = (settle: () => void) => {
			channel.removeAllListeners('data').removeAllListeners('close').removeAllListeners('exit');
			channel.stderr.removeAllListeners('data');
			settle();
		};
		const fail = (error: unknown) =>
			finish(() => {
				channel.on('error', () => {});
				channel.close();
				reject(error);
			});
		const answer = async () => {
			prompts += 1;
			if (prompts > tries) return fail(noSudo(options.user, 'wrong password', []));
			try {
				const password = await options.sudoPassword(prompts > 1);
				channel.write(`${password.reveal()}\n`);
			} catch (error) {
				fail(error);
			}
		};

		const append = (before: string, bytes: Buffer) => {
			bytesBefore += bytes.length;
			if (bytesBefore > mostBefore) fail(strangeBox('The box prints without end before its shell is ready.'));
			return before + bytes.toString('latin1');
		};

		channel.on('data', (bytes: Buffer) => {
			stdout = append(stdout, bytes);
			const words = readyWords.exec(stdout)?.[1];
			if (words !== undefined) finish(() => resolve(words.split(' ')));
			const named = elsewhere.exec(stdout)?.[1];
			if (named !== undefined) fail(otherUser(options.user, named, readable(stdout)));
			stdout = stdout.slice(-looked);
		});
		channel.stderr.on('data', (bytes: Buffer) => {
			stderr = append(stderr, bytes);
			if (stderr.includes(prompt)) void answer();
			// Each prompt is answered once: what stood before it is told from what may still become one.
			stderr = stderr.replaceAll(prompt, '').slice(-looked);
		});
		channel.on('close', () => finish(() => reject(explain(options.user, stdout, stderr, options.exit()))));
	});
}

/** The last lines of what the box printed, fit to be shown. */
function readable(printed: string): string[] {
	const text = cleanText(Buffer.from(printed, 'latin1'), {longestLine: 400});
	return text
		.split('\n')
		.filter(line => line.trim() !== '')
		.slice(-6);
}

/** Why a shell ended before it was ready. */
function explain(user: string, stdout: string, stderr: string, code: number | undefined): Error {
	const evidence = readable(`${stdout}\n${stderr}`);
	const text = evidence.join('\n');
	if (expired.test(text)) return new PasswordExpired(evidence.filter(line => !/no TTY/i.test(line)).join('\n'));
	if (code === undefined) return new Disconnected('The connection to the box was lost.');
	if (/account is currently not available/i.test(text) || (code === 1 && text === ''))
		return shellClosed(user, evidence);
	if (user === 'root') return noShell(user, evidence, code);
	if (/not in the sudoers|not allowed to (?:execute|run)|may not run sudo|I'm sorry .* I'm afraid/i.test(text))
		return noSudo(user, 'not allowed', evidence);
	if (
		/no valid sudoers|sudoers is (?:world writable|owned by)|error initializing|unable to initialize policy/i.test(text)
	)
		return noSudo(user, 'broken', evidence);
	if (/must have a tty|terminal is required/i.test(text)) return noSudo(user, 'terminal', evidence);
	if (/incorrect password|incorrect authentication|authentication failure|no password was provided/i.test(text))
		return noSudo(user, 'wrong password', evidence);
	if (code === 127 || /sudo: (?:command )?not found|unknown command/i.test(text))
		return noSudo(user, 'missing', evidence);
	return noShell(user, evidence, code);
}
