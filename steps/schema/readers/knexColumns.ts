import {is, splitAt, type Token, textOf, written} from '../../reading/tokens.ts';
import {columnType} from '../columnType.ts';
import type {Column, Constraint, ConstraintKind, Operation} from '../operation.ts';
import {chainsIn, functionOf, type Link} from './javascriptChains.ts';
import {isSaid} from './says.ts';

/** `'a'` or `['a', 'b']`; undefined where one of them is worked out. */
export function texts(tokens: readonly Token[] | undefined): string[] | undefined {
	if (!tokens) return undefined;
	const parts = is(tokens[0], '[') ? splitAt(tokens.slice(1, -1), ',') : [tokens];
	const found = parts.map(part => textOf(part));
	return found.every(one => one !== undefined) ? found : undefined;
}

/** What the function that knex is given does to its table; undefined where a part of it can't be read. */
export function knexColumns(callback: readonly Token[], table: string): Operation[] | undefined {
	const way = functionOf(callback);
	const chains = way && chainsIn(way.body);
	const [name] = way?.names ?? [];
	const found = chains?.map(([first, ...links]) =>
		first?.name === name && !first?.given && links.length > 0 ? tableOperations(links, table) : undefined,
	);
	return found?.every(one => one !== undefined) ? found.flat() : undefined;
}

/** knex's types, by what the databases call them (knex's “Schema Builder”, columns). */
const types: Readonly<Record<string, string>> = {
	string: 'varchar',
	text: 'text',
	mediumtext: 'mediumtext',
	longtext: 'longtext',
	tinyint: 'tinyint',
	smallint: 'smallint',
	mediumint: 'mediumint',
	integer: 'integer',
	int: 'integer',
	bigint: 'bigint',
	bigInteger: 'bigint',
	increments: 'integer',
	bigIncrements: 'bigint',
	decimal: 'decimal',
};

const plainTypes = new Set(
	'float double boolean bool date datetime dateTime time timestamp timestamptz binary json jsonb uuid enu enum specificType geometry geography point'.split(
		' ',
	),
);

function tableOperations([first, ...rest]: readonly Link[], table: string): Operation[] | undefined {
	if (!first?.given) return undefined;
	const [names, ...more] = first.given.map(part => texts(part));
	const drop = (columns: readonly string[] | undefined): Operation[] | undefined =>
		columns?.map(column => ({do: 'drop-column', table, column}));
	switch (first.name) {
		case 'dropColumn':
		case 'dropColumns':
			return drop(
				first.given.flatMap(part => texts(part) ?? ['']).some(one => one === '')
					? undefined
					: first.given.flatMap(part => texts(part) ?? []),
			);
		case 'dropTimestamps':
			return drop(['created_at', 'updated_at']);
		case 'renameColumn': {
			const [column, to] = [names?.[0], more[0]?.[0]];
			return column === undefined || to === undefined ? undefined : [{do: 'rename-column', table, column, to}];
		}
		case 'setNullable':
		case 'dropNullable': {
			const nullable = first.name === 'setNullable';
			return names?.map(column => ({do: 'alter-column', table, column, nullable}));
		}
		case 'timestamps':
			return timestamps(first, table);
		case 'index':
		case 'dropIndex':
		case 'comment':
		case 'engine':
		case 'charset':
		case 'collate':
			return [];
		case 'unique':
			return names && rule(table, 'unique', names, more[0]?.[0] ?? `${table}_${names.join('_')}_unique`.toLowerCase());
		case 'primary':
			return names && rule(table, 'primary-key', names);
		case 'foreign':
			return names && [{do: 'add-constraint', table, constraint: reference(names, rest, table)}];
		case 'check':
			return rule(table, 'check', undefined);
		case 'dropUnique':
		case 'dropForeign': {
			const end = first.name === 'dropUnique' ? 'unique' : 'foreign';
			const name = more[0]?.[0] ?? `${table}_${names?.join('_')}_${end}`.toLowerCase();
			return names && [{do: 'drop-constraint', table, name}];
		}
		case 'dropPrimary':
			return [{do: 'drop-constraint', table, kind: 'primary-key'}];
		default:
			return columnOperations(first, rest, table);
	}
}

function rule(table: string, kind: ConstraintKind, columns: readonly string[] | undefined, name?: string): Operation[] {
	const constraint: Constraint = {kind, ...(columns && {columns}), ...(name !== undefined && {name})};
	return [{do: 'add-constraint', table, constraint}];
}

