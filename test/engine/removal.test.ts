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
