import {existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {childrenOf} from '../../../source/practice/engines/process.ts';
import type {PracticeBox} from '../../../source/practice/index.ts';
import {boxPaths, placeIn} from '../../../source/practice/place.ts';
import {daemonIdentity} from '../../../source/practice/services/daemon.ts';

/** Memory that a systemd-nspawn box may take beside what it has now: the kernel ends the largest of its processes where it takes more. */
export type SmallMemory = {readonly lift: () => void};

/** @param megabytes that it still gets */
export function limitMemory(box: PracticeBox, megabytes: number): SmallMemory {
	const daemon = daemonIdentity(boxPaths(placeIn(), box.name).process)?.pid ?? 0;
	const processes = withDescendants(daemon);
	const group = groupOf(processes);
	const had = Number(readFileSync(join(group.folder, group.usage), 'utf8'));
	writeFileSync(join(group.folder, group.limit), String(had + megabytes * 2 ** 20));
	return {
		lift() {
			writeFileSync(join(group.folder, group.limit), group.none);
			if (group.home === undefined) return;
			for (const pid of withDescendants(daemon)) writeFileSync(join(group.home, 'cgroup.procs'), String(pid));
			rmdirSync(group.folder);
		},
	};
}

type Group = {
	readonly folder: string;
	readonly usage: string;
	readonly limit: string;
	/** Word for no limit. */
	readonly none: string;
	/** Where its processes were before; undefined where they have always been in it. */
	readonly home?: string;
};

/** The box's own group (cgroups(7)): in version 2 it has one; where memory is counted by version 1, it is put into one. */
function groupOf(processes: readonly number[]): Group {
	const lines = readFileSync(`/proc/${processes.at(-1)}/cgroup`, 'utf8').split('\n');
	const first = lines.find(line => /^\d+:memory:/.test(line));
	if (first === undefined) {
		const [, path = ''] = /^0::(\/[^/]+)/.exec(lines.find(line => line.startsWith('0::')) ?? '') ?? [];
		return {folder: join('/sys/fs/cgroup', path), usage: 'memory.current', limit: 'memory.max', none: 'max'};
	}

	const home = join('/sys/fs/cgroup/memory', first.slice(first.indexOf('/')));
	const folder = join(home, `boxwizard-${process.pid}`);
	if (!existsSync(folder)) mkdirSync(folder);
	for (const pid of processes) writeFileSync(join(folder, 'cgroup.procs'), String(pid));
	return {folder, usage: 'memory.usage_in_bytes', limit: 'memory.limit_in_bytes', none: '-1', home};
}

function withDescendants(pid: number): number[] {
	return [pid, ...childrenOf(pid).flatMap(withDescendants)];
}
