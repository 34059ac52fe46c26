import {takes} from './columnType.ts';
import {
	type ColumnState,
	type ConstraintState,
	type Doubt,
	isSameRule,
	type Schema,
	type TableState,
} from './schema.ts';

/** Why older code does not fit a schema, or what it meets there. */
export type ConcernCode =
	| 'table-dropped'
	| 'table-renamed'
	| 'table-emptied'
	| 'column-dropped'
	| 'column-renamed'
	| 'column-emptied'
	| 'column-retyped'
	| 'column-required'
	| 'column-not-null'
	| 'default-gone'
	| 'default-changed'
	| 'constraint-added'
	| Doubt['code']
	| 'lacking';

/** One thing that older code trips over. Names are those that the older release knows. */
export type Concern = {
	readonly code: ConcernCode;
	/** Absent where it can't be told which tables are meant. */
	readonly table?: string;
	readonly columns?: readonly string[];
	/** What it is called now; its type now; the kind of a constraint. */
	readonly to?: string;
	/** Its type before. */
	readonly from?: string;
	/** What a migration itself says, where that can't be read. */
	readonly says?: string;
	/** The migration that brought it; absent where none is known. */
	readonly migration?: string;
};

/** What older code runs with, and somebody may want to know. */
export type Notice = {
	/** A row there can't be deleted while rows of a newer table point to it; values that were never empty, or never twice, may be so now. */
	readonly code: 'holds-back' | 'may-be-empty' | 'may-repeat';
	readonly table: string;
	readonly columns?: readonly string[];
	readonly by?: string;
};

export type Comparison = {readonly concerns: readonly Concern[]; readonly notices: readonly Notice[]};

/** What code that was written for `old` meets in `now`. */
export function compare(old: Schema, now: Schema): Comparison {
	const concerns: Concern[] = [];
	const notices: Notice[] = [];
	const byOrigin = new Map<string, readonly [name: string, table: TableState]>();
	for (const [name, table] of now.tables) if (table.origin !== undefined) byOrigin.set(table.origin, [name, table]);
	for (const [name, before] of old.tables) {
		const found = byOrigin.get(name);
		if (!found) {
			const migration = now.gone.get(name);
			const code = now.tables.has(name) ? 'table-emptied' : 'table-dropped';
			concerns.push({code, table: name, ...(migration && {migration})});
		} else if (found[0] !== name)
			concerns.push({code: 'table-renamed', table: name, to: found[0], migration: found[1].by});
		if (found) compareTable(name, before, found[1], now, concerns, notices);
	}

	for (const [name, table] of now.tables) heldBack(name, table, old, notices);
	for (const {by, ...doubt} of now.doubts) concerns.push({...doubt, migration: by});
	return {concerns, notices};
}

function compareTable(
	name: string,
	before: TableState,
	after: TableState,
	now: Schema,
	concerns: Concern[],
	notices: Notice[],
): void {
	const byOrigin = new Map<string, readonly [name: string, column: ColumnState]>();
	for (const [column, state] of after.columns)
		if (state.origin !== undefined) byOrigin.set(state.origin, [column, state]);
		else if (!before.columns.has(column) && state.nullable !== true && state.default === null)
			concerns.push({code: 'column-required', table: name, columns: [column], ...migrationOf(state, after)});
	for (const [column, was] of before.columns) {
		const found = byOrigin.get(column);
		const of = {table: name, columns: [column]};
		if (!found) {
			const migration = now.gone.get(`${name}.${column}`);
			const code = after.columns.has(column) ? 'column-emptied' : 'column-dropped';
			concerns.push({code, ...of, ...(migration && {migration})});
			continue;
		}

		const [called, is] = found;
		if (called !== column) concerns.push({code: 'column-renamed', ...of, to: called, ...by(is.since.name)});
		concerns.push(...columnConcerns(was, is).map(concern => ({...of, ...concern})));
		if (was.nullable === false && is.nullable === true) notices.push({code: 'may-be-empty', ...of});
	}

	compareConstraints(name, before, after, concerns, notices);
}

