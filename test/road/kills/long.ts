/*
 * npm run test:kills -- --seeds 100 [--from 0] [--name kills-long]: kills set-ups at the points of many seeds, on as many
 * boxes as it takes, and writes bench/KILLS.md after each of them. Stopped (SIGTERM, ^C) it keeps what it found; started again
 * with the same words it goes on behind it. `--afresh` forgets what was found.
 */
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {parseArgs} from 'node:util';
import {practiceFolder} from '../../../source/practice/index.ts';
import {repeatableBox} from './box.ts';
import {deal} from './deal.ts';
import {pointOf} from './point.ts';
import {replaceChapter, report} from './report.ts';
import {type Findings, inWords, killsTable, killsTitle} from './table.ts';
import {undisturbed, walk} from './walk.ts';

/** Points on one box: more make it no slower to find out, but harder to tell which of them did it. */
const mostOnOneBox = 20;
/** Boxes on which a moment that passed by is tried for again, each time earlier. */
const patience = 5;
const earlier = 0.7;

const {values} = parseArgs({
	options: {
		seeds: {type: 'string', default: '100'},
		from: {type: 'string', default: '0'},
		name: {type: 'string', default: 'kills-long'},
		afresh: {type: 'boolean', default: false},
	},
});
const seeds = Array.from({length: Number(values.seeds)}, (_, index) => Number(values.from) + index);
const found = join(practiceFolder(), 'kills', `${values.from}-${values.seeds}.json`);
const say = (line: string) => process.stderr.write(`${line}\n`);

if (values.afresh) rmSync(found, {force: true});
let findings: Findings | undefined = existsSync(found) ? JSON.parse(readFileSync(found, 'utf8')) : undefined;

function keep(now: Findings): void {
	findings = now;
	mkdirSync(dirname(found), {recursive: true});
	writeFileSync(found, JSON.stringify(now));
	replaceChapter(killsTitle, killsTable(now));
}

const place = await repeatableBox(values.name);
const leave = async () => {
	await place.remove();
	say(`What was found: ${report}. To go on: npm run test:kills -- --seeds ${values.seeds} --from ${values.from}`);
	process.exit(1);
};
process.once('SIGTERM', leave);
process.once('SIGINT', leave);

say('The road, undisturbed');
const reference = await undisturbed(place);
const {profiles} = reference;
const passed = new Map<number, number>();
for (;;) {
	const walks = findings?.walks ?? [];
	const met = new Set(walks.flatMap(({struck}) => struck.filter(one => one.met).map(one => one.point.seed)));
	const open = seeds.filter(seed => !met.has(seed) && (passed.get(seed) ?? 0) < patience);
	if (open.length === 0) break;
	const {now} = deal(
		open.map(seed => {
			const point = pointOf(seed, profiles);
			return {...point, share: point.share * earlier ** (passed.get(seed) ?? 0)};
		}),
		mostOnOneBox,
	);
	say(`Box ${walks.length + 1}: ${now.map(point => `${point.seed} ${point.step} ${inWords(point)}`).join(' · ')}`);
	const walked = await walk(place, now, reference);
	for (const {point} of walked.struck.filter(one => !one.met)) {
		passed.set(point.seed, (passed.get(point.seed) ?? 0) + 1);
	}
	say(`  ${walked.struck.filter(one => one.met).length} met, ${walked.seconds.toFixed(0)} s`);
	for (const fault of walked.faults) say(`  ! ${fault}`);
	const unmet = [...passed].filter(([, times]) => times >= patience).map(([seed]) => seed);
	keep({at: new Date().toISOString(), profiles, walks: [...walks, walked], unmet});
}

await place.remove();
say(`What was found: ${report}`);
process.exitCode = findings?.walks.some(({faults}) => faults.length > 0) ? 1 : 0;