function reference(columns: readonly string[], links: readonly Link[], table: string): Constraint {
	const said = (name: string) => texts(links.find(link => link.name === name)?.given?.[0])?.[0];
	const target = said('references');
	const references =
		said('inTable') ?? said('on') ?? (target?.includes('.') ? target.slice(0, target.indexOf('.')) : undefined);
	const letsGo = /^(?:cascade|set null|set default)$/i.test(said('onDelete') ?? '');
	return {
		kind: 'foreign-key',
		columns,
		name: `${table}_${columns.join('_')}_foreign`.toLowerCase(),
		...(references !== undefined && {references}),
		...(letsGo && {letsGo}),
	};
}

/** `timestamps(useTimestamps, defaultToNow)`: with the second they are required, and are now where nothing is said. */
function timestamps({given = []}: Link, table: string): Operation[] | undefined {
	const flags = given.map(part => (is(part[0], 'true') ? true : is(part[0], 'false') ? false : undefined));
	if (flags.some(flag => flag === undefined) || flags.length > 2) return undefined;
	const type = columnType('timestamp');
	const isNow = flags[1] === true;
	return ['created_at', 'updated_at'].map(name => ({
		do: 'add-column',
		table,
		column: {name, type, nullable: !isNow, ...(isNow && {default: 'now'})},
	}));
}

/** What a column's chain says after its type that older code does not see. */
const unseen = new Set([
	'index',
	'comment',
	'after',
	'first',
	'unsigned',
	'onDelete',
	'onUpdate',
	'inTable',
	'on',
	'withKeyName',
	'deferrable',
	'collate',
]);

/** `t.string('title', 50).notNullable().defaultTo('')`. */
function columnOperations(first: Link, rest: readonly Link[], table: string): Operation[] | undefined {
	const {name: kind, given = []} = first;
	const isNumbered = /ncrements$/.test(kind);
	const name = texts(given[0])?.[0] ?? (isNumbered && given.length === 0 ? 'id' : undefined);
	const called = types[kind];
	if (name === undefined || (called === undefined && !plainTypes.has(kind))) return undefined;
	const isUnsigned = rest.some(link => link.name === 'unsigned');
	const type = columnType(called ?? kind, sizes(kind, given.slice(1)), isUnsigned ? 'unsigned' : '');
	let [nullable, value] = [!isNumbered, isNumbered ? 'numbered' : undefined];
	const constraints: Constraint[] = [];
	let isAlter = false;
	for (const link of rest) {
		if (link.name === 'notNullable' || link.name === 'notNull') nullable = false;
		else if (link.name === 'nullable') nullable = link.given?.length === 0 || is(link.given?.[0]?.[0], 'true');
		else if (/^default(?:s?To)?$/.test(link.name)) {
			const tokens = link.given?.[0] ?? [];
			value = isSaid(tokens) ? (textOf(tokens) ?? written(tokens)) : undefined;
		} else if (link.name === 'unique')
			constraints.push({kind: 'unique', columns: [name], name: `${table}_${name}_unique`.toLowerCase()});
		else if (link.name === 'primary') {
			nullable = false;
			constraints.push({kind: 'primary-key', columns: [name]});
		} else if (link.name === 'references') constraints.push(reference([name], rest, table));
		else if (link.name.startsWith('check')) constraints.push({kind: 'check', columns: [name]});
		else if (link.name === 'alter' && link.given?.length === 0) isAlter = true;
		else if (!unseen.has(link.name)) return undefined;
	}

	const rules = constraints.map((constraint): Operation => ({do: 'add-constraint', table, constraint}));
	if (isAlter) return [{do: 'alter-column', table, column: name, type, nullable, default: value ?? null}, ...rules];
	const column: Column = {name, type, nullable, ...(value !== undefined && {default: value})};
	return [{do: 'add-column', table, column}, ...rules];
}

function sizes(kind: string, given: readonly (readonly Token[])[]): string[] {
	const said = given.map(part => written(part));
	if (kind === 'string') return said.length > 0 ? said : ['255'];
	// Digits are eight, two of them after the point, where nothing is said.
	if (kind === 'decimal') return [said[0] ?? '8', said[1] ?? '2'];
	return kind === 'integer' || kind === 'increments' ? [] : said;
}
