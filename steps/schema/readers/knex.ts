import {readJavaScript} from '../../reading/javascript.ts';
import {is, type Token, textOf} from '../../reading/tokens.ts';
import type {Engine, Migration, MigrationFile, Operation} from '../operation.ts';
import {type History, inLine, nameOf, readFiles} from './history.ts';
import {chainsIn, functionOf, type Link} from './javascriptChains.ts';
import {knexColumns, texts} from './knexColumns.ts';
import {unreadCode} from './says.ts';
import {sqlOperations} from './sqlOperations.ts';

/** knex's: a file each, by its name. */
export function readKnex(files: readonly MigrationFile[], engine: Engine): History {
	return inLine(
		readFiles(
			files,
			path => /(?:^|\/)migrations\/\d[^/]*\.(?:js|cjs|mjs|ts|mts|cts)$/.test(path) && !path.endsWith('.d.ts'),
			(path, text) => migrationOf(path, text, (links, knex) => chainOperations(links, knex, engine)),
		),
		false,
	);
}

/** TypeORM's: a class in a file each, which is given SQL. */
export function readTypeOrm(files: readonly MigrationFile[], engine: Engine): History {
	return inLine(
		readFiles(
			files,
			path => /(?:^|\/)migrations?\/\d[^/]*\.(?:js|cjs|mjs|ts|mts|cts)$/.test(path) && !path.endsWith('.d.ts'),
			(path, text) =>
				migrationOf(path, text, ([first, link, ...rest], runner) =>
					first?.name === runner && !first.given && link?.name === 'query' && rest.length === 0
						? raw([link], engine)
						: undefined,
				),
		),
	);
}

/** What a statement does, which is a chain from the first parameter on; undefined where it can't be read. */
type ReadChain = (links: readonly Link[], parameter: string) => Operation[] | undefined;

function migrationOf(path: string, text: string, read: ReadChain): Migration | 'unread' {
	const tokens = readJavaScript(text);
	const up = exported(tokens, 'up');
	const down = exported(tokens, 'down');
	if (!up) return 'unread';
	const there = bodyOperations(up, read);
	const back = down && bodyOperations(down, read);
	return {
		id: nameOf(path),
		file: path,
		after: [],
		replaces: [],
		up: there,
		down: !back ? 'it has no down' : back.length === 0 && there.length > 0 ? 'its down does nothing' : back,
	};
}

/** `exports.up = …`, `module.exports.up = …`, `export async function up(…) {…}`, `export const up = …`, `up: …` of module.exports. */
function exported(tokens: readonly Token[], name: string): ReturnType<typeof functionOf> {
	let depth = 0;
	for (let at = 0; at < tokens.length; at += 1) {
		const token = tokens[at];
		if (token?.type === 'sign' && '([{'.includes(token.text)) depth += 1;
		else if (token?.type === 'sign' && ')]}'.includes(token.text)) depth -= 1;
		if (!is(token, name) || depth > 1) continue;
		const before = tokens[at - 1];
		if (is(tokens[at + 1], '=') || (depth === 1 && is(tokens[at + 1], ':'))) return functionOf(tokens.slice(at + 2));
		if (is(before, 'function')) return functionOf(tokens.slice(at - 1));
		if (depth === 1 && is(tokens[at + 1], '(')) return functionOf(tokens.slice(at + 1));
	}

	return undefined;
}

function bodyOperations(way: NonNullable<ReturnType<typeof functionOf>>, read: ReadChain): Operation[] {
	const [knex = 'knex'] = way.names;
	const chains = chainsIn(way.body);
	if (!chains) return [unreadCode(way.body)];
	return chains.flatMap(links => read(links, knex) ?? [unreadCode(tokensOf(links))]);
}

/** For a person: a chain as it may have been written. */
const tokensOf = (links: readonly Link[]): Token[] => {
	const sign = (text: string): Token => ({type: 'sign', text, line: 0});
	return links.flatMap(({name, given}, at): Token[] => [
		...(at === 0 ? [] : [sign('.')]),
		{type: 'name', text: name, line: 0},
		...(given ? [sign('('), ...given.flat().slice(0, 10), sign(')')] : []),
	]);
};

