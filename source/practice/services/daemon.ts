import {spawn} from 'node:child_process';
import {closeSync, openSync, readFileSync, writeFileSync} from 'node:fs';
import {childrenOf, identify, nameOf, runs, terminate} from '../engines/process.ts';
import type {ProcessIdentity} from '../types.ts';

/**
 * Starts a script that outlives this process, alone in mount and process namespaces (unshare(1)), so that killing the one
 * process it answers ends all it ever started, and its mounts with it. Output is appended to a log.
 * @param namespace name of the network namespace (ip-netns(8)); this machine's own network when left out
 * @param identityFile where the process is remembered
 */
export function startDaemon(script: string, files: {identity: string; log: string}, namespace?: string): void {
	const log = openSync(files.log, 'a', 0o600);
	const enter = namespace === undefined ? [] : [`--net=/run/netns/${namespace}`];
	const isolate = [
		'unshare',
		'--mount',
		'--propagation=private',
		'--pid',
		'--fork',
		'--kill-child=KILL',
		'--mount-proc',
	];
	const child = spawn('nsenter', [...enter, ...isolate, 'bash', '-eu', script], {
		detached: true,
		stdio: ['ignore', log, log],
		env: {PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C'},
	});
	closeSync(log);
	child.unref();
	// A failure to spawn at all shows itself in the wait for the daemon's ports.
	child.once('error', () => undefined);
	if (child.pid !== undefined) writeFileSync(files.identity, JSON.stringify(identify(child.pid)), {mode: 0o600});
}

export function daemonIdentity(file: string): ProcessIdentity | undefined {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return undefined;
	}
}

export function daemonRuns(file: string): boolean {
	const identity = daemonIdentity(file);
	return identity !== undefined && runs(identity);
}

export async function stopDaemon(file: string): Promise<void> {
	const identity = daemonIdentity(file);
	if (identity) await terminate(identity);
}

/** The first process of the daemon with this name, searched from the outside in, first children first. */
export function descendant(file: string, name: string): number | undefined {
	const identity = daemonIdentity(file);
	if (!identity || !runs(identity)) return undefined;
	const generation = [identity.pid];
	for (const pid of generation) {
		if (nameOf(pid) === name) return pid;
		generation.push(...childrenOf(pid));
	}

	return undefined;
}
