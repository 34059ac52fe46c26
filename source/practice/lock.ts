import {linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {Trouble} from '../contract/trouble.ts';
import {identify, runs} from './engines/process.ts';
import type {ProcessIdentity} from './types.ts';
import {until} from './wait.ts';

/**
 * Runs `task` while a lock file names this process. A lock whose holder is dead is taken over.
 * @param patience seconds to wait for another holder; 0 throws at once
 * @param what said in the error: 'the practice box microblog'
 */
export async function locked<T>(file: string, what: string, patience: number, task: () => Promise<T>): Promise<T> {
	mkdirSync(dirname(file), {recursive: true, mode: 0o700});
	if (patience > 0) await until(`the lock of ${what} (${file})`, patience, () => take(file));
	else if (!take(file)) throw held(file, what);
	try {
		return await task();
	} finally {
		rmSync(file, {force: true});
	}
}

function held(file: string, what: string): Trouble {
	return new Trouble({
		what: `Another boxwizard (process ${holderOf(file)?.pid ?? '?'}) is just working on ${what}.`,
		means: 'Two at once would spoil each other’s work.',
		next: 'Wait for it to finish, or choose another name.',
		code: 'practice-locked',
	});
}

/** Takes the lock, or answers false. Linking makes it appear whole, with its holder's name in it, or not at all. */
function take(file: string): boolean {
	const mine = `${file}.${process.pid}`;
	writeFileSync(mine, JSON.stringify(identify(process.pid)), {mode: 0o600});
	try {
		return link(mine, file) || (clearDead(file) && link(mine, file));
	} finally {
		rmSync(mine, {force: true});
	}
}

function link(from: string, to: string): boolean {
	try {
		linkSync(from, to);
		return true;
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
		throw error;
	}
}

/** Clears a dead holder's lock away. Renaming first: of two that find it only one gets it. */
function clearDead(file: string): boolean {
	const holder = holderOf(file);
	if (holder && runs(holder)) return false;
	const aside = `${file}.${process.pid}.dead`;
	try {
		renameSync(file, aside);
	} catch {
		return true;
	}

	const taken = holderOf(aside);
	if (taken && runs(taken)) link(aside, file);
	rmSync(aside, {force: true});
	return true;
}

function holderOf(file: string): ProcessIdentity | undefined {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return undefined;
	}
}
