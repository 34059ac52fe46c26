import {Disconnected} from '../contract/box.ts';
import type {Secret} from '../contract/secret.ts';
import {Trouble} from '../contract/trouble.ts';
import type {Ask} from '../contract/ui/question.ts';
import {type Connection, type ConnectOptions, connect} from './connect.ts';
import {fingerprint} from './login/known-hosts.ts';
import type {Credentials} from './login/login.ts';
import {changePassword} from './login/password-change.ts';
import {openRootShell, PasswordExpired} from './shell/root-shell.ts';
import {ShellPool} from './shell/shell-pool.ts';
import {type Destination, nameIn} from './target.ts';

/** A connection with root on the box behind it. */
export type Session = {readonly connection: Connection; readonly pool: ShellPool; readonly user: string};

/** How to enter: `keysOnly` asks for no password and takes none, so that what is proven is the key. */
export type Entry = Pick<ConnectOptions, 'keysOnly' | 'within' | 'expected'>;

export type DoorOptions = {
	readonly destination: Destination;
	readonly ask: Ask;
	readonly credentials: Credentials;
	/** A key file that is tried before all others. */
	readonly identity: () => string | undefined;
	readonly pin?: string;
	readonly knownHosts?: string;
	readonly signal?: AbortSignal;
};

/** The way into one box: who may enter, and what has been learnt on the way. */
export class Door {
	readonly #options: DoorOptions;
	readonly #jumpCredentials = new Map<string, Credentials>();
	#destination: Destination;
	/** Fingerprints of the host keys of this very box: the one it has shown (a port that has moved is no new host), and those it has told. */
	readonly #hostKeys = new Set<string>();

	constructor(options: DoorOptions) {
		this.#options = options;
		this.#destination = options.destination;
	}

	get port(): number {
		return this.#destination.port;
	}

	/** The box listens on another port from now on. */
	setPort(port: number): void {
		const {hostname} = this.#destination;
		this.#destination = {...this.#destination, port, knownAs: nameIn(hostname, port)};
	}

	/** The box has other host keys beside the one it has shown: lines of their .pub files. What is none is passed over. */
	trustHostKeys(lines: readonly string[]): void {
		for (const line of lines) {
			const [type, key] = line.trim().split(/\s+/);
			if (type?.includes('-') && key) this.#hostKeys.add(fingerprint(Buffer.from(key, 'base64')));
		}
	}

	/**
	 * A new connection with a root shell ready; a forced password change is walked through.
	 * @throws Trouble, Disconnected
	 */
	async enter(user: string, entry: Entry = {}): Promise<Session> {
		const first = await this.#attempt(user, entry);
		if (!(first instanceof PasswordExpired)) return first;
		const second = await this.#attempt(user, entry);
		if (second instanceof PasswordExpired) throw new Disconnected(second.message);
		return second;
	}

	/** Answers PasswordExpired when the password had to be changed: the box has closed that connection. */
	async #attempt(user: string, entry: Entry): Promise<Session | PasswordExpired> {
		const connection = await connect(this.#connectOptions(user, entry));
		this.#hostKeys.add(connection.hostKey);
		const sudoPassword = (wrong: boolean) => this.#sudoPassword(user, wrong, entry.keysOnly === true);
		const pool = new ShellPool(() => openRootShell(connection.client, {user, sudoPassword}));
		// A box that is going down may still take the login, and then fall silent.
		const {within} = entry;
		const timer = within === undefined ? undefined : setTimeout(() => connection.client.destroy(), 2 * within);
		try {
			await pool.start();
			return {connection, pool, user};
		} catch (error) {
			try {
				if (!(error instanceof PasswordExpired)) throw error;
				await this.#renewPassword(connection, user, error);
				return error;
			} finally {
				connection.close();
				await connection.closed;
			}
		} finally {
			clearTimeout(timer);
		}
	}

	async #renewPassword(connection: Connection, user: string, error: PasswordExpired): Promise<void> {
		const {destination, credentials, ask} = this.#options;
		const old = credentials.passwords.get(user);
		const change = {client: connection.client, user, host: destination.host, reason: error.message, old, ask};
		credentials.passwords.set(user, await changePassword(change));
		// What was said to be the sudo password was the old one.
		credentials.sudo.delete(user);
	}

	#connectOptions(user: string, entry: Entry): ConnectOptions {
		const {credentials, ask, identity, pin, knownHosts, signal} = this.#options;
		const path = identity();
		return {
			destination: {...this.#destination, user},
			credentials,
			ask,
			...entry,
			jumpCredentials: this.#jumpCredentials,
			...(path === undefined ? {} : {identity: path}),
			seen: [...this.#hostKeys],
			...(pin === undefined ? {} : {pin}),
			...(knownHosts === undefined ? {} : {knownHosts}),
			...(signal === undefined ? {} : {signal}),
		};
	}

	/** The sudo password: known, or the login's own (it is the same account's), or asked for. */
	async #sudoPassword(user: string, wrong: boolean, isProof: boolean): Promise<Secret> {
		const {credentials, ask} = this.#options;
		const known = credentials.sudo.get(user) ?? credentials.passwords.get(user);
		if (known && !wrong) return known;
		if (isProof) throw wantsPassword(user);
		const password = await ask({kind: 'sudo-password', user, wrong});
		credentials.sudo.set(user, password);
		return password;
	}
}

function wantsPassword(user: string): Trouble {
	return new Trouble({
		what: `sudo wants a password for ${user} that is not known or wrong.`,
		means: `The login of ${user} works, but nothing can be run as root through it.`,
		next: 'Give the right sudo password, and try again.',
		code: 'no-sudo',
	});
}
