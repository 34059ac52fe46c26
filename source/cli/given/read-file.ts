import {constants} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {setTimeout as pause} from 'node:timers/promises';
import {Trouble} from '../../contract/trouble.ts';

/** Bytes of a file that is named on the command line: a little more than is taken, so that what reads it says that it is too large. A device would never end. */
const mostRead = 1024 * 1024;

/** Milliseconds that a pipe may be without anybody who writes into it, and between two looks. */
const patience = 3000;
const between = 20;

/**
 * Reads a file that is named on the command line, or a pipe: `--answers <(pass show box)`. What is not there yet is waited
 * for without holding the thread, so that a signal still ends the program. A pipe that nobody writes into is refused.
 * @param what for the message: 'answers file'
 * @throws Trouble
 */
export async function readGivenFile(path: string, what: string): Promise<string> {
	try {
		// An open(2) that waited for a writer would hear no signal.
		const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		try {
			return await readAll(file);
		} finally {
			await file.close();
		}
	} catch (error) {
		throw new Trouble(
			{
				what: `The ${what} ${path} can’t be read.`,
				means: 'Nothing was done.',
				next: 'Look at its name and at who may read it.',
				evidence: [error instanceof Error ? error.message : String(error)],
				code: 'unreadable-file',
			},
			error,
		);
	}
}

async function readAll(file: FileHandle): Promise<string> {
	const isPipe = (await file.stat()).isFIFO();
	const bytes = Buffer.alloc(mostRead);
	const since = performance.now();
	let length = 0;
	while (length < mostRead) {
		const count = await readSome(file, bytes, length);
		if (count === undefined) await pause(between);
		else if (count > 0) length += count;
		else if (!isPipe || length > 0) break;
		else if (performance.now() - since > patience) throw new Error('It is a pipe, and nobody writes into it');
		else await pause(between);
	}

	return bytes.toString('utf8', 0, length);
}

/** Bytes that were read: 0 at the end, and while a pipe has no writer; undefined where more may come, but is not there yet. */
async function readSome(file: FileHandle, bytes: Buffer, offset: number): Promise<number | undefined> {
	try {
		return (await file.read(bytes, {offset})).bytesRead;
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
		throw error;
	}
}