function chainOperations(links: readonly Link[], knex: string, engine: Engine): Operation[] | undefined {
	const [first, ...rest] = links;
	if (first?.name === 'Promise' && (rest[0]?.name === 'all' || rest[0]?.name === 'resolve'))
		return promised(rest[0], knex, engine);
	if (first?.name === 'console') return [];
	if (first?.name !== knex) return undefined;
	if (first.given) return rowOperations(first, rest);
	if (rest[0]?.name === 'raw') return raw(rest, engine);
	if (rest[0]?.name !== 'schema') return undefined;
	let schema = '';
	const operations: Operation[] = [];
	for (const link of rest.slice(1)) {
		if (link.name === 'withSchema') {
			const [name] = texts(link.given?.[0]) ?? [];
			if (name === undefined) return undefined;
			schema = name === 'public' ? '' : `${name}.`;
			continue;
		}

		const found = link.name === 'raw' ? raw([link], engine) : schemaOperations(link, schema);
		if (!found) return undefined;
		operations.push(...found);
	}

	return operations;
}

/** `Promise.all([a, b])`. */
function promised({name, given = []}: Link, knex: string, engine: Engine): Operation[] | undefined {
	if (name === 'resolve') return given.length === 0 ? [] : undefined;
	const [list = []] = given;
	const chains = is(list[0], '[') ? chainsIn(list.slice(1, -1)) : undefined;
	const found = chains?.map(links => chainOperations(links, knex, engine));
	return found?.every(one => one !== undefined) ? found.flat() : undefined;
}

function raw([link, ...rest]: readonly Link[], engine: Engine): Operation[] | undefined {
	const sql = textOf(link?.given?.[0]);
	return sql === undefined || link?.given?.length !== 1 || rest.length > 0 ? undefined : sqlOperations(sql, engine);
}

/** `knex('posts').where(…).update({slug: …})`. */
function rowOperations(first: Link, rest: readonly Link[]): Operation[] | undefined {
	const [table] = texts(first.given?.[0]) ?? [];
	const way = rest.findLast(({name}) => /^(?:insert|update|del|delete|truncate|increment|decrement)$/.test(name));
	if (table === undefined || !way) return undefined;
	if (way.name === 'insert') return [{do: 'data', how: 'insert', table}];
	if (way.name !== 'update')
		return [{do: 'data', how: way.name === 'increment' || way.name === 'decrement' ? 'update' : 'delete', table}];
	const columns = keysOf(way.given?.[0] ?? []);
	return [{do: 'data', how: 'update', table, ...(columns && {columns})}];
}

/** The names in `{slug: 'a', 'title': b}`; undefined where one is worked out. */
function keysOf(tokens: readonly Token[]): string[] | undefined {
	if (!is(tokens[0], '{')) return tokens.length === 1 ? texts(tokens) : undefined;
	const names: string[] = [];
	let depth = 0;
	let isKey = true;
	for (const token of tokens.slice(1, -1)) {
		if (depth === 0 && isKey) {
			if (token.type === 'sign') return undefined;
			names.push(token.text);
			isKey = false;
		} else if (depth === 0 && is(token, ',')) isKey = true;
		if (token.type === 'sign' && '([{'.includes(token.text)) depth += 1;
		else if (token.type === 'sign' && ')]}'.includes(token.text)) depth -= 1;
	}

	return names;
}

/** knex's “Schema Builder”. */
function schemaOperations({name, given = []}: Link, schema: string): Operation[] | undefined {
	const [table, to] = given.map(part => texts(part)?.[0]);
	if (table === undefined) return undefined;
	const named = schema + table;
	switch (name) {
		case 'createTable':
		case 'createTableIfNotExists': {
			const made = knexColumns(given[1] ?? [], named);
			const ifMissing = name === 'createTableIfNotExists';
			const columns = made?.flatMap(one => (one.do === 'add-column' ? [one.column] : []));
			const constraints = made?.flatMap(one => (one.do === 'add-constraint' ? [one.constraint] : []));
			if (!made?.every(one => one.do === 'add-column' || one.do === 'add-constraint')) return undefined;
			return [
				{
					do: 'create-table',
					table: named,
					columns: columns ?? [],
					constraints: constraints ?? [],
					...(ifMissing && {ifMissing}),
				},
			];
		}
		case 'dropTable':
		case 'dropTableIfExists':
			return [{do: 'drop-table', table: named}];
		case 'renameTable':
			return to === undefined ? undefined : [{do: 'rename-table', table: named, to: schema + to}];
		case 'table':
		case 'alterTable':
			return knexColumns(given[1] ?? [], named);
		default:
			return undefined;
	}
}
