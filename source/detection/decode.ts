import type {Encoding} from '../contract/detection.ts';

/** Source files above this many bytes are not read: no person wrote them. */
const largestSource = 500_000;
/** Settings and lists are shorter. */
const largestSetting = 150_000;
/** Lock files are longer. */
const largestLock = 12_000_000;
/** Also of requirements with a hash for each file of theirs. */
const sources =
	/requirements[\w./-]*\.(?:txt|in)$|\.(?:py|[cm]?[jt]sx?|vue|svelte|astro|exs?|go|rs|rb|php|java|kt|cs|cr)$/;

const locks =
	/(?:^|\/)(?:uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|mix\.lock)$/;

/** How many bytes of this file are read; it is left out where it has more. */
export function readLimit(path: string): number {
	return locks.test(path) ? largestLock : sources.test(path) ? largestSource : largestSetting;
}

/** Longer lines than this, or more of them, are made by programs, and tell nothing of how an app is made. */
const longestLine = 20_000;
const mostLines = 10_000;

/** Whether a text is one that no person wrote. Lock files are such, and read all the same. */
export function isMachineMade(path: string, text: string): boolean {
	if (locks.test(path) || path.endsWith('.json')) return false;
	let lines = 0;
	for (let at = 0; at < text.length; lines += 1) {
		const end = text.indexOf('\n', at);
		if (lines > mostLines || (end === -1 ? text.length : end) - at > longestLine) return true;
		if (end === -1) return false;
		at = end + 1;
	}

	return false;
}

/** Bytes as text, without a byte order mark and with \n alone at the ends of lines; undefined where they are no text. */
export function decode(bytes: Uint8Array): {readonly text: string; readonly encoding: Encoding} | undefined {
	const encoding = encodingOf(bytes);
	try {
		const text = new TextDecoder(encoding, {fatal: encoding !== 'utf-8'}).decode(bytes);
		return text.includes('\0') ? undefined : {text: text.replaceAll(/\r\n?/g, '\n'), encoding};
	} catch {
		return undefined;
	}
}

/** By its byte order mark; without one by zeros in every other byte, as PowerShell's `>` writes them. */
function encodingOf(bytes: Uint8Array): Encoding {
	const [first = 0, second = 0] = bytes;
	if (first === 0xff && second === 0xfe) return 'utf-16le';
	if (first === 0xfe && second === 0xff) return 'utf-16be';
	const start = bytes.subarray(0, 200);
	if (start.length < 4 || start.length % 2 !== 0) return 'utf-8';
	const zerosAt = (parity: number) => start.filter((byte, index) => index % 2 === parity && byte === 0).length;
	const half = start.length / 2;
	if (zerosAt(1) > half * 0.9 && zerosAt(0) === 0) return 'utf-16le';
	return zerosAt(0) > half * 0.9 && zerosAt(1) === 0 ? 'utf-16be' : 'utf-8';
}
