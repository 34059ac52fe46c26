import type {Concern} from './compare.ts';
import type {Engine, Migration, MigrationFile, MigrationTool} from './operation.ts';
import {endsOf, inOrder, withEarlier} from './order.ts';
import {readers} from './readers.ts';

/** A release of an app, as far as its schema goes. */
export type ReleaseSchema = {
	readonly id: string;
	/** The files of its migrations; others may be among them. */
	readonly files: readonly MigrationFile[];
	/**
	 * What the database was at once this release had migrated: alembic's heads, or all that is applied, by name ('blog.0002_slug' of
	 * Django's, the version of Ecto's, the name of knex's file, of Prisma's folder, of a file of SQL). Absent: all that its files have.
	 */
	readonly after?: readonly string[];
};

export type Question = {
	readonly tool: MigrationTool;
	readonly engine: Engine;
	/** From the first to the newest. */
	readonly releases: readonly ReleaseSchema[];
	/** The id of the release that somebody wants to go back to. */
	readonly to: string;
	/** What the database is at now, like `after`. Absent: what the newest release left. */
	readonly now?: readonly string[];
};

/** A history of more than this is not gone back through. */
const longest = 2000;

type Split = {
	/** What the older release stands on, and what came to the database since, in their order. */
	readonly old: readonly Migration[];
	readonly since: readonly Migration[];
	readonly concerns: readonly Concern[];
};

/** Which migrations the older release knows, and which came since. */
export function split({tool, engine, releases, to, now}: Question): Split {
	const read = readers[tool];
	const target = releases.find(({id}) => id === to);
	const newest = releases.at(-1);
	const concerns: Concern[] = [];
	const doubt = (says: string) => concerns.push({code: 'unread', says});
	if (!target || !newest) return {old: [], since: [], concerns: [{code: 'unread', says: `no release ${to}`}]};
	// The newest text of each counts: it is the one that takes it back.
	const histories = new Map(releases.map(({id, files}) => [id, read.read(files, engine)]));
	const all = new Map<string, Migration>();
	for (const {id} of releases) for (const one of histories.get(id)?.migrations ?? []) all.set(one.id, one);
	// What the older release stands on is what its own files say.
	const ran = firstTexts(releases.flatMap(({id}) => histories.get(id)?.migrations ?? []));
	for (const one of histories.get(target.id)?.migrations ?? []) all.set(one.id, one);
	const {migrations: apart, standFor} = withoutReplaced([...all.values()]);
	const ids = (names: readonly string[]) => names.flatMap(name => standFor(name));
	const own = (release: ReleaseSchema) => ids((histories.get(release.id)?.migrations ?? []).map(({id}) => id));
	const {migrations, missing, circle} = inOrder(apart);
	const known = new Set(migrations.map(({id}) => id));
	const isAt = (names: readonly string[]) =>
		read.namesEnds ? withEarlier(migrations, ids(names)) : new Set(ids(names));
	const at = now ?? newest.after;
	const isOfPackage = read.ofPackages(migrations);
	for (const name of strangers(target.after && ids(target.after), at && ids(at), known, isOfPackage))
		doubt(`the database is or was at ${name}, which no release has`);
	const oldIds = target.after ? isAt(target.after) : withEarlier(migrations, own(target));
	const nowIds = at ? isAt(at) : withEarlier(migrations, own(newest));
	const old = migrations.filter(({id}) => oldIds.has(id));
	const since = migrations.filter(({id}) => nowIds.has(id) && !oldIds.has(id));
	for (const {id} of old) if (!nowIds.has(id)) concerns.push({code: 'lacking', migration: id});
	const isSince = new Set(since.map(({id}) => id));
	for (const {id} of since) {
		const newest = all.get(id);
		if (newest && ran.get(id) !== textOf(newest)) doubt(`${id} was written anew after it ran`);
	}

	for (const id of circle) if (isSince.has(id)) doubt(`${id} comes after itself`);
	for (const {id, after} of since)
		for (const one of after) if (missing.includes(one)) doubt(`${id} follows ${one}, which no release has`);
	for (const path of [target, newest].flatMap(({id}) => histories.get(id)?.unread ?? []))
		doubt(`${path} could not be read`);
	if (since.length > longest) doubt(`${since.length} migrations`);
	if (!at && read.namesEnds && endsOf(since).length > 1) doubt(`the migrations end in ${endsOf(since).join(' and ')}`);
	const order = tidy(read.fill([...old, ...since], engine), oldIds);
	return {...order, concerns};
}

const textOf = ({up, text}: Migration) => JSON.stringify([up, text]);

/** What each said when it was first there: that is what a database went through. */
function firstTexts(migrations: readonly Migration[]): ReadonlyMap<string, string> {
	const first = new Map<string, string>();
	for (const one of migrations) if (!first.has(one.id)) first.set(one.id, textOf(one));
	return first;
}

/**
 * Names that the database has or had, and no file: what they did can't be read. One that it had then and has now is no news, and so is a
 * package's where it is not known what the database had then.
 */
function strangers(
	then: readonly string[] | undefined,
	now: readonly string[] | undefined,
	known: ReadonlySet<string>,
	isOfPackage: (name: string) => boolean,
): string[] {
	if (!now) return (then ?? []).filter(name => !known.has(name) && !isOfPackage(name));
	if (!then) return now.filter(name => !known.has(name) && !isOfPackage(name));
	const [before, after] = [new Set(then), new Set(now)];
	return [...then.filter(name => !after.has(name)), ...now.filter(name => !before.has(name))].filter(
		name => !known.has(name),
	);
}

function tidy(filled: readonly Migration[], oldIds: ReadonlySet<string>): {old: Migration[]; since: Migration[]} {
	return {old: filled.filter(({id}) => oldIds.has(id)), since: filled.filter(({id}) => !oldIds.has(id))};
}

/** Where a migration and those that it stands for are both there, the single ones count, since these are what a database went through. */
function withoutReplaced(migrations: readonly Migration[]): {
	readonly migrations: readonly Migration[];
	/** The ids that one stands for among them. */
	readonly standFor: (id: string) => readonly string[];
} {
	const there = new Set(migrations.map(({id}) => id));
	const others = new Map<string, readonly string[]>();
	const left = migrations.flatMap((one): Migration[] => {
		const present = one.replaces.filter(id => there.has(id));
		if (one.replaces.length === 0) return [one];
		if (present.length === one.replaces.length) {
			others.set(one.id, one.replaces);
			return [];
		}

		if (present.length === 0) for (const id of one.replaces) others.set(id, [one.id]);
		else {
			const says = `stands for ${one.replaces.length} migrations, ${present.length} of them known`;
			const {text: _, ...rest} = one;
			return [{...rest, up: [{do: 'unread', says}], down: 'what it stands for is not all known'}];
		}

		return [one];
	});
	const standFor = (id: string): readonly string[] => {
		const found = new Set<string>();
		const met = new Set<string>();
		const waiting = [id];
		for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
			if (met.has(one)) continue;
			met.add(one);
			const inside = others.get(one);
			if (inside) waiting.push(...inside);
			else found.add(one);
		}

		return [...found];
	};
	return {migrations: left.map(one => ({...one, after: [...new Set(one.after.flatMap(standFor))]})), standFor};
}
