import {closingOf, is, splitAt} from '../../reading/tokens.ts';
import {columnType} from '../columnType.ts';
import type {Column, Constraint, ConstraintKind, Engine} from '../operation.ts';
import type {SqlToken} from './sqlTokens.ts';

/** A place in a statement that goes on as it is read. */
export class Reading {
	at = 0;
	readonly tokens: readonly SqlToken[];
	readonly engine: Engine;

	constructor(tokens: readonly SqlToken[], engine: Engine) {
		this.tokens = tokens;
		this.engine = engine;
	}

	get isAtEnd(): boolean {
		return this.at >= this.tokens.length;
	}

	get rest(): readonly SqlToken[] {
		return this.tokens.slice(this.at);
	}

	/** Goes past these words where they come next. */
	take(...words: readonly string[]): boolean {
		if (!words.every((word, index) => isWord(this.tokens[this.at + index], word))) return false;
		this.at += words.length;
		return true;
	}

	sees(...words: readonly string[]): boolean {
		return words.some(word => isWord(this.tokens[this.at], word));
	}

	/** A name, with its schema where that is not the usual one. */
	name(): string | undefined {
		const parts: string[] = [];
		do {
			const token = this.tokens[this.at];
			if (!token || (token.type !== 'name' && !token.isName)) return undefined;
			// PostgreSQL's manual, “Identifiers and Key Words”: what stands in no quotes is folded to lower case.
			parts.push(token.type === 'name' && this.engine === 'postgresql' ? token.text.toLowerCase() : token.text);
			this.at += 1;
		} while (this.take('.'));
		const [schema = ''] = parts;
		return (parts.length === 2 && (schema === 'public' || schema === 'main') ? parts.slice(1) : parts).join('.');
	}

	/** What stands in the bracket that comes next, apart at commas. */
	list(): SqlToken[][] | undefined {
		if (!is(this.tokens[this.at], '(')) return undefined;
		const end = closingOf(this.tokens, this.at);
		if (!is(this.tokens[end], ')')) return undefined;
		const parts = splitAt(this.tokens.slice(this.at + 1, end), ',') as SqlToken[][];
		this.at = end + 1;
		return parts;
	}

	/** Names in a bracket; undefined where one of them is an expression. */
	names(): string[] | undefined {
		const found = this.list()?.map(part => {
			const inside = new Reading(part, this.engine);
			const name = inside.name();
			// MySQL's index takes a number of letters, and each engine an order.
			const isPlain = inside.isAtEnd || inside.take('ASC') || inside.take('DESC') || inside.list() !== undefined;
			return isPlain && inside.isAtEnd ? name : undefined;
		});
		return found?.every(name => name !== undefined) ? found : undefined;
	}
}

export function isWord(token: SqlToken | undefined, word: string): boolean {
	return token !== undefined && token.type !== 'string' && token.text.toUpperCase() === word;
}

/** A rule of a table: `CONSTRAINT x UNIQUE (a, b)`, `FOREIGN KEY (a) REFERENCES …`; 'index' for one that is none; undefined where it is no rule. */
export function tableRule(reading: Reading): Constraint | 'index' | undefined {
	const name = reading.take('CONSTRAINT') ? nameUnless(reading, rules) : undefined;
	const of = (kind: ConstraintKind, columns?: readonly string[]): Constraint => ({
		kind,
		...(name !== undefined && {name}),
		...(columns && {columns}),
	});
	if (reading.take('PRIMARY', 'KEY')) return of('primary-key', usingThenNames(reading).columns);
	if (reading.take('UNIQUE')) {
		if (!reading.take('INDEX')) reading.take('KEY');
		reading.take('NULLS', 'NOT', 'DISTINCT');
		const {called, columns} = usingThenNames(reading);
		const rule = of('unique', columns);
		return called === undefined ? rule : {...rule, name: called};
	}

	if (reading.take('FOREIGN', 'KEY')) {
		const {columns} = usingThenNames(reading);
		return {...of('foreign-key', columns), ...references(reading)};
	}

	if (reading.take('CHECK')) {
		reading.list();
		return of('check');
	}

	if (reading.take('EXCLUDE')) {
		reading.at = reading.tokens.length;
		return of('exclude');
	}

	if (name === undefined && (reading.sees('FULLTEXT', 'SPATIAL') || reading.sees('INDEX', 'KEY'))) {
		reading.at = reading.tokens.length;
		return 'index';
	}

	return undefined;
}

const rules = ['PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK', 'EXCLUDE'];

function nameUnless(reading: Reading, words: readonly string[]): string | undefined {
	return reading.sees(...words) ? undefined : reading.name();
}

function usingThenNames(reading: Reading): {readonly called?: string; readonly columns?: readonly string[]} {
	const called = is(reading.tokens[reading.at], '(') ? undefined : nameUnless(reading, ['USING']);
	if (reading.take('USING')) reading.name();
	const columns = reading.names();
	return {...(called !== undefined && {called}), ...(columns && {columns})};
}

