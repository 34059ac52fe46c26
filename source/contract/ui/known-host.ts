/** A box this machine has a journal of. */
export type KnownHost = {
	/** What `open` takes: 'jessica@203.0.113.7:2222'. */
	readonly target: string;
	/** What the person reads: the domain, else the address. */
	readonly label: string;
	readonly host: string;
	readonly user: string;
	readonly domain?: string;
	/** The title of its first app's kind. */
	readonly kind?: string;
	/** In the order in which they came. */
	readonly apps: readonly KnownApp[];
	/** Steps in place, of how many. */
	readonly done: number;
	readonly total: number;
	/** Where the last run stopped: a step's title; undefined where its set-up is done, or was never begun. */
	readonly stoppedAt?: string;
	/** ISO 8601, UTC. */
	readonly lastSeen?: string;
	/** Why nothing more is known of it: its journal can't be read. Opening it says what to do. */
	readonly unreadable?: string;
	/** Whole days until the first app's certificate ends; negative when it is over. */
	readonly certificateDays?: number;
};

/** An app of a box, as its journal knows it. */
export type KnownApp = {
	readonly name: string;
	/** The title of its kind. */
	readonly kind: string;
	readonly domain?: string;
	/** Where it listens inside the box. */
	readonly port?: number;
	/** Whole days until its certificate ends, as it was seen last; negative when it is over. */
	readonly certificateDays?: number;
};

/** What forgetting a box comes to. */
export type Forgetting = {
	/** What a person calls it, and types to have it forgotten. */
	readonly label: string;
	/** What this machine has of it and then has no more, one thing each. */
	readonly goes: readonly string[];
	/** What is left as it is, a sentence each. */
	readonly stays: readonly string[];
};
