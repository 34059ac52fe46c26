import {setTimeout as sleep} from 'node:timers/promises';
import {type Box, Disconnected} from '../box.ts';
import type {Ask} from '../question.ts';
import type {Secret} from '../secret.ts';
import type {Outside} from '../step.ts';
import {Trouble} from '../trouble.ts';
import {Door, type Session} from './door.ts';
import {emptyCredentials} from './login.ts';
import type {Peer} from './root-shell.ts';
import {resolveTarget, type Target} from './target.ts';

/** What an Outside needs from the connection. */
export type Inside = {
	/** Both ends of the connection as the box sees them (SSH_CONNECTION). */
	readonly peer: () => Promise<Peer>;
	/** A fresh login with nothing but the key, and sudo on it. @throws Trouble */
	readonly login: (user: string) => Promise<void>;
	/** The name or address that is connected to, ~/.ssh/config included. */
	readonly hostname: string;
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

/** A box over ssh: what else this transport knows of it. */
export type SshBox = Box & {
	/** SHA256 fingerprint of the host key it shows. */
	readonly hostKey: string;
};

/** Troubles that pass by themselves: a box that restarts, a server that is busy. */
const passing = new Set(['refused', 'timeout', 'reset', 'unreachable', 'no-name-server', 'connect']);
/** A busy server (MaxStartups) at the very first login. */
const firstPatience = 5000;
const defaultPatience = 120_000;
const firstPause = 200;
const longestPause = 10_000;

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
	const mayPass = (error: unknown) => error instanceof Trouble && error.code === 'reset';
	const enter = () => door.enter(destination.user);
	const session = await patiently(enter, {patience: firstPatience, mayPass, ...(signal ? {signal} : {})});
	return createBox(session);

	function createBox(first: Session): SshBox {
		let current = first;
		let roundTrips = 0;
		const freshLogin: Box['freshLogin'] = async (user, script) => {
			const proof = await door.enter(user, true);
			try {
				return await proof.pool.run(script);
			} finally {
				proof.connection.close();
			}
		};
		const peer = async () => current.pool.peer();
		const login = async (user: string) => {
			await freshLogin(user, 'true');
		};
		return {
			host: destination.host,
			get port() {
				return door.port;
			},
			get user() {
				return current.user;
			},
			get roundTrips() {
				return roundTrips;
			},
			get hostKey() {
				return current.connection.hostKey;
			},
			outside: options.outside({peer, login, hostname: destination.hostname}),
			run(script) {
				roundTrips += 1;
				return current.pool.run(script);
			},
			follow(script) {
				roundTrips += 1;
				return current.pool.follow(script);
			},
			async reconnect({user = current.user, patience = defaultPatience, onAttempt} = {}) {
				current.connection.close();
				const canPass = (error: unknown) => isPassing(error);
				const again = {patience, mayPass: canPass, ...(onAttempt ? {onAttempt} : {}), ...(signal ? {signal} : {})};
				current = await patiently(() => door.enter(user), again);
			},
			freshLogin,
			setPort: port => door.setPort(port),
			setSudoPassword(user, secret) {
				if (secret) credentials.sudo.set(user, secret);
				else credentials.sudo.delete(user);
			},
			async close() {
				current.connection.close();
				await current.connection.closed;
			},
		};
	}
}

function isPassing(error: unknown): boolean {
	return error instanceof Disconnected || (error instanceof Trouble && passing.has(error.code));
}

type Patience = {
	/** Milliseconds. */
	readonly patience: number;
	readonly mayPass: (error: unknown) => boolean;
	readonly onAttempt?: (attempt: number) => void;
	readonly signal?: AbortSignal;
};

/** Tries again what may pass, each pause twice the last one, up to ten seconds, and shortened at random so that many don't come at once. */
async function patiently<Value>(work: () => Promise<Value>, options: Patience): Promise<Value> {
	const {patience, mayPass, onAttempt, signal} = options;
	const deadline = Date.now() + patience;
	let pause = firstPause;
	for (let attempt = 1; ; attempt++) {
		onAttempt?.(attempt);
		try {
			return await work();
		} catch (error) {
			const wait = pause * (0.5 + Math.random() / 2);
			if (!mayPass(error) || Date.now() + wait > deadline) throw error;
			await sleep(wait, undefined, signal ? {signal} : {});
			pause = Math.min(pause * 2, longestPause);
		}
	}
}
