import type {Migration} from './operation.ts';

/** Migrations, each after those that it names, and what stands in the way of that. */
export type Ordered = {
	readonly migrations: readonly Migration[];
	/** Ids that a migration follows and that no file has. */
	readonly missing: readonly string[];
	/** Ids that follow each other in a circle; they are in the list, at its end. */
	readonly circle: readonly string[];
};

/** Puts what comes first before what follows it, and else keeps the order of the ids. Takes as long as there are migrations. */
export function inOrder(migrations: readonly Migration[]): Ordered {
	const sorted = migrations.toSorted((one, other) => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0));
	const byId = new Map(sorted.map(one => [one.id, one]));
	const followers = new Map<string, string[]>();
	const waits = new Map<string, number>();
	const missing = new Set<string>();
	for (const {id, after} of sorted) {
		const before = [...new Set(after)];
		waits.set(id, before.filter(one => byId.has(one)).length);
		for (const one of before) {
			if (!byId.has(one)) missing.add(one);
			else if (followers.has(one)) followers.get(one)?.push(id);
			else followers.set(one, [id]);
		}
	}

	const ready = sorted.filter(({id}) => waits.get(id) === 0).map(({id}) => id);
	for (let at = 0; at < ready.length; at += 1) {
		for (const id of followers.get(ready[at] ?? '') ?? []) {
			const left = (waits.get(id) ?? 0) - 1;
			waits.set(id, left);
			if (left === 0) ready.push(id);
		}
	}

	const done = new Set(ready);
	const circle = sorted.filter(({id}) => !done.has(id)).map(({id}) => id);
	return {
		migrations: [...ready, ...circle].flatMap(id => byId.get(id) ?? []),
		missing: [...missing],
		circle,
	};
}

/** These ids and all that comes before them. */
export function withEarlier(migrations: readonly Migration[], ids: readonly string[]): Set<string> {
	const byId = new Map(migrations.map(one => [one.id, one]));
	const found = new Set<string>();
	const waiting = ids.filter(id => byId.has(id));
	for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
		if (found.has(id)) continue;
		found.add(id);
		for (const before of byId.get(id)?.after ?? []) if (byId.has(before)) waiting.push(before);
	}

	return found;
}

/** Those that none of the others follows. */
export function endsOf(migrations: readonly Migration[]): string[] {
	const followed = new Set(migrations.flatMap(({after}) => after));
	return migrations.filter(({id}) => !followed.has(id)).map(({id}) => id);
}
