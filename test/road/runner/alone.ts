import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {TestProject} from 'vitest/node';
import {removePracticeBox} from '../../../source/practice/index.ts';
import {locked} from '../../../source/practice/lock.ts';
import {unmountSmallDisks} from '../boxes/small-disk.ts';
import {boxesIn, roadCache, shareImages, workerCaches} from './own-folder.ts';

/** Two runs at once would take each other's boxes away: the second one is refused. */
export default async function alone({config}: TestProject): Promise<() => Promise<void>> {
	let finish = (): void => undefined;
	const finished = new Promise<void>(resolve => {
		finish = resolve;
	});
	const file = join(roadCache(), 'road.lock');
	return await new Promise((resolve, reject) => {
		const holding = locked(file, 'the tests of the road', 0, async () => {
			await clearFolders(config.maxWorkers);
			resolve(async () => {
				finish();
				await holding;
			});
			await finished;
		});
		holding.catch(reject);
	});
}

/** A run before, with more workers, may have been cut off. */
async function clearFolders(workers: number): Promise<void> {
	const images = boxesIn(roadCache());
	for (const folder of workerCaches(workers).map(boxesIn)) shareImages(images, folder);
	for (const folder of workerCaches(mostWorkers).map(boxesIn)) {
		unmountSmallDisks(folder);
		if (existsSync(folder)) await removePracticeBox('all', folder);
	}
}

/** More than anybody takes. */
const mostWorkers = 8;
