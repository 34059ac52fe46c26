import {execFileSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {PracticeBox} from '../../../source/practice/index.ts';
import {boxPaths, placeIn} from '../../../source/practice/place.ts';

/** A disk of its own under a systemd-nspawn box, which can be full without this machine's being so. */
export type SmallDisk = {
	/** From now on it takes no more: as large as what is on it. */
	readonly fill: () => void;
	/** It is as large as before. */
	readonly free: () => void;
	/** Takes it away again, with what was written to it; the box is off then. */
	readonly remove: () => Promise<void>;
};

/** What such a disk is called among the mounts. */
const label = 'small-disk';
/** Of the whole disk. */
const size = '4g';

/** Moves a box to a disk in memory; the power is cut for it. */
export async function ontoSmallDisk(box: PracticeBox): Promise<SmallDisk> {
	const {folder} = boxPaths(placeIn(), box.name);
	const disk = mkdtempSync(join(tmpdir(), 'boxwizard-disk-'));
	await box.kill();
	const entries = readdirSync(folder).filter(name => !name.startsWith('saved') && name !== 'merged');
	execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=0755,size=${size}`, label, disk]);
	execFileSync('cp', ['-a', ...entries.map(name => join(folder, name)), disk]);
	execFileSync('mount', ['--bind', disk, folder]);
	execFileSync('umount', [disk]);
	await box.boot();
	return {
		fill() {
			const used = execFileSync('df', ['--output=used', '--block-size=1K', folder], {encoding: 'utf8'}).split('\n')[1];
			execFileSync('mount', ['-o', `remount,size=${used?.trim()}k`, folder]);
		},
		free: () => void execFileSync('mount', ['-o', `remount,size=${size}`, folder]),
		async remove() {
			await box.kill();
			execFileSync('umount', ['--lazy', folder]);
			rmdirSync(disk);
		},
	};
}

/** Takes away the disks that a run which was cut off has left below a folder: what is mounted on can't be removed. */
export function unmountSmallDisks(folder: string): void {
	const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
	for (const [device, place = ''] of mounts.map(line => line.split(' '))) {
		if (device === label && place.startsWith(`${folder}/`)) execFileSync('umount', ['--lazy', place]);
	}
}
