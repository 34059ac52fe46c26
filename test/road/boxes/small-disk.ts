import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, symlinkSync} from 'node:fs';
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

/** What a box has written lies in these folders of its own, which overlayfs wants on one disk. */
const written = ['upper', 'work'];

/** Moves all that a box writes to a disk in memory; the power is cut for it. What this machine keeps of the box stays where it is. */
export async function ontoSmallDisk(box: PracticeBox): Promise<SmallDisk> {
	const {folder} = boxPaths(placeIn(), box.name);
	const disk = join(folder, label);
	await box.kill();
	mkdirSync(disk);
	execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=0755,size=${size}`, label, disk]);
	for (const name of written) {
		execFileSync('cp', ['-a', join(folder, name), disk]);
		renameSync(join(folder, name), join(folder, `${name}-before`));
		symlinkSync(join(disk, name), join(folder, name));
	}

	await box.boot();
	return {
		fill() {
			const used = execFileSync('df', ['--output=used', '--block-size=1K', disk], {encoding: 'utf8'}).split('\n')[1];
			execFileSync('mount', ['-o', `remount,size=${used?.trim()}k`, disk]);
		},
		free: () => void execFileSync('mount', ['-o', `remount,size=${size}`, disk]),
		async remove() {
			await box.kill();
			for (const name of written) {
				rmSync(join(folder, name));
				renameSync(join(folder, `${name}-before`), join(folder, name));
			}

			execFileSync('umount', ['--lazy', disk]);
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
