/*
 * npm run test:undo-kills -- --seeds 24 [--from 0]: cuts undos off at the points of many seeds, and writes their chapter of
 * bench/KILLS.md after each box. Stopped (SIGTERM, ^C) it keeps what it found; started again with the same words it goes on behind
 * it. `--afresh` forgets what was found.
 */
import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {parseArgs} from 'node:util';
import {practiceFolder} from '../../../../source/practice/index.ts';
import {goTogether} from '../point.ts';
import {replaceChapter, report} from '../report.ts';
import {inWords} from '../table.ts';
import {type Command, commands, finishedBox} from './box.ts';
import {type UndoPoint, undoPointOf} from './point.ts';
import {undoKillsTable, undoTitle} from './table.ts';
import {type UndoWalk, undisturbedUndo, undoWalk} from './walk.ts';

/** Points on one box: more make it harder to tell which of them did it. */
const mostOnOneBox = 4;
/** Boxes on which a moment that passed by is tried for again, each time earlier. */
const patience = 4;
const earlier = 0.6;

const {values} = parseArgs({
	options: {
		seeds: {type: 'string', default: '24'},
		from: {type: 'string', default: '0'},
		afresh: {type: 'boolean', default: false},
	},
});
const seeds = Array.from({length: Number(values.seeds)}, (_, index) => Number(values.from) + index);
const found = join(practiceFolder(), 'kills', `undo-${values.from}-${values.seeds}.json`);
const say = (line: string) => process.stderr.write(`${line}\n`);

if (values.afresh) rmSync(found, {force: true});

say('The box, set up');
const finished = await finishedBox('undo-kills');
const leave = async () => {
	await finished.place.remove();
	say(`What was found: ${report}`);
	process.exit(1);
};
process.once('SIGTERM', leave);
process.once('SIGINT', leave);

say('The undos, undisturbed');
const references = {
	undo: await undisturbedUndo(finished, 'undo'),
	remove: await undisturbedUndo(finished, 'remove'),
};
const profiles = {undo: references.undo.profiles, remove: references.remove.profiles};
const walks: UndoWalk[] = existsSync(found) ? JSON.parse(readFileSync(found, 'utf8')) : [];
const tries = new Map<number, number>();
const isMet = (seed: number) => walks.some(({struck}) => struck.some(({point, met}) => met && point.seed === seed));
const triesOf = (seed: number) => tries.get(seed) ?? 0;

/** Adds one box to what was found, and writes it down. */
function keep(walk: UndoWalk): void {
	walks.push(walk);
	for (const {point} of walk.struck) tries.set(point.seed, triesOf(point.seed) + 1);
	const unmet = seeds.filter(seed => !isMet(seed) && triesOf(seed) >= patience);
	mkdirSync(dirname(found), {recursive: true});
	writeFileSync(found, JSON.stringify(walks));
	replaceChapter(undoTitle, undoKillsTable({at: new Date().toISOString(), walks, unmet}));
}

/** Points of one command for the next box; none where all are met, or given up. */
function nextPoints(command: Command): UndoPoint[] {
	const open = seeds.filter(seed => !isMet(seed) && triesOf(seed) < patience);
	const chosen: UndoPoint[] = [];
	for (const seed of open) {
		const point = undoPointOf(seed, profiles);
		if (point.command !== command || chosen.length === mostOnOneBox || !goTogether(point, chosen)) continue;
		chosen.push({...point, share: point.share * earlier ** triesOf(seed)});
	}

	return chosen;
}

for (const command of Object.keys(commands) as Command[]) {
	for (let points = nextPoints(command); points.length > 0; points = nextPoints(command)) {
		say(`${command}: ${points.map(point => `${point.seed} ${point.step} ${inWords(point)}`).join(' · ')}`);
		const walk = await undoWalk(finished, command, points, references[command]);
		keep(walk);
		say(`  ${walk.struck.filter(({met}) => met).length} met, ${walk.seconds.toFixed(0)} s`);
		for (const fault of walk.faults) say(`  ! ${fault}`);
	}
}

await finished.place.remove();
process.exitCode = walks.some(({faults}) => faults.length > 0) ? 1 : 0;
