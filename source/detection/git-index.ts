/*
 * Reads the list of files that git tracks (gitformat-index(5)), instead of running git in a folder that may hold anything:
 * its configuration can name programs that git would start.
 */

const entryFixed = 40;

/** Paths of all tracked files; undefined where the index is of a form that is not known. `idLength` is 20 for SHA-1, 32 for SHA-256. */
export function readGitIndex(bytes: Buffer, idLength = 20): string[] | undefined {
	if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
	const version = bytes.readUInt32BE(4);
	if (version < 2 || version > 4) return undefined;
	const count = bytes.readUInt32BE(8);
	const paths: string[] = [];
	let at = 12;
	let previous = Buffer.alloc(0);
	for (let index = 0; index < count; index += 1) {
		const flagsAt = at + entryFixed + idLength;
		if (flagsAt + 2 > bytes.length) return undefined;
		const mode = bytes.readUInt32BE(at + 24);
		const isExtended = (bytes.readUInt16BE(flagsAt) & 0x4000) !== 0;
		const nameAt = flagsAt + (isExtended ? 4 : 2);
		const name = version === 4 ? compressedName(bytes, nameAt, previous) : plainName(bytes, nameAt, at);
		if (!name) return undefined;
		previous = name.name;
		at = name.next;
		// Regular files and links: no submodules (0160000).
		if ((mode & 0o170000) === 0o100000 || (mode & 0o170000) === 0o120000) paths.push(name.name.toString('utf8'));
	}

	// A split index keeps most entries elsewhere.
	return bytes.toString('latin1', at, at + 4) === 'link' ? undefined : paths;
}

type Name = {readonly name: Buffer<ArrayBuffer>; readonly next: number};

/** Ended by zeros that fill the entry up to a multiple of eight bytes. */
function plainName(bytes: Buffer, at: number, entryAt: number): Name | undefined {
	const end = bytes.indexOf(0, at);
	if (end === -1) return undefined;
	return {name: Buffer.from(bytes.subarray(at, end)), next: entryAt + Math.ceil((end - entryAt + 1) / 8) * 8};
}

/** Version 4: how many bytes of the name before are dropped, then what follows them. */
function compressedName(bytes: Buffer, at: number, previous: Buffer): Name | undefined {
	let position = at;
	let byte = bytes[position++] ?? 0;
	let dropped = byte & 0x7f;
	while ((byte & 0x80) !== 0 && position < bytes.length) {
		byte = bytes[position++] ?? 0;
		dropped = (dropped + 1) * 128 + (byte & 0x7f);
	}

	const end = bytes.indexOf(0, position);
	if (end === -1 || dropped > previous.length) return undefined;
	const kept = previous.subarray(0, previous.length - dropped);
	return {name: Buffer.concat([kept, bytes.subarray(position, end)]), next: end + 1};
}
