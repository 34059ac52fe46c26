/** A word, a text, a number or a sign of a program. */
export type Token = {
	readonly type: 'name' | 'string' | 'number' | 'sign';
	/** As it stands; of a string its value, with simple escapes undone. */
	readonly text: string;
	/** From 1. */
	readonly line: number;
	/** A string with code in it (f"…{x}", `…${x}`): its value is not known. */
	readonly open?: true;
};

const opening = new Set(['(', '[', '{']);
const closing = new Set([')', ']', '}']);

/** Whether a token is this sign or word, and no string of the same text. */
export function is(token: Token | undefined, text: string): boolean {
	return token !== undefined && token.type !== 'string' && token.text === text;
}

/** Nothing that a person writes spans more tokens between two brackets. */
const longestBracket = 10_000;

/** The index of the bracket that closes the one at `at`; the end of the tokens where none does. */
export function closingOf(tokens: readonly Token[], at: number): number {
	const end = Math.min(tokens.length, at + longestBracket);
	let depth = 0;
	for (let index = at; index < end; index += 1) {
		const token = tokens[index];
		if (token?.type !== 'sign') continue;
		if (opening.has(token.text)) depth += 1;
		else if (closing.has(token.text)) depth -= 1;
		if (depth === 0) return index;
	}

	return end;
}

/** Tokens apart at each `sign` that stands in no bracket. Empty parts are left out. */
export function splitAt(tokens: readonly Token[], sign: string): Token[][] {
	const parts: Token[][] = [[]];
	let depth = 0;
	for (const token of tokens) {
		if (token.type === 'sign') {
			if (opening.has(token.text)) depth += 1;
			else if (closing.has(token.text)) depth -= 1;
		}

		if (depth === 0 && is(token, sign)) parts.push([]);
		else parts.at(-1)?.push(token);
	}

	return parts.filter(part => part.length > 0);
}

/** One call: `name` is as it is written, dotted. */
export type Call = {
	readonly name: string;
	/** Without the named ones. */
	readonly positional: readonly (readonly Token[])[];
	readonly named: ReadonlyMap<string, readonly Token[]>;
	readonly line: number;
	/** Index of its first token and of the one after its closing bracket. */
	readonly from: number;
	readonly to: number;
};

const deepest = 20;
const known = new WeakMap<readonly Token[], readonly Call[]>();

/** All calls in these tokens, inner ones too. The same list of tokens is gone through once. */
export function callsIn(tokens: readonly Token[]): readonly Call[] {
	const before = known.get(tokens);
	if (before) return before;
	const calls: Call[] = [];
	const waiting: {readonly at: number; readonly from: number}[] = [];
	for (let at = 0; at < tokens.length; at += 1) {
		const token = tokens[at];
		if (token?.type !== 'sign') continue;
		if (opening.has(token.text)) waiting.push({at, from: token.text === '(' ? startOfName(tokens, at) : at});
		if (!closing.has(token.text)) continue;
		const opened = waiting.pop();
		// What is nested deeper than this was not written by a person, and would be gone through again at each level.
		if (opened && opened.from < opened.at && waiting.length < deepest)
			calls.push(callOf(tokens, opened.from, opened.at, at));
	}

	for (const {at, from} of waiting.slice(0, deepest))
		if (from < at) calls.push(callOf(tokens, from, at, tokens.length));
	calls.sort((one, other) => one.from - other.from || one.to - other.to);
	known.set(tokens, calls);
	return calls;
}

function callOf(tokens: readonly Token[], from: number, at: number, to: number): Call {
	return {...argumentsOf(tokens.slice(at + 1, to)), ...nameOf(tokens, from, at), from, to: to + 1};
}

function nameOf(tokens: readonly Token[], from: number, to: number) {
	const name = tokens
		.slice(from, to)
		.map(token => (token.text === '?.' ? '.' : token.text))
		.join('');
	return {name, line: tokens[from]?.line ?? 0};
}

/** Goes back over `a.b.c` (and `a?.b`, `a.b!`) to its first name. */
function startOfName(tokens: readonly Token[], end: number): number {
	let at = end;
	while (at > 0 && tokens[at - 1]?.type === 'name') {
		at -= 1;
		if (!is(tokens[at - 1], '.') && !is(tokens[at - 1], '?.')) break;
		if (tokens[at - 2]?.type !== 'name') break;
		at -= 1;
	}

	return at;
}

function argumentsOf(tokens: readonly Token[]): Pick<Call, 'positional' | 'named'> {
	const positional: Token[][] = [];
	const named = new Map<string, Token[]>();
	for (const part of splitAt(tokens, ',')) {
		const [first, second] = part;
		if (first?.type === 'name' && is(second, '=')) named.set(first.text, part.slice(2));
		else positional.push(part);
	}

	return {positional, named};
}

/** The value of tokens that are one text (Python puts adjacent ones together); undefined where they are anything else. */
export function textOf(tokens: readonly Token[] | undefined): string | undefined {
	if (!tokens || tokens.length === 0) return undefined;
	const isText = tokens.every(token => token.type === 'string' && !token.open);
	return isText ? tokens.map(({text}) => text).join('') : undefined;
}

/** A value as a person would read it: a text, a number, True, an empty list; undefined for what has to be worked out. */
export function plainValue(tokens: readonly Token[] | undefined): string | undefined {
	const text = textOf(tokens);
	if (text !== undefined || !tokens) return text;
	const written = tokens.map(token => token.text).join('');
	if (tokens.length === 1 && tokens[0]?.type !== 'string') return written;
	return /^(?:-?\d[\d._]*|\[\]|\{\}|\(\))$/.test(written) ? written : undefined;
}

/** All texts in these tokens, in their order. */
export function textsIn(tokens: readonly Token[]): string[] {
	return tokens.filter(token => token.type === 'string' && !token.open).map(({text}) => text);
}

/** Tokens in their written form, for patterns over code: strings as "…". */
export function written(tokens: readonly Token[]): string {
	return tokens.map(token => (token.type === 'string' ? JSON.stringify(token.text) : token.text)).join(' ');
}

const escapes: Readonly<Record<string, string>> = {n: '\n', t: '\t', r: '\r', '0': '\0'};

/** Simple escapes undone. */
export function unescaped(text: string): string {
	return text.includes('\\')
		? text.replaceAll(/\\(.|\n)/gs, (_, sign: string) => escapes[sign] ?? (sign === '\n' ? '' : sign))
		: text;
}
