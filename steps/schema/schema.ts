import {type ColumnType, keepsValues} from './columnType.ts';
import type {AlterColumn, Column, Constraint, ConstraintKind, Operation} from './operation.ts';

/** A column as the migrations so far have left it. */
export type ColumnState = {
	/** What the older release calls it; undefined where it came since. */
	origin: string | undefined;
	/** undefined: not known. */
	type: ColumnType | undefined;
	nullable: boolean | undefined;
	/** null: none. undefined: not known. */
	default: string | null | undefined;
	/** Its values went through a type that may have changed them. */
	squeezed: boolean;
	/** What was changed since, and by which migration. */
	since: {type?: string; nullable?: string; default?: string; name?: string};
};

export type ConstraintState = Constraint & {readonly isOld: boolean; readonly by: string};

export type TableState = {
	origin: string | undefined;
	columns: Map<string, ColumnState>;
	constraints: Map<string, ConstraintState>;
	/** Its rows were copied from a table that is to be replaced by it. */
	copyOf?: {
		readonly name: string;
		readonly origin: string | undefined;
		readonly constraints: ReadonlyMap<string, ConstraintState>;
	};
	by: string;
};

/** What a migration did that tables don't show. */
export type Doubt = {
	readonly by: string;
	readonly code: 'unread' | 'value-added' | 'values-changed' | 'rows-added' | 'rows-deleted';
	readonly table?: string;
	readonly columns?: readonly string[];
	readonly says?: string;
};

/** The tables of a database, as far as its migrations tell. */
export type Schema = {
	tables: Map<string, TableState>;
	doubts: Doubt[];
	/** Which migration dropped what the older release had: 'table' or 'table.column', by the older names. */
	gone: Map<string, string>;
};

export const emptySchema = (): Schema => ({tables: new Map(), doubts: [], gone: new Map()});

/** All that is there becomes what the older release knows. */
export function asOld(schema: Schema): Schema {
	const old = structuredClone(schema);
	for (const [name, table] of old.tables) {
		table.origin = name;
		for (const [column, state] of table.columns) Object.assign(state, {origin: column, squeezed: false, since: {}});
		for (const [key, constraint] of table.constraints) table.constraints.set(key, {...constraint, isOld: true});
	}

	return {...old, doubts: [], gone: new Map()};
}

/**
 * Does to `schema` what a migration does. A table or column that no migration has made was there before them all.
 * @param old the older release's schema: what is met for the first time is added there too
 */
export function apply(schema: Schema, operation: Operation, by: string, old?: Schema): void {
	const doubt = (code: Doubt['code'], more: Partial<Doubt> = {}) => schema.doubts.push({by, code, ...more});
	switch (operation.do) {
		case 'create-table':
			if (!schema.tables.has(operation.table)) createTable(schema, operation, by);
			else if (!operation.ifMissing) doubt('unread', {table: operation.table, says: `create ${operation.table}`});
			return;
		case 'drop-table': {
			const table = tableOf(schema, operation.table, old);
			if (table.origin !== undefined) schema.gone.set(table.origin, by);
			schema.tables.delete(operation.table);
			return;
		}
		case 'rename-table':
			renameTable(schema, operation, by, old);
			return;
		case 'add-column': {
			const table = tableOf(schema, operation.table, old);
			if (!table.columns.has(operation.column.name))
				table.columns.set(operation.column.name, newColumn(operation.column));
			else doubt('unread', {table: operation.table, says: `add ${operation.column.name}`});
			return;
		}
		case 'drop-column':
			dropColumn(schema, operation.table, operation.column, by, old);
			return;
		case 'rename-column':
			renameColumn(schema, operation, by, old);
			return;
		case 'alter-column':
			alterColumn(columnOf(schema, operation, old), operation, by);
			return;
		case 'add-constraint':
			addConstraint(tableOf(schema, operation.table, old), operation.constraint, by);
			return;
		case 'drop-constraint':
			dropConstraint(schema, operation, old === undefined);
			return;
		case 'copy-rows':
			copyRows(schema, operation, by, old);
			return;
		case 'data': {
			const {how, table, columns} = operation;
			const state = tableOf(schema, table, old);
			if (state.origin === undefined) return;
			if (how === 'update' && columns?.every(name => columnOf(schema, {table, column: name}, old).origin === undefined))
				return;
			const code = ({insert: 'rows-added', update: 'values-changed', delete: 'rows-deleted'} as const)[how];
			doubt(code, {table: state.origin, ...(columns && {columns})});
			return;
		}
		case 'add-value':
			schema.doubts.push(...valueDoubts(schema, operation, by));
			return;
		case 'unread':
			doubt('unread', {says: operation.says});
			return;
		default:
			operation satisfies never;
	}
}

