import type {Progress, Tell} from './types.ts';

/** Does a task and tells its beginning, the lines it hands on, and its end with the seconds it took. */
export async function timed<T>(progress: Progress, task: string, work: (tell: Tell) => Promise<T>): Promise<T> {
	const start = performance.now();
	progress({kind: 'begun', task});
	const result = await work(line => progress({kind: 'output', task, line}));
	progress({kind: 'finished', task, seconds: (performance.now() - start) / 1000});
	return result;
}
