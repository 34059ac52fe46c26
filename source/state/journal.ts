import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import Conf from 'conf';
import {Secret} from '../contract/secret.ts';
import {Trouble} from '../contract/trouble.ts';
import {writeWhole} from './atomic-write.ts';
import {exclusively} from './file-lock.ts';
import {emptySection, type JournalState} from './journal-state.ts';
import {migrations, type RawJournal, upToDate, versionOf} from './journal-versions.ts';

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
	const fresh: JournalState = {version: 5, host, port, user: 'root', box: emptySection, apps: {}};
	return journalAt(folder, nameOf(host, port), fresh);
}

const nameOf = (host: string, port: number): string => `${encodeURIComponent(host.toLowerCase())}_${port}`;

/** Removes a journal, and what older versions of boxwizard wrote that lies beside it. @throws Trouble where it can't be removed */
export function removeJournal(path: string): void {
	const name = basename(path);
	const isOurs = (other: string) => other === name || other.startsWith(`${name}.version-`);
	exclusively(`${path}.lock`, () =>
		withTrouble(path, () => {
			for (const file of readdirSync(dirname(path)).filter(isOurs)) rmSync(join(dirname(path), file), {force: true});
		}),
	);
}

/** A journal that can't be read: the box is known, and what is wrong with its file. */
export type UnreadableJournal = {
	readonly host: string;
	readonly port: number;
	readonly path: string;
	readonly trouble: Trouble;
};

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
		if (error instanceof Trouble) return {host, port, path: join(folder, `${nameOf(host, port)}.json`), trouble: error};
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
						elsewhere: true,
					}
				: {
						what: 'The journal of this box can’t be read or written.',
						means:
							'Without it a stopped run could not be resumed or undone, so nothing further is done. What stood in it still does.',
						next: `See that the disk is not full and that ${dirname(path)} is yours to write, or name another folder with BOXWIZARD_HOME, then try again.`,
						evidence: [path, message],
						code: 'journal-unwritable',
						elsewhere: true,
					},
			error,
		);
	}
}
