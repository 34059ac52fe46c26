import type {Box, OtherDoor, Result} from '../contract/box.ts';
import {quote} from '../contract/command.ts';
import type {Outside} from '../contract/outside.ts';
import type {Secret} from '../contract/secret.ts';
import {Trouble} from '../contract/trouble.ts';
import type {Ask} from '../contract/ui/question.ts';
import {Door, type Session} from './door.ts';
import {announced, type Interaction, interact, newMark, type TerminalShape} from './interactive.ts';
import {type Credentials, emptyCredentials} from './login/login.ts';
import {isCut, isPassing, mayBeTheLine} from './passing-errors.ts';
import {portThrough} from './port-through.ts';
import {retry} from './retry.ts';
import type {Peer} from './shell/standing-shell.ts';
import {type Destination, resolveTarget, type Target} from './target.ts';
import {noSudo} from './troubles.ts';

/** What an Outside needs from the connection. */
export type Inside = {
	/** Both ends of the connection as the box sees them (SSH_CONNECTION). */
	readonly peer: () => Promise<Peer>;
	/** A fresh login with nothing but the key, and sudo on it. @throws Trouble */
	readonly login: Outside['login'];
	/** The name or address that is connected to, ~/.ssh/config included. */
	readonly hostname: string;
	/** Tries a port of the box by the way that the connection takes; undefined where that is the straight one, and any program here can. */
	readonly port?: (port: number, patience: number) => Promise<'open' | 'closed' | 'silent' | 'unknown'>;
};

export type TransportOptions = {
	/** A key file that is tried before all others; a function where it may come to exist later. */
	readonly identity?: string | (() => string | undefined);
	/** 'SHA256:…': the only host key that is accepted; nothing is asked then. */
	readonly hostKey?: string;
	readonly password?: Secret;
	readonly sudoPassword?: Secret;
	/** Whose password `sudoPassword` is; the user of the login where nothing is said. */
	readonly sudoUser?: string;
	/** The known_hosts file to read and to add to, instead of ssh's own. */
	readonly knownHosts?: string;
	readonly signal?: AbortSignal;
	/** Makes what is seen of the box from here. */
	readonly outside: (inside: Inside) => Outside;
};
/** A busy server (MaxStartups), or a bad line, at the very first login. */
const firstPatience = 5000;
const defaultPatience = 120_000;
/** How long the first attempt of a reconnect waits for the box, in milliseconds, the second twice as long and so on: a box that restarts swallows connections. */
const firstWait = 4000;
/** How long a fresh login may take, then its shell, then its script, and until when another attempt is made: milliseconds. */
const loginWait = 8000;
const loginPatience = 16_000;
/** How a door answers that is shut, or that has moved. */
const shut = new Set(['login-refused', 'refused', 'timeout']);

/** Logs in to a box, becomes root on it, and keeps the way there open. @throws Trouble */
export async function openBox(target: Target, ask: Ask, options: TransportOptions): Promise<SshBox> {
	const destination = await resolveTarget(target, options.knownHosts);
	const {password, sudoPassword, identity, hostKey, knownHosts, signal} = options;
	const credentials = emptyCredentials();
	if (password) credentials.passwords.set(destination.user, password);
	if (sudoPassword) credentials.sudo.set(options.sudoUser ?? destination.user, sudoPassword);
	const door = new Door({
		destination,
		ask,
		credentials,
		identity: typeof identity === 'function' ? identity : () => identity,
		...(hostKey === undefined ? {} : {pin: hostKey}),
		...(knownHosts === undefined ? {} : {knownHosts}),
		...(signal === undefined ? {} : {signal}),
	});
	const mayPass = isCut;
	const session = await retry(() => door.enter(destination.user), {
		patience: firstPatience,
		mayPass,
		...(signal && {signal}),
	});
	return new SshBox({door, session, credentials, destination, options});
}

type SshBoxParts = {
	readonly door: Door;
	readonly session: Session;
	readonly credentials: Credentials;
	readonly destination: Destination;
	readonly options: TransportOptions;
};

/** A box over ssh. */
export class SshBox implements Box {
	readonly host: string;
	readonly outside: Outside;
	readonly #door: Door;
	readonly #credentials: Credentials;
	readonly #signal: AbortSignal | undefined;
	/** Nobody wants it back once it was closed. */
	readonly #closed = new AbortController();
	#session: Session;
	#roundTrips = 0;

