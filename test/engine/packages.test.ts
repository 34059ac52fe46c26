import {expect, test} from 'vitest';
import {z} from 'zod';
import type {Package} from '../../source/contract/step.ts';
import {check, run} from '../../source/engine/engine.ts';
import {preview} from '../../source/engine/preview-plan.ts';
import {eachWithToys, fragile, hear, toyPlan, toySession, toyStep} from '../fixtures/toy-run.ts';

const toys = eachWithToys();

/** It writes the names of the packages that it is asked for into a file. */
const installs = toyStep('installs', {
	installs: 'packages',
	options: z.object({packages: z.array(z.custom<Package>()).default([])}),
	check: $ => $`cat /srv/installs`,
	done: (facts, {packages}) => facts === namesOf(packages),
	apply: ($, _facts, {packages}) => $.file('/srv/installs', `${namesOf(packages)}\n`),
	packages: () => ['curl'],
});
const namesOf = (packages: unknown) => (packages as readonly Package[]).map(({name}) => name).join(' ');
const options = z.object({mail: z.string().default('direct')});
const mail = toyStep('mail', {
	options,
	packages: answers => (answers.mail === 'relay' ? ['postfix', 'sasl'] : ['postfix']),
});

test('one step installs what all of the plan want, each once', async () => {
	const steps = [installs, mail, toyStep('web', {packages: () => [{name: 'nginx', startsLater: 'nginx'}, 'curl']})];
	const {told} = await hear(run(toyPlan(steps, {answers: {mail: 'relay'}}), toys.session));
	expect(told.filter(line => line.includes('installs'))).toEqual([
		'checking installs',
		'running installs',
		'verified installs',
	]);
	expect(await toys.box.peek('cat /srv/installs')).toBe('curl postfix sasl nginx\n');
	expect((await hear(check(toyPlan(steps, {answers: {mail: 'relay'}}), toys.session))).summary?.failed).toEqual([]);
});

test('what is left out, not wanted, or declined with what stands on it, wants nothing', async () => {
	const steps = [
		installs,
		toyStep('out', {packages: () => ['left-out']}),
		toyStep('unwanted', {wanted: () => false, packages: () => ['unwanted']}),
		toyStep('declined', {declined: () => true, packages: () => ['declined']}),
		toyStep('above', {needs: ['declined'], packages: () => ['above']}),
		mail,
	];
	await hear(run(toyPlan(steps, {leftOut: ['out']}), toys.session));
	expect(await toys.box.peek('cat /srv/installs')).toBe('curl postfix\n');
});

test('an app has the packages of its own answers', async () => {
	const of = (app: string) => ({...mail, id: `${app}:mail`, app});
	const plan = toyPlan([installs, of('blog'), of('shop')], {answers: {app: 'blog'}, apps: {shop: {mail: 'relay'}}});
	const [todo] = await preview(plan, toys.session);
	expect(todo).toMatchObject({files: [{path: '/srv/installs', patch: expect.stringContaining('curl postfix sasl')}]});
});

test('an answer that is changed on the way, and wants more of them, leads back to it', async () => {
	const steps = [installs, mail, fragile('last', {options})];
	const {told} = await hear(
		run(toyPlan(steps), toys.session),
		{failed: [{action: 'edit', answers: {mail: 'relay'}}]},
		async event => {
			if (event.type === 'failed') await toys.box.peek('touch /srv/mended');
		},
	);
	expect(told.slice(told.indexOf('verified last'))).toContain('running installs');
	expect(await toys.box.peek('cat /srv/installs')).toBe('curl postfix sasl\n');
});

test('what two steps of an earlier version had noted on the box is one step’s', async () => {
	const to = 'box/services/packages';
	const packages = [['box/system/basePackages', to]] as const;
	const session = toySession(toys.box, {unmoved: {folders: [], originals: [], packages}});
	await toys.box.peek(`cd /var/lib/boxwizard; mkdir -p box/system/basePackages box/services/packages
printf 'ufw\niptables\n' > box/system/basePackages/packages
printf 'nginx\nufw\n' > box/services/packages/packages`);
	await hear(run(toyPlan([toyStep('a')]), session));
	expect(await toys.box.peek(`cd /var/lib/boxwizard/${to}; cat packages; find ../.. -name basePackages`)).toBe(
		'iptables\nnginx\nufw\n',
	);
	expect(session.journal.read().unmoved).toEqual({folders: [], originals: [], packages: []});
});
