import {is, splitAt, type Token, textOf, written} from '../../reading/tokens.ts';
import {type ColumnType, columnType} from '../columnType.ts';
import type {Column, Constraint, Engine, Migration, MigrationFile, Operation} from '../operation.ts';
import {type Expression, readExpressions} from './elixirLines.ts';
import {type History, inLine, nameOf, readFiles} from './history.ts';
import {isSaid, unreadCode} from './says.ts';
import {sqlOperations} from './sqlOperations.ts';

/** Ecto's: a file each, by its version. */
export function readEcto(files: readonly MigrationFile[], engine: Engine): History {
	return inLine(
		readFiles(
			files,
			path => /(?:^|\/)migrations\/\d+_[^/]+\.exs$/.test(path),
			(path, text) => migrationOf(path, text, engine),
		),
	);
}

/** What an expression does and what takes it back; a text says why nothing does. */
type Ways = {readonly up: readonly Operation[]; readonly down: readonly Operation[] | string};

function migrationOf(path: string, text: string, engine: Engine): Migration | 'unread' {
	const module = readExpressions(text).find(({tokens}) => is(tokens[0], 'defmodule'));
	const bodies = new Map<string, readonly Expression[]>();
	for (const {tokens, inside} of module?.inside ?? []) {
		const name = tokens[1]?.text ?? '';
		if (!is(tokens[0], 'def')) continue;
		if (bodies.has(name)) return 'unread';
		// `def down, do: :ok` has its body on its line.
		const at = tokens.findIndex((token, index) => is(token, 'do') && is(tokens[index + 1], ':'));
		bodies.set(name, at === -1 ? inside : [{tokens: tokens.slice(at + 2), inside: []}]);
	}

	const [change, up, down] = ['change', 'up', 'down'].map(name => bodies.get(name));
	if (!change && !up) return 'unread';
	const there = waysOf(change ?? up ?? [], engine);
	const back = down && waysOf(down, engine).up;
	return {
		id: /^\d+/.exec(nameOf(path))?.[0] ?? path,
		file: path,
		after: [],
		replaces: [],
		up: there.up,
		down: change
			? there.down
			: !back
				? 'it has no down'
				: back.length === 0 && there.up.length > 0
					? 'its down does nothing'
					: back,
	};
}

function waysOf(body: readonly Expression[], engine: Engine): Ways {
	const up: Operation[] = [];
	const down: Operation[] = [];
	let refusal: string | undefined;
	for (const expression of body) {
		const ways = expressionWays(expression, engine) ?? {
			up: [unreadCode(expression.tokens)],
			down: 'Ecto can’t turn it round',
		};
		up.push(...ways.up);
		if (typeof ways.down === 'string') refusal ??= ways.down;
		else down.unshift(...ways.down);
	}

	return {up, down: refusal ?? down};
}

/** Which of these change turns round: Ecto.Migration.Runner's `reverse`. */
function expressionWays({tokens, inside}: Expression, engine: Engine): Ways | undefined {
	const [first] = tokens;
	if (is(first, ':ok') || is(first, 'nil') || is(first, 'flush') || is(first, 'disable_ddl_transaction'))
		return {up: [], down: []};
	const given = argumentsOf(tokens.slice(1));
	// Its block stands on its own line, and is not read.
	if (apart(given).named.has('do')) return undefined;
	const made = given[0] && objectOf(given[0]);
	switch (first?.text) {
		case 'create':
		case 'create_if_not_exists':
			return made && create(made, inside, is(first, 'create_if_not_exists'));
		case 'drop':
		case 'drop_if_exists':
			return made && drop(made);
		case 'alter':
			return made?.kind === 'table' && made.table !== undefined && inside.length > 0
				? alter(made.table, inside)
				: undefined;
		case 'rename':
			return made && rename(made, given.slice(1));
		case 'execute':
			return execute(given, engine);
		default:
			return undefined;
	}
}

/** What stands after a word, in brackets or not, apart at commas. */
function argumentsOf(tokens: readonly Token[]): Token[][] {
	const isIn = is(tokens[0], '(') && is(tokens.at(-1), ')');
	return splitAt(isIn ? tokens.slice(1, -1) : tokens, ',');
}

