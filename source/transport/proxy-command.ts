import {spawn} from 'node:child_process';
import {Duplex} from 'node:stream';
import {Trouble} from '../contract/trouble.ts';
import {cleanText} from '../remote/clean.ts';
import type {Destination} from './target.ts';

/** A command that carries the connection. */
export type Proxy = {
	/** To and from the box. Destroyed, it ends the command. */
	readonly socket: Duplex;
	/** The Trouble with what the command said, where an error of the connection may be of its making. */
	explain(error: unknown): Promise<Trouble | undefined>;
};

/** Troubles of a connection that did not come about, and which are the command's to explain. */
const itsOwn = new Set(['connect', 'reset', 'timeout']);
/** Milliseconds that a command gets to say its last words. */
const lastWords = 1000;
const longestWords = 4096;

/** Starts the ProxyCommand of a destination, as ssh(1) does: with the shell, which it takes the place of. */
export function startProxy(destination: Destination): Proxy {
	const command = expandTokens(destination);
	// Windows has no exec: there cmd.exe stays in between.
	const line = process.platform === 'win32' ? command : `exec ${command}`;
	const child = spawn(line, {shell: true, windowsHide: true, stdio: ['pipe', 'pipe', 'pipe']});
	let said = '';
	child.stderr.on('data', (chunk: Buffer) => {
		said = (said + chunk.toString('utf8')).slice(-longestWords);
	});
	const closed = new Promise<void>(resolve => {
		child.once('close', () => resolve()).once('error', () => resolve());
	});
	const socket = Duplex.from({readable: child.stdout, writable: child.stdin});
	// A command that has ended takes no more bytes; that it ended is what the connection tells.
	socket.on('error', () => {});
	socket.once('close', () => child.kill());
	return {
		socket,
		async explain(error) {
			if (!(error instanceof Trouble) || !itsOwn.has(error.code)) return undefined;
			socket.destroy();
			await Promise.race([closed, new Promise(resolve => setTimeout(resolve, lastWords).unref())]);
			return proxyFailed(destination, command, said, error);
		},
	};
}

/** The tokens that ssh_config(5) has for ProxyCommand. */
function expandTokens({proxyCommand = '', host, hostname, port, user}: Destination): string {
	const tokens: Readonly<Record<string, string>> = {
		'%%': '%',
		'%h': hostname,
		'%n': host,
		'%p': String(port),
		'%r': user,
	};
	return proxyCommand.replace(/%./g, token => tokens[token] ?? token);
}

function proxyFailed({host}: Destination, command: string, said: string, cause: Trouble): Trouble {
	const lines = cleanText(said, {longestLine: 400}).split('\n');
	return new Trouble(
		{
			what: `${host} can’t be reached through the command that ~/.ssh/config names.`,
			means: 'ProxyCommand was started and no ssh server answered through it.',
			next: `Try “ssh ${host}” from here: it runs the same command. Mend it in ~/.ssh/config, then try again.`,
			evidence: [`ProxyCommand ${command}`, ...lines.filter(line => line.trim() !== '').slice(-6)],
			code: 'proxy-command',
		},
		cause,
	);
}
