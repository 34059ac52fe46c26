/** Where lines of one kind come from on a box. */
export type LogSource = {
	/** What the person filters by: 'app', 'nginx', 'supervisor', 'mail', 'system'. */
	readonly kind: LogKind;
	/** What stands before its lines: 'microblog', 'nginx error'. */
	readonly label: string;
	/** The app whose it is; none for what all apps share. */
	readonly app?: string;
	/** A file, or a match of the journal as journalctl(1) takes it. */
	readonly from: {readonly file: string} | {readonly journal: readonly string[]; readonly without?: OwnLines};
};

/** What apps write into the journal: lines of its own source, which are left out of another one. */
export type OwnLines = {
	/** They run as these users. */
	readonly users: readonly string[];
	/** 'microblog.service' */
	readonly units: readonly string[];
};

export const logKinds = ['app', 'nginx', 'supervisor', 'mail', 'system'] as const;

export type LogKind = (typeof logKinds)[number];

/** What a stream of logs tells a screen: a line, or that the connection was lost and is made anew. */
export type LogEvent =
	| {
			readonly type: 'line';
			/** Milliseconds since 1970. */
			readonly time: number;
			readonly kind: LogKind;
			readonly label: string;
			/** The app whose line it is; none for those of the box. */
			readonly app?: string;
			readonly text: string;
	  }
	| {readonly type: 'reconnecting'; readonly attempt: number};
