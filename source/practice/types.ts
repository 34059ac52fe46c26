import type {Secret} from '../contract/secret.ts';

export const releases = ['bookworm', 'trixie'] as const;

/** Debian releases a practice box can be made of (12 and 13). */
export type Release = (typeof releases)[number];

export const engineNames = ['nspawn', 'docker', 'podman'] as const;

export type EngineName = (typeof engineNames)[number];

/** What a start tells while it works: a task begins, tells a line of output, ends. */
export type PracticeEvent =
	| {readonly kind: 'begun'; readonly task: string}
	| {readonly kind: 'output'; readonly task: string; readonly line: string}
	| {readonly kind: 'finished'; readonly task: string; readonly seconds: number};

export type Progress = (event: PracticeEvent) => void;

/** Hands on one line that a long task printed. */
export type Tell = (line: string) => void;

export type PracticeOptions = {
	/** Lower-case host label; also the first label of the domain. Default 'microblog'. */
	readonly name?: string;
	/** Default 'bookworm'. */
	readonly release?: Release;
	/** How the provider lets root in: a generated password (default), or a generated key and no password. */
	readonly login?: 'password' | 'key';
	/** The box outlives the process that started it. Default false: it is removed at the next start once that process is gone. */
	readonly keep?: boolean;
	/** Default: the first engine that works here. */
	readonly engine?: EngineName;
	/** Where images and boxes are kept. Default: `practiceFolder()`. */
	readonly folder?: string;
	/** Days for which the ACME server's certificates are valid. Default 90, as Let's Encrypt's. All boxes of a folder share the server. */
	readonly certificateDays?: number;
};

/** What is on disk about one box. Never a secret. */
export type BoxRecord = {
	readonly name: string;
	readonly engine: EngineName;
	readonly release: Release;
	readonly login: 'password' | 'key';
	readonly keep: boolean;
	/** Last number of its addresses, 10 to 249. */
	readonly host: number;
	/** The image it stands on. */
	readonly image: string;
	/** ISO 8601. */
	readonly created: string;
	/** The process that asked for it: a box without `keep` whose owner is gone was left behind. */
	readonly owner: ProcessIdentity;
};

/** A process, safe against its number being used again. */
export type ProcessIdentity = {
	readonly pid: number;
	/** Start time in clock ticks since boot: field 22 of /proc/PID/stat, proc(5). */
	readonly started: string;
};

export type PracticeServices = {
	/** IPv4 address of the DNS server: authoritative for `zone`, takes updates, forwards the rest. */
	readonly nameserver: string;
	readonly nameserver6: string;
	/** The zone that takes RFC 2136 updates. */
	readonly zone: string;
	readonly tsig: {
		readonly name: string;
		readonly algorithm: 'hmac-sha256';
		/** Base64. */
		readonly secret: Secret;
		/** The same as a key file for `nsupdate -k`, mode 0600. */
		readonly file: string;
	};
	readonly acmeDirectory: string;
	/** PEM file with the root of the ACME server's own HTTPS and the root of the certificates it issues. */
	readonly acmeCa: string;
	/** Pebble's management address, HTTPS. */
	readonly acmeManagement: string;
	/** Git URL anyone may clone. */
	readonly repository: string;
	/** Git URL that wants a deploy key (`addDeployKey`). */
	readonly deployRepository: string;
	/** Host key of the git server, one known_hosts line. */
	readonly repositoryHostKey: string;
};

/** A running practice box. */
export type PracticeBox = PracticeServices & {
	readonly name: string;
	readonly engine: EngineName;
	readonly release: Release;
	readonly address: string;
	readonly address6: string;
	/** SSH port. */
	readonly port: number;
	/** Set when root logs in by password. */
	readonly rootPassword: Secret | undefined;
	/** Private key file, mode 0600; set when root logs in by key. */
	readonly rootKeyFile: string | undefined;
	/** The name to give the box: has no address record until someone makes one. */
	readonly domain: string;
	/** What the box printed while booting. */
	readonly bootLog: string;
	/** Makes A and AAAA records of these names (default: the domain) point to the box, by RFC 2136. */
	pointDomain(names?: readonly string[]): Promise<void>;
	/** Sends lines to nsupdate with the zone's key, `update add …` or `update delete …`. */
	updateZone(lines: readonly string[]): Promise<void>;
	/** Lets an OpenSSH public key clone `deployRepository`. */
	addDeployKey(publicKey: string): Promise<void>;
	/** Commits files (path to content) to a branch of the sample repository (main where none is named), as its author would. */
	commit(message: string, files: Readonly<Record<string, string>>, branch?: string): Promise<void>;
	/** Runs a script as root on the box's console, not over SSH; answers its output. */
	console(script: string): Promise<string>;
	/** A clean reboot; returns when SSH answers again with another boot id. */
	reboot(): Promise<void>;
	/** Power loss: everything stops at once. */
	kill(): Promise<void>;
	/** Power on again after `kill` or a shutdown; returns when SSH answers. */
	boot(): Promise<void>;
	/** Stops and removes the box, and with the last box the servers beside it. */
	stop(): Promise<void>;
};

export type BoxListing = BoxRecord & {
	readonly domain: string;
	readonly address: string;
	readonly state: 'running' | 'stopped' | 'left behind';
};