const by = (migration: string | undefined) => (migration ? {migration} : {});
const migrationOf = (state: ColumnState, table: TableState) =>
	by(state.since.nullable ?? state.since.name ?? (table.by || undefined));

function columnConcerns(was: ColumnState, is: ColumnState): Omit<Concern, 'table' | 'columns'>[] {
	const found: Omit<Concern, 'table' | 'columns'>[] = [];
	const {since} = is;
	const isSameType = was.type !== undefined && was.type.written === is.type?.written;
	if (since.type !== undefined && !isSameType && !(was.type && is.type && takes(is.type, was.type)))
		found.push({
			code: 'column-retyped',
			...(was.type && {from: was.type.written}),
			...(is.type && {to: is.type.written}),
			migration: since.type,
		});
	else if (is.squeezed && !was.squeezed) found.push({code: 'values-changed', ...by(since.type)});
	if (since.nullable !== undefined && is.nullable !== true && was.nullable !== false)
		found.push({code: 'column-not-null', migration: since.nullable});
	if (since.default !== undefined && was.default !== null && is.default !== was.default)
		found.push({code: is.default === null ? 'default-gone' : 'default-changed', migration: since.default});
	return found;
}

function compareConstraints(
	name: string,
	before: TableState,
	after: TableState,
	concerns: Concern[],
	notices: Notice[],
): void {
	const olderNames = (columns: readonly string[] | undefined) =>
		columns?.map(one => after.columns.get(one)?.origin ?? one);
	const rules = [...after.constraints.values()].map(one => ({...one, columns: olderNames(one.columns)}));
	for (const constraint of after.constraints.values()) {
		const rule = {...constraint, columns: olderNames(constraint.columns)} as ConstraintState;
		if (rule.isOld || [...before.constraints.values()].some(one => isNoStricter(rule, one))) continue;
		if (isKeptByEmptyValues(constraint, after)) continue;
		concerns.push({
			code: 'constraint-added',
			table: name,
			...(rule.columns && {columns: rule.columns}),
			to: rule.kind,
			migration: rule.by,
		});
	}

	for (const constraint of before.constraints.values()) {
		if (constraint.kind !== 'unique' || !constraint.columns) continue;
		const isStill = rules.some(one => isSameRule(one as ConstraintState, constraint));
		const isThere = constraint.columns.every(column => after.columns.has(column));
		if (!isStill && isThere) notices.push({code: 'may-repeat', table: name, columns: constraint.columns});
	}
}

/** The same rule, unless rows that were let go, or took others with them, are held back now. */
function isNoStricter(rule: ConstraintState, before: ConstraintState): boolean {
	return isSameRule(before, rule) && (rule.letsGo === true || before.letsGo !== true);
}

/** Older code leaves newer columns out, so that they are NULL, and NULL breaks none of these rules (SQL: an unknown is not false). */
function isKeptByEmptyValues({kind, columns}: ConstraintState, table: TableState): boolean {
	const isEmpty = (name: string) => {
		const column = table.columns.get(name);
		return column !== undefined && column.origin === undefined && column.nullable === true && column.default === null;
	};
	if (!columns || columns.length === 0) return false;
	switch (kind) {
		case 'unique':
		case 'foreign-key':
			return columns.some(isEmpty);
		case 'check':
			return columns.every(isEmpty);
		case 'primary-key':
		case 'exclude':
			return false;
		default:
			return kind satisfies never;
	}
}

/** Rows that newer tables point to stay, where nothing says what else becomes of them. */
function heldBack(name: string, table: TableState, old: Schema, notices: Notice[]): void {
	for (const {kind, references, letsGo, columns = [], isOld} of table.constraints.values()) {
		if (kind !== 'foreign-key' || isOld || letsGo || references === undefined || !old.tables.has(references)) continue;
		if (table.origin !== undefined && columns.some(column => table.columns.get(column)?.origin !== undefined)) continue;
		notices.push({code: 'holds-back', table: references, columns: [...columns], by: name});
	}
}
