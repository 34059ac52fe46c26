import {Secret} from '../../source/secret.ts';

/** One variable of a .env file. */
export type Variable = {readonly name: string; readonly value: string};

/**
 * A variable as python-dotenv reads it back byte for byte: in single quotes, where only \\ and \' are escapes
 * (dotenv/parser.py). The value is hidden where it is a Secret.
 */
export function dotenvLine(name: string, value: string | Secret): string | Secret {
	if (!(value instanceof Secret)) return `${name}='${escapeQuoted(value)}'`;
	return new Secret([
		{text: `${name}='`, hidden: false},
		...value.parts.map(part => ({text: escapeQuoted(part.text), hidden: part.hidden})),
		{text: "'", hidden: false},
	]);
}

/** Reads .env lines as python-dotenv does: `export`, quotes, and comments after an unquoted value. Lines that are none are answered by themselves. */
export function parseDotenv(text: string): {
	readonly variables: readonly Variable[];
	readonly wrong: readonly string[];
} {
	const lines = text.split(/\r?\n/).filter(line => line.trim() !== '' && !line.trimStart().startsWith('#'));
	const parsed = lines.map(line => ({line, variable: parseLine(line)}));
	return {
		variables: parsed.flatMap(({variable}) => variable ?? []),
		wrong: parsed.filter(({variable}) => !variable).map(({line}) => line.split('=')[0]?.trim() ?? ''),
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
