import {rmSync, statSync, writeFileSync} from 'node:fs';

/** Milliseconds after which a lock was surely left behind by a crash: writing takes a few. */
const lockLife = 3000;
/** Milliseconds between two tries for the lock. */
const lockPause = 5;

/** Without these there is no lock file, and none is needed: what is to be written says in its own words why it can't be. */
const unlockable = new Set(['ENOENT', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT', 'EROFS']);

/** Runs `task` while a lock file stands: of two processes that write at once, neither loses its change. */
export function exclusively(lock: string, task: () => void): void {
	let seen: {mark: string; since: number} | undefined;
	while (!take(lock)) {
		const mark = markOf(lock);
		// Counted by a clock that nobody sets: the time of the file may lie in the future.
		if (seen?.mark !== mark) seen = {mark, since: performance.now()};
		else if (performance.now() - seen.since > lockLife) rmSync(lock, {force: true});
		Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lockPause);
	}

	try {
		task();
	} finally {
		rmSync(lock, {force: true});
	}
}

/** Tells one holder's file from the next one's. */
function markOf(lock: string): string {
	const found = statSync(lock, {throwIfNoEntry: false});
	return `${found?.ino} ${found?.mtimeMs}`;
}

function take(lock: string): boolean {
	try {
		writeFileSync(lock, String(process.pid), {flag: 'wx', mode: 0o600});
		return true;
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : '';
		if (unlockable.has(code)) return true;
		if (code !== 'EEXIST') throw error;
		return false;
	}
}
