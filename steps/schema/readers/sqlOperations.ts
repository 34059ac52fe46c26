import {is, splitAt} from '../../reading/tokens.ts';
import type {AlterColumn, Column, Constraint, Engine, Operation} from '../operation.ts';
import {unread} from '../operation.ts';
import {columnDefinition, expression, isWord, Reading, readType, tableRule} from './sqlColumns.ts';
import {readStatements, type SqlToken} from './sqlTokens.ts';

/** What SQL does to a schema. A statement that is not known for sure is one that can't be read. */
export function sqlOperations(text: string, engine: Engine): Operation[] {
	return readStatements(text, engine).flatMap(
		tokens => statementOperations(tokens, engine) ?? [unread(textOfSql(tokens))],
	);
}

const textOfSql = (tokens: readonly SqlToken[]) =>
	tokens
		.slice(0, 40)
		.map(({type, isName, text}) => (type === 'string' && !isName ? `'${text}'` : text))
		.join(' ');

/** Statements of these words alone change nothing. */
const alone = new Set([
	'BEGIN',
	'BEGIN TRANSACTION',
	'COMMIT',
	'END',
	'START TRANSACTION',
	'SELECT 1',
	'UNLOCK TABLES',
	'ANALYZE',
	'VACUUM',
]);

/** What begins so changes nothing that older code sees, whatever follows. */
const harmless = [
	...['CREATE EXTENSION', 'CREATE TYPE', 'CREATE SEQUENCE', 'CREATE SCHEMA', 'CREATE VIEW', 'CREATE MATERIALIZED VIEW'],
	...[
		'COMMENT ON',
		'GRANT',
		'REINDEX',
		'ANALYZE',
		'VACUUM',
		'LOCK TABLES',
		'DROP TYPE',
		'SET FOREIGN_KEY_CHECKS',
		'SET NAMES',
	],
	...['SET LOCK_TIMEOUT', 'SET STATEMENT_TIMEOUT', 'SET LOCAL LOCK_TIMEOUT', 'SET LOCAL STATEMENT_TIMEOUT'],
	...['PRAGMA FOREIGN_KEYS', 'PRAGMA DEFER_FOREIGN_KEYS', 'PRAGMA FOREIGN_KEY_CHECK'],
].map(words => words.split(' '));

/** undefined where the statement can't be read. */
function statementOperations(tokens: readonly SqlToken[], engine: Engine): Operation[] | undefined {
	const reading = new Reading(tokens, engine);
	const words = tokens.length <= 2 ? tokens.map(({text}) => text.toUpperCase()).join(' ') : '';
	if (alone.has(words) || harmless.some(start => reading.take(...start))) return [];
	if (reading.take('CREATE')) return createOperations(reading);
	if (reading.take('DROP', 'TABLE')) return dropTables(reading);
	if (reading.take('DROP', 'INDEX')) return dropIndex(reading);
	if (reading.take('ALTER', 'TABLE')) return alterTable(reading);
	if (reading.take('RENAME', 'TABLE')) {
		const table = reading.name();
		const to = reading.take('TO') ? reading.name() : undefined;
		return table !== undefined && to !== undefined && reading.isAtEnd ? [{do: 'rename-table', table, to}] : undefined;
	}

	if (reading.take('ALTER', 'TYPE')) return addValue(reading);
	if (reading.take('UPDATE')) return updateRows(reading);
	if (reading.take('INSERT', 'INTO') || reading.take('INSERT', 'IGNORE', 'INTO')) return insertRows(reading);
	if (reading.take('DELETE', 'FROM') || reading.take('TRUNCATE', 'TABLE') || reading.take('TRUNCATE')) {
		const table = reading.name();
		return table === undefined || reading.sees(',') ? undefined : [{do: 'data', how: 'delete', table}];
	}

	return undefined;
}

function createOperations(reading: Reading): Operation[] | undefined {
	if (reading.take('TEMPORARY') || reading.take('TEMP')) return [];
	reading.take('UNLOGGED');
	if (reading.take('TABLE')) return createTable(reading);
	const isUnique = reading.take('UNIQUE');
	if (!reading.take('INDEX')) return undefined;
	if (!isUnique) return [];
	reading.take('CONCURRENTLY');
	reading.take('IF', 'NOT', 'EXISTS');
	const name = reading.sees('ON') ? undefined : reading.name();
	if (!reading.take('ON')) return undefined;
	reading.take('ONLY');
	const table = reading.name();
	if (reading.take('USING')) reading.name();
	const columns = reading.names();
	if (table === undefined) return undefined;
	const constraint: Constraint = {kind: 'unique', ...(name !== undefined && {name}), ...(columns && {columns})};
	return [{do: 'add-constraint', table, constraint}];
}

