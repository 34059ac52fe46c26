import {expect, test} from 'vitest';
import {stepsFor} from '../source/cli/given/kinds.ts';
import {catalogue} from '../steps/index.ts';
import {python} from '../steps/python/kind.ts';
import {deal} from './road/kills/deal.ts';
import {wrongJobs} from './road/kills/jobs.ts';
import {inOrder, kinds, type Point, pointOf, undoKinds} from './road/kills/point.ts';
import type {StepProfile} from './road/kills/profile.ts';
import {undoPointOf} from './road/kills/undo/point.ts';

/** As if every step had a job that installs packages. */
const profiles: StepProfile[] = stepsFor(catalogue, python).map(({id}) => ({id, seconds: 1, lines: 10, packages: 2}));
const points = (count: number): Point[] => Array.from({length: count}, (_, seed) => pointOf(seed, profiles));

test('a hundred seeds meet every boundary of the road, and every kind of point', () => {
	const dealt = points(100);
	const boundaries = dealt.flatMap(({kind, step}) => (kind === 'boundary' ? [step] : []));
	expect(new Set(boundaries)).toEqual(new Set(profiles.map(step => step.id)));
	expect(new Set(dealt.map(({kind}) => kind))).toEqual(new Set(Object.keys(kinds)));
});

test('a seed is always the same point', () => {
	expect(points(40)).toEqual(points(40));
	expect(pointOf(7, profiles)).not.toEqual(pointOf(19, profiles));
});

test('a point inside a step is one that the step has', () => {
	const bare = profiles.map(step =>
		step.id === 'services/packages' ? step : {...step, seconds: 0, lines: 0, packages: 0},
	);
	for (let seed = 1; seed < 60; seed += 2) expect(pointOf(seed, bare).step).toBe('services/packages');
});

test('one box meets each step once inside and once behind it, in the order of the road', () => {
	const {now, later} = deal(points(100), 20);
	expect(now).toHaveLength(20);
	expect(later).toHaveLength(80);
	expect(new Set(now.map(({step, kind}) => `${step} ${kind === 'boundary'}`)).size).toBe(20);
	const places = inOrder(now, profiles).map(({step}) => profiles.findIndex(({id}) => id === step));
	expect(places).toEqual(places.toSorted((one, other) => one - other));
});

test('a job that ran again after it had ended well is found, and one that was lost may', () => {
	const job = (step: string, exit: number | 'lost') => ({id: 'job', step, exit});
	expect(wrongJobs([job('app/release', 'lost'), job('app/release', 0)])).toEqual([]);
	expect(wrongJobs([job('app/release', 0), job('app/layout', 0), job('app/release', 0)])).toEqual([
		'app/release ran again (job) after it had ended well',
	]);
	expect(wrongJobs([job('app/release', 1), job('app/release', 0)])).toEqual(['app/release ended with 1 (job)']);
	expect(wrongJobs([job('ssh/hardening', 0), job('ssh/hardening', 0)])).toEqual([]);
	const site = [job('web/nginx', 0), job('tls/certificate', 'lost'), job('web/nginx', 0)];
	expect(wrongJobs(site)).toEqual(['web/nginx ran again (job) after it had ended well']);
	expect(wrongJobs(site, ['web/nginx'])).toEqual([]);
});

test('twenty-four seeds cut both ways to take something back off in every way there is, each at a step of its own', () => {
	const dealt = Array.from({length: 24}, (_, seed) => undoPointOf(seed, {undo: profiles, remove: profiles}));
	expect(new Set(dealt.map(({kind}) => kind))).toEqual(new Set(Object.keys(undoKinds)));
	expect(dealt.filter(({command}) => command === 'remove')).toHaveLength(8);
	expect(new Set(dealt.map(({step}) => step)).size).toBe(24);
	expect(new Set(dealt.map(({between}) => between))).toEqual(new Set(['nothing', 'check', 'setup']));
});
