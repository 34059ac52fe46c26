import {cpSync, globSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {instanceOf} from '../../source/contract/step-id.ts';
import {chooseEngine} from '../../source/practice/index.ts';
import {type JournalState, stepRecords} from '../../source/state/journal-state.ts';
import {saveState} from './boxes/saved-state.ts';
import {seededRandom} from './boxes/seeded.ts';
import {difference, snapshot} from './boxes/snapshot.ts';
import {leftBehind} from './boxes/undone.ts';
import {type RepeatableBox, repeatableBox} from './kills/box.ts';
import {isLine} from './kills/profile.ts';
import {cutPower, nth} from './kills/strike.ts';
import {endOf} from './kills/walk.ts';

/** Cuts of the short form, from UNDO_SEED on, beside those where an undo was once found to be stuck. */
const count = 4;
const first = Number(process.env.UNDO_SEED ?? 0);

let place: RepeatableBox;
let bare: ReadonlySet<string>;
let finishedAgain: () => Promise<void>;
/** Steps whose undo says something, in their order, with how many lines. */
let undone: readonly {readonly step: string; readonly lines: number}[];

beforeAll(async () => {
	const engine = await chooseEngine();
	await engine.installPackages(() => undefined);
	place = await repeatableBox('undo-cut');
	await place.startOver();
	bare = await snapshot(place.box);
	expect(await endOf(place.start(), 'the set-up')).toEqual([]);
	const boxAgain = await saveState(place.box);
	const journals = `${place.journals}-finished`;
	cpSync(place.journals, journals, {recursive: true});
	finishedAgain = async () => {
		await boxAgain();
		rmSync(place.journals, {recursive: true});
		cpSync(journals, place.journals, {recursive: true});
	};
}, 20 * 60_000);

afterAll(() => place?.remove());

const undoAll = () => place.start('undo', '--all');
const left = async () => difference(bare, await snapshot(place.box), leftBehind);

test('an undo of everything that nobody disturbs leaves the box as it was', async () => {
	const wizard = undoAll();
	expect(await endOf(wizard, 'the undo')).toEqual([]);
	expect(await left()).toEqual([]);
	const steps = wizard.told.flatMap(told => (told.event === 'undone' ? [told.step] : []));
	undone = steps.flatMap(step => {
		const lines = wizard.told.filter(told => isLine(told, step)).length;
		return lines > 0 ? [{step, lines}] : [];
	});
	expect(undone.length).toBeGreaterThan(15);
});

test('one that loses power again and again goes on, and leaves the box as it was', async () => {
	await finishedAgain();
	const cuts = new Map<string, number>([
		['process/web', 1],
		['services/packages', 0.5],
	]);
	for (let seed = first; cuts.size < count + 2; seed++) {
		const chance = seededRandom(seed);
		const {step = ''} = undone[Math.floor(chance() * undone.length)] ?? {};
		if (!cuts.has(step)) cuts.set(step, chance());
	}

	let met = 0;
	for (const {step, lines} of undone) {
		const share = cuts.get(step);
		if (share === undefined) continue;
		const wizard = undoAll();
		if ((await wizard.first(nth(share * lines, told => isLine(told, step)))) === undefined) {
			expect(await endOf(wizard, `the undo towards ${step}`)).toEqual([]);
			continue;
		}

		await cutPower(wizard, place.box);
		met += 1;
	}

	expect(met).toBe(cuts.size);
	expect(await endOf(undoAll(), 'the last undo')).toEqual([]);
	expect(await left()).toEqual([]);
});

/** The wizard is killed when a step's undo has ended on the box, and the journal has not heard of it: it is undone once more. */
test('each step can be taken back where it is taken back already', async () => {
	await finishedAgain();
	const kept = `${place.journals}-kept`;
	const faults: string[] = [];
	for (const step of inUndoOrder(journalSteps())) {
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

function journalSteps(): string[] {
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
