import {PassThrough} from 'node:stream';
import type {ReadStream} from 'node:tty';

const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

/** Escape sequences (CSI, SS3, Alt and a key) and single characters; the rest of a chunk that ends within one stays whole. */
const keyPattern =
	/\u001b\u001b?(?:\[[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]|O[\u0040-\u007e]|[^[O])|\u001b.*$|./gsu;

/** Splits what a terminal sent into its keys; pasted text (bracketed) stays as it came. */
export function splitKeys(chunk: string, pasting = false): {keys: string[]; pasting: boolean} {
	if (pasting) {
		const end = chunk.indexOf(pasteEnd);
		if (end === -1) return {keys: [chunk], pasting: true};
		const rest = splitKeys(chunk.slice(end + pasteEnd.length));
		return {keys: [chunk.slice(0, end + pasteEnd.length), ...rest.keys], pasting: rest.pasting};
	}

	const start = chunk.indexOf(pasteStart);
	if (start === -1) return {keys: chunk.match(keyPattern) ?? [], pasting: false};
	const rest = splitKeys(chunk.slice(start + pasteStart.length), true);
	const [pasted = '', ...after] = rest.keys;
	return {keys: [...splitKeys(chunk.slice(0, start)).keys, pasteStart + pasted, ...after], pasting: rest.pasting};
}

/**
 * The terminal's input, one key at a time.
 * A terminal may send several keys in one chunk (a fast typist, a slow line, a test). Ink hands them all out before
 * React has rendered again, so that components act on what was on the screen before the first of them: two Downs move
 * one row, `secret` and Enter arrive as one text. Here each key waits until what the one before it changed is on the screen.
 */
export class KeyStream extends PassThrough {
	readonly isTTY = true;
	readonly #source: ReadStream;
	#waiting: string[] = [];
	#pasting = false;
	#draining = false;

	constructor(source: ReadStream) {
		super();
		this.#source = source;
	}

	readonly #receive = (chunk: string | Buffer) => {
		const {keys, pasting} = splitKeys(chunk.toString(), this.#pasting);
		this.#pasting = pasting;
		this.#waiting.push(...keys);
		if (this.#draining) return;
		this.#draining = true;
		// A screen that has just been drawn takes keys only after this turn.
		setImmediate(() => this.#drain());
	};

	#drain() {
		const key = this.#waiting.shift();
		this.#draining = key !== undefined;
		if (key === undefined) return;
		this.write(key);
		// React commits in microtasks: after them, the next key meets the new screen.
		setImmediate(() => this.#drain());
	}

	/** Takes the terminal (raw mode, as node:tty), or gives it back. */
	setRawMode(raw: boolean): this {
		this.#source.setRawMode(raw);
		this.#source.off('data', this.#receive);
		if (raw) {
			this.#source.setEncoding('utf8');
			this.#source.on('data', this.#receive).resume();
		} else {
			this.#source.pause();
		}

		return this;
	}

	ref(): this {
		this.#source.ref();
		return this;
	}

	unref(): this {
		this.#source.unref();
		return this;
	}
}
