import {closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';

/**
 * Writes a private file (0600) whole or not at all: beside it, to the disk, then in its place. What stood there stays
 * when the disk is full. conf's own writer asks once to write, and renames a file that a full disk cut short.
 * @throws as node:fs
 */
export function writeWhole(path: string, text: string): void {
	mkdirSync(dirname(path), {recursive: true, mode: 0o700});
	clearUnfinished(path);
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

/** Removes what writers of this file left that were killed in the middle: it may hold secrets, and nobody comes back for it. */
function clearUnfinished(path: string): void {
	const start = `${basename(path)}.`;
	for (const name of readdirSync(dirname(path))) {
		const writer = name.startsWith(start) && /^(\d+)\.new$/.exec(name.slice(start.length))?.[1];
		if (writer && !isAlive(Number(writer))) rmSync(join(dirname(path), name), {force: true});
	}
}

/** Also where the process is another person's, which is no answer to kill(2) but EPERM. */
function isAlive(id: number): boolean {
	try {
		process.kill(id, 0);
		return true;
	} catch (error) {
		return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
	}
}
