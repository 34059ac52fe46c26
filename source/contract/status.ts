import type {Version} from './step.ts';

/** How an app stands, as its process manager and the box say it now. */
export type AppStatus = {
	readonly name: string;
	/** 'unknown': the box does not say. */
	readonly state: 'up' | 'starting' | 'down' | 'unknown';
	/** Since when it is so. ISO 8601, UTC. */
	readonly since?: string;
	/** The release that is live. */
	readonly version?: Version;
	/** Bytes, of all its processes. */
	readonly memory?: number;
	/** How often its process manager had to start it again since it was started by someone; where it counts that. */
	readonly restarts?: number;
	readonly domain?: string;
	/** When the certificate that the box keeps for it ends. ISO 8601, UTC. */
	readonly certificateExpires?: string;
	/** Where it listens inside the box. */
	readonly port?: number;
	/** What it does at fixed times; not there where it has no such jobs. */
	readonly jobs?: readonly JobStatus[];
};

/** A job of an app at fixed times, as its timer and its last run stand. */
export type JobStatus = {
	/** As the app's answers name it: 'clean'. */
	readonly name: string;
	/** 'failed': its last run did. 'off': no timer starts it. */
	readonly state: 'waiting' | 'running' | 'failed' | 'off';
	/** When it runs next. ISO 8601, UTC. */
	readonly next?: string;
	/** When it was started last. ISO 8601, UTC. */
	readonly last?: string;
};

/** A program that boxwizard did not bring, and leaves alone. */
export type ForeignProgram = {
	readonly name: string;
	readonly manager: 'supervisor' | 'systemd';
	readonly state: AppStatus['state'];
	/** Files that its process manager writes what it says into; none where that is the journal. */
	readonly logs: readonly string[];
};

/** How a box and all it carries stand, in one look. */
export type BoxStatus = {
	/** When the box was asked. ISO 8601, UTC. */
	readonly at: string;
	/** Seconds since its boot. */
	readonly uptime: number;
	/** Bytes. */
	readonly memory: {readonly total: number; readonly available: number};
	/** Of the root file system, in bytes. */
	readonly disk: {readonly size: number; readonly free: number};
	/** Packages with a newer version, as of the last time that the lists were read. */
	readonly updates: number;
	readonly rebootPending: boolean;
	/** The last check from this machine: when it was, and how many steps differed. ISO 8601, UTC. */
	readonly checked?: {readonly at: string; readonly differing: number};
	readonly apps: readonly AppStatus[];
	readonly others: readonly ForeignProgram[];
};

/** How an app is seen from this machine, by one request for the head of its front page. */
export type Reached = {
	/** The box's target, as in the list of known boxes. */
	readonly target: string;
	readonly app: string;
	/** 'silent': nothing answers, or the web server in the app's place; 'amiss': it answers, with an error of its own or with a warning to visitors. */
	readonly state: 'up' | 'amiss' | 'silent';
	/** Why it is not up: 'answers 502', 'no answer within 4 s', 'it is for other.example.com'. */
	readonly problem?: string;
	/** Whole days until its certificate ends; negative when it is over. */
	readonly certificateDays?: number;
};
