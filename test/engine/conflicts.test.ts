import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {z} from 'zod';
import {fields, resolve} from '../../source/answers/answers.ts';
import {refuseProblems} from '../../source/cli/terminal/run-in-lines.ts';
import type {Catalogue} from '../../source/contract/kind.ts';
import type {Conflict, OptionMeta} from '../../source/contract/option.ts';
import type {Step} from '../../source/contract/step.ts';
import {run} from '../../source/engine/engine.ts';
import {findConflicts, withConflicts} from '../../source/engine/run/conflicts.ts';
import {createProbe} from '../../source/remote/probe.ts';
import {ToyBox} from '../fixtures/toy-box.ts';
import {files, hear, toyPlan, toySession, toyStep} from '../fixtures/toy-run.ts';

const conflict: Conflict = {
	option: 'squatter',
	what: 'A goat stands on the lawn.',
	means: 'Where it stands no chair can stand.',
	choices: {stop: 'it is led away', skip: 'it stays, and nobody sits'},
};
const meta = {title: 'Goat', description: 'What becomes of it.', decides: true} satisfies OptionMeta;
const options = z.object({squatter: z.enum(['stop', 'proxy', 'skip']).optional().meta(meta)});
/** Takes the answer too, and comes earlier. */
const packages = toyStep('packages', {options});
const site = toyStep('site', {
	options,
	conflicts: async $ => ((await $`cat /srv/goat`) === 'meh' ? [conflict] : []),
	declined: ({squatter}) => squatter === 'skip',
});
const steps: readonly Step[] = [packages, site, toyStep('certificate', {needs: ['site']}), toyStep('other')];
const catalogue: Catalogue = {box: steps, afterApps: [], kinds: []};
const {box: asked} = withConflicts(catalogue, [conflict]);
const problemsOf = (answers: object, among: readonly Step[] = asked) =>
	resolve(among, {}, answers as Record<string, unknown>).problems;

describe('what few boxes have is asked for only where it was found', () => {
	test('nothing is asked, and no form shows it, where it was not', () => {
		expect(problemsOf({}, steps)).toEqual([]);
		expect(steps.flatMap(step => fields(step, {}, steps))).toEqual([]);
	});

	test('it has to be answered, and says what was found', () => {
		expect(problemsOf({})).toEqual([
			{option: 'squatter', message: 'A goat stands on the lawn. Say what becomes of it', conflict},
		]);
		expect(problemsOf({squatter: 'stop'})).toEqual([]);
	});

	test('an answer that can’t be brought about on this box is refused', () => {
		expect(problemsOf({squatter: 'proxy'})).toMatchObject([{message: 'One of: stop, skip', conflict}]);
	});

	test('the step that found it asks, with a word on each choice', () => {
		const shown = asked.map(step => fields(step, {}, asked));
		expect(shown.map(({length}) => length)).toEqual([0, 1, 0, 0]);
		expect(shown[1]?.[0]).toMatchObject({
			kind: 'choice',
			title: 'Goat',
			description: 'A goat stands on the lawn. Where it stands no chair can stand.',
			choices: [
				{value: 'stop', description: 'it is led away'},
				{value: 'skip', description: 'it stays, and nobody sits'},
			],
		});
	});

	test('it is asked for also where another step takes it that is not wanted', () => {
		const unwanted = toyStep('unwanted', {options, wanted: () => false, conflicts: async () => []});
		const {box: among} = withConflicts({box: [unwanted, site], afterApps: [], kinds: []}, [conflict]);
		expect(problemsOf({}, among)).toMatchObject([{option: 'squatter'}]);
	});

	test('whoever leaves that step out is asked nothing', () => {
		expect(
			problemsOf(
				{},
				asked.filter(({id}) => id !== 'site'),
			),
		).toEqual([]);
	});

	test('without anybody to ask, all is refused with the choices and the flag', () => {
		expect(() => refuseProblems(problemsOf({}), catalogue)).toThrow(
			expect.objectContaining({
				what: conflict.what,
				means: `${conflict.means} Nothing was touched.`,
				next: 'Say what becomes of it, with --set squatter=stop|skip',
				evidence: ['squatter=stop: it is led away', 'squatter=skip: it stays, and nobody sits'],
			}),
		);
	});
});

describe('on a box', () => {
	let box: ToyBox;
	beforeEach(async () => {
		box = await ToyBox.open();
	});
	afterEach(async () => box.close());

	test('it is found in one round trip', async () => {
		const $ = createProbe(box);
		expect(await findConflicts($, catalogue)).toEqual([]);
		await box.peek('echo meh > /srv/goat');
		expect(await findConflicts($, catalogue)).toEqual([conflict]);
		expect(box.roundTrips).toBe(2);
	});

	test('a run that misses the answer asks for it at that step, and has touched nothing', async () => {
		const {told} = await hear(run(toyPlan(asked), toySession(box)));
		expect(told).toEqual(['asking site: squatter']);
		expect(await files(box)).toBe('');
	});

	test('an answer that leaves the step out leaves out what needs it, and nothing else', async () => {
		const {told} = await hear(run(toyPlan(asked, {answers: {squatter: 'skip'}}), toySession(box)));
		expect(told).toEqual(expect.arrayContaining(['skipped site: left out', 'skipped certificate: left out']));
		expect(await files(box)).toBe('other\npackages');
	});
});
