import {expect, it} from 'vitest';
import {z} from 'zod';
import {findUnsavedSecrets, refuseUnsavedSecrets} from '../../source/cli/terminal/unsaved-secrets.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {Step} from '../../source/contract/step.ts';
import {openVault} from '../../source/state/vault.ts';
import {secret} from '../../steps/options/secret.ts';
import {options} from '../../steps/options/shared.ts';
import {toyPlan} from '../fixtures/toy-run.ts';

const step = {
	id: 'account/adminUser',
	title: 'Your user',
	why: 'For a test.',
	options: z.object({
		sudoPassword: secret({title: 'Sudo password', generate: 20}).optional(),
		app: options.app,
		database: options.database,
		databasePassword: options.databasePassword,
	}),
	check: async () => ({}),
	done: () => true,
	apply: () => undefined,
} as unknown as Step;
const setup = (answers: Record<string, unknown>) => ({kind: 'python', answers, leftOut: []});
const plan = (answers: Record<string, unknown> = {}) => toyPlan([step], {defaults: {app: 'blog'}, answers});

it('a run that would lose sudo’s password is refused, with the ways out', async () => {
	const vault = await openVault('box', 22, {memory: true});
	await expect(refuseUnsavedSecrets(plan(), setup({}), vault)).rejects.toThrow(
		expect.objectContaining({
			code: 'nowhere-to-keep',
			evidence: ['sudoPassword'],
			next: expect.stringContaining('--secret sudoPassword=FILE'),
		}),
	);
	await refuseUnsavedSecrets(
		plan({sudoPassword: new Secret('known')}),
		setup({sudoPassword: new Secret('known')}),
		vault,
	);
	await refuseUnsavedSecrets(plan(), setup({}), {...vault, where: 'keychain'});
	// One that has just opened sudo, and is in the vault of this run, is not made anew.
	await vault.set('sudoPassword', new Secret('known'));
	await refuseUnsavedSecrets(plan(), setup({}), vault);
});

it('only what was made here and is kept nowhere is to be shown', async () => {
	const vault = await openVault('box', 22, {memory: true});
	await vault.set('sudoPassword', new Secret('made'));
	await vault.set('databasePassword', new Secret('also in .env on the box'));
	expect((await findUnsavedSecrets(plan(), setup({}), vault)).map(({title}) => title)).toEqual(['Sudo password']);
	expect(
		await findUnsavedSecrets(
			plan({sudoPassword: new Secret('typed')}),
			setup({sudoPassword: new Secret('typed')}),
			vault,
		),
	).toEqual([]);
	expect(await findUnsavedSecrets(plan(), setup({}), {...vault, where: 'keychain'})).toEqual([]);
});
