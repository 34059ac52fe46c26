import {expect, test} from 'vitest';
import {run} from '../../source/engine/engine.ts';
import type {Plan} from '../../source/engine/run/run.ts';
import {removeApp, undo} from '../../source/engine/take-back.ts';
import {eachWithToys, files, fragile, hear, toyPlan, toyStep} from '../fixtures/toy-run.ts';

const toys = eachWithToys();

const own = toyStep('blog:own', {app: 'blog'} as Parameters<typeof toyStep>[1]);
const ofAll = fragile('all');
const plan = toyPlan([own], {answers: {app: 'blog'}});
const removal: {app: string; ids: string[]; rest: Plan} = {app: 'blog', ids: ['blog:own'], rest: toyPlan([ofAll])};
const apps = () => Object.keys(toys.session.journal.read().apps);
const remove = () => removeApp(plan, toys.session, removal);

test('an app is forgotten only once the steps that look after all apps have seen to the others', async () => {
	await hear(run(plan, toys.session));
	expect(apps()).toEqual(['blog']);
	const first = await hear(remove());
	expect(first.told.at(-1)).toBe('failed all: job-failed');
	expect(apps()).toEqual(['blog']);
	await toys.box.peek('touch /srv/mended');
	const second = await hear(remove());
	expect(second.summary.failed).toEqual([]);
	expect(apps()).toEqual([]);
	expect(await files(toys.box)).toBe('all\nmended');
});

test.each([
	['an app', remove, /rm -rf .*apps\/blog/, 'apps'],
	['all', () => undo(plan, toys.session, ['blog:own']), /rm -rf \/var\/lib\/boxwizard /, ''],
] as const)(
	'a connection that is lost as the last of %s is cleared away leaves nothing',
	async (_of, takeBack, script, below) => {
		await hear(run(plan, toys.session));
		await toys.box.peek('touch /srv/mended; mkdir -p /var/lib/boxwizard/apps/blog/kept');
		toys.box.faults.push({script, when: 'before'});
		const {told} = await hear(takeBack());
		expect(told).toContain('reconnecting');
		expect(await toys.box.peek(`ls -A /var/lib/boxwizard/${below}`)).toBe('');
	},
);

test('once an app is gone, the steps of the box count as before, also one that was found in place', async () => {
	const whole = toyPlan([toyStep('found'), toyStep('made'), own], {answers: {app: 'blog'}});
	await toys.box.peek('echo found > /srv/found');
	await hear(run(whole, toys.session));
	expect(toys.session.journal.read().progress).toEqual({inPlace: 3, wanted: 3, app: 'blog'});
	await hear(removeApp(whole, toys.session, {...removal, rest: toyPlan([])}));
	expect(toys.session.journal.read().progress).toEqual({inPlace: 2, wanted: 2, undone: []});
});

test('one step that is taken back counts no more; with the last, nothing is said of a set-up', async () => {
	const whole = toyPlan([toyStep('one'), toyStep('other')]);
	await hear(run(whole, toys.session));
	await hear(undo(whole, toys.session, ['one']));
	expect(toys.session.journal.read().progress).toEqual({inPlace: 2, wanted: 2, undone: ['one']});
	await hear(undo(whole, toys.session, ['other']));
	expect(toys.session.journal.read().progress).toBeUndefined();
});
