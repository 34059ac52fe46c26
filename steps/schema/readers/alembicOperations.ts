import {type Call, callsIn, is, splitAt, type Token, textOf, written} from '../../reading/tokens.ts';
import {type ColumnType, columnType} from '../columnType.ts';
import type {AlterColumn, Column, Constraint, Engine, Operation} from '../operation.ts';
import {unread} from '../operation.ts';
import {isChosen} from './says.ts';
import {sqlOperations} from './sqlOperations.ts';

/** What names mean where a statement stands. */
export type Scope = {
	readonly engine: Engine;
	/** Set at the top of the file. */
	readonly values: ReadonlyMap<string, readonly Token[]>;
	/** Set in the function. */
	readonly local: ReadonlyMap<string, readonly Token[]>;
};

/** The call that these tokens are, whole; undefined where they are anything else. */
export function callOver(tokens: readonly Token[]): Call | undefined {
	return callsIn(tokens).find(({from, to}) => from === 0 && to === tokens.length);
}

/** What a statement of upgrade() or downgrade() does; undefined where it can't be read. */
export function operationsOf(
	tokens: readonly Token[],
	batch: {readonly table: string; readonly name: string} | undefined,
	scope: Scope,
): Operation[] | undefined {
	const equals = tokens.findIndex(token => is(token, '='));
	if (tokens[0]?.type === 'name' && equals > 0 && equals <= 2)
		return isPlain(tokens.slice(equals + 1)) ? [] : undefined;
	const call = callOver(tokens);
	if (!call) return ofTypes(tokens, scope);
	const {name} = call;
	if (name.endsWith('.execute') || name === 'op.execute') return executed(call, scope);
	if (name === 'print' || /^(?:log|logger|logging)\.\w+$/.test(name)) return [];
	if (batch && name.startsWith(`${batch.name}.`)) {
		const method = name.slice(batch.name.length + 1);
		return method === 'f' ? [] : schemaOperation(method, new Arguments(call, scope, batch.table));
	}

	if (!name.startsWith('op.')) return ofTypes(tokens, scope);
	return schemaOperation(name.slice('op.'.length), new Arguments(call, scope));
}

/** Nothing that is worked out here may touch the database. */
function isPlain(value: readonly Token[]): boolean {
	return callsIn(value).every(({name}) =>
		/^(?:op\.(?:get_bind|get_context|f)|(?:\w+\.)*(?:inspect|table|column|Table|Column|MetaData|text|select|Session|sessionmaker|ENUM|Enum|String|Integer|Boolean|Text|DateTime|BigInteger|Numeric|Float|JSON|UUID|Date))$/.test(
			name,
		),
	);
}

/** `sa.Enum('a', name='role').create(op.get_bind())`: a type that is made, or dropped, which fails while a column has it. */
function ofTypes(tokens: readonly Token[], {values, local}: Scope): Operation[] | undefined {
	const calls = callsIn(tokens);
	const last = calls.findLast(({to}) => to === tokens.length);
	const method = last?.name.split('.').at(-1);
	if (!last || (method !== 'create' && method !== 'drop')) return undefined;
	const owner = last.name.split('.')[0] ?? '';
	const made = callsIn(local.get(owner) ?? values.get(owner) ?? tokens.slice(0, last.from))[0];
	return /(?:^|\.)(?:ENUM|Enum)$/.test(made?.name ?? '') ? [] : undefined;
}

function executed(call: Call, scope: Scope): Operation[] | undefined {
	const [given] = call.positional;
	const sql = sqlText(given, scope);
	return sql === undefined || call.positional.length !== 1 ? undefined : sqlOperations(sql, scope.engine);
}

function sqlText(tokens: readonly Token[] | undefined, scope: Scope): string | undefined {
	if (!tokens) return undefined;
	const call = callOver(tokens);
	if (call && /^(?:\w+\.)*text$/.test(call.name)) return sqlText(call.positional[0], scope);
	const [first] = tokens;
	if (tokens.length === 1 && first?.type === 'name')
		return textOf(scope.local.get(first.text) ?? scope.values.get(first.text));
	return textOf(tokens);
}

/** The arguments of a call of alembic's, in a batch or not: there the table is known and is not said. */
class Arguments {
	readonly call: Call;
	readonly scope: Scope;
	readonly table: string | undefined;
	private readonly inBatch: boolean;

	constructor(call: Call, scope: Scope, table?: string) {
		this.call = call;
		this.scope = scope;
		this.inBatch = table !== undefined;
		this.table = table;
	}

	/** What stands at this place or under this name. */
	tokens(at: number, name: string): readonly Token[] | undefined {
		return this.call.named.get(name) ?? this.call.positional[at];
	}

