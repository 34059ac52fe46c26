import {afterAll, beforeAll, expect, test} from 'vitest';
import {chooseEngine} from '../../source/practice/index.ts';
import {type RepeatableBox, repeatableBox} from './kills/box.ts';
import {goTogether, type Point, pointOf} from './kills/point.ts';
import {inWords} from './kills/table.ts';
import {type Reference, undisturbed, type Walk, walk} from './kills/walk.ts';

/** Seeds of the short form, from KILLS_SEED on; `npm run test:kills` takes many more. */
const count = 16;
const first = Number(process.env.KILLS_SEED ?? 0);

let box: RepeatableBox;
let reference: Reference;
let walked: Walk;

beforeAll(async () => {
	const engine = await chooseEngine();
	await engine.installPackages(() => undefined);
	box = await repeatableBox('kills');
	reference = await undisturbed(box);
});

afterAll(() => box?.remove());

test('a set-up that is killed again and again ends as one that nobody disturbed', async () => {
	const points: Point[] = [];
	for (let seed = first; points.length < count; seed++) {
		const point = pointOf(seed, reference.profiles);
		if (goTogether(point, points)) points.push(point);
	}

	console.log(`KILLS_SEED=${first}: ${points.map(point => `${point.step} ${inWords(point)}`).join(' · ')}`);
	walked = await walk(box, points, reference);
	console.log(walked.struck.map(({point, met, wentOn}) => `${point.seed} ${met ? wentOn : 'not met'}`).join(' · '));
	expect(walked.faults).toEqual([]);
});

test('it was killed at twelve points at least: between steps, inside them, and by power cuts', () => {
	const met = walked.struck.flatMap(({met, point}) => (met ? [point.kind] : []));
	expect(met.length).toBeGreaterThanOrEqual(12);
	expect(met).toEqual(expect.arrayContaining(['boundary', 'unheard', 'dpkg']));
});