type Thing = {
	readonly kind: 'table' | 'index' | 'constraint';
	readonly table: string | undefined;
	readonly positional: readonly (readonly Token[])[];
	readonly named: ReadonlyMap<string, readonly Token[]>;
	readonly isUnique: boolean;
};

/** `table(:posts)`, `unique_index(:posts, [:slug])`, `constraint(:posts, :name, check: "…")`. */
function objectOf(tokens: readonly Token[]): Thing | undefined {
	const [word] = tokens;
	const kind = {table: 'table', index: 'index', unique_index: 'index', constraint: 'constraint'}[word?.text ?? ''];
	if (kind === undefined || word?.type !== 'name') return undefined;
	const parts = argumentsOf(tokens.slice(1));
	const {positional, named} = apart(parts);
	const prefix = textOf(named.get('prefix'));
	const table = nameIn(positional[0]);
	return {
		kind: kind as Thing['kind'],
		table: table !== undefined && prefix !== undefined ? `${prefix}.${table}` : table,
		positional,
		named,
		isUnique: word.text === 'unique_index' || is(named.get('unique')?.[0], 'true'),
	};
}

function apart(parts: readonly (readonly Token[])[]): Pick<Thing, 'positional' | 'named'> {
	const named = new Map<string, readonly Token[]>();
	const positional: (readonly Token[])[] = [];
	for (const part of parts) {
		const [name, colon] = part;
		if (name?.type === 'name' && is(colon, ':')) named.set(name.text, part.slice(2));
		else positional.push(part);
	}

	return {positional, named};
}

/** `:posts` or `"posts"`. */
function nameIn(tokens: readonly Token[] | undefined): string | undefined {
	const [first] = tokens ?? [];
	if (tokens?.length !== 1 || !first) return undefined;
	if (first.type === 'string') return first.open ? undefined : first.text;
	return first.text.startsWith(':') ? first.text.slice(1) : undefined;
}

/** `[:a, :b]`, or one alone; undefined where one of them is an expression. */
function namesIn(tokens: readonly Token[] | undefined): string[] | undefined {
	if (!tokens) return undefined;
	if (!is(tokens[0], '[')) return nameIn(tokens) === undefined ? undefined : [nameIn(tokens) ?? ''];
	const found = splitAt(tokens.slice(1, -1), ',').map(part => nameIn(part));
	return found.every(one => one !== undefined) ? found : undefined;
}

function create(thing: Thing, inside: readonly Expression[], ifMissing: boolean): Ways | undefined {
	const {table, kind, named} = thing;
	if (table === undefined) return undefined;
	if (kind === 'table') {
		const columns = inside.map(one => columnsOf(one, table));
		if (!columns.every(one => one !== undefined)) return undefined;
		const hasKey = !is(named.get('primary_key')?.[0], 'false');
		const key: Column[] = hasKey ? [{name: 'id', nullable: false, default: 'numbered', type: columnType('id')}] : [];
		return {
			up: [
				{
					do: 'create-table',
					table,
					columns: [...key, ...columns.flat().map(({column}) => column)],
					constraints: columns.flat().flatMap(({rules}) => rules),
					...(ifMissing && {ifMissing}),
				},
			],
			down: [{do: 'drop-table', table}],
		};
	}

	if (kind === 'index' && !thing.isUnique) return {up: [], down: []};
	const name = constraintName(thing);
	const columns = namesIn(thing.positional[1]);
	const constraint: Constraint =
		kind === 'index'
			? {kind: 'unique', name, ...(columns && {columns})}
			: {kind: named.has('exclude') ? 'exclude' : 'check', name};
	return {up: [{do: 'add-constraint', table, constraint}], down: [{do: 'drop-constraint', table, name}]};
}

/** 'posts_slug_index' (Ecto.Migration's `index`). */
function constraintName({kind, table, positional, named}: Thing): string {
	const given = nameIn(named.get('name'));
	if (given !== undefined) return given;
	if (kind === 'constraint') return nameIn(positional[1]) ?? '';
	return [table, ...(namesIn(positional[1]) ?? []), 'index'].join('_');
}

