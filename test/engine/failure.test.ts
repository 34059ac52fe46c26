import {describe, expect, test} from 'vitest';
import {z} from 'zod';
import type {Event} from '../../source/contract/ui/events.ts';
import {check, run} from '../../source/engine/engine.ts';
import {preview} from '../../source/engine/preview-plan.ts';
import {plainLine} from '../../source/render/plain.ts';
import {noProgress} from '../../source/render/progress.ts';
import {eachWithToys, files, fragile, hear, toyPlan, toyStep, trouble} from '../fixtures/toy-run.ts';

const toys = eachWithToys();

describe('failure', () => {
	test('names the command, shows the end of the log, and stops where nobody answers', async () => {
		const {all, summary} = await hear(run(toyPlan([fragile('a'), toyStep('b')]), toys.session));
		const failed = all.find(event => event.type === 'failed');
		expect(failed?.trouble.what).toContain('test -e /srv/mended failed with exit code 1');
		expect(failed?.trouble.evidence).toEqual(['$ write /srv/a (0644 root:root)', '$ test -e /srv/mended']);
		expect(failed?.actions).toEqual(['retry', 'skip', 'undo', 'quit']);
		expect(summary).toMatchObject({changed: [], failed: ['a']});
		expect(toys.session.journal.read().box.steps.a).toMatchObject({state: 'failed', before: ''});
		expect(await files(toys.box)).toBe('a');
	});

	test('retry looks again, and the first facts outlive it', async () => {
		await toys.box.peek('echo old > /srv/a');
		const step = fragile('a', {
			check: $ => $`if [ -e /srv/failed ]; then touch /srv/mended; fi; touch /srv/failed; cat /srv/a`,
		});
		const {told, summary} = await hear(run(toyPlan([step]), toys.session), {
			failed: [{action: 'retry'}, {action: 'quit'}],
		});
		expect(told).toEqual(['checking a', 'running a', 'failed a: job-failed', 'checking a', 'running a', 'verified a']);
		expect(summary.changed).toEqual(['a']);
		expect(toys.session.journal.read().box.steps.a).toMatchObject({state: 'done', before: 'old'});
	});

	test('skip goes on, but not with what needs it, directly or not', async () => {
		const steps = [fragile('a'), toyStep('b', {needs: ['a']}), toyStep('c', {needs: ['b']}), toyStep('d')];
		const {told, summary} = await hear(run(toyPlan(steps), toys.session), {failed: [{action: 'skip'}]});
		expect(told.slice(2)).toEqual([
			'failed a: job-failed',
			'skipped b: left out',
			'skipped c: left out',
			'checking d',
			'running d',
			'verified d',
		]);
		expect(summary).toMatchObject({changed: ['d'], skipped: ['b', 'c'], failed: ['a']});
	});

	test('a script that bash can’t read is no job that was cut off: nothing of it was run', async () => {
		const steps = [
			toyStep('a', {
				apply($) {
					$.file('/srv/a', 'a\n');
					$`if true; then`;
				},
			}),
		];
		const {all} = await hear(run(toyPlan(steps), toys.session));
		const failed = all.find(event => event.type === 'failed');
		expect(failed?.trouble).toMatchObject({
			code: 'script-unreadable',
			evidence: [expect.stringContaining('syntax error')],
		});
		expect(await files(toys.box)).toBe('');
	});

	test('what is needed but not wanted, or left out and in place, holds nothing up', async () => {
		await toys.box.peek('echo b > /srv/b');
		const steps = [toyStep('a', {wanted: () => false}), toyStep('b'), toyStep('c', {needs: ['a', 'b']})];
		const {summary} = await hear(run(toyPlan(steps, {leftOut: ['b']}), toys.session));
		expect(summary.changed).toEqual(['c']);
	});

	test('what needs a left-out step that is not in place is left out with it, in words, and what needs that', async () => {
		const steps = [toyStep('a'), toyStep('b', {needs: ['a']}), toyStep('c', {needs: ['b']}), toyStep('d')];
		const plan = toyPlan(steps, {leftOut: ['a']});
		const {all, summary} = await hear(run(plan, toys.session));
		expect(summary).toMatchObject({changed: ['d'], skipped: ['a', 'b', 'c'], failed: []});
		const skipped = all.filter(event => event.type === 'skipped');
		expect(skipped).toEqual([
			{type: 'skipped', step: 'a', reason: 'left out'},
			{type: 'skipped', step: 'b', reason: 'left out', because: 'it needs “a”, which is not in place'},
			{type: 'skipped', step: 'c', reason: 'left out', because: 'it needs “b”, which is not in place'},
		]);
		expect(plainLine(skipped[1] as Event, noProgress)).toBe('[left out] b: it needs “a”, which is not in place');
		expect(toys.session.journal.read().progress).toEqual({inPlace: 1, wanted: 1});

		expect((await hear(check(plan, toys.session))).summary).toMatchObject({inPlace: ['d'], failed: []});
		const states = (await preview(plan, toys.session)).map(({state}) => state);
		expect(states).toEqual(['left out', 'left out', 'left out', 'in place']);
	});

	test('undo takes the step back, and it does not count as done', async () => {
		await toys.box.peek('echo old > /srv/a');
		const steps = [fragile('a'), toyStep('b', {needs: ['a']})];
		const {told, summary} = await hear(run(toyPlan(steps), toys.session), {failed: [{action: 'undo'}]});
		expect(told.slice(2)).toEqual(['failed a: job-failed', 'running a', 'undone a', 'skipped b: left out']);
		expect(summary).toMatchObject({changed: [], failed: ['a'], skipped: ['b']});
		expect(await toys.box.peek('cat /srv/a')).toBe('old\n');
	});

	test('an answer that is changed leads back to what was done with the old one', async () => {
		const options = z.object({word: z.string().default('old')});
		const first = toyStep('first', {
			options,
			check: $ => $`cat /srv/first`,
			done: (facts, {word}) => facts === word,
			apply: ($, _facts, {word}) => $.file('/srv/first', `${String(word)}\n`),
		});
		const steps = [first, toyStep('other'), fragile('last', {options})];
		const {told, summary} = await hear(
			run(toyPlan(steps), toys.session),
			{failed: [{action: 'edit', answers: {word: 'new'}}]},
			async event => {
				if (event.type === 'failed') await toys.box.peek('touch /srv/mended');
			},
		);
		expect(told.slice(told.indexOf('failed last: job-failed') + 1)).toEqual([
			'checking last',
			'running last',
			'verified last',
			'checking first',
			'running first',
			'verified first',
			'checking other',
			'skipped other: in place',
			'checking last',
			'skipped last: in place',
		]);
		expect(summary).toMatchObject({changed: ['first', 'other', 'last'], failed: []});
		expect(await toys.box.peek('cat /srv/first')).toBe('new\n');
	});

	test('edit takes new answers, checked as the first ones are', async () => {
		const options = z.object({word: z.string().regex(/^[a-z]+$/, 'Letters only')});
		const step = toyStep('a', {
			options,
			done: (facts, {word}) => facts === word && word === 'right',
			apply: ($, _, {word}) => $.file('/srv/a', `${word}\n`),
		});
		const {told, summary} = await hear(run(toyPlan([step], {answers: {word: 'wrong'}}), toys.session), {
			failed: [{action: 'edit', answers: {word: '!'}}],
			asking: [{answers: {word: 'right'}}],
		});
		expect(told.slice(2)).toEqual([
			'failed a: not-in-place',
			'asking a: word',
			'checking a',
			'running a',
			'verified a',
		]);
		expect(summary.changed).toEqual(['a']);
	});

	test('a check that throws fails its own step only', async () => {
		const broken = toyStep('b', {
			check: async () => {
				throw new TypeError('broken');
			},
		});
		const {told} = await hear(run(toyPlan([toyStep('a'), broken, toyStep('c')]), toys.session), {
			failed: [{action: 'skip'}],
		});
		expect(told).toContain('failed b: unexpected');
		expect(told.at(-1)).toBe('verified c');
	});

	test('an unsupported box leaves nothing but to quit', async () => {
		const step = toyStep('a', {
			check: async () => {
				throw trouble('unsupported-system');
			},
		});
		const {all} = await hear(run(toyPlan([step]), toys.session));
		expect(all.find(event => event.type === 'failed')?.actions).toEqual(['quit']);
	});

	test('a proof that fails is asked for again, though the box looks as it should by then', async () => {
		const verify = async ($: (pieces: TemplateStringsArray) => Promise<string>) => {
			if ((await $`echo x >> /srv/tries; wc -l < /srv/tries`) !== '3') throw trouble('not-proven');
		};
		const {told, summary} = await hear(run(toyPlan([toyStep('a', {verify})]), toys.session), {
			failed: [{action: 'retry'}, {action: 'retry'}, {action: 'quit'}],
		});
		expect(told).toEqual([
			'checking a',
			'running a',
			'proving a',
			'failed a: not-proven',
			'checking a',
			'proving a',
			'failed a: not-proven',
			'checking a',
			'proving a',
			'verified a',
		]);
		expect(summary.changed).toEqual(['a']);
		expect(toys.session.journal.read().box.steps.a?.state).toBe('done');
	});
});