function references(reading: Reading): Pick<Constraint, 'references' | 'letsGo'> {
	if (!reading.take('REFERENCES')) return {};
	const table = reading.name();
	reading.list();
	let letsGo = false;
	while (reading.take('ON')) {
		const isDelete = reading.sees('DELETE');
		reading.at += 1;
		const lets = reading.take('CASCADE') || reading.take('SET', 'NULL') || reading.take('SET', 'DEFAULT');
		if (!lets) reading.take('NO', 'ACTION') || reading.take('RESTRICT');
		if (isDelete && lets) letsGo = true;
	}

	return {...(table !== undefined && {references: table}), ...(letsGo && {letsGo})};
}

/** A column as CREATE TABLE and ADD COLUMN define it; undefined where a part of it is not known. */
export function columnDefinition(
	reading: Reading,
): {readonly column: Column; readonly constraints: readonly Constraint[]} | undefined {
	const name = reading.name();
	if (name === undefined) return undefined;
	const type = readType(reading);
	const constraints: Constraint[] = [];
	let [nullable, given] = [true, undefined as string | undefined];
	const rule = (kind: ConstraintKind, more: Partial<Constraint> = {}) =>
		constraints.push({kind, columns: [name], ...more});
	while (!reading.isAtEnd) {
		if (reading.take('CONSTRAINT')) reading.name();
		else if (reading.take('NOT', 'NULL')) nullable = false;
		else if (reading.take('NULL')) nullable = true;
		else if (reading.take('PRIMARY', 'KEY')) {
			nullable = false;
			rule('primary-key');
			// SQLite's manual, “ROWIDs and the INTEGER PRIMARY KEY”: it numbers these itself.
			if (reading.engine === 'sqlite' && type?.written === 'integer') given ??= 'rowid';
		} else if (reading.take('UNIQUE')) {
			reading.take('KEY');
			rule('unique');
		} else if (reading.take('AUTO_INCREMENT') || reading.take('AUTOINCREMENT')) given = 'numbered';
		else if (reading.take('DEFAULT')) given = expression(reading);
		else if (reading.sees('REFERENCES')) rule('foreign-key', references(reading));
		else if (reading.take('CHECK')) {
			reading.list();
			rule('check');
		} else if (reading.take('GENERATED') || reading.sees('AS')) {
			given = 'generated';
			reading.at = reading.tokens.length;
		} else if (reading.take('COLLATE') || reading.take('COMMENT') || reading.take('AFTER')) reading.at += 1;
		else if (reading.take('ON', 'UPDATE')) expression(reading);
		else if (!reading.take('FIRST') && !reading.take('INVISIBLE')) return undefined;
	}

	if (type !== undefined && /^(?:small|big)?serial/.test(type.written)) [nullable, given] = [false, 'numbered'];
	const isNull = given !== undefined && /^[( ]*null\b/i.test(given);
	return {
		column: {name, nullable, ...(type && {type}), ...(given !== undefined && !isNull && {default: given})},
		constraints,
	};
}

const endsType = [
	...['CONSTRAINT', 'NOT', 'NULL', 'PRIMARY', 'UNIQUE', 'AUTO_INCREMENT', 'AUTOINCREMENT', 'DEFAULT', 'REFERENCES'],
	...['CHECK', 'GENERATED', 'AS', 'COLLATE', 'COMMENT', 'AFTER', 'FIRST', 'ON', 'USING', 'INVISIBLE'],
];

/** A type with its bracket and what follows it: `character varying(255)`, `INT UNSIGNED`, `TEXT[]`. */
export function readType(reading: Reading) {
	const words: string[] = [];
	const more: string[] = [];
	let given: string[] | undefined;
	while (!reading.isAtEnd && !reading.sees(...endsType)) {
		const token = reading.tokens[reading.at];
		if (is(token, '(')) {
			const list = reading.list();
			if (!list || given) return undefined;
			given = list.map(part => part.map(({text}) => text).join(' '));
			continue;
		}

		reading.at += 1;
		const text = token?.isName ? token.text : (token?.text.toLowerCase() ?? '');
		if (words.length === 0 || (given === undefined && /^(?:varying|precision)$/.test(text))) words.push(text);
		else more.push(text);
	}

	return words.length === 0 ? undefined : columnType(words.join(' '), given ?? [], more.join(' '));
}

/** An expression after DEFAULT, as it is written: one value, one call, with what is cast. */
export function expression(reading: Reading): string {
	const from = reading.at;
	if (reading.sees('-', '+')) reading.at += 1;
	if (reading.list() === undefined) reading.at += 1;
	for (;;) {
		if (reading.list() !== undefined) continue;
		if (reading.take('::') || reading.take('||')) {
			reading.at += 1;
			continue;
		}

		if (reading.take('.')) reading.at += 1;
		else if (reading.take('[')) reading.take(']');
		else break;
	}

	return reading.tokens
		.slice(from, reading.at)
		.map(({text}) => text)
		.join(' ');
}
