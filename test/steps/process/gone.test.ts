import {expect, test} from 'vitest';
import type {Step} from '../../../source/contract/step.ts';
import {check, run} from '../../../source/engine/engine.ts';
import {undo} from '../../../source/engine/take-back.ts';
import {processes} from '../../../steps/process/processes.ts';
import {schedules} from '../../../steps/process/schedules.ts';
import {worker} from '../../../steps/python/worker.ts';
import {eachWithToys, hear, toyPlan} from '../../fixtures/toy-run.ts';

const toys = eachWithToys();

const units = '/etc/systemd/system';
const unit = (name: string, app: string, type: string) =>
	`printf '[Service]\\nType=${type}\\nUser=${app}\\nEnvironmentFile=/srv/${app}/shared/environment\\n' > ${units}/${name}.service`;

/** What an app keeps on the box by earlier answers, and another app whose name begins alike. */
async function plant(): Promise<void> {
	await toys.box.peek(`${unit('shop', 'shop', 'notify')}; ${unit('shop-mailer', 'shop', 'exec')}
${unit('shop-clean', 'shop', 'oneshot')}; touch ${units}/shop-clean.timer ${units}/shop-failed@.service
${unit('shop-x-mailer', 'shop-x', 'exec')}; ${unit('shop-x-clean', 'shop-x', 'oneshot')}; touch ${units}/shop-x-clean.timer`);
}

const listed = async () => (await toys.box.peek(`cd ${units}; ls -d shop*`)).trim().split('\n');

function planOf(step: unknown, answers: object) {
	return toyPlan([{...(step as Step), needs: []}], {answers: {app: 'shop', mail: 'box', ...answers}});
}

/** As a journal has a step that an earlier run has brought about. */
function remember(id: string, before: object): void {
	const record = {state: 'done' as const, at: '2026-11-01T00:00:00Z', seconds: 1, before: before as never};
	toys.session.journal.update(state => ({...state, box: {...state.box, steps: {[id]: record}}}));
}

const records = () => Object.keys(toys.session.journal.read().box.steps);

test.each([
	{step: processes, before: {programs: {}, gone: [], named: ['shop-mailer']}, goes: ['shop-mailer.service']},
	{
		step: schedules,
		before: {files: {}, waiting: [], gone: [], named: ['shop-clean']},
		goes: ['shop-clean.service', 'shop-clean.timer', 'shop-failed@.service'],
	},
])(
	'$step.id: once its list is empty, what it made goes with the next run, and it is forgotten',
	async ({step, before, goes}) => {
		await plant();
		remember(step.id, before);
		const all = await listed();
		const plan = planOf(step, {});
		expect((await hear(check(plan, toys.session))).summary.failed).toEqual([step.id]);
		expect((await hear(run(plan, toys.session))).summary).toMatchObject({changed: [step.id], failed: []});
		expect(await listed()).toEqual(all.filter(name => !goes.includes(name)));
		expect(records()).toEqual([]);
		expect((await hear(run(plan, toys.session))).summary).toMatchObject({changed: [], skipped: [step.id]});
	},
);

test('the server’s own second slot is no program of an earlier answer, and nothing else can be called like it', async () => {
	const second = `${unit('shop-second', 'shop', 'notify')}; mkdir -p /etc/supervisor/conf.d; echo 'command=/bin/sh x /srv/shop/shared/environment true' > /etc/supervisor/conf.d/shop-second.conf`;
	await toys.box.peek(second);
	remember(processes.id, {programs: {}, gone: [], named: []});
	await hear(run(planOf(processes, {}), toys.session));
	expect(
		await toys.box.peek(`ls ${units}/shop-second.service /etc/supervisor/conf.d/shop-second.conf | wc -l`),
	).toMatch(/^2\s*$/);
	const refusal = async (step: unknown, answers: object) => {
		const {all} = await hear(run(planOf(step, answers), toys.session));
		return all.flatMap(event => (event.type === 'failed' ? event.trouble.code : []));
	};
	expect(await refusal(processes, {processes: {second: 'sleep 60'}})).toEqual(['program-name-taken']);
	expect(await refusal(schedules, {cron: {second: '@daily true'}, mail: 'none'})).toEqual(['job-name-taken']);
});

test.each([
	{what: 'another app', plant: unit('shop-x', 'shop-x', 'notify')},
	{what: 'another app’s program', plant: unit('shop-x', 'shop-x', 'exec')},
	{
		what: 'a program under supervisor that somebody made',
		plant:
			"mkdir -p /etc/supervisor/conf.d; printf '[program:shop-x]\\nuser=jessica\\n' > /etc/supervisor/conf.d/shop-x.conf",
	},
])('what has a program’s name on the box already is not replaced: $what', async ({plant: planted}) => {
	await toys.box.peek(planted);
	const before = await toys.box.peek(`cat ${units}/shop-x.service /etc/supervisor/conf.d/shop-x.conf`);
	for (const [step, answers] of [
		[processes, {processes: {x: 'sleep 60'}}],
		[schedules, {cron: {x: '@daily true'}, mail: 'none'}],
	] as const) {
		const {all} = await hear(run(planOf(step, answers), toys.session));
		expect(all.flatMap(event => (event.type === 'failed' ? event.trouble.code : []))).toEqual(['program-name-taken']);
	}

	expect(await toys.box.peek(`cat ${units}/shop-x.service /etc/supervisor/conf.d/shop-x.conf`)).toBe(before);
});

test('the worker of a queue goes with the queue’s name, and so does a program that is called like it', async () => {
	await toys.box.peek(unit('shop-worker', 'shop', 'exec'));
	remember(worker.id, {settings: null, program: {file: null, other: false, running: 'no'}});
	expect((await hear(run(planOf(worker, {queue: ''}), toys.session))).summary.changed).toEqual([worker.id]);
	expect(await listed()).toEqual(['']);
	expect(records()).toEqual([]);
});

test.each([
	{step: processes, before: {programs: {}, gone: [], named: ['shop-mailer']}, goes: ['shop-mailer.service']},
	{
		step: schedules,
		before: {files: {}, waiting: [], gone: [], named: ['shop-clean']},
		goes: ['shop-clean.service', 'shop-clean.timer', 'shop-failed@.service'],
	},
])('$step.id: an undo takes what was made by earlier answers too', async ({step, before, goes}) => {
	await plant();
	remember(step.id, before);
	const all = await listed();
	await hear(undo(planOf(step, {}), toys.session, [step.id]));
	expect(await listed()).toEqual(all.filter(name => !goes.includes(name)));
});