function drop(thing: Thing): Ways | undefined {
	const {table, kind} = thing;
	if (table === undefined) return undefined;
	if (kind === 'table') return {up: [{do: 'drop-table', table}], down: 'Ecto can’t turn a drop of a table round'};
	const name = constraintName(thing);
	const up: Operation[] = [{do: 'drop-constraint', table, name}];
	if (kind === 'constraint') return {up, down: 'Ecto can’t turn a drop of a constraint round'};
	const columns = namesIn(thing.positional[1]);
	const back: Operation = {do: 'add-constraint', table, constraint: {kind: 'unique', name, ...(columns && {columns})}};
	return {up, down: thing.isUnique ? [back] : []};
}

function rename(thing: Thing, rest: readonly (readonly Token[])[]): Ways | undefined {
	const {positional, named} = apart(rest);
	const target = named.get('to');
	if (thing.kind !== 'table' || thing.table === undefined || !target)
		return thing.kind === 'index' ? {up: [], down: []} : undefined;
	const {table} = thing;
	const column = nameIn(positional[0]);
	const to = column === undefined ? objectOf(target)?.table : nameIn(target);
	if (to === undefined) return undefined;
	if (column === undefined)
		return {up: [{do: 'rename-table', table, to}], down: [{do: 'rename-table', table: to, to: table}]};
	return {
		up: [{do: 'rename-column', table, column, to}],
		down: [{do: 'rename-column', table, column: to, to: column}],
	};
}

function execute(given: readonly (readonly Token[])[], engine: Engine): Ways | undefined {
	const texts = given.map(part => textOf(part));
	const [there, back] = texts;
	if (there === undefined || (texts.length > 1 && back === undefined)) return undefined;
	return {
		up: sqlOperations(there, engine),
		down: back === undefined ? 'its execute has no way back' : sqlOperations(back, engine),
	};
}

type Added = {readonly column: Column; readonly rules: readonly Constraint[]};

/** `add :title, :string, null: false, default: ""`, `timestamps()`; undefined for any other. */
function columnsOf({tokens, inside}: Expression, table: string): Added[] | undefined {
	if (inside.length > 0) return undefined;
	const {positional, named} = apart(argumentsOf(tokens.slice(1)));
	if (is(tokens[0], 'timestamps')) {
		// Ecto.Migration's `timestamps`: both are required, and the database knows no value for them.
		const isNull = is(named.get('null')?.[0], 'true');
		const called = ['inserted_at', 'updated_at'].flatMap(key => {
			const given = named.get(key);
			return is(given?.[0], 'false') ? [] : [nameIn(given) ?? key];
		});
		const value = named.get('default');
		const type = columnType(nameIn(named.get('type')) ?? 'naive_datetime');
		return called.map(name => ({
			column: {name, type, nullable: isNull, ...(value && isSaid(value) && {default: written(value)})},
			rules: [],
		}));
	}

	if (!is(tokens[0], 'add') && !is(tokens[0], 'add_if_not_exists')) return undefined;
	const name = nameIn(positional[0]);
	const added = name === undefined ? undefined : addedOf(name, positional[1], named);
	return added && table !== '' ? [added] : undefined;
}

function addedOf(
	name: string,
	typed: readonly Token[] | undefined,
	named: ReadonlyMap<string, readonly Token[]>,
): Added | undefined {
	if (!typed) return undefined;
	const isKey = is(named.get('primary_key')?.[0], 'true');
	const value = named.get('default');
	const hasValue = value !== undefined && isSaid(value);
	const reference = referenceOf(typed, name);
	const generated = named.has('generated') || /^:(?:big|small)?serial$/.test(typed[0]?.text ?? '');
	return {
		column: {
			name,
			type: typeOf(typed, named),
			nullable: !isKey && isTrueOrAbsent(named.get('null')),
			...(hasValue ? {default: written(value)} : generated && {default: 'generated'}),
		},
		rules: [
			...(reference ? [reference] : []),
			...(named.has('check') ? [{kind: 'check', columns: [name]} as const] : []),
		],
	};
}

/** What is worked out may be false. */
const isTrueOrAbsent = (tokens: readonly Token[] | undefined) => tokens === undefined || is(tokens[0], 'true');

