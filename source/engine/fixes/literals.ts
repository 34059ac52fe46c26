/** What a pattern can't match without, in small letters: one of these stands in each text that it matches. */
export type Literals = readonly string[];

/** Shorter ones stand in every other line: they sort out nothing. */
const shortest = 4;

/** So much of a long one is enough. */
const longest = 12;

/**
 * Reads a pattern's source for words that it can't match without. Undefined where none is found: then it must be tried on
 * everything. It errs on the side of finding none.
 */
export function literalsOf({source}: RegExp): Literals | undefined {
	const {found, at} = readAlternatives(source, 0);
	return at === source.length ? found : undefined;
}

type Read = {readonly found: Literals | undefined; readonly at: number};

/** Alternatives up to a closing bracket or the end; each must have its own literals. */
function readAlternatives(source: string, start: number): Read {
	const all: string[] = [];
	let at = start;
	for (let whole = true; ; at += 1) {
		const sequence = readSequence(source, at);
		at = sequence.at;
		if (sequence.found) all.push(...sequence.found);
		else whole = false;
		if (source[at] !== '|') return {found: whole ? all : undefined, at};
	}
}

const optional = /^(?:[?*]|\{0?,)/;
const repeated = /^(?:\+|\{\d+(?:,\d*)?\})\??/;

/** One alternative: of the words that must stand in it, those whose shortest is the longest. */
function readSequence(source: string, start: number): Read {
	let best: Literals | undefined;
	let word = '';
	const take = (found: Literals | undefined) => {
		if (found && length(found) >= shortest && length(found) > length(best)) best = found;
	};
	const end = () => {
		take(word === '' ? undefined : [word.toLowerCase().slice(0, longest)]);
		word = '';
	};
	let at = start;
	while (at < source.length && source[at] !== '|' && source[at] !== ')') {
		const part = readPart(source, at);
		const rest = source.slice(part.at);
		const skips = optional.exec(rest) ?? (rest.startsWith('{0') ? ['{'] : null);
		if (part.character === undefined || skips) end();
		if (!skips && part.character !== undefined) word += part.character;
		if (!skips && part.found) take(part.found);
		at = part.at;
		const times = skips ? /^(?:[?*]|\{[^}]*\})\??/.exec(rest) : repeated.exec(rest);
		if (times) end();
		at += times?.[0].length ?? 0;
	}

	end();
	return {found: best, at};
}

const length = (found: Literals | undefined): number => (found ? Math.min(...found.map(word => word.length)) : 0);

/** A character that stands for itself, or what else there is: a group with its own literals, a class, an assertion. */
function readPart(source: string, at: number): Read & {readonly character?: string} {
	const character = source[at] ?? '';
	if (character === '\\') {
		const next = source[at + 1] ?? '';
		return /\w/.test(next)
			? {found: undefined, at: at + 2 + codeLength(next)}
			: {found: undefined, at: at + 2, character: next};
	}

	if (character === '[') return {found: undefined, at: classEnd(source, at)};
	if (character === '(') {
		const head = /^\((?:\?(?:<?[=!]|:|<\w+>))?/.exec(source.slice(at))?.[0] ?? '(';
		const inside = readAlternatives(source, at + head.length);
		return {found: /[=!]$/.test(head) ? undefined : inside.found, at: inside.at + 1};
	}

	return /[.^$]/.test(character) ? {found: undefined, at: at + 1} : {found: undefined, at: at + 1, character};
}

/** Digits behind \x and \u. */
const codeLength = (letter: string): number => ({x: 2, u: 4})[letter] ?? 0;

function classEnd(source: string, start: number): number {
	let at = start + 1;
	while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
	return at + 1;
}

/** Of many words, those that stand in a text, in one pass over it (Aho and Corasick, 1975). */
export class WordSearch {
	/** For each node and each letter, the next node; 0 is the first one. */
	readonly #next: Int32Array;
	/** For each node, the indices of the words that end there. */
	readonly #ends: readonly (readonly number[])[];

	constructor(words: readonly string[]) {
		const longestPath = words.reduce((sum, word) => sum + word.length, 1);
		this.#next = new Int32Array(longestPath * letters);
		const ends: number[][] = [[]];
		for (const [index, word] of words.entries()) {
			let node = 0;
			for (let at = 0; at < word.length; at += 1) {
				const slot = node * letters + letterOf(word.charCodeAt(at));
				if (this.#next[slot] === 0) this.#next[slot] = ends.push([]) - 1;
				node = this.#next[slot] as number;
			}

			ends[node]?.push(index);
		}

		this.#link(ends);
		this.#ends = ends;
	}

	/** Where a word breaks off, the search goes on with the longest end of what was read that begins another. */
	#link(ends: number[][]): void {
		const next = this.#next;
		const back = new Int32Array(ends.length);
		const queue = [0];
		for (const node of queue) {
			for (let letter = 0; letter < letters; letter += 1) {
				const slot = node * letters + letter;
				const child = next[slot] as number;
				const shorter = node === 0 ? 0 : (next[(back[node] as number) * letters + letter] as number);
				if (child === 0) {
					next[slot] = shorter;
					continue;
				}

				back[child] = shorter;
				ends[child]?.push(...(ends[shorter] ?? []));
				queue.push(child);
			}
		}
	}

	/** Adds the indices of the words that stand in the text, whatever the size of its letters. */
	in(text: string, found: Set<number>): void {
		let node = 0;
		for (let at = 0; at < text.length; at += 1) {
			node = this.#next[node * letters + letterOf(text.charCodeAt(at))] as number;
			const ends = this.#ends[node] as readonly number[];
			if (ends.length > 0) for (const index of ends) found.add(index);
		}
	}
}

/** ASCII from the blank to ~, without large letters; all else is one. */
const letters = 70;

/** Small letters in place of large ones. */
function letterOf(code: number): number {
	if (code < 32 || code > 126) return 69;
	if (code < 65) return code - 32;
	return (code <= 90 ? code + 32 : code) - 58;
}
