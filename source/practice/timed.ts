import type {Progress} from './types.ts';

/** Does a task and tells its beginning, and its end with the seconds it took. */
export async function timed<T>(progress: Progress, task: string, work: () => Promise<T>): Promise<T> {
	const start = performance.now();
	progress({kind: 'begun', task});
	const result = await work();
	progress({kind: 'finished', task, seconds: (performance.now() - start) / 1000});
	return result;
}
