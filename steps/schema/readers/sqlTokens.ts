import type {Token} from '../../reading/tokens.ts';
import type {Engine} from '../operation.ts';

const space = /\s+/y;
const lineComment = /--[^\n]*/y;
const hashComment = /#[^\n]*/y;
const blockComment = /\/\*(?![!+M])[\s\S]*?(?:\*\/|$)/y;
const dollar = /\$(?:[A-Za-z_]\w*)?\$/y;
const word = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const number = /\.?\d[\w.]*/y;
const sign = /::|<=|>=|<>|!=|\|\||[\s\S]/y;
const quoted: Readonly<Record<string, RegExp>> = {
	"'": /'(?:[^']|'')*'?/y,
	'"': /"(?:[^"]|"")*"?/y,
	'`': /`(?:[^`]|``)*`?/y,
};
/** With a backslash before a quote: MySQL's texts, and PostgreSQL's E'…' (their manuals, “String Literals”, “String Constants with C-Style Escapes”). */
const escaped: Readonly<Record<string, RegExp>> = {
	"'": /'(?:[^'\\]|''|\\[\s\S])*'?/y,
	'"': /"(?:[^"\\]|""|\\[\s\S])*"?/y,
};

/** SQL as statements of tokens, without comments. A name in quotes is a string that is marked as such. */
export type SqlToken = Token & {readonly isName?: true};

/** Statements, apart at each semicolon, as that engine reads them. */
export function readStatements(text: string, engine: Engine): SqlToken[][] {
	const statements: SqlToken[][] = [[]];
	let [at, line] = [0, 1];
	const piece = (pattern: RegExp): string => {
		pattern.lastIndex = at;
		return pattern.exec(text)?.[0] ?? '';
	};
	const skip = () =>
		piece(space) || piece(lineComment) || piece(blockComment) || (engine === 'mysql' ? piece(hashComment) : '');
	while (at < text.length) {
		const skipped = skip();
		const read = skipped === '' ? tokenAt(text, at, engine, piece) : undefined;
		if (read?.token.text === ';' && read.token.type === 'sign') statements.push([]);
		else if (read) statements.at(-1)?.push({...read.token, line});
		const length = read?.length ?? skipped.length;
		const passed = text.slice(at, at + length);
		if (passed.includes('\n')) line += passed.split('\n').length - 1;
		at += length;
	}

	return statements.filter(statement => statement.length > 0);
}

function tokenAt(
	text: string,
	at: number,
	engine: Engine,
	piece: (pattern: RegExp) => string,
): {readonly token: Omit<SqlToken, 'line'>; readonly length: number} {
	const first = text[at] ?? '';
	const pattern = (engine === 'mysql' ? escaped[first] : undefined) ?? quoted[first];
	if (pattern) {
		const raw = piece(pattern);
		const value = raw.slice(1, raw.length > 1 && raw.endsWith(first) ? -1 : undefined).replaceAll(first + first, first);
		// A text between these is a name, but for MySQL's, which has it so only between its own.
		const isName = first === '`' || (first === '"' && engine !== 'mysql');
		return {token: {type: 'string', text: value, ...(isName && {isName})}, length: raw.length};
	}

	if ((first === 'E' || first === 'e') && text[at + 1] === "'" && engine === 'postgresql') {
		const inside = escaped["'"] ?? word;
		inside.lastIndex = at + 1;
		const raw = inside.exec(text)?.[0] ?? "'";
		return {token: {type: 'string', text: raw.slice(1, -1)}, length: raw.length + 1};
	}

	const fence = engine === 'postgresql' ? piece(dollar) : '';
	if (fence !== '') {
		const end = text.indexOf(fence, at + fence.length);
		const to = end === -1 ? text.length : end;
		return {
			token: {type: 'string', text: text.slice(at + fence.length, to)},
			length: Math.min(text.length, to + fence.length) - at,
		};
	}

	const name = piece(word);
	if (name !== '') return {token: {type: 'name', text: name}, length: name.length};
	const digits = piece(number);
	if (digits !== '') return {token: {type: 'number', text: digits}, length: digits.length};
	const other = piece(sign);
	return {token: {type: 'sign', text: other}, length: other.length};
}