	text(at: number, name: string): string | undefined {
		return this.textIn(this.tokens(at, name));
	}

	textIn(tokens: readonly Token[] | undefined): string | undefined {
		if (!tokens) return undefined;
		const [first] = tokens;
		const {local, values} = this.scope;
		if (tokens.length === 1 && first?.type === 'name') return textOf(local.get(first.text) ?? values.get(first.text));
		const call = callOver(tokens);
		if (call && (/\.f$/.test(call.name) || /(?:^|\.)quoted_name$/.test(call.name))) return textOf(call.positional[0]);
		return textOf(tokens);
	}

	/** A list of names; undefined where one is not a text. */
	texts(at: number, name: string): string[] | undefined {
		const tokens = this.tokens(at, name);
		if (!is(tokens?.[0], '[') && !is(tokens?.[0], '(')) return undefined;
		const found = splitAt(tokens?.slice(1, -1) ?? [], ',').map(part => this.textIn(part));
		return found.every(one => one !== undefined) ? found : undefined;
	}

	/** The table, which outside of a batch is the argument at `at`. */
	tableAt(at: number, name = 'table_name'): string | undefined {
		return this.table ?? this.inSchema(this.text(at, name));
	}

	inSchema(table: string | undefined): string | undefined {
		const schema = this.textIn(this.call.named.get('schema'));
		return table === undefined || schema === undefined || schema === 'public' ? table : `${schema}.${table}`;
	}

	/** Where what follows the table stands. */
	at(outside: number): number {
		return this.inBatch ? outside - 1 : outside;
	}

	flag(name: string): boolean {
		return is(this.call.named.get(name)?.[0], 'True');
	}
}

/** What `op.METHOD(…)` does; undefined where it can't be read. Arguments are those of alembic's “Operation Reference”. */
function schemaOperation(method: string, given: Arguments): Operation[] | undefined {
	switch (method) {
		case 'create_table':
			return createTable(given);
		case 'drop_table': {
			const table = given.tableAt(0);
			return table === undefined ? undefined : [{do: 'drop-table', table}];
		}
		case 'rename_table': {
			const table = given.tableAt(0, 'old_table_name');
			const to = given.inSchema(given.text(1, 'new_table_name'));
			return table === undefined || to === undefined ? undefined : [{do: 'rename-table', table, to}];
		}
		case 'add_column':
			return addColumn(given);
		case 'drop_column': {
			const table = given.tableAt(0);
			const column = given.text(given.at(1), 'column_name');
			return table === undefined || column === undefined ? undefined : [{do: 'drop-column', table, column}];
		}
		case 'alter_column':
			return alterColumn(given);
		case 'drop_index': {
			const name = given.text(0, 'index_name');
			return name === undefined ? undefined : [{do: 'drop-constraint', name}];
		}
		case 'drop_constraint': {
			const name = given.text(0, 'constraint_name');
			const table = given.tableAt(1);
			return name === undefined || table === undefined ? undefined : [{do: 'drop-constraint', table, name}];
		}
		case 'bulk_insert':
			return bulkInsert(given);
		case 'create_table_comment':
		case 'drop_table_comment':
		case 'f':
		case 'get_bind':
			return [];
		default:
			return constraintOperation(method, given);
	}
}

function constraintOperation(method: string, given: Arguments): Operation[] | undefined {
	const name = given.text(0, method === 'create_index' ? 'index_name' : 'constraint_name');
	const named = name === undefined ? {} : {name};
	const add = (table: string | undefined, constraint: Constraint): Operation[] | undefined =>
		table === undefined ? undefined : [{do: 'add-constraint', table, constraint}];
	switch (method) {
		case 'create_index': {
			const table = given.tableAt(1);
			if (!given.flag('unique'))
				return given.call.named.has('unique') && !isFalse(given.call.named.get('unique')) ? undefined : [];
			const columns = given.texts(given.at(2), 'columns');
			return add(table, {kind: 'unique', ...named, ...(columns && {columns})});
		}
		case 'create_unique_constraint': {
			const columns = given.texts(given.at(2), 'columns');
			return add(given.tableAt(1), {kind: 'unique', ...named, ...(columns && {columns})});
		}
		case 'create_primary_key':
			return add(given.tableAt(1), {kind: 'primary-key', ...named});
		case 'create_check_constraint':
			return add(given.tableAt(1), {kind: 'check', ...named});
		case 'create_exclude_constraint':
			return add(given.tableAt(1), {kind: 'exclude', ...named});
		case 'create_foreign_key': {
			const columns = given.texts(given.at(3), 'local_cols');
			const references = given.text(given.at(2), 'referent_table');
			return add(given.tableAt(1, 'source_table'), {
				kind: 'foreign-key',
				...named,
				...(columns && {columns}),
				...(references !== undefined && {references}),
				...letsGo(given.call),
			});
		}
		default:
			return undefined;
	}
}

