import {connect as connectSocket, type Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import type {Client} from 'ssh2';
import type {Ask} from '../contract/ui/question.ts';
import {cleanText} from '../remote/clean.ts';
import {createHostCheck} from './login/host-check.ts';
import {KeyUnusable, type Ssh2} from './login/key.ts';
import {type Credentials, createLogin, emptyCredentials, type LoginOptions, refused} from './login/login.ts';
import {createPausableTimeout} from './pausable-timeout.ts';
import {startProxy} from './proxy-command.ts';
import {type Destination, resolveJump} from './target.ts';
import {codeOf, connectTrouble, stillStarting} from './troubles.ts';

export type ConnectOptions = {
	readonly destination: Destination;
	readonly credentials: Credentials;
	readonly ask: Ask;
	readonly identity?: string;
	/** 'SHA256:…': the only host key that is accepted. */
	readonly pin?: string;
	/** 'SHA256:…' of the keys this very box has shown before, perhaps at another port, or told. */
	readonly seen?: readonly string[];
	readonly keysOnly?: boolean;
	/** The authorized_keys lines of the door, where they are known. */
	readonly expected?: readonly string[];
	readonly signal?: AbortSignal;
	/** Milliseconds for the TCP connection, and again for key exchange and login; 20 s where nothing is said. */
	readonly within?: number;
	/** The known_hosts file of the whole way, instead of ssh's own. */
	readonly knownHosts?: string;
	/** Credentials of the hosts in between, by host. */
	readonly jumpCredentials: Map<string, Credentials>;
};

/** A connection that is logged in. */
export type Connection = {
	readonly client: Client;
	/** Settles when the connection is gone, whoever ended it; never rejects. */
	readonly closed: Promise<Error | undefined>;
	/** SHA256 of the host key it has shown. */
	readonly hostKey: string;
	/** The last host in between, which opens connections to others as well; none where the box is reached at once. */
	readonly via?: Client;
	close(): void;
};

/** How long the TCP connection, and then key exchange and login, may take where nothing is said: milliseconds, without a person's thinking. */
const longest = 20_000;

/**
 * A connection that is swallowed without a word is given up 20 s later: asked every five seconds, three unanswered. Giving
 * one up costs little, since what runs on the box runs on; whoever waits in front of a dead one waits for nothing.
 */
const keepaliveInterval = 5000;
const keepaliveMisses = 3;

/** Characters of a banner that are looked at. */
const longestBanner = 8192;

/** Opens a connection, through the hosts in between where there are any. @throws Trouble */
export async function connect(options: ConnectOptions): Promise<Connection> {
	const hops: Connection[] = [];
	try {
		for (const jump of options.destination.jumps) {
			const destination = await resolveJump(jump, options.knownHosts);
			const credentials = options.jumpCredentials.get(jump.host) ?? emptyCredentials();
			options.jumpCredentials.set(jump.host, credentials);
			const {pin: _pin, seen: _seen, expected: _expected, ...rest} = options;
			hops.push(await connectHop({...rest, keysOnly: false, destination, credentials}, hops.at(-1)));
		}

		const via = hops.at(-1);
		const connection = await connectHop(options, via);
		void connection.closed.then(() => closeAll(hops));
		return via ? {...connection, via: via.client} : connection;
	} catch (error) {
		closeAll(hops);
		throw error;
	}
}

function closeAll(hops: readonly Connection[]): void {
	for (const hop of hops.toReversed()) hop.close();
}

async function connectHop(options: ConnectOptions, via: Connection | undefined): Promise<Connection> {
	const {destination, signal, within = longest} = options;
	for (;;) {
		signal?.throwIfAborted();
		const proxy = via || destination.proxyCommand === undefined ? undefined : startProxy(destination);
		try {
			const opening = via ? forward(via, destination) : (proxy?.socket ?? openSocket(destination, within, signal));
			const socket = await Promise.resolve(opening).catch((error: unknown) => {
				throw isAbort(error) ? error : connectTrouble(error, destination);
			});
			return await speak(options, socket);
		} catch (error) {
			// A key that can't sign is left out from now on: the login starts again without it.
			if (!(error instanceof KeyUnusable)) throw (await proxy?.explain(error)) ?? error;
		}
	}
}

function openSocket({hostname, port}: Destination, within: number, signal: AbortSignal | undefined): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const socket = connectSocket({host: hostname, port, noDelay: true, ...(signal ? {signal} : {})});
		const timer = setTimeout(() => socket.destroy(timedOut('no answer')), within);
		socket.once('error', error => {
			clearTimeout(timer);
			reject(error);
		});
		socket.once('connect', () => {
			clearTimeout(timer);
			socket.removeAllListeners('error');
			resolve(socket);
		});
	});
}

