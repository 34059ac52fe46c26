import type {BenchBox} from './boxes.ts';
import {lookOver} from './look-over.ts';
import {median, timed} from './measure.ts';

/** How often the box is checked with one app, and with three. */
const times = 5;

export type SeveralApps = {
	/** Seconds of `boxwizard check`, medians. */
	readonly one: number;
	readonly three: number;
	/** Of the check of three, after login. */
	readonly roundTrips: number;
};

/** Brings two more apps to a finished box, and times its check before and after. The box is another one afterwards. */
export async function timeSeveralApps(finished: BenchBox): Promise<SeveralApps> {
	const {box, program, env} = finished;
	const command = (name: string, ...words: readonly string[]) =>
		timed({words: [process.execPath, program, name, box.address, ...words, '--plain'], env});
	const check = async () => {
		const taken: number[] = [];
		for (let turn = 0; turn < times; turn++) taken.push((await command('check')).seconds);
		return median(taken);
	};
	const one = await check();
	for (const app of ['development', 'blog']) {
		const given = {app, domain: `${app}.${box.zone}`, repository: box.repository};
		await command('add', '--yes', ...Object.entries(given).flatMap(([name, value]) => ['--set', `${name}=${value}`]));
	}

	return {one, three: await check(), roundTrips: (await lookOver(finished, 'all apps')).roundTrips};
}
