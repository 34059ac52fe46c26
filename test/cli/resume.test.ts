import {describe, expect, test} from 'vitest';
import {z} from 'zod';
import {countSteps, stoppedAt} from '../../source/cli/boxes/known-boxes.ts';
import type {Catalogue} from '../../source/contract/kind.ts';
import type {Step} from '../../source/contract/step.ts';
import type {JournalState, StepRecord} from '../../source/state/journal-state.ts';

const titles = {a: 'First', b: 'Second', c: 'Third', d: 'Fourth'};
const catalogue: Catalogue = {
	box: Object.entries(titles).map(([id, title]) => ({id, title, options: z.object({})}) as unknown as Step),
	afterApps: [],
	kinds: [],
};

function journal(
	steps: Readonly<Record<string, StepRecord['state']>>,
	progress?: JournalState['progress'],
	leftOut: readonly string[] = [],
): JournalState {
	const records = Object.entries(steps).map(([id, state]) => [id, {state, at: '2026-11-21T03:00:00.000Z', seconds: 1}]);
	return {
		version: 5,
		host: '203.0.113.7',
		port: 22,
		user: 'root',
		box: {answers: {}, leftOut, steps: Object.fromEntries(records)},
		apps: {},
		...(progress && {progress}),
	};
}

describe('where a run stopped', () => {
	test.each([
		['nothing was begun', journal({}), undefined],
		['in the middle of a step', journal({a: 'done', b: 'started'}, {inPlace: 1, wanted: 4}), 'Second'],
		['in the first step of all, before anything was noted', journal({a: 'started'}), 'First'],
		['at a step that failed', journal({a: 'done', b: 'failed'}, {inPlace: 1, wanted: 4}), 'Second'],
		['between two steps', journal({a: 'done', b: 'done'}, {inPlace: 2, wanted: 4}), 'Third'],
		['between two steps, the next left out', journal({a: 'done'}, {inPlace: 1, wanted: 3}, ['b']), 'Third'],
		['nowhere: it is walked', journal({a: 'done', c: 'done'}, {inPlace: 4, wanted: 4}), undefined],
		['nowhere: what is undone since is not waited for', journal({a: 'done', c: 'done'}), undefined],
	])('%s', (_, state, title) => {
		expect(stoppedAt(state, catalogue).stoppedAt).toBe(title);
	});
});

test('what was found in place counts, also after others were taken back', () => {
	const progress = {inPlace: 4, wanted: 4, undone: ['b', 'c']};
	expect(countSteps(journal({a: 'done'}, progress), catalogue)).toEqual({done: 2, total: 4});
	// c was done again since, by a fix.
	expect(countSteps(journal({a: 'done', c: 'done'}, progress), catalogue)).toEqual({done: 3, total: 4});
	expect(stoppedAt(journal({a: 'done'}, progress), catalogue)).toEqual({});
});

test('a step that an answer leaves out, and what stands on it, is no step of the set-up', () => {
	const options = z.object({way: z.string().default('in')});
	const steps = [
		{id: 'a', title: 'First', options},
		{id: 'b', title: 'Second', options, declined: ({way}: {readonly way: string}) => way === 'out'},
		{id: 'c', title: 'Third', options, needs: ['b']},
		{id: 'd', title: 'Fourth', options, wanted: ({way}: {readonly way: string}) => way === 'in'},
	] as unknown as readonly Step[];
	const of = {...catalogue, box: steps};
	const begun = journal({a: 'done'});
	expect(countSteps(begun, of)).toEqual({done: 1, total: 4});
	expect(countSteps({...begun, box: {...begun.box, answers: {way: 'out'}}}, of)).toEqual({done: 1, total: 1});
});
