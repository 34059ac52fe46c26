import {existsSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import Conf from 'conf';
import {Secret} from './secret.ts';
import {Trouble} from './trouble.ts';

/** What can stand in a JSON file. */
export type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json};

/** What became of a step. Times are ISO 8601 in UTC. */
export type StepRecord = {
	readonly state: 'done' | 'failed' | 'undone' | 'started';
	readonly at: string;
	readonly seconds: number;
	/** The facts `check` found first; later runs never overwrite them. */
	readonly before?: Json;
	/** The job that does or did it. */
	readonly job?: string;
};

/** All that is remembered of a box. Never a secret: those are in the vault. */
export type JournalState = {
	readonly version: 1;
	readonly host: string;
	readonly port: number;
	/** The login it began with. */
	readonly user: string;
	/** The admin user, once made. */
	readonly admin?: string;
	/** Path of the private key that opens the door. */
	readonly identity?: string;
	/** 'SHA256:…' */
	readonly hostKey?: string;
	readonly resolver?: string;
	/** The practice box's name, where it is one. */
	readonly practice?: string;
	/** PEM of a CA to be trusted for this box's site. */
	readonly acmeCa?: string;
	readonly recipe?: string;
	readonly answers: Readonly<Record<string, Json>>;
	readonly leftOut: readonly string[];
	readonly steps: Readonly<Record<string, StepRecord>>;
	/** The job that runs now: what a next run re-attaches to. */
	readonly job?: {readonly id: string; readonly step: string; readonly startedAt: string};
	readonly os?: string;
	readonly lastSeen?: string;
	readonly domain?: string;
	readonly certificateExpires?: string;
	/** Seconds each step took, for the time left. */
	readonly seconds?: Readonly<Record<string, number>>;
};

/** The journal of one box. Reading and writing throw a Trouble where the file is damaged or can't be written. */
export interface Journal {
	/** Of the file, which is there after the first `update`. */
	readonly path: string;
	read(): JournalState;
	/** Reads, changes and writes in one go, also against another boxwizard on this machine. Secrets are left out. */
	update(change: (state: JournalState) => JournalState): void;
}

/** Where journals are when nothing else is said: `hosts/` in the user's config folder for boxwizard, or in $BOXWIZARD_HOME. */
export function journalFolder(): string {
	const home = process.env.BOXWIZARD_HOME;
	if (home) return join(home, 'hosts');
	return join(dirname(new Conf({projectName: 'boxwizard', projectSuffix: ''}).path), 'hosts');
}

/** @throws Trouble when its file is damaged: the file is kept as it is */
export function openJournal(host: string, port: number, folder = journalFolder()): Journal {
	const fresh: JournalState = {version: 1, host, port, user: 'root', answers: {}, leftOut: [], steps: {}};
	return journalAt(folder, `${encodeURIComponent(host.toLowerCase())}_${port}`, fresh);
}

/** All journals of this machine, last seen first. Damaged ones are left out: opening one says what is wrong. */
export function listJournals(folder = journalFolder()): Journal[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter(name => name.endsWith('.json'))
		.flatMap(name => readable(folder, basename(name, '.json')))
		.sort((one, other) => lastSeen(other).localeCompare(lastSeen(one)));
}

function readable(folder: string, name: string): Journal[] {
	const match = /^(?<host>.+)_(?<port>\d+)$/.exec(name);
	if (!match?.groups) return [];
	try {
		const journal = openJournal(decodeURIComponent(match.groups.host ?? ''), Number(match.groups.port), folder);
		return [journal];
	} catch (error) {
		if (error instanceof Trouble || error instanceof URIError) return [];
		throw error;
	}
}

const lastSeen = (journal: Journal): string => journal.read().lastSeen ?? '';

function journalAt(folder: string, name: string, fresh: JournalState): Journal {
	const path = join(folder, `${name}.json`);
	const store = withTrouble(path, () => openStore(folder, name));
	const read = (): JournalState => (existsSync(path) ? {...fresh, ...store.store} : fresh);
	const journal: Journal = {
		path,
		read: () => withTrouble(path, read),
		update(change) {
			exclusively(`${path}.lock`, () =>
				withTrouble(path, () => {
					store.store = withoutSecrets(change(read())) as JournalState;
				}),
			);
		},
	};
	journal.read();
	return journal;
}

function openStore(folder: string, name: string): Conf<JournalState> {
	return new Conf<JournalState>({
		cwd: folder,
		configName: name,
		projectSuffix: '',
		configFileMode: 0o600,
		accessPropertiesByDotNotation: false,
		schema: {
			version: {type: 'integer', const: 1},
			host: {type: 'string'},
			port: {type: 'integer', minimum: 1, maximum: 65_535},
			user: {type: 'string'},
			answers: {type: 'object'},
			leftOut: {type: 'array', items: {type: 'string'}},
			steps: {type: 'object', additionalProperties: {type: 'object', required: ['state', 'at', 'seconds']}},
		},
	});
}

/** The state without its Secret values, at any depth. */
function withoutSecrets(value: unknown): unknown {
	if (Array.isArray(value)) return value.filter(item => !(item instanceof Secret)).map(withoutSecrets);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([, item]) => item !== undefined && !(item instanceof Secret))
			.map(([key, item]) => [key, withoutSecrets(item)]),
	);
}

/** Turns what conf throws into words. A damaged file is never cleared: it may be all that is known of a box. */
function withTrouble<T>(path: string, task: () => T): T {
	try {
		return task();
	} catch (error) {
		if (error instanceof Trouble) throw error;
		const message = error instanceof Error ? error.message : String(error);
		const damaged = error instanceof SyntaxError || message.startsWith('Config schema violation');
		throw new Trouble(
			damaged
				? {
						what: 'The journal of this box can’t be read.',
						means: 'It was cut off, edited, or written by a newer boxwizard. It is kept as it is.',
						next: `Mend ${path}, or move it away and start again: the box itself says what is in place.`,
						evidence: [path, message],
						code: 'journal-damaged',
					}
				: {
						what: 'The journal of this box can’t be read or written.',
						means: 'Without it a stopped run could not be resumed or undone, so nothing further is done.',
						next: `See that the disk is not full and that ${dirname(path)} is yours, then try again.`,
						evidence: [path, message],
						code: 'journal-unwritable',
					},
			error,
		);
	}
}

/** Milliseconds after which a lock was surely left behind by a crash: writing takes a few. */
const lockLife = 5000;
/** Milliseconds between two tries for the lock. */
const lockPause = 5;

/** Runs `task` while a lock file stands: of two processes that write at once, neither loses its change. */
function exclusively(lock: string, task: () => void): void {
	while (!take(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lockPause);
	try {
		task();
	} finally {
		rmSync(lock, {force: true});
	}
}

function take(lock: string): boolean {
	try {
		writeFileSync(lock, String(process.pid), {flag: 'wx', mode: 0o600});
		return true;
	} catch (error) {
		if (!(error instanceof Error && 'code' in error)) throw error;
		// conf makes the folder with the first write, and says in its own words where it can't.
		if (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'ENOSPC' || error.code === 'EROFS')
			return true;
		if (error.code !== 'EEXIST') throw error;
		const age = Date.now() - (statSync(lock, {throwIfNoEntry: false})?.mtimeMs ?? Date.now());
		if (age > lockLife) rmSync(lock, {force: true});
		return false;
	}
}
