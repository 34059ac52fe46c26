import {readFileSync} from 'node:fs';
import type {ProcessIdentity} from '../types.ts';
import {until} from '../wait.ts';

/** State and start time of a process, from /proc/PID/stat (proc(5)); nothing when there is none. */
function stat(pid: number): {state: string; started: string} | undefined {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// The second field is a name in parentheses that may itself hold spaces and parentheses.
		const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
		return {state: fields[0] ?? '', started: fields[19] ?? ''};
	} catch {
		return undefined;
	}
}

/** Who a process is; where there is no /proc (not Linux), its number alone. */
export function identify(pid: number): ProcessIdentity {
	return {pid, started: stat(pid)?.started ?? ''};
}

/** Whether this very process still runs; a zombie does not. */
export function runs({pid, started}: ProcessIdentity): boolean {
	if (process.platform === 'linux') {
		const now = stat(pid);
		return now !== undefined && now.state !== 'Z' && now.started === started;
	}

	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** Kills a process at once and waits until it is gone. */
export async function terminate(identity: ProcessIdentity): Promise<void> {
	if (!runs(identity)) return;
	process.kill(identity.pid, 'SIGKILL');
	await until(`process ${identity.pid} to end`, 10, () => !runs(identity));
}

/** The processes a process started, oldest first. */
export function childrenOf(pid: number): number[] {
	try {
		const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
		return text === '' ? [] : text.split(' ').map(Number);
	} catch {
		return [];
	}
}

/** A process's short name, as `ps -o comm` shows it. */
export function nameOf(pid: number): string {
	try {
		return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
	} catch {
		return '';
	}
}
