import {homedir} from 'node:os';
import {join} from 'node:path';

/**
 * The cache folder that the road's tests have for themselves: a person's own practice boxes are neither met nor touched.
 * It stays, with its images; what an ended run left of boxes in it is cleared away.
 */
export function roadCache(): string {
	const own = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache');
	return join(process.env.XDG_CACHE_HOME || own, 'boxwizard-road');
}
