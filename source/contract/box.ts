import type {Outside} from './outside.ts';
import type {Secret} from './secret.ts';

/** What a script on the box left. Text is already cleaned of control sequences. */
export type Result = {readonly code: number; readonly stdout: string; readonly stderr: string};

/** Thrown when the connection is lost or can't be made: never an answer to a question. */
export class Disconnected extends Error {
	override readonly name = 'Disconnected';
}

/** Who is let in by a change of the door that is under way, and at which ssh port. */
export type OtherDoor = {readonly user: string; readonly port: number};

/** A box under the hands of the engine: root on it, and what is seen of it from here. The engine knows no transport. */
export interface Box {
	readonly host: string;
	readonly port: number;
	/** Who is logged in now: 'root', later the admin user. */
	readonly user: string;
	/** Round trips (scripts sent and answered) since the login. */
	readonly roundTrips: number;
	/** Runs a bash script as root, sent on stdin (no size limit). @throws Disconnected */
	run(script: string): Promise<Result>;
	/** Runs a bash script as root and gives its stdout line by line while it runs; ends with the script. Returning early ends it on the box. @throws Disconnected */
	follow(script: string): AsyncGenerator<string, void, void>;
	/**
	 * Connects anew, with patience (backoff with jitter), as the same user or another one, or by the other door where that one
	 * is shut. Each attempt is reported.
	 * @throws Trouble when it gives up
	 */
	reconnect(options?: {
		readonly user?: string;
		readonly patience?: number;
		readonly otherwise?: OtherDoor;
		readonly onAttempt?: (attempt: number) => void;
	}): Promise<void>;
	/**
	 * Opens a second connection as `user` and runs a script as root on it: proof of the door, and the way to disarm the
	 * guard. With nothing but the person's key; `anyWay` also by a password. @throws Trouble
	 */
	freshLogin(user: string, script: string, options?: {readonly anyWay?: boolean}): Promise<Result>;
	/** Tells the box the sudo password of a user that a step has just made or changed. */
	setSudoPassword(user: string, password: Secret | undefined): void;
	/** Host keys that the box itself has told over this connection, as lines of their .pub files: whichever it shows next is no stranger's. */
	trustHostKeys(lines: readonly string[]): void;
	/** From now on the box is reached at this ssh port: a step has just moved it. */
	setPort(port: number): void;
	readonly outside: Outside;
	close(): Promise<void>;
}
