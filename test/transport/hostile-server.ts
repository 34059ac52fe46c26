import {once} from 'node:events';
import type {AddressInfo, Socket} from 'node:net';
import ssh2, {type AuthContext, type Connection, type ServerChannel} from 'ssh2';

/** What could drive a terminal or deceive a reader; “shown” is all that may be left of it. */
export const attack = [
	'\u001b]52;c;cm0gLXJmIC8=\u0007',
	'\u001b]0;owned\u0007',
	'\u001b]8;;http://203.0.113.66/\u001b\\',
	'\u001b[2J\u001b[3J\u001b[6n\u001b[5i\u001b[?1049l\u001b[?1000h',
	'\u001bP1$r0m\u001b\\\u001b_app\u001b\\\u001b^pm\u001b\\\u001bXsos\u001b\\',
	'\u009b2J\u009d52;c;cm0=\u009c\u0090dcs\u009c',
	'\u001bc\u001b#8\u001b(0\u000e\u0008\u0007\u0000',
	'\u202e\u2066\u2067\u200f\u200e\u061c\u2028',
	'\u001b[38;5;1mshown\u001b[0m',
].join('');

/** The same with bytes that are no UTF-8 around it, and a sequence that never ends. */
export const attackBytes = Buffer.concat([
	Buffer.from([0xff, 0xc3, 0x28, 0xe2, 0x98, 0x20]),
	Buffer.from(attack),
	Buffer.from([0xf0, 0x9f]),
]);

/** What a script is answered with: bytes of stdout, sent as fast as the wizard takes them. */
export type Answer = Iterable<Buffer>;

export type HostileOptions = {
	/** The login, as ssh2's Server tells of it; everybody is let in where nothing is said. */
	readonly authenticate?: (context: AuthContext, client: Connection) => void;
	/** Serves a command in the place of all else; not, where it answers false. */
	readonly instead?: (channel: ServerChannel, command: string) => boolean;
	/** Sent before the shell is ready. */
	readonly motd?: Answer;
	/** In place of the shell: this on stderr, and the exit code. */
	readonly refusal?: {readonly text: Buffer; readonly code: number};
	/** What a script is answered with. */
	readonly answer?: (script: string) => Answer;
	/** What stands where the exit code should. */
	readonly ending?: string;
};

export type HostileServer = {readonly port: number; stop(): void};

/** A server that speaks ssh and the shell loop of boxwizard, and says whatever it likes. It runs nothing. */
export async function startHostile(options: HostileOptions = {}): Promise<HostileServer> {
	const sockets = new Set<Socket>();
	const server = new ssh2.Server({hostKeys: [hostKey()]}, client => {
		client.on('authentication', context => (options.authenticate ?? (given => given.accept()))(context, client));
		client.on('error', () => {});
		client.on('session', accept => {
			accept()
				.on('pty', acceptTerminal => acceptTerminal?.())
				.on('exec', (acceptExec, _reject, info) => void serve(acceptExec(), info.command, options));
		});
	});
	(server as unknown as {_srv: import('node:net').Server})._srv.on('connection', socket => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		stop() {
			server.close();
			for (const socket of sockets) socket.destroy();
		},
	};
}

/** ssh2 makes a key now and then that it can't read itself. */
export function hostKey(): string {
	for (;;) {
		const {private: key} = ssh2.utils.generateKeyPairSync('ed25519');
		if (!(ssh2.utils.parseKey(key) instanceof Error)) return key;
	}
}

/** What the loop of a root shell says first: the command that starts it names it. */
export function readyMark(command: string): string {
	return / bash ([0-9a-f]{32}) /.exec(command)?.[1] ?? '';
}

