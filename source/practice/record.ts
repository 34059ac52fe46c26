import {createHash, randomBytes} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Secret} from '../contract/secret.ts';
import {runs} from './engines/process.ts';
import {boxPaths, type Place} from './place.ts';
import type {BoxRecord} from './types.ts';

/** The boxes there are on disk, by name. */
export function readRecords(place: Place): BoxRecord[] {
	const folder = join(place.folder, 'boxes');
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.sort()
		.flatMap(name => readRecord(place, name) ?? []);
}

export function readRecord(place: Place, name: string): BoxRecord | undefined {
	const {record} = boxPaths(place, name);
	return existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : undefined;
}

/** Writes a box's record, whole or not at all, and the password root will have. */
export function writeRecord(place: Place, box: BoxRecord): void {
	const paths = boxPaths(place, box.name);
	mkdirSync(paths.folder, {recursive: true, mode: 0o700});
	if (box.login === 'password') writeFileSync(paths.password, randomBytes(15).toString('base64url'), {mode: 0o600});
	writeFileSync(`${paths.record}.part`, JSON.stringify(box), {mode: 0o600});
	renameSync(`${paths.record}.part`, paths.record);
}

export function forgetRecord(place: Place, name: string): void {
	rmSync(boxPaths(place, name).folder, {recursive: true, force: true});
}

export function rootPassword(place: Place, box: BoxRecord): Secret | undefined {
	if (box.login !== 'password') return undefined;
	return new Secret(readFileSync(boxPaths(place, box.name).password, 'utf8'));
}

/** A box nobody will come back to: not to be kept, and who asked for it is gone. */
export function ownerGone(box: BoxRecord): boolean {
	return !box.keep && !runs(box.owner);
}

/** The same number for the same name each time, unless another box has it. */
export function freeHost(name: string, others: readonly BoxRecord[]): number {
	const taken = new Set(others.map(box => box.host));
	const first = createHash('sha256').update(name).digest().readUInt16BE(0) % 240;
	const numbers = Array.from({length: 240}, (_, index) => 10 + ((first + index) % 240));
	return numbers.find(number => !taken.has(number)) ?? 10;
}