	constructor({door, session, credentials, destination, options}: SshBoxParts) {
		this.host = destination.host;
		this.#door = door;
		this.#session = session;
		this.#credentials = credentials;
		this.#signal = options.signal;
		this.outside = options.outside({
			hostname: destination.hostname,
			peer: async () => this.#session.pool.peer(),
			login: async (user, keys) => {
				await this.freshLogin(user, 'true', {...(keys && {expected: keys})});
			},
			...(isStraight(destination) ? {} : {port: (port, patience) => this.#portOnTheWay(destination, port, patience)}),
		});
	}

	/** A ProxyCommand carries ssh, and tells nothing of other ports. */
	async #portOnTheWay({hostname}: Destination, port: number, patience: number) {
		const {via} = this.#session.connection;
		return via ? await portThrough(via, {hostname, port}, patience) : 'unknown';
	}

	get port(): number {
		return this.#door.port;
	}

	get user(): string {
		return this.#session.user;
	}

	get roundTrips(): number {
		return this.#roundTrips;
	}

	/** SHA256 fingerprint of the host key it shows. */
	get hostKey(): string {
		return this.#session.connection.hostKey;
	}

	run(script: string): Promise<Result> {
		this.#roundTrips += 1;
		return this.#session.pool.run(script);
	}

	follow(script: string): AsyncGenerator<string, void, void> {
		this.#roundTrips += 1;
		return this.#session.pool.follow(script);
	}

	/**
	 * Runs a bash script as root on a channel of its own, with its streams joined to whoever asks: what it reads and prints is
	 * handed on byte for byte, uncleaned. It travels in a root-only file of a tmpfs, and takes that file away itself.
	 * @throws Trouble, Disconnected
	 */
	async interact(script: string, terminal?: TerminalShape): Promise<Interaction> {
		const mark = newMark();
		const path = `/run/boxwizard-${newMark()}`;
		const text = `rm -f -- "$0"\n${announced(mark)}\n${script}\n`;
		await this.run(`umask 077; printf '%s' ${quote(text)} > ${path}`);
		const {user} = this;
		return await interact(this.#session.connection.client, mark, {
			user,
			script: path,
			...(terminal && {terminal}),
			sudoPassword: async () => {
				const password = this.#credentials.sudo.get(user) ?? this.#credentials.passwords.get(user);
				if (password) return password;
				throw noSudo(user, 'wrong password', []);
			},
		});
	}

	async reconnect(options: NonNullable<Parameters<Box['reconnect']>[0]> = {}): Promise<void> {
		const {user = this.user, patience = defaultPatience, otherwise, onAttempt} = options;
		const signal = AbortSignal.any([this.#closed.signal, ...(this.#signal ? [this.#signal] : [])]);
		this.#session.connection.close();
		this.#session = await retry(attempt => this.#enter(user, attempt * firstWait, otherwise), {
			patience,
			mayPass: isPassing,
			...(onAttempt && {onAttempt}),
			signal,
		});
	}

	/** By the door in use, or else by the other one: what refuses the one may have changed to the other. */
	async #enter(user: string, within: number, otherwise: OtherDoor | undefined): Promise<Session> {
		try {
			return await this.#door.enter(user, {within});
		} catch (error) {
			if (!otherwise || !(error instanceof Trouble) || !shut.has(error.code)) throw error;
			const {port} = this;
			this.setPort(otherwise.port);
			try {
				return await this.#door.enter(otherwise.user, {within});
			} catch {
				this.setPort(port);
				throw error;
			}
		}
	}

	async freshLogin(
		user: string,
		script: string,
		{anyWay = false, expected}: {readonly anyWay?: boolean; readonly expected?: readonly string[]} = {},
	): Promise<Result> {
		const signal = AbortSignal.any([this.#closed.signal, ...(this.#signal ? [this.#signal] : [])]);
		// A person who is asked for a password takes their time.
		const entry = anyWay ? {} : {keysOnly: true, within: loginWait, ...(expected && {expected})};
		const login = async () => {
			const {pool, connection} = await this.#door.enter(user, entry);
			const timer = setTimeout(() => connection.client.destroy(), loginWait);
			try {
				return await pool.run(script);
			} finally {
				clearTimeout(timer);
				connection.close();
			}
		};
		return await retry(login, {patience: loginPatience, mayPass: mayBeTheLine, signal});
	}

	setSudoPassword(user: string, password: Secret | undefined): void {
		if (password) this.#credentials.sudo.set(user, password);
		else this.#credentials.sudo.delete(user);
	}

	trustHostKeys(lines: readonly string[]): void {
		this.#door.trustHostKeys(lines);
	}

	setPort(port: number): void {
		this.#door.setPort(port);
	}

	async close(): Promise<void> {
		this.#closed.abort();
		this.#session.connection.close();
		await this.#session.connection.closed;
	}
}

function isStraight({jumps, proxyCommand}: Destination): boolean {
	return jumps.length === 0 && proxyCommand === undefined;
}
