/** What a box is, seen before anything is touched. */
export type Survey = {
	readonly os: {
		/** 'debian', 'ubuntu': ID of os-release(5). */
		readonly id: string;
		readonly version: string;
		/** 'Debian GNU/Linux 12 (bookworm)' */
		readonly name: string;
		readonly supported: boolean;
	};
	readonly kernel: string;
	/** As `uname -m` says it. */
	readonly architecture: string;
	readonly cores: number;
	/** Bytes. */
	readonly memory: number;
	/** Bytes. */
	readonly swap: number;
	/** Of the root file system, in bytes; and whether a set-up has room there. */
	readonly disk: {readonly size: number; readonly free: number; readonly enough: boolean};
	readonly hostname: string;
	/** Of global scope. */
	readonly addresses: {readonly v4: readonly string[]; readonly v6: readonly string[]};
	readonly rebootPending: boolean;
	/** TCP ports that something listens on, with the first process seen there. */
	readonly listening: readonly {readonly port: number; readonly process: string}[];
	/** Those of them that Docker keeps open for its containers: its rules come before those of a firewall. */
	readonly pastFirewall: readonly number[];
	/** People's accounts that are there already. */
	readonly users: readonly string[];
	/** Known services that run. */
	readonly running: readonly string[];
	/** Seconds since boot. */
	readonly uptime: number;
};
