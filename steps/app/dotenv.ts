import {plainText, Secret} from '../../source/contract/secret.ts';

/** One variable of a .env file. */
export type Variable = {readonly name: string; readonly value: string};

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

/** Why no .env line can hold a value, in words; undefined where one can. */
export function dotenvRefuses(value: string): string | undefined {
	if (value.includes('${')) return 'A value can’t hold ${: python-dotenv would put another variable there';
	if (/[\r\n\0]/.test(value)) return 'A value is one line';
	if (noText.test(value)) return 'A value can’t hold code points that stand for no character';
	const bare = !/^['"]|[\s\x1c-\x1f\x85]/.test(value);
	return value.endsWith('\\') && !bare
		? 'A value can’t end with a backslash when it starts with a quote or has a space in it'
		: undefined;
}

/** systemd takes no file with such a code point in it (unichar_is_valid in its utf8.c). */
const noText = /\p{Noncharacter_Code_Point}|\p{Surrogate}/u;

/**
 * Reads .env lines as python-dotenv does: `export`, quotes, and comments after an unquoted value.
 * `wrong` are the numbers of lines that are none: their text may be a secret.
 */
export function parseDotenv(text: string): {
	readonly variables: readonly Variable[];
	readonly wrong: readonly number[];
} {
	const parsed = text.split(/\r?\n/).map((line, index) => ({line: line.trim(), number: index + 1}));
	const lines = parsed.filter(({line}) => line !== '' && !line.startsWith('#'));
	return {
		variables: lines.flatMap(({line}) => parseLine(line) ?? []),
		wrong: lines.filter(({line}) => parseLine(line) === undefined).map(({number}) => number),
	};
}

function parseLine(line: string): Variable | undefined {
	const [, name, rest] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/s.exec(line) ?? [];
	if (name === undefined || rest === undefined) return undefined;
	const single = /^'((?:[^'\\]|\\.)*)'(?:\s*#.*)?$/.exec(rest)?.[1];
	if (single !== undefined) return {name, value: single.replaceAll(/\\([\\'])/g, '$1')};
	const double = /^"((?:[^"\\]|\\.)*)"(?:\s*#.*)?$/.exec(rest)?.[1];
	if (double !== undefined)
		return {name, value: double.replaceAll(/\\([\\'"abfnrtv])/g, (_, sign: string) => controls[sign] ?? sign)};
	return /^['"]/.test(rest) ? undefined : {name, value: rest.replace(/\s+#.*$/, '')};
}

const controls: Readonly<Record<string, string>> = {a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v'};

function escapeQuoted(text: string): string {
	return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