function createTable(reading: Reading): Operation[] | undefined {
	const ifMissing = reading.take('IF', 'NOT', 'EXISTS');
	const table = reading.name();
	const parts = reading.list();
	// What follows the bracket is how it is kept, but for rows of a SELECT.
	if (table === undefined || !parts || reading.rest.some(token => isWord(token, 'SELECT') || isWord(token, 'AS')))
		return undefined;
	const columns: Column[] = [];
	const constraints: Constraint[] = [];
	for (const part of parts) {
		const inside = new Reading(part, reading.engine);
		const rule = tableRule(inside);
		if (rule === 'index') continue;
		if (rule) {
			constraints.push(rule);
			continue;
		}

		const defined = columnDefinition(new Reading(part, reading.engine));
		if (!defined) return undefined;
		columns.push(defined.column);
		constraints.push(...defined.constraints);
	}

	return [{do: 'create-table', table, columns, constraints, ...(ifMissing && {ifMissing})}];
}

function dropTables(reading: Reading): Operation[] | undefined {
	reading.take('IF', 'EXISTS');
	const operations: Operation[] = [];
	do {
		const table = reading.name();
		if (table === undefined) return undefined;
		operations.push({do: 'drop-table', table});
	} while (reading.take(','));
	reading.take('CASCADE') || reading.take('RESTRICT');
	return reading.isAtEnd ? operations : undefined;
}

function dropIndex(reading: Reading): Operation[] | undefined {
	reading.take('CONCURRENTLY');
	reading.take('IF', 'EXISTS');
	const name = reading.name();
	const table = reading.take('ON') ? reading.name() : undefined;
	return name === undefined ? undefined : [{do: 'drop-constraint', name, ...(table !== undefined && {table})}];
}

function alterTable(reading: Reading): Operation[] | undefined {
	reading.take('IF', 'EXISTS');
	reading.take('ONLY');
	const table = reading.name();
	if (table === undefined) return undefined;
	const operations: Operation[] = [];
	let name = table;
	for (const part of splitAt(reading.rest, ',')) {
		const action = new Reading(part, reading.engine);
		const found = alterAction(action, name);
		if (!found || !action.isAtEnd) return undefined;
		operations.push(...found);
		const [renamed] = found;
		if (renamed?.do === 'rename-table') name = renamed.to;
	}

	return operations.length === 0 ? undefined : operations;
}

function alterAction(action: Reading, table: string): Operation[] | undefined {
	if (action.take('ADD')) return addAction(action, table);
	if (action.take('DROP')) return dropAction(action, table);
	if (action.take('RENAME')) return renameAction(action, table);
	if (action.take('VALIDATE', 'CONSTRAINT')) return action.name() === undefined ? undefined : [];
	if (action.take('MODIFY')) {
		action.take('COLUMN');
		return redefine(action, table, undefined);
	}

	if (action.take('CHANGE')) {
		action.take('COLUMN');
		const from = action.name();
		return from === undefined ? undefined : redefine(action, table, from);
	}

	if (!action.take('ALTER')) return undefined;
	action.take('COLUMN');
	const column = action.name();
	if (column === undefined) return undefined;
	const change = columnChange(action);
	return change && [{do: 'alter-column', table, column, ...change}];
}

