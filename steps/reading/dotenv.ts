import {plainText, Secret} from '../../source/contract/secret.ts';

/** One variable of a .env file. */
export type Variable = {readonly name: string; readonly value: string};

/** What a .env text holds. */
export type Dotenv = {
	/** In their order, with what `${NAME}` stands for where a line above says it. */
	readonly variables: readonly Variable[];
	/** Numbers of lines that begin no variable: their text may be a secret. */
	readonly wrong: readonly number[];
};

/**
 * A variable as python-dotenv reads it back byte for byte (dotenv/parser.py): in single quotes, where \\ and \' are
 * escapes. There a backslash at the end would take the quote with it, so such a value stands bare, where nothing is one.
 * The value is hidden where it is a Secret. Only for values that `dotenvRefuses` lets pass.
 */
export function dotenvLine(name: string, value: string | Secret): string | Secret {
	const text = plainText(value);
	const shown = text.endsWith('\\') ? text : `'${escapeQuoted(text)}'`;
	if (!(value instanceof Secret)) return `${name}=${shown}`;
	const quote = shown === text ? '' : "'";
	return new Secret([
		{text: `${name}=${quote}`, hidden: false},
		...value.parts.map(part => ({text: quote === '' ? part.text : escapeQuoted(part.text), hidden: part.hidden})),
		{text: quote, hidden: false},
	]);
}

/** Why no .env and no environment can hold a value, in words; undefined where they can. */
export function dotenvRefuses(value: string): string | undefined {
	if (value.includes('${'))
		return 'A value can’t hold ${NAME} unless a line above sets NAME: the app would find nothing in its place';
	if (/[\r\0]/.test(value)) return 'A value can’t hold a carriage return or a NUL';
	if (noText.test(value)) return 'A value can’t hold code points that stand for no character';
	const bare = !new RegExp(`^['"]|${space}`).test(value);
	return value.endsWith('\\') && !bare
		? 'A value can’t end with a backslash when it starts with a quote or has a space in it'
		: undefined;
}

/** systemd takes no file with such a code point in it (unichar_is_valid in its utf8.c). */
const noText = /\p{Noncharacter_Code_Point}|\p{Surrogate}/u;

/** What Python's `\s` and `str.strip` take for a space: not all that JavaScript does. */
const space = '[\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const blank = `(?:(?!\\n)${space})*`;

/** The grammar of python-dotenv (dotenv/parser.py), each to be matched where the reading stands. */
const grammar = {
	spaces: new RegExp(`${space}*`, 'y'),
	export: new RegExp(`(?:export(?:(?!\\n)${space})+)?`, 'y'),
	quotedName: /'([^']+)'/y,
	name: new RegExp(`((?:(?![=#])(?!${space})[^])+)`, 'y'),
	blanks: new RegExp(blank, 'y'),
	equals: new RegExp(`=${blank}`, 'y'),
	single: /'((?:\\'|[^'])*)'/y,
	double: /"((?:\\"|[^"])*)"/y,
	bare: /([^\n]*)/y,
	end: new RegExp(`(?:${blank}#[^\\n]*)?${blank}(?:\\n|(?![^]))`, 'y'),
	line: /[^\n]*\n?/y,
} as const;

/**
 * Reads a .env as python-dotenv reads such a file: `export`, quotes, values of several lines in them, comments after a bare
 * value, `${NAME}` and `${NAME:-otherwise}`. Names are those of a POSIX shell; a line with another one is wrong.
 */
export function parseDotenv(text: string): Dotenv {
	const reader = new Reader(text.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n'));
	const variables = new Map<string, string>();
	const read: Variable[] = [];
	const wrong: number[] = [];
	for (;;) {
		reader.take('spaces');
		if (reader.isOver) return {variables: read, wrong};
		const {line} = reader;
		const entry = readEntry(reader);
		if (entry === 'comment') continue;
		if (entry === undefined) {
			wrong.push(line);
			continue;
		}

		const value = expand(entry.value, variables);
		variables.set(entry.name, value);
		read.push({name: entry.name, value});
	}
}

/** Goes through a text, match by match. */
class Reader {
	readonly #text: string;
	#at = 0;
	/** Of the text, from 1. */
	line = 1;

	constructor(text: string) {
		this.#text = text;
	}

	get isOver(): boolean {
		return this.#at === this.#text.length;
	}

	get next(): string {
		return this.#text[this.#at] ?? '';
	}

	/** What is matched where the reading stands, or its group; undefined, and nothing read, where it does not match. */
	take(name: keyof typeof grammar): string | undefined {
		const pattern = grammar[name];
		pattern.lastIndex = this.#at;
		const match = pattern.exec(this.#text);
		if (!match) return undefined;
		this.#at += match[0].length;
		this.line += match[0].split('\n').length - 1;
		return match[1] ?? match[0];
	}
}

function readEntry(reader: Reader): Variable | 'comment' | undefined {
	reader.take('export');
	const isComment = reader.next === '#';
	const name = isComment ? '' : reader.take(reader.next === "'" ? 'quotedName' : 'name');
	reader.take('blanks');
	const value = name !== undefined && reader.take('equals') !== undefined ? readValue(reader) : undefined;
	if (reader.take('end') === undefined) {
		reader.take('line');
		return undefined;
	}

	if (isComment) return 'comment';
	return name !== undefined && value !== undefined && /^[A-Za-z_]\w*$/.test(name) ? {name, value} : undefined;
}

function readValue(reader: Reader): string | undefined {
	if (reader.next === "'") return reader.take('single')?.replaceAll(/\\([\\'])/g, '$1');
	if (reader.next === '"')
		return reader.take('double')?.replaceAll(/\\([\\'"abfnrtv])/g, (_, sign: string) => controls[sign] ?? sign);
	const bare = reader.take('bare') ?? '';
	const comment = bare.search(comments);
	return trimEnd(comment === -1 ? bare : bare.slice(0, comment));
}

const comments = new RegExp(`${space}#`);
const oneSpace = new RegExp(`^${space}$`);

/** As Python's rstrip. Letter by letter: a pattern would try a long run of spaces from each of them. */
function trimEnd(text: string): string {
	let end = text.length;
	while (end > 0 && oneSpace.test(text.charAt(end - 1))) end -= 1;
	return text.slice(0, end);
}

const controls: Readonly<Record<string, string>> = {a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v'};

/** ${NAME} of a line above, ${NAME:-otherwise}; what is known nowhere stays, and is refused by `dotenvRefuses`. */
function expand(value: string, known: ReadonlyMap<string, string>): string {
	return value.replaceAll(
		/\$\{([^}:]*)(?::-([^}]*))?\}/g,
		(whole, name: string, otherwise: string | undefined) => known.get(name) ?? otherwise ?? whole,
	);
}

function escapeQuoted(text: string): string {
	return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
