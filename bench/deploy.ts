import type {BenchBox} from './boxes.ts';
import {median, timed} from './measure.ts';

/** How often a new version goes live. */
const times = 5;

/** Median seconds from `boxwizard deploy` to its end, when the new version is proven live; its dependencies are those of the one before. */
export async function timeDeploys({box, program, env}: BenchBox): Promise<number> {
	const taken: number[] = [];
	for (let turn = 1; turn <= times; turn++) {
		await box.commit(`Version ${turn}`, {'app/static/version.txt': `${turn}\n`}, 'main');
		const {seconds, stdout} = await timed({
			words: [process.execPath, program, 'deploy', box.address, '--plain', '--yes'],
			env,
		});
		if (!stdout.includes(`Version ${turn}`)) throw new Error(`Version ${turn} is not live:\n${stdout}`);
		taken.push(seconds);
	}

	return median(taken);
}
