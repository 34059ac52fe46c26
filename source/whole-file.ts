import {closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';

/**
 * Writes a private file (0600) whole or not at all: beside it, to the disk, then in its place. What stood there stays
 * when the disk is full. conf's own writer asks once to write, and renames a file that a full disk cut short.
 * @throws as node:fs
 */
export function writeWhole(path: string, text: string): void {
	mkdirSync(dirname(path), {recursive: true, mode: 0o700});
	const temporary = `${path}.${process.pid}.new`;
	try {
		const file = openSync(temporary, 'w', 0o600);
		try {
			writeFileSync(file, text);
			fsyncSync(file);
		} finally {
			closeSync(file);
		}

		renameSync(temporary, path);
	} catch (error) {
		rmSync(temporary, {force: true});
		throw error;
	}
}
