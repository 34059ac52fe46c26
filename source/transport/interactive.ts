import {randomBytes} from 'node:crypto';
import type {Readable, Writable} from 'node:stream';
import type {Client, ClientChannel, PseudoTtyOptions} from 'ssh2';
import {Disconnected} from '../contract/box.ts';
import {quote} from '../contract/command.ts';
import type {Secret} from '../contract/secret.ts';
import {noSudo} from './troubles.ts';

/** The terminal that a program on the box gets: its kind ('xterm-256color'), and its size in characters. */
export type TerminalShape = {readonly term: string; readonly columns: number; readonly rows: number};

/** A program that runs on the box with its streams joined to this machine's, byte for byte. */
export type Interaction = {
	readonly stdin: Writable;
	readonly stdout: Readable;
	/** Empty where it has a terminal: that is one stream. */
	readonly stderr: Readable;
	/** Of what it runs on the box, for whoever wants to end it. */
	readonly group: number;
	resize(columns: number, rows: number): void;
	/** Its exit code; 128 and more where a signal ended it. @throws Disconnected */
	readonly ended: Promise<number>;
};

export type InteractiveOptions = {
	readonly user: string;
	/** Path of a script on the box that root can read. */
	readonly script: string;
	readonly terminal?: TerminalShape;
	/** Asked for only when sudo asks. */
	readonly sudoPassword: () => Promise<Secret>;
};

/** What is looked through for sudo's prompt and the first word of the script, in characters. */
const looked = 16 * 1024;

/** Lines that a script says first, so that what comes before it (motd, sudo) is told from what it prints. */
export function announced(mark: string): string {
	return `read -r _ _ _ _ group _ </proc/$$/stat; echo "${mark} $group"`;
}

/** A word that nothing prints by chance. */
export const newMark = (): string => randomBytes(16).toString('hex');

/**
 * Runs a script of the box as root with both streams open: what is typed goes to it from its first word on, `mark`, and
 * what comes is handed on as it is.
 * @throws Trouble, Disconnected
 */
export async function interact(client: Client, mark: string, options: InteractiveOptions): Promise<Interaction> {
	const {user, script, terminal, sudoPassword} = options;
	const prompt = newMark();
	const bash = `/bin/bash ${quote(script)}`;
	const command = user === 'root' ? `exec ${bash}` : `exec sudo -S -p ${prompt} -- ${bash}`;
	const channel = await open(client, command, terminal);
	const ended = exitOf(channel);
	ended.catch(() => undefined);
	const {group, rest} = await begun(channel, {mark, prompt, user, sudoPassword});
	if (rest.length > 0) channel.unshift(rest);
	return {
		stdin: channel,
		stdout: channel,
		stderr: channel.stderr,
		group,
		ended,
		resize: (columns, rows) => channel.setWindow(rows, columns, 0, 0),
	};
}

function open(client: Client, command: string, terminal: TerminalShape | undefined): Promise<ClientChannel> {
	const pty: PseudoTtyOptions | undefined = terminal && {
		term: terminal.term,
		cols: terminal.columns,
		rows: terminal.rows,
		width: 0,
		height: 0,
	};
	return new Promise((resolve, reject) => {
		const lost = () => reject(new Disconnected('The connection to the box was lost.'));
		client.once('close', lost);
		client.exec(command, pty ? {pty} : {}, (error, channel) => {
			client.removeListener('close', lost);
			if (error) reject(error);
			else resolve(channel);
		});
	});
}

function exitOf(channel: ClientChannel): Promise<number> {
	return new Promise((resolve, reject) => {
		let code: number | undefined;
		channel.on('exit', (status: number | null, signal?: string) => {
			code = status ?? (signal === undefined ? undefined : 128);
		});
		channel.on('error', () => undefined);
		channel.once('close', () => {
			if (code === undefined) reject(new Disconnected('The connection to the box was lost.'));
			else resolve(code);
		});
	});
}

type Beginning = {
	readonly mark: string;
	readonly prompt: string;
	readonly user: string;
	readonly sudoPassword: () => Promise<Secret>;
};

/** Waits for the script's first word, and answers sudo's prompt on the way; what stands before it is dropped. `rest` came behind it. */
function begun(
	channel: ClientChannel,
	{mark, prompt, user, sudoPassword}: Beginning,
): Promise<{readonly group: number; readonly rest: Buffer}> {
	const firstWord = new RegExp(`${mark} (\\d+)\\r?\\n`);
	return new Promise((resolve, reject) => {
		// With a terminal, sudo's prompt comes on stdout; else on stderr.
		const heard = {stdout: '', stderr: ''};
		let isAsked = false;
		const finish = (settle: () => void) => {
			channel.removeListener('data', onOutput);
			channel.stderr.removeListener('data', onError);
			channel.removeListener('close', onClose);
			channel.pause();
			channel.stderr.pause();
			settle();
		};
		const fail = (error: unknown) =>
			finish(() => {
				channel.close();
				reject(error);
			});
		const answer = async () => {
			// It was the right one when the box was opened: where sudo asks again, it has been changed since.
			if (isAsked) return fail(noSudo(user, 'wrong password', []));
			isAsked = true;
			await sudoPassword().then(password => channel.write(`${password.reveal()}\n`), fail);
		};
		const listen = (stream: 'stdout' | 'stderr', bytes: Buffer) => {
			heard[stream] = (heard[stream] + bytes.toString('latin1')).slice(-looked - bytes.length);
			if (heard[stream].includes(prompt)) {
				heard[stream] = heard[stream].replaceAll(prompt, '');
				void answer();
			}
		};
		const onOutput = (bytes: Buffer) => {
			listen('stdout', bytes);
			const first = firstWord.exec(heard.stdout);
			if (!first) return;
			const rest = Buffer.from(heard.stdout.slice(first.index + first[0].length), 'latin1');
			finish(() => resolve({group: Number(first[1]), rest}));
		};
		const onError = (bytes: Buffer) => listen('stderr', bytes);
		const onClose = () =>
			finish(() =>
				reject(
					noSudo(
						user,
						'not allowed',
						heard.stderr.split('\n').filter(line => line.trim() !== ''),
					),
				),
			);
		channel.on('data', onOutput);
		channel.stderr.on('data', onError);
		channel.once('close', onClose);
	});
}
