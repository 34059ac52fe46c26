/** How far a text is cleaned at once: everything but `longestLine` is fixed. */
export type CleanOptions = {
	/** UTF-16 units after which a line is cut and ends with '…'. Unlimited where nothing is said. */
	readonly longestLine?: number;
};

/** A cleaner that is fed piece by piece, cut anywhere, and answers whole lines (without their newline). */
export type Cleaner = {
	push(bytes: Uint8Array): string[];
	/** The last line, when it had no newline. */
	end(): string[];
};

type State = 'text' | 'escape' | 'intermediate' | 'sequence' | 'string' | 'string escape';

/**
 * What is never shown: control characters but tab and newline, the marks and overrides that turn the direction of a text
 * (Unicode TR36, TR9), line separators that editors take for a newline, and annotations that hide what they enclose.
 */
const unseen =
	'\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';

/** Text that needs no cleaning. */
const plain = new RegExp(`^[^${unseen}]*$`, 'u');
const nextUnseen = new RegExp(`[${unseen}]`, 'gu');

/**
 * Takes out of a text what could drive a terminal or deceive a reader: escape sequences (ECMA-48: CSI, OSC, DCS …, in their
 * 7 and 8 bit forms) and what is never shown. A line that rewrites itself with carriage returns keeps its last state; bytes
 * that are no UTF-8 become U+FFFD.
 */
export function cleanText(text: string | Uint8Array, options: CleanOptions = {}): string {
	// Nearly all output is plain: then there is nothing to take apart.
	if (options.longestLine === undefined) {
		const whole = typeof text === 'string' ? text.toWellFormed() : newDecoder().decode(text);
		if (plain.test(whole)) return whole;
	}

	const bytes = typeof text === 'string' ? Buffer.from(text) : text;
	const cleaner = createCleaner(options);
	const lines = cleaner.push(bytes);
	const last = cleaner.end();
	return lines.map(line => `${line}\n`).join('') + last.join('');
}

function newDecoder() {
	return new TextDecoder('utf-8', {ignoreBOM: true});
}

/** The streaming form of `cleanText`; memory is bounded by `longestLine`. */
export function createCleaner({longestLine = Number.POSITIVE_INFINITY}: CleanOptions = {}): Cleaner {
	const decoder = newDecoder();
	const screen = new Screen(longestLine);
	return {
		push(bytes) {
			screen.write(decoder.decode(bytes, {stream: true}));
			return screen.take();
		},
		end() {
			screen.write(decoder.decode());
			return [...screen.take(), ...screen.rest()];
		},
	};
}

/** A terminal that knows no more than newline and carriage return. */
class Screen {
	readonly #longestLine: number;
	#lines: string[] = [];
	#line = '';
	#state: State = 'text';
	/** A carriage return came: the next character begins the line anew. */
	#isReturned = false;
	#isCut = false;

	constructor(longestLine: number) {
		this.#longestLine = longestLine;
	}

	/** Takes whole runs at once: nearly all output is plain. */
	write(text: string): void {
		for (let start = 0; start < text.length; ) {
			const newline = text.indexOf('\n', start);
			const end = newline === -1 ? text.length : newline;
			const piece = text.slice(start, end);
			this.#read(piece);
			if (newline !== -1) this.#feed();
			start = end + 1;
		}
	}

	/** The lines that are over. */
	take(): string[] {
		const taken = this.#lines;
		this.#lines = [];
		return taken;
	}

	/** The line that isn't. */
	rest(): string[] {
		return this.#line === '' ? [] : [this.#line];
	}

	#read(piece: string): void {
		for (let index = 0; index < piece.length; ) {
			if (this.#state === 'text') {
				nextUnseen.lastIndex = index;
				const end = nextUnseen.exec(piece)?.index ?? piece.length;
				this.#print(piece.slice(index, end));
				index = end;
			}

			const code = piece.codePointAt(index);
			if (code === undefined) return;
			this.#put(code);
			index += code > 0xffff ? 2 : 1;
		}
	}

	/** A character that is not shown, or that stands within a sequence. */
	#put(code: number): void {
		const next = after(this.#state, code);
		if (this.#state === 'text' && next === 'text' && code === 0x0d) this.#isReturned = true;
		this.#state = next;
	}

	/** A newline ends a sequence that never ended: it hides no more than its own line. */
	#feed(): void {
		this.#lines.push(this.#line);
		this.#state = 'text';
		this.#clear();
	}

	#clear(): void {
		this.#line = '';
		this.#isReturned = false;
		this.#isCut = false;
	}

	#print(text: string): void {
		if (text === '') return;
		if (this.#isReturned) this.#clear();
		if (this.#isCut) return;
		if (this.#line.length + text.length <= this.#longestLine) {
			this.#line += text;
			return;
		}

		const room = this.#longestLine - this.#line.length;
		const splits = isHighSurrogate(text.charCodeAt(room - 1));
		// A copy: a part of a text keeps the whole of it in memory.
		const kept = `${this.#line}${text.slice(0, splits ? room - 1 : room)}…`;
		this.#line = Buffer.from(kept, 'utf16le').toString('utf16le');
		this.#isCut = true;
	}
}

/** The state after one character, as in the state machine of VT terminals; a newline is handled before. */
function after(state: State, code: number): State {
	// CAN and SUB abort any sequence.
	if (code === 0x18 || code === 0x1a) return 'text';
	if (state === 'string' || state === 'string escape') {
		if (code === 0x07 || code === 0x9c) return 'text';
		if (state === 'string escape') return code === 0x5c ? 'text' : after('escape', code);
		return code === 0x1b ? 'string escape' : 'string';
	}

	if (code === 0x1b) return 'escape';
	if (code === 0x9b) return 'sequence';
	if (code === 0x90 || code === 0x98 || (code >= 0x9d && code <= 0x9f)) return 'string';
	if (state === 'escape') return afterEscape(code);
	if (state === 'intermediate') return code >= 0x30 && code <= 0x7e ? 'text' : stay(state, code);
	if (state === 'sequence') return code >= 0x40 && code <= 0x7e ? 'text' : stay(state, code);
	return 'text';
}

function afterEscape(code: number): State {
	if (code === 0x5b) return 'sequence';
	// ] OSC, P DCS, X SOS, ^ PM, _ APC
	if ([0x5d, 0x50, 0x58, 0x5e, 0x5f].includes(code)) return 'string';
	if (code >= 0x20 && code <= 0x2f) return 'intermediate';
	return 'text';
}

/** A sequence holds ASCII only: what isn't ends it, so that a broken one hides no more than itself. */
function stay(state: State, code: number): State {
	return code <= 0x7e ? state : 'text';
}

function isHighSurrogate(unit: number): boolean {
	return unit >= 0xd800 && unit <= 0xdbff;
}
