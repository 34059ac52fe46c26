import {mkdirSync, symlinkSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {placeIn, practiceFolder} from '../../../source/practice/place.ts';

/**
 * The cache folder that the road's tests have for themselves: a person's own practice boxes are neither met nor touched.
 * It stays, with its images; what an ended run left of boxes in it is cleared away.
 */
export function roadCache(): string {
	const own = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache');
	return join(process.env.XDG_CACHE_HOME || own, 'boxwizard-road');
}

/** Where practice boxes lie below a cache folder. */
export function boxesIn(cache: string): string {
	return join(cache, 'boxwizard', 'practice');
}

/**
 * Cache folders for files that run side by side, one each: boxes of their own, in a network with name, certificate and
 * git servers of its own. A folder whose network is another one's, or the person's, is passed over.
 */
export function workerCaches(count: number): string[] {
	const folders: string[] = [];
	const taken = new Set([placeIn(practiceFolder()).bridge, placeIn(boxesIn(roadCache())).bridge]);
	for (let number = 1; folders.length < count; number++) {
		const folder = join(roadCache(), `worker-${number}`);
		const {bridge} = placeIn(boxesIn(folder));
		if (taken.has(bridge)) continue;
		taken.add(bridge);
		folders.push(folder);
	}

	return folders;
}

/** What is made once and may be used by all at once: images, downloaded packages, and the root that the images trust. */
const shared = ['images', 'archives', 'public-root'];

/** Makes a practice folder that has all that can be shared from another one. */
export function shareImages(from: string, to: string): void {
	mkdirSync(to, {recursive: true, mode: 0o700});
	for (const name of shared) {
		mkdirSync(join(from, name), {recursive: true, mode: name === 'public-root' ? 0o700 : 0o755});
		try {
			symlinkSync(join(from, name), join(to, name));
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
		}
	}
}
