import {inspect} from 'node:util';

/** What stands in place of a hidden part wherever a Secret is shown. */
export const mask = '••••••';

type Part = {readonly text: string; readonly hidden: boolean};

/**
 * A text of which some parts must never be seen: a password, or a file that holds one.
 * Printing, joining, JSON and inspection give the masked form; only `reveal()` gives the text,
 * and only what carries it to its place (the job's root-only files, the keychain, the login) calls it.
 */
export class Secret {
	readonly #parts: readonly Part[];

	constructor(parts: string | readonly Part[]) {
		this.#parts = typeof parts === 'string' ? [{text: parts, hidden: true}] : parts;
	}

	/** The whole text, hidden parts included. */
	reveal(): string {
		return this.#parts.map(part => part.text).join('');
	}

	/** Each hidden part by itself: what a log must be cleaned of. */
	hidden(): string[] {
		return this.#parts.filter(part => part.hidden && part.text !== '').map(part => part.text);
	}

	get parts(): readonly Part[] {
		return this.#parts;
	}

	toString(): string {
		return this.#parts.map(part => (part.hidden ? mask : part.text)).join('');
	}

	toJSON(): string {
		return this.toString();
	}

	[inspect.custom](): string {
		return this.toString();
	}
}

/**
 * Tagged template for a text with secrets in it: the secrets stay hidden, the rest stays readable.
 * `` secretly`DATABASE_URL=mysql://app:${password}@localhost/app` ``
 */
export function secretly(pieces: TemplateStringsArray, ...values: readonly (string | number | Secret)[]): Secret {
	const parts: Part[] = [];
	for (const [index, piece] of pieces.entries()) {
		parts.push({text: piece, hidden: false});
		const value = values[index];
		if (value instanceof Secret) parts.push(...value.parts);
		else if (value !== undefined) parts.push({text: String(value), hidden: false});
	}

	return new Secret(parts.filter(part => part.text !== ''));
}

/** Joins lines of which some may hold secrets; a Secret when any does. */
export function joinLines(lines: readonly (string | Secret)[]): string | Secret {
	if (!lines.some(line => line instanceof Secret)) return lines.map(line => `${String(line)}\n`).join('');
	return new Secret(
		lines.flatMap(line => [
			...(line instanceof Secret ? line.parts : [{text: line, hidden: false}]),
			{text: '\n', hidden: false},
		]),
	);
}

/** The text itself of a plain or secret text. Called only where it leaves for its destination. */
export function plainText(text: string | Secret): string {
	return text instanceof Secret ? text.reveal() : text;
}
