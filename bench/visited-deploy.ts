import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {versionOnPage} from '../test/road/boxes/samples.ts';
import {flaskSample} from '../test/road/planted/versions.ts';
import {type Load, startLoad} from '../test/road/visitors/load.ts';
import {type LoadReport, reportInWords} from '../test/road/visitors/report.ts';
import {type BenchBox, byHand} from './boxes.ts';
import {timed} from './measure.ts';
import {namesOf} from './set-up.ts';

/** What visitors meet, all turns taken together. Times in milliseconds. */
type Seen = {readonly failed: number; readonly slowest: number; readonly longestGap: number};

export type VisitedDeploys = {
	/** Requests a second. */
	readonly often: number;
	readonly times: number;
	/** In the minute before each. */
	readonly before: Seen;
	readonly boxwizard: Seen;
	/** The guides' own way, on the same box. */
	readonly byHand: Seen;
};

const often = 200;
const times = 3;
/** Seconds. */
const minute = 60;

/** Deploys under a steady stream of visitors, by boxwizard and as the guides have it, in turns. */
export async function visitDeploys(bench: BenchBox, say: (line: string) => void): Promise<VisitedDeploys> {
	const taken = {before: [], boxwizard: [], byHand: []} as Record<'before' | Way, LoadReport[]>;
	await newVersion(bench, 'start');
	await deploy.boxwizard(bench);
	const load = startLoad({site: bench.box, version: versionOnPage, often});
	try {
		for (let turn = 1; turn <= times; turn++) {
			taken.before.push(await load.watch(minute));
			say(`  before: ${reportInWords(taken.before.at(-1) as LoadReport)}`);
			for (const way of ['boxwizard', 'byHand'] as const) {
				const report = await deployVisited(bench, load, way, turn);
				taken[way].push(report);
				say(`  ${way}: ${reportInWords(report)}`);
			}
		}
	} finally {
		load.leave();
	}

	return {often, times, before: worst(taken.before), boxwizard: worst(taken.boxwizard), byHand: worst(taken.byHand)};
}

type Way = 'boxwizard' | 'byHand';

/** @throws Error where the new version was not met */
async function deployVisited(bench: BenchBox, load: Load, way: Way, turn: number): Promise<LoadReport> {
	const title = `${way}-${turn}`;
	await newVersion(bench, title);
	const report = await load.during(() => deploy[way](bench));
	const met = report.versions.includes(title) || (await load.watch(1)).versions.includes(title);
	if (!met) throw new Error(`No visitor met ${title}: ${reportInWords(report)}`);
	return report;
}

const deploy: Readonly<Record<Way, (bench: BenchBox) => Promise<unknown>>> = {
	boxwizard: ({box, program, env}) =>
		timed({words: [process.execPath, program, 'deploy', box.address, '--plain', '--yes'], env}),
	byHand: async bench => {
		const {user, app} = namesOf(bench);
		await bench.box.console(`set -- ${user} ${app}\n${byHand('deploy.sh')}`);
	},
};

async function newVersion({box}: BenchBox, title: string): Promise<void> {
	const {from, titled} = flaskSample;
	const text = readFileSync(join(from, titled), 'utf8');
	await box.commit(`Version ${title}`, {[titled]: text.replace('</title>', ` ${title}</title>`)}, 'main');
}

function worst(reports: readonly LoadReport[]): Seen {
	const most = (figure: (report: LoadReport) => number) => Math.max(...reports.map(figure));
	return {
		failed: reports.reduce((sum, {failed}) => sum + Object.values(failed).reduce((all, count) => all + count, 0), 0),
		slowest: most(({slowest}) => slowest),
		longestGap: most(({longestGap}) => longestGap),
	};
}

/** Lines of the table. */
export function visitedRows({often, times, before, boxwizard, byHand}: VisitedDeploys) {
	const ms = (value: number) => `${value.toFixed(0)} ms`;
	const more = boxwizard.slowest - before.slowest;
	const what = `a deploy seen by ${often} visitors a second`;
	return [
		{
			what: `${what}: failed requests (${times} deploys)`,
			goal: 'none',
			measured: `${boxwizard.failed} (the guides’ way: ${byHand.failed})`,
			met: boxwizard.failed === 0,
		},
		{
			what: `${what}: slowest answer, above that of the minute before`,
			goal: 'at most 150 ms more',
			measured: `${ms(boxwizard.slowest)} - ${ms(before.slowest)} = ${ms(more)} (the guides’ way: ${ms(byHand.slowest)})`,
			met: more <= 150,
		},
		{
			what: `${what}: longest time without an answer`,
			goal: 'at most 200 ms',
			measured: `${ms(boxwizard.longestGap)} (the guides’ way: ${ms(byHand.longestGap)})`,
			met: boxwizard.longestGap <= 200,
		},
	];
}
