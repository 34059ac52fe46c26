import type {ParsedKey} from 'ssh2';
import type {Ask} from '../../contract/ui/question.ts';
import type {Destination} from '../target.ts';

export type Ssh2 = typeof import('ssh2');

/** A key that may open the door: its public half now, its signature when the box wants it. */
export type Candidate = {
	/** A path, or 'agent: comment'. */
	readonly name: string;
	readonly publicKey: ParsedKey;
	sign(data: Buffer, hash: string | undefined): Promise<Buffer>;
};

/** What has been unlocked and found unusable, kept over reconnects so that nothing is asked twice. */
export type KeyMemory = {
	readonly unlocked: Map<string, ParsedKey>;
	/** Names of keys that can't sign: three wrong passphrases, or the agent refused. */
	readonly unusable: Set<string>;
	/** The name of the key that opened the door: tried first the next time. */
	winner?: string;
};

export type KeyringOptions = {
	readonly ssh2: Ssh2;
	readonly destination: Destination;
	/** A key file that goes before all others. */
	readonly identity?: string;
	readonly memory: KeyMemory;
	readonly ask: Ask;
};

/** Thrown when a key that the box would take can't sign: the login starts again without it. */
export class KeyUnusable extends Error {
	override readonly name = 'KeyUnusable';
}
