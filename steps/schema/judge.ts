import {keepsValues} from './columnType.ts';
import {type Concern, compare, type Notice} from './compare.ts';
import type {Migration, Operation} from './operation.ts';
import {endsOf} from './order.ts';
import {apply, asOld, emptySchema, type Schema} from './schema.ts';
import {type Question, split} from './split.ts';

export type {Question, ReleaseSchema} from './split.ts';

/** What taking a migration back loses: what came into these since. */
export type Loss = {
	readonly what: 'table' | 'column' | 'rows' | 'values';
	readonly table: string;
	readonly column?: string;
};

/** A migration that is taken back. */
export type TakenBack = {
	readonly id: string;
	readonly file: string;
	readonly loses: readonly Loss[];
	/** Its way back has words that can't be read: only a rehearsal tells what it does. */
	readonly isUnread: boolean;
};

/** A way back through the migrations themselves. */
export type Downgrade = {
	/** In the order in which they are taken back. */
	readonly migrations: readonly TakenBack[];
	/** What the database is at then: ids that no other one follows. Empty where it is at nothing. */
	readonly until: readonly string[];
};

/** Whether an older release's code fits the schema of today. */
export type Judgement = {readonly concerns: readonly Concern[]; readonly notices: readonly Notice[]} & (
	| {readonly verdict: 'fits'}
	| {readonly verdict: 'downgrade'; readonly downgrade: Downgrade}
	| {
			readonly verdict: 'dump';
			/** Of those that older code trips over; all of the database where it is empty. */
			readonly tables: readonly string[];
			/** Why the migrations lead no way back. */
			readonly because: readonly {readonly migration?: string; readonly says: string}[];
			/** A way back whose schema fits, but what was dropped or changed stays so. */
			readonly lossy?: Downgrade;
	  }
);

/** Judges from texts alone, and knows nothing of a box. What can't be read for sure is never taken to fit. */
export function judge(question: Question): Judgement {
	const {old, since, concerns: first} = split(question);
	const before = emptySchema();
	for (const {id, up} of old) for (const operation of up) apply(before, operation, id);
	const known = asOld(before);
	const now: Schema = {...asOld(before)};
	const stages: Schema[] = [];
	for (const {id, up} of since) {
		stages.push(structuredClone(now));
		for (const operation of up) apply(now, operation, id, known);
	}

	const {concerns: found, notices} = compare(known, now);
	const concerns = [...first, ...found];
	if (concerns.length === 0) return {verdict: 'fits', concerns, notices};
	const back = wayBack(since, stages, now, known, first);
	const told = {concerns, notices};
	if (back.downgrade && back.left.length === 0)
		return {verdict: 'downgrade', ...told, downgrade: until(back.downgrade, old, since)};
	const tables = [...new Set(concerns.map(({table}) => table))];
	return {
		verdict: 'dump',
		...told,
		tables: tables.some(table => table === undefined) ? [] : tables.flatMap(table => table ?? []),
		because: back.because,
		...(back.downgrade && {lossy: until(back.downgrade, old, since)}),
	};
}

/** What stays after a way back that fits otherwise. */
const outlasts = new Set<Concern['code']>([
	'table-emptied',
	'column-emptied',
	'values-changed',
	'rows-added',
	'rows-deleted',
]);

type WayBack = {
	readonly downgrade?: readonly TakenBack[];
	readonly left: readonly Concern[];
	readonly because: readonly {readonly migration?: string; readonly says: string}[];
};

/** Takes migrations back from the newest on, until the older code fits; where none is enough, the shortest that fits but for what is lost. */
function wayBack(
	since: readonly Migration[],
	stages: readonly Schema[],
	now: Schema,
	known: Schema,
	first: readonly Concern[],
): WayBack {
	const taken: TakenBack[] = [];
	let schema = now;
	let lossy: WayBack | undefined;
	const none = (says: string, migration?: string): WayBack =>
		lossy ?? {left: [], because: [{says, ...(migration && {migration})}]};
	if (first.length > 0) return none('what the database is at is not known from the files');
	for (let at = since.length - 1; at >= 0; at -= 1) {
		const migration = since[at];
		const stage = stages[at];
		if (!migration || !stage) break;
		if (typeof migration.down === 'string') return none(migration.down, migration.id);
		const undone = takeBack(schema, migration, migration.down, stage, known);
		schema = undone.schema;
		taken.push(undone.taken);
		const left = compare(known, schema).concerns;
		if (left.length === 0) return {downgrade: [...taken], left, because: []};
		if (left.every(({code}) => outlasts.has(code)) && (!lossy || left.length < lossy.left.length))
			lossy = {downgrade: [...taken], left, because: left.map(outlasting)};
	}

	return none('taken back, the migrations leave another schema than the older version knows');
}

const outlasting = ({migration, code}: Concern) => ({
	...(migration && {migration}),
	says: code.endsWith('-emptied') ? 'what it dropped comes back empty' : 'what it changed in rows is not taken back',
});

function takeBack(
	schema: Schema,
	migration: Migration,
	down: readonly Operation[],
	stage: Schema,
	known: Schema,
): {readonly schema: Schema; readonly taken: TakenBack} {
	const loses: Loss[] = [];
	const isUnread = down.some(operation => operation.do === 'unread');
	const touchesRows = isUnread || down.some(operation => operation.do === 'data');
	const after = structuredClone(schema);
	for (const operation of down) {
		loses.push(...lossOf(operation, after));
		if (operation.do !== 'unread' && operation.do !== 'data') apply(after, operation, migration.id, known);
	}

	const {id, file} = migration;
	const taken = {id, file, loses, isUnread};
	if (isUnread) return {schema: asBefore(stage, migration, after.gone), taken};
	// It says itself how its changes of rows are taken back: whether it does is seen in the rehearsal.
	if (touchesRows) after.doubts = after.doubts.filter(({by}) => by !== id);
	return {schema: after, taken};
}

/** The schema before a migration, were its way back to do what it should: what was dropped on the way there has lost its rows. */
function asBefore(stage: Schema, {up}: Migration, gone: Schema['gone']): Schema {
	const schema: Schema = {...structuredClone(stage), gone};
	for (const operation of up) {
		if (operation.do === 'drop-table') {
			const table = schema.tables.get(operation.table);
			if (table) table.origin = undefined;
		} else if (operation.do === 'drop-column' || operation.do === 'alter-column') {
			const column = schema.tables.get(operation.table)?.columns.get(operation.column);
			if (!column) continue;
			if (operation.do === 'drop-column') column.origin = undefined;
			else if (operation.type) column.squeezed ||= !(column.type && keepsValues(column.type, operation.type));
		}
	}

	return schema;
}

function lossOf(operation: Operation, schema: Schema): Loss[] {
	switch (operation.do) {
		case 'drop-table':
			return [{what: 'table', table: operation.table}];
		case 'drop-column':
			return [{what: 'column', table: operation.table, column: operation.column}];
		case 'alter-column': {
			const {table, column, type} = operation;
			const is = schema.tables.get(table)?.columns.get(column)?.type;
			return type && is?.written !== type.written ? [{what: 'values', table, column}] : [];
		}
		case 'data':
			return [{what: operation.how === 'delete' ? 'rows' : 'values', table: operation.table}];
		default:
			return [];
	}
}

function until(taken: readonly TakenBack[], old: readonly Migration[], since: readonly Migration[]): Downgrade {
	const gone = new Set(taken.map(({id}) => id));
	const left = [...old, ...since].filter(({id}) => !gone.has(id));
	return {migrations: taken, until: endsOf(left)};
}
