import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import Conf from 'conf';
import {Secret} from '../contract/secret.ts';
import {instanceOf, qualified} from '../contract/step-id.ts';
import {Trouble} from '../contract/trouble.ts';
import {writeWhole} from './atomic-write.ts';
import {exclusively} from './file-lock.ts';
import {migrations, type RawJournal, upToDate, versionOf} from './journal-versions.ts';

/** What can stand in a JSON file. */
export type Json = null | boolean | number | string | readonly Json[] | {readonly [key: string]: Json};

/** What became of a step. Times are ISO 8601 in UTC. */
export type StepRecord = {
	readonly state: 'done' | 'failed' | 'undone' | 'started';
	readonly at: string;
	readonly seconds: number;
	/** The facts `check` found first; later runs never overwrite them. */
	readonly before?: Json;
	/** Who brought it about: 'jessica@laptop'. */
	readonly by?: string;
};

/** A fix that was made on the spot: all that its undo needs, and what a receipt tells of it. */
export type FixRecord = {
	readonly title: string;
	readonly why: string;
	/** What its undo can't bring back. */
	readonly notUndone?: string;
	/** What it did, as recorded operations, secrets masked; absent where an earlier boxwizard made it. */
	readonly done?: readonly Json[];
	/** Recorded operations (recorder.ts), without secrets; none where it can't be taken back. */
	readonly undo: readonly Json[];
};

/** What is remembered of the box itself, or of one of its apps. */
export type SectionState = {
	readonly answers: Readonly<Record<string, Json>>;
	/** Ids of the steps the person left out. */
	readonly leftOut: readonly string[];
	/** By the step's id, without the app's name. */
	readonly steps: Readonly<Record<string, StepRecord>>;
	/** Fixes that no step list has, by id, with the operations that take them back. */
	readonly fixes?: Readonly<Record<string, FixRecord>>;
};

export type AppState = SectionState & {
	/** 'python' */
	readonly kind: string;
	/** When its certificate ends, as it was seen last. ISO 8601, UTC. */
	readonly certificateExpires?: string;
};

/** All that is remembered of a box. Never a secret: those are in the vault. */
export type JournalState = {
	readonly version: 3;
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
	readonly box: SectionState;
	/** By name, in the order in which they came. */
	readonly apps: Readonly<Record<string, AppState>>;
	/** Answers for an app that has no name yet. */
	readonly draft?: Pick<AppState, 'kind' | 'answers' | 'leftOut'>;
	/** How far the last run came: how many of the steps that the answers call for were in place; and of which app it was. */
	readonly progress?: {readonly inPlace: number; readonly wanted: number; readonly app?: string};
	/** What older versions left on the box and in the keychain, where this one does not look: moved by the next run. */
	readonly unmoved?: Unmoved;
	/** The job that runs now: what a next run re-attaches to. */
	readonly job?: {readonly id: string; readonly step: string; readonly startedAt: string};
	readonly os?: string;
	readonly lastSeen?: string;
	/** The last check of the whole box: when (ISO 8601, UTC), and how many steps differed. */
	readonly checked?: {readonly at: string; readonly differing: number};
	/** Seconds each step took, for the time left. */
	readonly seconds?: Readonly<Record<string, number>>;
};

/** What has another place since. */
export type Unmoved = {
	/** The app that the secrets without an app's name belong to. */
	readonly app?: string;
	/** Folders below /var/lib/boxwizard, from and to. */
	readonly folders: readonly (readonly [string, string])[];
	/** Originals that another step looks after now: the path, and the two steps' folders. */
	readonly originals: readonly {readonly path: string; readonly from: string; readonly to: string}[];
};

const emptySection: SectionState = {answers: {}, leftOut: [], steps: {}};

/** What is remembered of an app, or without a name of the box itself; undefined for an app that there is not. */
export function sectionOf(state: JournalState, app: string | undefined): SectionState | undefined {
	return app === undefined ? state.box : state.apps[app];
}

/** The state with a section changed. An app that is not there yet is added, where its kind is told. */
export function withSection(
	state: JournalState,
	app: string | undefined,
	change: (section: SectionState) => SectionState,
	kind = '',
): JournalState {
	if (app === undefined) return {...state, box: change(state.box)};
	const before: AppState = state.apps[app] ?? {...emptySection, kind};
	return {...state, apps: {...state.apps, [app]: {...before, ...change(before)}}};
}

/** What became of a step, by its record id (step-id.ts). */
export function stepRecord(state: JournalState, id: string): StepRecord | undefined {
	const {app, id: own} = instanceOf(id);
	return sectionOf(state, app)?.steps[own];
}

