import {is, type Token, unescaped} from './tokens.ts';

/** One logical line of Python, with the lines that it stands under. */
export type Statement = {
	readonly tokens: readonly Token[];
	/** Columns; a tab goes to the next multiple of eight. */
	readonly indent: number;
	readonly line: number;
	/** The header it is in: `def f(…):`, `class C(…):`, `if …:`; undefined at the top of the file. */
	readonly parent?: Statement;
};

/** A Python file as statements. Comments and docstrings are gone; what is not Python gives whatever can be made of it. */
export function readPython(text: string): Statement[] {
	const statements: Statement[] = [];
	const headers: Statement[] = [];
	for (const {tokens, indent} of logicalLines(text)) {
		const line = tokens[0]?.line ?? 0;
		while (headers.length > 0 && (headers.at(-1)?.indent ?? 0) >= indent) headers.pop();
		const parent = headers.at(-1);
		for (const part of simpleStatements(tokens)) {
			if (part.every(token => token.type === 'string')) continue;
			statements.push({tokens: part, indent, line, ...(parent && {parent})});
		}

		const last = statements.at(-1);
		if (last && is(tokens.at(-1), ':')) headers.push(last);
	}

	return statements;
}

/** `a; b` is two; `if x: y` stays one. */
function simpleStatements(tokens: readonly Token[]): (readonly Token[])[] {
	if (!tokens.some(token => is(token, ';'))) return [tokens];
	const parts: Token[][] = [[]];
	for (const token of tokens) {
		if (is(token, ';')) parts.push([]);
		else parts.at(-1)?.push(token);
	}

	return parts.filter(part => part.length > 0);
}

type Line = {readonly tokens: Token[]; readonly indent: number};

