/** A stream that ends with `mark`, some text and a newline: the mark may be cut anywhere. */
export type MarkScanner = {
	readonly push: (bytes: Buffer) => void;
	/** Gives out what was held back, when the mark never came. */
	flush(): void;
};

/** What may stand between the mark and its newline, in bytes: an exit code needs three. More is cut off. */
const longestRest = 64;

/** Gives to `before` all bytes until the mark, then calls `found` once with the text between mark and newline; holds back only what may be the mark's beginning. */
export function createMarkScanner(
	mark: string,
	before: (bytes: Buffer) => void,
	found: (rest: string) => void,
): MarkScanner {
	const needle = Buffer.from(mark);
	let held: Buffer = Buffer.alloc(0);
	let marked = false;
	let done = false;
	const emit = (bytes: Buffer) => {
		if (bytes.length > 0) before(bytes);
	};

	const finish = () => {
		const newline = held.indexOf(0x0a);
		if (newline === -1 && held.length < longestRest) return;
		const rest = held.subarray(0, newline === -1 ? longestRest : newline).toString('latin1');
		held = Buffer.alloc(0);
		done = true;
		found(rest);
	};

	return {
		push(bytes) {
			if (done) return;
			held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
			if (!marked) {
				const index = held.indexOf(needle);
				if (index === -1) {
					const keep = begun(held, needle);
					emit(held.subarray(0, held.length - keep));
					held = Buffer.from(held.subarray(held.length - keep));
					return;
				}

				marked = true;
				emit(held.subarray(0, index));
				held = held.subarray(index + needle.length);
			}

			finish();
		},
		flush() {
			if (!marked) emit(held);
			held = Buffer.alloc(0);
		},
	};
}

/** How many of the last bytes may be the beginning of the needle. */
function begun(bytes: Buffer, needle: Buffer): number {
	for (let length = Math.min(bytes.length, needle.length - 1); length > 0; length--) {
		if (bytes.subarray(bytes.length - length).equals(needle.subarray(0, length))) return length;
	}

	return 0;
}
