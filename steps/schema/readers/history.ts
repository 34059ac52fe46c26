import type {Migration, MigrationFile} from '../operation.ts';

/** What a release's files say. */
export type History = {
	readonly migrations: readonly Migration[];
	/** Paths of files that should be migrations and can't be read. */
	readonly unread: readonly string[];
};

/** No person writes a migration of more letters. */
const longest = 1_000_000;
/** No app has more. */
const most = 5000;

/**
 * Reads each file that may be a migration.
 * @param isOne whether a path is one of this tool's
 * @param read undefined for a file that is none after all, 'unread' for one that should be
 */
export function readFiles(
	files: readonly MigrationFile[],
	isOne: (path: string) => boolean,
	read: (path: string, text: string) => Migration | 'unread' | undefined,
): History {
	const migrations: Migration[] = [];
	const unread: string[] = [];
	const found = files.filter(({path}) => isOne(path));
	const met = new Set<string>();
	for (const {path, text} of found.slice(0, most)) {
		const one = text === undefined || text.length > longest ? 'unread' : read(path, text);
		if (one === undefined) continue;
		// Two of one name: which of them a database went through is not known.
		if (one === 'unread' || met.has(one.id)) unread.push(path);
		else migrations.push(one);
		if (one !== 'unread') met.add(one.id);
	}

	if (found.length > most) unread.push(`what follows ${most} migrations`);
	return {migrations, unread};
}

/**
 * Each follows the one before it, by its id.
 * @param byNumber whether numbers in it count as such: 10 comes after 9
 */
export function inLine(history: History, byNumber = true): History {
	const sorted = history.migrations.toSorted((one, other) =>
		byNumber ? natural.compare(one.id, other.id) : one.id < other.id ? -1 : 1,
	);
	return {
		...history,
		migrations: sorted.map((one, index) => ({
			...one,
			after: sorted.slice(Math.max(0, index - 1), index).map(({id}) => id),
		})),
	};
}

const natural = new Intl.Collator('en', {numeric: true});

/** The last part of a path. */
export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