/** One piece of a line, by what it begins with. Sticky: each is tried at one place alone. */
const space = /[ \t\f]+/y;
const comment = /#[^\n]*/y;
const number = /\.?\d[\w.]*/y;
const name = /[\p{L}_][\p{L}\p{N}_]*/uy;
const sign = /\*\*=?|\/\/=?|->|:=|[=!<>+\-*/%&|^@]=|[\s\S]/y;
const prefix = /[rRbBuUfFtT]{1,2}(?=["'])/y;
const quotes = /"""|'''|"|'/y;
const inQuotes: Readonly<Record<string, RegExp>> = {
	'"': /[^"\\\n]+|\\[\s\S]/y,
	"'": /[^'\\\n]+|\\[\s\S]/y,
	'"""': /[^"\\]+|\\[\s\S]|"(?!"")/y,
	"'''": /[^'\\]+|\\[\s\S]|'(?!'')/y,
};

/** The piece that a pattern finds just at this place; '' where it finds none. */
function pieceAt(text: string, at: number, pattern: RegExp): string {
	pattern.lastIndex = at;
	return pattern.exec(text)?.[0] ?? '';
}

function* logicalLines(text: string): Generator<Line> {
	let [depth, lineNumber, column, at] = [0, 1, 0, 0];
	let line: Line = {tokens: [], indent: 0};
	while (at < text.length) {
		const first = text[at] ?? '';
		if (first === '\n') {
			lineNumber += 1;
			at += 1;
			if (depth > 0) continue;
			if (line.tokens.length > 0) yield line;
			[line, column] = [{tokens: [], indent: 0}, 0];
		} else if (first === ' ' || first === '\t' || first === '\f') {
			const piece = pieceAt(text, at, space);
			if (line.tokens.length === 0) column = widthOf(piece, column);
			at += piece.length;
		} else if (first === '#') at += pieceAt(text, at, comment).length;
		else if (first === '\\' && text[at + 1] === '\n') {
			lineNumber += 1;
			at += 2;
		} else {
			if (line.tokens.length === 0) line = {tokens: line.tokens, indent: column};
			const read = readToken(text, at, lineNumber);
			if (read.token.type === 'sign') {
				if ('([{'.includes(read.token.text)) depth += 1;
				else if (')]}'.includes(read.token.text)) depth = Math.max(0, depth - 1);
			}

			line.tokens.push(read.token);
			lineNumber += read.lines;
			at = read.end;
		}
	}

	if (line.tokens.length > 0) yield line;
}

type Read = {readonly token: Token; readonly end: number; readonly lines: number};

function readToken(text: string, at: number, line: number): Read {
	const marks = pieceAt(text, at, prefix);
	const quote = pieceAt(text, at + marks.length, quotes);
	if (quote !== '') return readString(text, at + marks.length, quote, marks.toLowerCase(), line);
	const word = pieceAt(text, at, name);
	if (word !== '') return {token: {type: 'name', text: word, line}, end: at + word.length, lines: 0};
	const digits = pieceAt(text, at, number);
	if (digits !== '') return {token: {type: 'number', text: digits, line}, end: at + digits.length, lines: 0};
	const piece = pieceAt(text, at, sign);
	return {token: {type: 'sign', text: piece, line}, end: at + piece.length, lines: 0};
}

function readString(text: string, at: number, quote: string, marks: string, line: number): Read {
	const from = at + quote.length;
	const inside = inQuotes[quote] ?? quotes;
	let end = from;
	for (let piece = pieceAt(text, end, inside); piece !== ''; piece = pieceAt(text, end, inside)) end += piece.length;
	const raw = text.slice(from, end);
	const hasCode = marks.includes('f') && /(?<!\{)\{(?!\{)/.test(raw);
	const value = marks.includes('r') ? raw : unescaped(raw);
	const closes = text.startsWith(quote, end) ? quote.length : 0;
	return {
		token: {type: 'string', text: value, line, ...(hasCode && {open: true})},
		end: Math.max(end + closes, at + quote.length),
		lines: raw.includes('\n') ? raw.split('\n').length - 1 : 0,
	};
}

function widthOf(space: string, from: number): number {
	let column = from;
	for (const sign of space) column = sign === '\t' ? (Math.floor(column / 8) + 1) * 8 : column + 1;
	return column;
}

/** All headers that a statement stands under, the nearest first. */
export function headersOf(statement: Statement): Statement[] {
	const headers: Statement[] = [];
	for (let at = statement.parent; at; at = at.parent) headers.push(at);
	return headers;
}

/** Whether a statement runs when its file is imported: in no function, and not only where the file is run as a script. */
export function runsOnImport(statement: Statement): boolean {
	return headersOf(statement).every(header => !isFunction(header) && !isClass(header) && !isMain(header));
}

export function isFunction({tokens}: Statement): boolean {
	return is(tokens[0], 'def') || (is(tokens[0], 'async') && is(tokens[1], 'def'));
}

export function isClass({tokens}: Statement): boolean {
	return is(tokens[0], 'class');
}

/** `if __name__ == "__main__":` */
export function isMain({tokens}: Statement): boolean {
	return is(tokens[0], 'if') && tokens.some(token => is(token, '__name__'));
}

/** What `NAME = …` (also `NAME: type = …`) sets, and to which tokens; undefined for any other statement. */
export function assignment({tokens}: Statement): {readonly name: string; readonly value: readonly Token[]} | undefined {
	const [first, second] = tokens;
	if (first?.type !== 'name') return undefined;
	if (is(second, '=')) return {name: first.text, value: tokens.slice(2)};
	if (!is(second, ':')) return undefined;
	const equals = tokens.findIndex(token => is(token, '='));
	return equals === -1 ? undefined : {name: first.text, value: tokens.slice(equals + 1)};
}

/** A name in a file, and what it was imported from: 'getenv' → 'os.getenv', 'db' → '.models.db'. */
export type Imports = ReadonlyMap<string, string>;

/** What a file imports, by the names it uses them under. Relative ones keep their dots. */
export function importsOf(statements: readonly Statement[]): Imports {
	const imports = new Map<string, string>();
	for (const {tokens} of statements) {
		if (is(tokens[0], 'import')) for (const [name, from] of plainImports(tokens.slice(1))) imports.set(name, from);
		else if (is(tokens[0], 'from')) for (const [name, from] of fromImports(tokens)) imports.set(name, from);
	}

	return imports;
}

function* plainImports(tokens: readonly Token[]): Generator<[string, string]> {
	for (const part of splitCommas(tokens)) {
		const as = part.findIndex(token => is(token, 'as'));
		const module = joined(as === -1 ? part : part.slice(0, as));
		const name = as === -1 ? (module.split('.')[0] ?? module) : (part[as + 1]?.text ?? module);
		yield [name, as === -1 ? name : module];
	}
}

function* fromImports(tokens: readonly Token[]): Generator<[string, string]> {
	const at = tokens.findIndex(token => is(token, 'import'));
	if (at === -1) return;
	const module = joined(tokens.slice(1, at));
	const names = tokens.slice(at + 1).filter(token => !is(token, '(') && !is(token, ')'));
	for (const part of splitCommas(names)) {
		const [first] = part;
		if (!first) continue;
		const name = is(part[1], 'as') ? (part[2]?.text ?? first.text) : first.text;
		yield [name, module.endsWith('.') ? module + first.text : `${module}.${first.text}`];
	}
}

function splitCommas(tokens: readonly Token[]): Token[][] {
	const parts: Token[][] = [[]];
	for (const token of tokens) {
		if (is(token, ',')) parts.push([]);
		else parts.at(-1)?.push(token);
	}

	return parts.filter(part => part.length > 0);
}

function joined(tokens: readonly Token[]): string {
	return tokens.map(({text}) => text).join('');
}

/** Top-level modules that a file imports, wherever in it; relative ones are left out. */
export function importedModules(statements: readonly Statement[]): string[] {
	return statements.flatMap(({tokens}) => {
		if (is(tokens[0], 'from') && tokens[1]?.type === 'name') return [tokens[1].text];
		if (!is(tokens[0], 'import')) return [];
		return splitCommas(tokens.slice(1)).flatMap(part => (part[0]?.type === 'name' ? [part[0].text] : []));
	});
}