function columnChange(action: Reading): Omit<AlterColumn, 'do' | 'table' | 'column'> | undefined {
	if (action.take('SET', 'NOT', 'NULL')) return {nullable: false};
	if (action.take('DROP', 'NOT', 'NULL')) return {nullable: true};
	if (action.take('SET', 'DEFAULT')) {
		const value = expression(action);
		return {default: /^[( ]*null\b/i.test(value) ? null : value};
	}

	if (action.take('DROP', 'DEFAULT')) return {default: null};
	if (!action.take('TYPE') && !action.take('SET', 'DATA', 'TYPE')) return undefined;
	const type = readType(action);
	if (action.take('COLLATE')) action.at += 1;
	const converts = action.take('USING');
	if (converts) action.at = action.tokens.length;
	return type && {type, ...(converts && {converts})};
}

function addAction(action: Reading, table: string): Operation[] | undefined {
	const rule = tableRule(action);
	if (rule === 'index') return [];
	if (rule) {
		action.take('NOT', 'VALID');
		return [{do: 'add-constraint', table, constraint: rule}];
	}

	action.take('COLUMN');
	action.take('IF', 'NOT', 'EXISTS');
	const many = action.list();
	if (!many) return addColumn(action, table);
	const found = many.map(part => addColumn(new Reading(part, action.engine), table));
	return found.every(one => one !== undefined) ? found.flat() : undefined;
}

function addColumn(action: Reading, table: string): Operation[] | undefined {
	const defined = columnDefinition(action);
	if (!defined) return undefined;
	const rules = defined.constraints.map((constraint): Operation => ({do: 'add-constraint', table, constraint}));
	return [{do: 'add-column', table, column: defined.column}, ...rules];
}

function dropAction(action: Reading, table: string): Operation[] | undefined {
	if (action.take('PRIMARY', 'KEY')) return [{do: 'drop-constraint', table, kind: 'primary-key'}];
	const isRule =
		action.take('CONSTRAINT') ||
		action.take('FOREIGN', 'KEY') ||
		action.take('INDEX') ||
		action.take('KEY') ||
		action.take('CHECK');
	if (!isRule) action.take('COLUMN');
	action.take('IF', 'EXISTS');
	const name = action.name();
	action.take('CASCADE') || action.take('RESTRICT');
	if (name === undefined) return undefined;
	return [isRule ? {do: 'drop-constraint', table, name} : {do: 'drop-column', table, column: name}];
}

function renameAction(action: Reading, table: string): Operation[] | undefined {
	if (action.take('TO') || action.take('AS')) {
		const to = action.name();
		return to === undefined ? undefined : [{do: 'rename-table', table, to}];
	}

	const isOfIndex = action.take('CONSTRAINT') || action.take('INDEX') || action.take('KEY');
	action.take('COLUMN');
	const column = action.name();
	const to = action.take('TO') ? action.name() : undefined;
	if (column === undefined || to === undefined) return undefined;
	return isOfIndex ? [] : [{do: 'rename-column', table, column, to}];
}

/** MySQL's MODIFY and CHANGE say the whole column anew. */
function redefine(action: Reading, table: string, from: string | undefined): Operation[] | undefined {
	const defined = columnDefinition(action);
	if (!defined) return undefined;
	const {name, type, nullable, default: given = null} = defined.column;
	const renames: Operation[] =
		from !== undefined && from !== name ? [{do: 'rename-column', table, column: from, to: name}] : [];
	const rules = defined.constraints.map((constraint): Operation => ({do: 'add-constraint', table, constraint}));
	return [
		...renames,
		{do: 'alter-column', table, column: name, nullable, default: given, ...(type && {type})},
		...rules,
	];
}

/** `ALTER TYPE role ADD VALUE 'admin'`. */
function addValue(reading: Reading): Operation[] | undefined {
	const type = reading.name();
	if (type === undefined || !reading.take('ADD', 'VALUE')) return undefined;
	reading.take('IF', 'NOT', 'EXISTS');
	const [value] = reading.rest;
	return value?.type === 'string' && !value.isName ? [{do: 'add-value', type, value: value.text}] : undefined;
}

function updateRows(reading: Reading): Operation[] | undefined {
	reading.take('ONLY');
	const table = reading.name();
	if (!reading.sees('SET')) reading.take('AS') ? reading.name() : reading.name();
	if (table === undefined || !reading.take('SET')) return undefined;
	const end = reading.rest.findIndex(token => isWord(token, 'WHERE') || isWord(token, 'FROM'));
	const sets = splitAt(end === -1 ? reading.rest : reading.rest.slice(0, end), ',');
	const columns = sets.map(part => {
		const set = new Reading(part, reading.engine);
		const name = set.name();
		return set.take('=') ? name?.split('.').at(-1) : undefined;
	});
	const isKnown = columns.every(name => name !== undefined);
	return [{do: 'data', how: 'update', table, ...(isKnown && {columns})}];
}

/** SQLite's manual, “Making Other Kinds Of Table Schema Changes”: a new table takes the rows of the old one, then its name. */
function insertRows(reading: Reading): Operation[] | undefined {
	const table = reading.name();
	if (table === undefined) return undefined;
	const insert: Operation = {do: 'data', how: 'insert', table};
	const columns = reading.names();
	if (!reading.take('SELECT')) return [insert];
	const end = reading.rest.findIndex(token => isWord(token, 'FROM'));
	const chosen = splitAt(reading.rest.slice(0, Math.max(end, 0)), ',') as SqlToken[][];
	const isAll = chosen.length === 1 && is(chosen[0]?.[0], '*');
	reading.at += end + 1;
	const from = end === -1 ? undefined : reading.name();
	if (from === undefined || !reading.isAtEnd || isAll || columns?.length !== chosen.length) return [insert];
	const pairs = columns.flatMap((to, index): [string, string][] => {
		const source = sourceOf(chosen[index] ?? [], reading.engine);
		return source === undefined ? [] : [[to, source]];
	});
	return [{do: 'copy-rows', from, table, columns: pairs}];
}

/** `name`, or `coalesce("name", 'x') AS "name"`, by which Prisma fills what was empty. */
function sourceOf(tokens: SqlToken[], engine: Engine): string | undefined {
	const whole = new Reading(tokens, engine);
	if (whole.take('COALESCE')) {
		const [first = []] = whole.list() ?? [];
		return sourceOf(first, engine);
	}

	const name = whole.name();
	if (whole.take('AS')) whole.name();
	return whole.isAtEnd ? name : undefined;
}