const isFalse = (tokens: readonly Token[] | undefined) => is(tokens?.[0], 'False');

function letsGo({named}: Call): Pick<Constraint, 'letsGo'> {
	return /^(?:cascade|set null|set default)$/i.test(textOf(named.get('ondelete')) ?? '') ? {letsGo: true} : {};
}

function createTable(given: Arguments): Operation[] | undefined {
	const table = given.tableAt(0);
	const columns: Column[] = [];
	const constraints: Constraint[] = [];
	for (const part of given.call.positional.slice(1)) {
		const call = callOver(part);
		const kind = call?.name.split('.').at(-1);
		if (!call) return undefined;
		if (kind === 'Column') {
			const read = columnOf(call, given);
			if (!read) return undefined;
			columns.push(read.column);
			constraints.push(...read.constraints);
		} else {
			const constraint = tableConstraint(kind, call, given);
			if (constraint) constraints.push(constraint);
			else if (kind !== 'Index') return undefined;
		}
	}

	const ifMissing = given.flag('if_not_exists');
	return table === undefined
		? undefined
		: [{do: 'create-table', table, columns, constraints, ...(ifMissing && {ifMissing})}];
}

function tableConstraint(kind: string | undefined, call: Call, given: Arguments): Constraint | undefined {
	const name = given.textIn(call.named.get('name'));
	const named = name === undefined ? {} : {name};
	const inside = new Arguments(call, given.scope);
	const texts = call.positional.map(part => given.textIn(part));
	const columns = texts.every(one => one !== undefined) ? {columns: texts} : {};
	switch (kind) {
		case 'PrimaryKeyConstraint':
			return {kind: 'primary-key', ...named, ...columns};
		case 'UniqueConstraint':
			return {kind: 'unique', ...named, ...columns};
		case 'CheckConstraint':
			return {kind: 'check', ...named};
		case 'ExcludeConstraint':
			return {kind: 'exclude', ...named};
		case 'ForeignKeyConstraint': {
			const local = inside.texts(0, 'columns');
			const [target] = inside.texts(1, 'refcolumns') ?? [];
			return {kind: 'foreign-key', ...named, ...(local && {columns: local}), ...tableIn(target), ...letsGo(call)};
		}
		default:
			return undefined;
	}
}

/** 'posts.id' is in posts. */
const tableIn = (target: string | undefined): Pick<Constraint, 'references'> =>
	target?.includes('.') ? {references: target.slice(0, target.lastIndexOf('.'))} : {};

function addColumn(given: Arguments): Operation[] | undefined {
	const table = given.tableAt(0);
	const call = callOver(given.tokens(given.at(1), 'column') ?? []);
	const read = call?.name.endsWith('Column') ? columnOf(call, given) : undefined;
	if (table === undefined || !read) return undefined;
	const rules = read.constraints.map((constraint): Operation => ({do: 'add-constraint', table, constraint}));
	return [{do: 'add-column', table, column: read.column}, ...rules];
}

/** `sa.Column('title', sa.String(50), nullable=False)`; undefined where a part of it has to be worked out. */
function columnOf(
	call: Call,
	given: Arguments,
): {readonly column: Column; readonly constraints: readonly Constraint[]} | undefined {
	const [first, ...rest] = call.positional;
	const name = given.textIn(first ?? call.named.get('name'));
	if (name === undefined) return undefined;
	const named = (key: string) => call.named.get(key);
	const isKey = is(named('primary_key')?.[0], 'True');
	const nullable = named('nullable');
	if (nullable && nullable.length !== 1) return undefined;
	const isNullable = nullable ? is(nullable[0], 'True') : !isKey;
	const parts = rest.map(part => ({part, call: callOver(part)}));
	const kindOf = (part: Call | undefined) => part?.name.split('.').at(-1) ?? '';
	const constraints = parts.flatMap(({call: part}): Constraint[] =>
		part && kindOf(part) === 'ForeignKey'
			? [{kind: 'foreign-key', columns: [name], ...tableIn(given.textIn(part.positional[0])), ...letsGo(part)}]
			: part && kindOf(part) === 'CheckConstraint'
				? [{kind: 'check', columns: [name]}]
				: [],
	);
	if (is(named('unique')?.[0], 'True')) constraints.push({kind: 'unique', columns: [name]});
	const typed = named('type_') ?? parts.find(one => !notTypes.has(kindOf(one.call)))?.part;
	const type = typed && typeOf(typed);
	const isMade = parts.some(one => /^(?:Computed|Identity|Sequence)$/.test(kindOf(one.call)));
	const numbers = isKey && type?.family === 'integer' && !isFalse(named('autoincrement'));
	const value = isMade || numbers ? 'made by the database' : defaultOf(named('server_default'), given);
	return {
		column: {name, nullable: isNullable, ...(type && {type}), ...(value !== null && {default: value})},
		constraints,
	};
}