/** Records of the box and of all apps, by record id. */
export function stepRecords(state: JournalState): Readonly<Record<string, StepRecord>> {
	const records = (app: string | undefined, {steps}: SectionState) =>
		Object.entries(steps).map(([id, record]) => [qualified(app, id), record] as const);
	const apps = Object.entries(state.apps).flatMap(([app, section]) => records(app, section));
	return Object.fromEntries([...records(undefined, state.box), ...apps]);
}

/** The name that a person knows the box by: the domain of its first app, else its address. */
export function labelOf({host, apps, draft}: JournalState): string {
	const domains = [...Object.values(apps), ...(draft ? [draft] : [])].map(({answers}) => answers.domain);
	return domains.find(domain => typeof domain === 'string' && domain !== '')?.toString() ?? host;
}

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
	const fresh: JournalState = {version: 3, host, port, user: 'root', box: emptySection, apps: {}};
	return journalAt(folder, `${encodeURIComponent(host.toLowerCase())}_${port}`, fresh);
}

/** A journal that can't be read: the box is known, and what is wrong with its file. */
export type UnreadableJournal = {readonly host: string; readonly port: number; readonly trouble: Trouble};

/** All journals of this machine that can be read, last seen first. */
export function listJournals(folder = journalFolder()): Journal[] {
	return readAll(folder)
		.flatMap(found => ('trouble' in found ? [] : [{journal: found, lastSeen: found.read().lastSeen ?? ''}]))
		.sort((one, other) => other.lastSeen.localeCompare(one.lastSeen))
		.map(({journal}) => journal);
}

/** Those that can't: damaged, of a newer boxwizard, or not to be opened. */
export function unreadableJournals(folder = journalFolder()): UnreadableJournal[] {
	return readAll(folder).filter(found => 'trouble' in found);
}

function readAll(folder: string): (Journal | UnreadableJournal)[] {
	if (!existsSync(folder)) return [];
	const names = withTrouble(folder, () => readdirSync(folder));
	return names.flatMap(name => {
		const match = /^(?<host>.+)_(?<port>\d+)\.json$/.exec(name);
		const host = decoded(match?.groups?.host);
		return host === undefined ? [] : [readOne(host, Number(match?.groups?.port), folder)];
	});
}

/** A file that has no name of ours is none of ours. */
function decoded(host: string | undefined): string | undefined {
	try {
		return host === undefined ? undefined : decodeURIComponent(host);
	} catch {
		return undefined;
	}
}

function readOne(host: string, port: number, folder: string): Journal | UnreadableJournal {
	try {
		return openJournal(host, port, folder);
	} catch (error) {
		if (error instanceof Trouble) return {host, port, trouble: error};
		throw error;
	}
}

function journalAt(folder: string, name: string, fresh: JournalState): Journal {
	const path = join(folder, `${name}.json`);
	const store = withTrouble(path, () => openStore(folder, name));
	const read = (): JournalState => (existsSync(path) ? upToDate(store.store, path) : fresh);
	const write = (state: JournalState): void => {
		if (existsSync(path)) keepOlder(path, versionOf(store.store));
		writeWhole(path, `${JSON.stringify(withoutSecrets(state), undefined, '\t')}\n`);
	};

	const journal: Journal = {
		path,
		read: () => withTrouble(path, read),
		update(change) {
			exclusively(`${path}.lock`, () => withTrouble(path, () => write(change(read()))));
		},
	};
	journal.read();
	return journal;
}

/** What an older boxwizard wrote is kept beside the new file: that one can still be gone back to. */
function keepOlder(path: string, version: number): void {
	const copy = `${path}.version-${version}`;
	if (version < migrations.length && !existsSync(copy)) writeWhole(copy, readFileSync(path, 'utf8'));
}

function openStore(folder: string, name: string): Conf<RawJournal> {
	return new Conf<RawJournal>({
		cwd: folder,
		configName: name,
		projectSuffix: '',
		configFileMode: 0o600,
		accessPropertiesByDotNotation: false,
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
		const damaged = error instanceof SyntaxError;
		throw new Trouble(
			damaged
				? {
						what: 'The journal of this box can’t be read.',
						means: 'It was cut off or edited. It is kept as it is.',
						next: 'Mend the file, or move it away and start again: the box itself says what is in place.',
						evidence: [path, message],
						code: 'journal-damaged',
					}
				: {
						what: 'The journal of this box can’t be read or written.',
						means:
							'Without it a stopped run could not be resumed or undone, so nothing further is done. What stood in it still does.',
						next: `See that the disk is not full and that ${dirname(path)} is yours to write, or name another folder with BOXWIZARD_HOME, then try again.`,
						evidence: [path, message],
						code: 'journal-unwritable',
					},
			error,
		);
	}
}