async function serve(channel: ServerChannel, command: string, options: HostileOptions): Promise<void> {
	const {motd = [], refusal} = options;
	channel.on('error', () => {});
	if (options.instead?.(channel, command)) return;
	await send(channel, motd);
	if (refusal) {
		channel.stderr.write(refusal.text);
		channel.exit(refusal.code);
		channel.end();
		return;
	}

	channel.write(`${readyMark(command)} 4711 192.0.2.1 5 192.0.2.2 22\n`);
	for await (const {nonce, script} of scripts(channel)) {
		await send(channel, options.answer?.(script) ?? []);
		// One after the other: ssh2's server forgets one of two streams that wait for the same window.
		await new Promise(resolve => channel.write(`${nonce} ${options.ending ?? '0\n'}`, resolve));
		channel.stderr.write(`${nonce}\n`);
	}
}

/** Says the same words for ever, at the reader's pace. */
export async function sayForEver(channel: ServerChannel, words: string): Promise<void> {
	await send(channel, endless(Buffer.from(words)));
}

/** Writes at the reader's pace, and lets others have their turn. */
async function send(channel: ServerChannel, answer: Answer): Promise<void> {
	let go = () => {};
	const wake = () => go();
	channel.on('drain', wake).on('close', wake);
	for (const bytes of answer) {
		if (channel.destroyed) return;
		if (channel.write(bytes)) continue;
		await new Promise<void>(resolve => {
			go = resolve;
		});
	}

	channel.off('drain', wake).off('close', wake);
}

/** The scripts that come: “nonce length”, a newline, and so many bytes. */
async function* scripts(channel: ServerChannel): AsyncGenerator<{nonce: string; script: string}> {
	let held = Buffer.alloc(0);
	for await (const bytes of channel) {
		held = Buffer.concat([held, bytes as Buffer]);
		for (;;) {
			const newline = held.indexOf('\n');
			const [nonce = '', length = ''] = held.subarray(0, Math.max(0, newline)).toString().split(' ');
			const end = newline + 1 + Number(length);
			if (newline === -1 || held.length < end) break;
			yield {nonce, script: held.subarray(newline + 1, end).toString()};
			held = held.subarray(end);
		}
	}
}

/** The same bytes for ever. */
export function* endless(bytes: Buffer): Generator<Buffer> {
	const piece = Buffer.concat(Array.from({length: Math.ceil(32_768 / bytes.length)}, () => bytes));
	for (;;) yield piece;
}

/** So many bytes of one line. */
export function* oneLine(length: number): Generator<Buffer> {
	const piece = Buffer.alloc(30_000, 'a');
	for (let left = length; left > 0; left -= piece.length) yield piece.subarray(0, left);
	yield Buffer.from('\n');
}

/** The answers of a batch of probes, as probe.ts asks for them: the same text to each, but to those that are given. */
export function probeAnswer(script: string, text: Buffer, given: Readonly<Record<number, Buffer>> = {}): Buffer[] {
	const folder = /mkdir -m 0700 (\S+)/.exec(script)?.[1] ?? '';
	const count = [...script.matchAll(/ 2> \/dev\/null < \/dev\/null &/g)].length;
	const part = (name: number | string, bytes: Buffer) =>
		Buffer.concat([Buffer.from(`==> ${folder}/${name} <==\n`), bytes, Buffer.from('\n\n')]);
	return [
		...Array.from({length: count}, (_, index) => part(index, given[index] ?? text)),
		part('end', Buffer.alloc(0)),
	];
}

/** Sends a banner (RFC 4252 section 5.4), as often as one likes: ssh2 itself sends but one, when the login begins. */
export function sendBanner(client: Connection, text: string): void {
	const {_protocol: protocol} = client as unknown as {
		_protocol: {
			_packetRW: {write: {allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer}};
			_cipher: {encrypt(packet: Buffer): void};
		};
	};
	const message = Buffer.from(text);
	const {write} = protocol._packetRW;
	const start = write.allocStart;
	const packet = write.alloc(1 + 4 + message.length + 4);
	packet[start] = 53;
	packet.writeUInt32BE(message.length, start + 1);
	message.copy(packet, start + 5);
	packet.writeUInt32BE(0, start + 5 + message.length);
	protocol._cipher.encrypt(write.finalize(packet));
}