const notTypes = new Set(['ForeignKey', 'CheckConstraint', 'Computed', 'Identity', 'Sequence', 'FetchedValue']);

/** null for none, and for what has to be worked out. */
function defaultOf(tokens: readonly Token[] | undefined, given: Arguments): string | null {
	if (!tokens || is(tokens[0], 'None') || is(tokens[0], 'False')) return null;
	const call = callOver(tokens);
	const value = call && /(?:^|\.)text$/.test(call.name) ? call.positional[0] : tokens;
	const isOne = value?.length === 1 && value[0]?.type === 'name';
	const text = given.textIn(value) ?? (isOne || (value && isChosen(value)) ? 'null' : written(value ?? []));
	return /^null(?:::\w+)?$/i.test(text) ? null : text;
}

/** `sa.String(length=50)`, `postgresql.JSONB(astext_type=sa.Text())`, `sa.Integer`. */
export function typeOf(tokens: readonly Token[]): ColumnType | undefined {
	const call = callOver(tokens);
	const name = call
		? call.name
		: tokens.every(({type, text}) => type === 'name' || text === '.')
			? written(tokens).replaceAll(' ', '')
			: '';
	const kind = name.split('.').at(-1) ?? '';
	if (kind === '') return undefined;
	const parts = [
		...(call?.positional ?? []),
		...sized.flatMap(key => (call?.named.get(key) ? [call.named.get(key) ?? []] : [])),
	];
	const rest = [...(call?.named ?? [])].filter(([key]) => !sized.includes(key) && !unsized.has(key));
	const more = rest.map(([key, value]) => `${key}=${written(value)}`).join(' ');
	return columnType(
		kind,
		parts.map(part => written(part)),
		more,
	);
}

const sized = ['length', 'precision', 'scale'];
/** Which Python objects come out, and names: the column is the same. */
const unsized = new Set([
	'astext_type',
	'as_uuid',
	'asdecimal',
	'name',
	'native_enum',
	'create_constraint',
	'none_as_null',
]);

function alterColumn(given: Arguments): Operation[] | undefined {
	const table = given.tableAt(0);
	const column = given.text(given.at(1), 'column_name');
	if (table === undefined || column === undefined) return undefined;
	const named = (key: string) => given.call.named.get(key);
	const typed = named('type_');
	const type = typed && typeOf(typed);
	if (typed && !type) return undefined;
	const nullable = named('nullable');
	if (nullable && !is(nullable[0], 'True') && !isFalse(nullable)) return undefined;
	const before = named('existing_type');
	const beforeType = before && typeOf(before);
	const beforeNullable = named('existing_nullable');
	const change: AlterColumn = {
		do: 'alter-column',
		table,
		column,
		...(type && {type}),
		...(named('postgresql_using') && {converts: true}),
		...(nullable && {nullable: is(nullable[0], 'True')}),
		// False is alembic’s word for “as it is”.
		...(named('server_default') &&
			!isFalse(named('server_default')) && {default: defaultOf(named('server_default'), given)}),
		before: {
			...(beforeType && {type: beforeType}),
			...(beforeNullable && {nullable: is(beforeNullable[0], 'True')}),
		},
	};
	const to = named('new_column_name') && given.textIn(named('new_column_name'));
	if (named('new_column_name') && to === undefined) return undefined;
	return [change, ...(to === undefined ? [] : [{do: 'rename-column', table, column, to} as const])];
}

/** `op.bulk_insert(sa.table('roles', …), […])`. */
function bulkInsert(given: Arguments): Operation[] | undefined {
	const [target = []] = given.call.positional;
	const [first] = target;
	const {local, values} = given.scope;
	const made =
		target.length === 1 && first?.type === 'name' ? (local.get(first.text) ?? values.get(first.text) ?? []) : target;
	const call = callOver(made);
	const table = call && /(?:^|\.)[tT]able$/.test(call.name) ? given.textIn(call.positional[0]) : undefined;
	return table === undefined ? [unread('op.bulk_insert(…)')] : [{do: 'data', how: 'insert', table}];
}