const newColumn = (column: Column): ColumnState => ({
	origin: undefined,
	type: column.type,
	nullable: column.nullable,
	default: column.default ?? null,
	squeezed: false,
	since: {},
});

/** Each older column of an enumeration may have its new value in a row; where no column of it is known, any may. */
function valueDoubts(schema: Schema, {type, value}: Operation & {do: 'add-value'}, by: string): Doubt[] {
	const places = [...schema.tables.values()].flatMap(({origin: table, columns}) =>
		[...columns.values()].flatMap(column =>
			column.type?.written.split(/\W/, 1)[0] === type.toLowerCase() ? [{table, column: column.origin}] : [],
		),
	);
	if (places.length === 0) return [{by, code: 'value-added', says: value}];
	return places.flatMap(({table, column}) =>
		table === undefined || column === undefined
			? []
			: [{by, code: 'value-added', table, columns: [column], says: value}],
	);
}

function createTable(schema: Schema, operation: Operation & {do: 'create-table'}, by: string): void {
	const table: TableState = {origin: undefined, columns: new Map(), constraints: new Map(), by};
	for (const column of operation.columns) table.columns.set(column.name, newColumn(column));
	for (const constraint of operation.constraints) addConstraint(table, constraint, by);
	schema.tables.set(operation.table, table);
}

/** The table of this name; one that nobody has made is older than all that is known. */
function tableOf(schema: Schema, name: string, old: Schema | undefined): TableState {
	const found = schema.tables.get(name);
	if (found) return found;
	const table = (): TableState => ({origin: name, columns: new Map(), constraints: new Map(), by: ''});
	const made = table();
	schema.tables.set(name, made);
	if (old && !old.tables.has(name)) old.tables.set(name, table());
	return made;
}

function columnOf(
	schema: Schema,
	{table, column, before}: {readonly table: string; readonly column: string; readonly before?: AlterColumn['before']},
	old: Schema | undefined,
): ColumnState {
	const {columns, origin} = tableOf(schema, table, old);
	const found = columns.get(column);
	if (found) {
		found.type ??= before?.type;
		found.nullable ??= before?.nullable;
		return found;
	}

	const state = (): ColumnState => ({
		origin: origin === undefined ? undefined : column,
		type: before?.type,
		nullable: before?.nullable,
		default: undefined,
		squeezed: false,
		since: {},
	});
	const made = state();
	columns.set(column, made);
	const known = origin === undefined ? undefined : old?.tables.get(origin)?.columns;
	if (known && !known.has(column)) known.set(column, state());
	return made;
}

function renameTable(schema: Schema, {table, to}: Operation & {do: 'rename-table'}, by: string, old?: Schema): void {
	if (table === to) return;
	const state = tableOf(schema, table, old);
	if (schema.tables.has(to)) {
		schema.doubts.push({by, code: 'unread', table: to, says: `rename ${table} to ${to}, which is there`});
		return;
	}

	schema.tables.delete(table);
	const replaces = state.copyOf?.name === to ? state.copyOf : undefined;
	// The copy takes the place of what it was copied from, with all that its rows had.
	if (replaces && state.origin === undefined) {
		state.origin = replaces.origin;
		for (const [key, constraint] of state.constraints) {
			const isOld = [...replaces.constraints.values()].some(one => one.isOld && isSameRule(one, constraint));
			state.constraints.set(key, {...constraint, isOld});
		}
	}

	delete state.copyOf;
	schema.tables.set(to, {...state, by});
	for (const other of schema.tables.values())
		for (const [key, constraint] of other.constraints)
			if (constraint.references === table) other.constraints.set(key, {...constraint, references: to});
}

