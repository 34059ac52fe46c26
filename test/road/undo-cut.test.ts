import {cpSync, globSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {instanceOf} from '../../source/contract/step-id.ts';
import {chooseEngine} from '../../source/practice/index.ts';
import {type JournalState, stepRecords} from '../../source/state/journal-state.ts';
import {difference} from './boxes/snapshot.ts';
import {leftBehind} from './boxes/undone.ts';
import {goTogether} from './kills/point.ts';
import {inWords} from './kills/table.ts';
import {type Command, type FinishedBox, finishedBox, stateOf} from './kills/undo/box.ts';
import {type UndoPoint, undoPointOf} from './kills/undo/point.ts';
import {type UndoReference, undisturbedUndo, undoWalk} from './kills/undo/walk.ts';
import {endOf} from './kills/walk.ts';

/** Points of the short form, from UNDO_SEED on, beside those where an undo was once found to be stuck; `npm run test:undo-kills` takes more. */
const count = 4;
const first = Number(process.env.UNDO_SEED ?? 0);
/** An undo was once stuck for good when power was lost here. */
const onceStuck = [
	['microblog:process/web', 'power', 0.1],
	['services/packages', 'dpkg', 0.5],
] as const;

let finished: FinishedBox;
const references: Partial<Record<Command, UndoReference>> = {};

beforeAll(async () => {
	const engine = await chooseEngine();
	await engine.installPackages(() => undefined);
	finished = await finishedBox('undo-cut');
}, 20 * 60_000);

afterAll(() => finished?.place.remove());

const left = async () => difference(finished.bare, await stateOf(finished.place), leftBehind);

/** The first seeds whose points can be met on one box. */
function pointsOfUndo(): UndoPoint[] {
	const {undo, remove} = references;
	if (!undo || !remove) throw new Error('There is no undisturbed undo to compare with');
	const points: UndoPoint[] = onceStuck.map(([step, kind, share]) => {
		return {seed: -1, command: 'undo', step, kind, share, between: 'nothing'};
	});
	for (let seed = first; points.length < count + onceStuck.length; seed++) {
		const point = undoPointOf(seed, {undo: undo.profiles, remove: remove.profiles});
		if (point.command === 'undo' && goTogether(point, points)) points.push(point);
	}

	return points;
}

test('an undo of everything that nobody disturbs leaves the box as it was', async () => {
	references.undo = await undisturbedUndo(finished, 'undo');
	expect(await left()).toEqual([]);
	expect(references.undo.profiles.filter(({lines}) => lines > 0).length).toBeGreaterThan(35);
});

test('one that is cut off again and again goes on, and leaves the box as it was', async () => {
	references.remove = await undisturbedUndo(finished, 'remove');
	const points = pointsOfUndo();
	console.log(`UNDO_SEED=${first}: ${points.map(point => `${point.step} ${inWords(point)}`).join(' · ')}`);
	const reference = references.undo;
	if (!reference) throw new Error('There is no undisturbed undo to compare with');
	const {struck, faults} = await undoWalk(finished, 'undo', points, reference);
	console.log(struck.map(({point, met, wentOn}) => `${point.step} ${met ? wentOn : 'not met'}`).join(' · '));
	expect(faults).toEqual([]);
	// Some moments are over before they are met.
	expect(struck.filter(({met}) => met).length).toBeGreaterThanOrEqual(points.length - 2);
});

/** The wizard is killed when a step's undo has ended on the box, and the journal has not heard of it: it is undone once more. */
test('each step can be taken back where it is taken back already', async () => {
	await finished.withOne();
	const {place} = finished;
	const kept = `${place.journals}-kept`;
	const faults: string[] = [];
	for (const step of inUndoOrder(journalSteps(place))) {
		rmSync(kept, {recursive: true, force: true});
		cpSync(place.journals, kept, {recursive: true});
		faults.push(...(await endOf(place.start('undo', step), `the undo of ${step}`)));
		rmSync(place.journals, {recursive: true});
		cpSync(kept, place.journals, {recursive: true});
		faults.push(...(await endOf(place.start('undo', step), `the second undo of ${step}`)));
		// While its tools are still there to be asked.
		if (step === 'firewall/ufw') expect(await place.box.console('iptables-save; ip6tables-save')).not.toContain('ufw');
	}

	expect(faults).toEqual([]);
	expect(await left()).toEqual([]);
});

function journalSteps(place: FinishedBox['place']): string[] {
	const [path = ''] = globSync(join(place.journals, '*.json'));
	const records = stepRecords(JSON.parse(readFileSync(path, 'utf8')) as JournalState);
	// The box has one app: its steps are called by their ids alone.
	return Object.keys(records).map(id => instanceOf(id).id);
}

function inUndoOrder(steps: readonly string[]): string[] {
	const isAccount = (step: string) => step.startsWith('account/');
	const reversed = steps.toReversed();
	return [...reversed.filter(step => !isAccount(step)), ...reversed.filter(isAccount)];
}
