import {join} from 'node:path';
import {locked} from '../../source/practice/lock.ts';
import {roadCache} from './own-folder.ts';

/** Two runs at once would take each other's boxes away: the second one is refused. */
export default async function alone(): Promise<() => Promise<void>> {
	let finish = (): void => undefined;
	const finished = new Promise<void>(resolve => {
		finish = resolve;
	});
	const file = join(roadCache(), 'road.lock');
	return await new Promise((resolve, reject) => {
		const holding = locked(file, 'the tests of the road', 0, async () => {
			resolve(async () => {
				finish();
				await holding;
			});
			await finished;
		});
		holding.catch(reject);
	});
}
