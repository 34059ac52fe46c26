import {removePracticeBox} from '../../../source/practice/index.ts';

// No other file that runs now has this folder: see workerCaches.
const caches: string[] = JSON.parse(process.env.ROAD_CACHES ?? '[]');
process.env.XDG_CACHE_HOME = caches[Number(process.env.VITEST_POOL_ID) - 1];
// What a file of tests that was cut off has left would be in the way of the next.
await removePracticeBox('all');