function forward(via: Connection, {hostname, port}: Destination): Promise<Duplex> {
	return new Promise((resolve, reject) => {
		via.client.forwardOut('127.0.0.1', 0, hostname, port, (error, channel) =>
			error ? reject(error) : resolve(channel),
		);
	});
}

function timedOut(message: string): Error {
	return Object.assign(new Error(message), {code: 'ETIMEDOUT'});
}

/** Key exchange, host key and login over a socket. */
async function speak(options: ConnectOptions, socket: Duplex): Promise<Connection> {
	const [{NodeSSH}, ssh2] = await Promise.all([import('node-ssh'), loadSsh2()]);
	const timer = createPausableTimeout(options.within ?? longest, () =>
		socket.destroy(timedOut('the ssh server fell silent')),
	);
	const ask: Ask = question => timer.paused(() => options.ask(question));
	const giveUp = () => socket.destroy();
	const loginOptions: LoginOptions = {...options, ssh2, ask, giveUp};
	const login = createLogin(loginOptions);
	const host = createHostCheck({...options, ask});
	const session = new NodeSSH();
	const connecting = session.connect({
		sock: socket,
		username: options.destination.user,
		authHandler: login.handler,
		hostVerifier: host.verify,
		// ssh2 leaves alone what stands in its list already: taken out first, the known ones come to the front.
		algorithms: {serverHostKey: {remove: host.algorithms, prepend: host.algorithms, append: []}},
		readyTimeout: 0,
		keepaliveInterval,
		keepaliveCountMax: keepaliveMisses,
	});
	// node-ssh lets go of the error event once it is connected; an error without listener would end the process.
	const {connection: client} = session;
	if (!client) throw new Error('node-ssh has no connection');
	const closed = watch(client);
	let banner = '';
	client.on('banner', message => {
		if (banner.length < longestBanner) banner += cleanText(message).slice(0, longestBanner);
	});
	try {
		await connecting;
	} catch (error) {
		socket.destroy();
		const own = host.failure() ?? login.failure() ?? explain(error, banner, options.destination);
		throw own ?? refused(loginOptions, login, messageOf(error));
	} finally {
		timer.stop();
	}

	return {client, closed, hostKey: host.shown(), close: () => client.end()};
}

/** Imported only when a connection is made: it takes 60 ms. */
async function loadSsh2(): Promise<Ssh2> {
	return (await import('ssh2')).default;
}

function watch(client: Client): Promise<Error | undefined> {
	return new Promise(resolve => {
		let reason: Error | undefined;
		client.on('error', (error: Error) => {
			reason ??= error;
		});
		client.on('close', () => resolve(reason));
	});
}

function isAbort(error: unknown): boolean {
	return error instanceof Error && error.name === 'AbortError';
}

/** Why ssh2 gave up; undefined when no way of logging in was left. */
function explain(error: unknown, banner: string, destination: Destination): Error | undefined {
	if (/booting up|going down|not permitted to log in/i.test(banner)) return stillStarting(destination, banner);
	const level = error instanceof Error && 'level' in error ? error.level : undefined;
	if (level === 'agent') return new KeyUnusable(messageOf(error));
	if (level === 'client-authentication' || /too many authentication failures/i.test(messageOf(error))) return undefined;
	// node-ssh calls a connection that closes before the login is done a timeout; it is a reset (MaxStartups, a ban).
	const closedEarly =
		(codeOf(error) === 'ETIMEDOUT' && messageOf(error) === 'No response from server') ||
		// A server with too many logins under way says so in clear words (“Exceeded MaxStartups”) and closes; ssh2 tells only this.
		messageOf(error) === 'Connection lost before handshake';
	const reset = Object.assign(new Error('the connection was closed during the login'), {code: 'ECONNRESET'});
	return connectTrouble(closedEarly ? reset : error, destination);
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
