import {describe, expect, it} from 'vitest';
import {lateWizard, type Whole} from '../../source/cli/wizard/late-wizard.ts';

type Call = {readonly method: string; readonly words: readonly unknown[]};

/** What stands behind the late wizard: it answers every method with what it was asked. */
function listener(): Whole {
	const answer =
		(method: string) =>
		(...words: unknown[]) => ({method, words});
	return new Proxy({} as Whole, {
		get: (_, name) => (typeof name === 'string' && name !== 'then' ? answer(name) : undefined),
	});
}

const methods = Object.keys(lateWizard(async () => listener())).filter(
	name => !['leave', 'unsavedSecrets'].includes(name),
);

describe('the wizard of the home screen', () => {
	it.each(methods)('passes all on that %s is asked', async method => {
		const wizard = lateWizard(async () => listener());
		await wizard.hosts();
		const ask = wizard[method as 'undo'] as (...words: unknown[]) => unknown;
		const words = ['one', ['two'], ['three'], 'four'];
		expect(await ask(...words)).toEqual({method, words} satisfies Call);
	});

	it('loads what stands behind it once, when the first is asked for', async () => {
		let loads = 0;
		const wizard = lateWizard(async () => {
			loads += 1;
			return listener();
		});
		expect(loads).toBe(0);
		await Promise.all([wizard.hosts(), wizard.localKeys()]);
		wizard.kinds();
		expect(loads).toBe(1);
	});
});
