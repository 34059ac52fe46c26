import {expect, test} from 'vitest';
import type {Probe} from '../source/contract/step.ts';
import {WaitingUpdates} from '../steps/app/updates.ts';

test('apt is asked for updates again only when the box’s packages or lists have changed', async () => {
	const known: unknown[] = [];
	const answers = ['1-1-\n4', '1-1-', '1-2-\n0'];
	const probe = (async (_: TemplateStringsArray, ...values: unknown[]) => {
		known.push(...values);
		return answers.shift() ?? '';
	}) as unknown as Probe;
	const waiting = new WaitingUpdates();
	expect([await waiting.read(probe), await waiting.read(probe), await waiting.read(probe)]).toEqual([4, 4, 0]);
	expect(known).toEqual(['', '1-1-', '1-1-']);
});