function copyRows(schema: Schema, operation: Operation & {do: 'copy-rows'}, by: string, old?: Schema): void {
	const to = tableOf(schema, operation.table, old);
	const from = tableOf(schema, operation.from, old);
	if (to.origin !== undefined) {
		schema.doubts.push({by, code: 'rows-added', table: to.origin});
		return;
	}

	if (to.copyOf) {
		schema.doubts.push({by, code: 'unread', table: operation.table, says: `copy rows into ${operation.table} twice`});
		return;
	}

	to.copyOf = {name: operation.from, origin: from.origin, constraints: structuredClone(from.constraints)};
	for (const [there, here] of operation.columns) {
		const state = to.columns.get(there);
		const source = columnOf(schema, {table: operation.from, column: here}, old);
		if (!state) continue;
		const squeezed = !(state.type && source.type && keepsValues(source.type, state.type));
		const changed = state.type?.written !== source.type?.written;
		Object.assign(state, {
			origin: source.origin,
			squeezed: source.squeezed || (changed && squeezed),
			since: {
				...source.since,
				...(changed && {type: by}),
				...(state.nullable !== source.nullable && {nullable: by}),
				...(state.default !== source.default && {default: by}),
				...(there !== here && {name: by}),
			},
		});
	}
}

function dropColumn(schema: Schema, name: string, column: string, by: string, old?: Schema): void {
	const table = tableOf(schema, name, old);
	const {origin} = columnOf(schema, {table: name, column}, old);
	if (table.origin !== undefined && origin !== undefined) schema.gone.set(`${table.origin}.${origin}`, by);
	table.columns.delete(column);
	for (const [key, constraint] of table.constraints)
		if (constraint.columns?.includes(column)) table.constraints.delete(key);
}

function renameColumn(schema: Schema, operation: Operation & {do: 'rename-column'}, by: string, old?: Schema): void {
	const {table: name, column, to} = operation;
	if (column === to) return;
	const table = tableOf(schema, name, old);
	const state = columnOf(schema, {table: name, column}, old);
	if (table.columns.has(to)) {
		schema.doubts.push({by, code: 'unread', table: name, says: `rename ${column} to ${to}, which is there`});
		return;
	}

	table.columns.delete(column);
	table.columns.set(to, {...state, since: {...state.since, name: by}});
	for (const [key, constraint] of table.constraints)
		if (constraint.columns?.includes(column))
			table.constraints.set(key, {
				...constraint,
				columns: constraint.columns.map(one => (one === column ? to : one)),
			});
}

function alterColumn(state: ColumnState, operation: AlterColumn, by: string): void {
	const {type, nullable, converts} = operation;
	if (type && (converts || state.type?.written !== type.written)) {
		if (converts || !state.type || !keepsValues(state.type, type)) state.squeezed = true;
		state.type = type;
		state.since.type = by;
	}

	if (nullable !== undefined && nullable !== state.nullable) {
		state.nullable = nullable;
		state.since.nullable = by;
	}

	if (operation.default !== undefined && operation.default !== state.default) {
		state.default = operation.default;
		state.since.default = by;
	}
}

/** Whether two constraints ask for the same. One that is an expression is like no other. */
export function isSameRule(one: Constraint, other: Constraint): boolean {
	if (one.kind !== other.kind || !one.columns || !other.columns) return false;
	if (one.kind === 'check' || one.kind === 'exclude') return one.name !== undefined && one.name === other.name;
	return (
		one.columns.toSorted().join('\n') === other.columns.toSorted().join('\n') && one.references === other.references
	);
}

const keyOf = ({name, kind, columns = []}: {name?: string; kind: ConstraintKind; columns?: readonly string[]}) =>
	name ?? `${kind} of ${columns.join(', ')}`;

function addConstraint(table: TableState, constraint: Constraint, by: string): void {
	let key = keyOf(constraint);
	while (table.constraints.has(key)) key += ' again';
	table.constraints.set(key, {...constraint, isOld: false, by});
}

/**
 * Takes away what is meant by a name, or by what it asks for. In what the older release stands on, a name that no migration gave may mean
 * each one without a name: a rule that comes since is then never taken for one that was there.
 */
function dropConstraint(schema: Schema, operation: Operation & {do: 'drop-constraint'}, isOfOld: boolean): void {
	const {table, name, kind, columns} = operation;
	const places = (table === undefined ? [...schema.tables.values()] : [schema.tables.get(table)]).flatMap(
		one => one ?? [],
	);
	const isMeant = (one: ConstraintState) =>
		name === undefined
			? one.kind === kind && (columns === undefined || isSameRule(one, {...one, columns}))
			: one.name === name;
	const remove = (chosen: (one: ConstraintState) => boolean) => {
		let count = 0;
		for (const {constraints} of places)
			for (const [key, one] of constraints) if (chosen(one) && constraints.delete(key)) count += 1;
		return count;
	};
	if (remove(isMeant) === 0 && name !== undefined) remove(one => one.name === undefined && (isOfOld || one.isOld));
}
