import {expect, test} from 'vitest';
import type {Probe} from '../../../source/contract/step.ts';
import {WaitingUpdates} from '../../../steps/app/updates.ts';

test('apt is asked for updates again only when the box’s packages or lists have changed', async () => {
	const known: unknown[] = [];
	const answers = ['1-1-\n4', '1-1-', '1-2-\n0', '2-2-\n-3 many', '3-3-\n-3'];
	const probe = (async (_: TemplateStringsArray, ...values: unknown[]) => {
		known.push(...values);
		return answers.shift() ?? '';
	}) as unknown as Probe;
	const waiting = new WaitingUpdates();
	const read = [];
	for (const _ of [...answers]) read.push(await waiting.read(probe));
	expect(read).toEqual([4, 4, 0, 0, 0]);
	expect(known.slice(0, 3)).toEqual(['', '1-1-', '1-1-']);
});
