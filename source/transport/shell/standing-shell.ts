import {randomBytes} from 'node:crypto';
import type {ClientChannel} from 'ssh2';
import {Disconnected} from '../../contract/box.ts';
import {strangeBox} from '../troubles.ts';
import {createMarkScanner} from './mark-scanner.ts';

/** What a script left, as bytes. */
export type RawResult = {readonly code: number; readonly stdout: Buffer; readonly stderr: Buffer};

/** Where the output of a script goes while it runs. */
export type Sink = {readonly stdout: (bytes: Buffer) => void; readonly stderr: (bytes: Buffer) => void};

/** Both ends of the connection as the box sees them. */
export type Peer = {readonly client: string; readonly server: string; readonly port: number};

/** A root shell on the box that stays: it takes one script after another over one channel. */
export type RootShell = {
	/** Its process group: what ends it, and what it runs, from another shell. */
	readonly group: number;
	readonly channel: ClientChannel;
	readonly peer: Peer;
	/** Settles when the shell is gone. */
	readonly closed: Promise<void>;
	/** Runs a script; one at a time. @throws Disconnected */
	run(script: string, sink: Sink): Promise<number>;
};

/** The shell behind a channel whose loop (see root-shell.ts) has said its first words: its process group, and both ends of the connection. */
export function createShell(channel: ClientChannel, words: readonly string[]): RootShell {
	const [group, client = '', , server = '', port] = words;
	let exit: number | undefined;
	let isClosed = false;
	channel.on('error', () => {});
	channel.on('exit', (code: number | null, signal?: string) => {
		exit = code ?? (signal === undefined ? undefined : 128);
	});
	const closed = new Promise<void>(resolve => {
		channel.once('close', () => {
			isClosed = true;
			resolve();
		});
	});
	return {
		group: Number(group),
		peer: {client, server, port: Number(port)},
		channel,
		closed,
		run: async (script, sink) => {
			if (isClosed) throw new Disconnected('The connection to the box was lost.');
			return runScript(channel, script, sink, () => exit);
		},
	};
}

function runScript(
	channel: ClientChannel,
	script: string,
	sink: Sink,
	exit: () => number | undefined,
): Promise<number> {
	const nonce = randomBytes(16).toString('hex');
	const body = Buffer.from(script.replaceAll('\0', ''));
	return new Promise((resolve, reject) => {
		let code: number | undefined;
		let waiting = 2;
		const settle = () => {
			waiting -= 1;
			if (waiting > 0) return;
			stop();
			resolve(code ?? 0);
		};
		const out = createMarkScanner(`${nonce} `, sink.stdout, rest => {
			if (!/^\d{1,3}$/.test(rest)) {
				stop();
				channel.close();
				return reject(strangeBox('The box ended a script without an exit code.'));
			}

			code = Number(rest);
			settle();
		});
		const errors = createMarkScanner(nonce, sink.stderr, settle);
		const stop = () => {
			channel.removeListener('data', out.push);
			channel.stderr.removeListener('data', errors.push);
			channel.removeListener('close', gone);
		};
		const gone = () => {
			stop();
			out.flush();
			errors.flush();
			const status = exit();
			// The script ended its own shell (kill $$): that is an answer. Else the connection went.
			if (status === undefined) reject(new Disconnected('The connection to the box was lost.'));
			else resolve(status);
		};
		channel.on('data', out.push);
		channel.stderr.on('data', errors.push);
		channel.once('close', gone);
		channel.write(Buffer.concat([Buffer.from(`${nonce} ${body.length}\n`), body]));
	});
}
