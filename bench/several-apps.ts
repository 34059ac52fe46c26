import type {BenchBox} from './boxes.ts';
import {type LookedOver, lookOver} from './look-over.ts';
import {median, timed} from './measure.ts';

/** How often the box is checked with one app, and with three. */
const times = 5;

/** Two more apps: another instance of the first, and one with another database. */
const others = {development: {database: 'mysql', queue: 'microblog-tasks'}, blog: {database: 'postgresql', queue: ''}};

/** Medians of several checks. */
type Checked = Omit<LookedOver, 'bytes' | 'questions'> & {
	/** Of `boxwizard check`. */
	readonly seconds: number;
};

export type SeveralApps = {readonly one: Checked; readonly three: Checked};

/** Brings two more apps to a finished box, and times its check before and after. The box is another one afterwards. */
export async function timeSeveralApps(finished: BenchBox): Promise<SeveralApps> {
	const {box, program, env} = finished;
	const one = await checks(finished);
	for (const [app, answers] of Object.entries(others)) {
		const given = {app, domain: `${app}.${box.zone}`, repository: box.repository, ...answers};
		const words = Object.entries(given).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
		await timed({words: [process.execPath, program, 'add', box.address, '--yes', ...words, '--plain'], env});
	}

	return {one, three: await checks(finished)};
}

async function checks(finished: BenchBox): Promise<Checked> {
	const {box, program, env} = finished;
	const words = [process.execPath, program, 'check', box.address, '--plain'] as const;
	const taken: number[] = [];
	const looks: LookedOver[] = [];
	for (let turn = 0; turn < times; turn++) {
		taken.push((await timed({words: [...words], env})).seconds);
		looks.push(await lookOver(finished, 'all apps'));
	}

	return {
		seconds: median(taken),
		processor: median(looks.map(({processor}) => processor)),
		processes: median(looks.map(({processes}) => processes)),
		roundTrips: Math.max(...looks.map(({roundTrips}) => roundTrips)),
	};
}