function referenceOf(typed: readonly Token[], column: string): Constraint | undefined {
	if (!is(typed[0], 'references')) return undefined;
	const {positional, named} = apart(argumentsOf(typed.slice(1)));
	const references = nameIn(positional[0]);
	const letsGo =
		/^:(?:delete_all|nilify_all)$/.test(named.get('on_delete')?.[0]?.text ?? '') ||
		is(named.get('on_delete')?.[0], '{');
	return {
		kind: 'foreign-key',
		columns: [column],
		...(references !== undefined && {references}),
		...(letsGo && {letsGo}),
	};
}

/** Ecto's :string has 255 letters where nothing else is said (Ecto.Migration, “Field Types”). */
function typeOf(typed: readonly Token[], named: ReadonlyMap<string, readonly Token[]>): ColumnType {
	if (is(typed[0], 'references')) return columnType('bigint');
	const name = nameIn(typed);
	if (name === undefined) return columnType('other', [], written(typed));
	const number = (key: string) => named.get(key)?.[0]?.text;
	if (name === 'string' || name === 'varchar') return columnType('varchar', [number('size') ?? '255']);
	const [precision, scale] = [number('precision'), number('scale')];
	if (name === 'decimal' && precision !== undefined) return columnType('decimal', [precision, scale ?? '0']);
	return columnType(name);
}

function alter(table: string, inside: readonly Expression[]): Ways {
	const ways = inside.map(
		one => alterWays(table, one) ?? {up: [unreadCode(one.tokens)], down: 'Ecto can’t turn it round'},
	);
	const refusal = ways.map(({down}) => down).find(down => typeof down === 'string');
	return {
		up: ways.flatMap(({up}) => up),
		down: refusal ?? ways.toReversed().flatMap(({down}) => (typeof down === 'string' ? [] : down)),
	};
}

function alterWays(table: string, expression: Expression): Ways | undefined {
	const {tokens} = expression;
	const added = columnsOf(expression, table);
	if (added)
		return {
			up: added.flatMap(one => adding(table, one)),
			down: added.map(({column}) => ({do: 'drop-column', table, column: column.name})),
		};
	const {positional, named} = apart(argumentsOf(tokens.slice(1)));
	const column = nameIn(positional[0]);
	if (column === undefined) return undefined;
	if (is(tokens[0], 'remove') || is(tokens[0], 'remove_if_exists')) {
		const back = addedOf(column, positional[1], named);
		return {
			up: [{do: 'drop-column', table, column}],
			down: back && is(tokens[0], 'remove') ? adding(table, back) : `Ecto does not know what ${column} was`,
		};
	}

	return is(tokens[0], 'modify') ? modify(table, column, positional[1] ?? [], named) : undefined;
}

function adding(table: string, {column, rules}: Added): Operation[] {
	return [
		{do: 'add-column', table, column},
		...rules.map((constraint): Operation => ({do: 'add-constraint', table, constraint})),
	];
}

/** `modify :title, :text, null: false, from: {:string, null: true}`: only with `from` it can be turned round. */
function modify(
	table: string,
	column: string,
	typed: readonly Token[],
	named: ReadonlyMap<string, readonly Token[]>,
): Ways {
	const from = named.get('from');
	const parts = from && is(from[0], '{') ? splitAt(from.slice(1, -1), ',') : from ? [from] : [];
	const before = apart(parts);
	const [beforeType] = before.positional;
	const alterTo = (type: readonly Token[], options: ReadonlyMap<string, readonly Token[]>): Operation[] => {
		const reference = referenceOf(type, column);
		const value = options.get('default');
		return [
			{
				do: 'alter-column',
				table,
				column,
				type: typeOf(type, options),
				...(options.has('null') && {nullable: is(options.get('null')?.[0], 'true')}),
				...(value && {default: isSaid(value) ? written(value) : null}),
			},
			...(reference ? [{do: 'add-constraint', table, constraint: reference} as const] : []),
		];
	};
	const was = new Map([...before.named].filter(([key]) => named.has(key) || key === 'null'));
	return {
		up: alterTo(typed, named),
		down: beforeType ? alterTo(beforeType, was) : `Ecto does not know what ${column} was`,
	};
}
