import {globSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {statusLines} from '../../source/cli/commands/box/status.ts';
import type {BoxStatus} from '../../source/contract/status.ts';
import {type AppAnswers, readStatus, type StatusAnswers, statusFrom} from '../../steps/app/status.ts';

/** Answers of a box in, its status out; only what `expected` names is compared. */
type Case = {
	readonly name: string;
	readonly apps: readonly AppAnswers[];
	readonly answers: StatusAnswers;
	readonly expected: Partial<BoxStatus>;
};

const folder = new URL('../../', import.meta.url).pathname;

for (const path of globSync('test/steps/status/*.json', {cwd: folder}).sort()) {
	const cases: Case[] = JSON.parse(readFileSync(`${folder}${path}`, 'utf8'));
	describe(path, () => {
		test.each(cases)('$name', ({apps, answers, expected}) => {
			const status = statusFrom(answers, apps);
			const named = Object.fromEntries(Object.keys(expected).map(key => [key, status[key as keyof BoxStatus]]));
			expect(named).toEqual(expected);
			expect(Number.isNaN(Date.parse(status.at))).toBe(false);
		});
	});
}

const app = (name: string): AppAnswers => ({
	app: name,
	user: 'jessica',
	domain: `${name}.example.com`,
	appPort: 8000,
	supervisor: 'supervisor',
	queue: '',
});

test('all is asked in one tick, whatever the number of apps, so that it travels as one script', async () => {
	const rounds = await Promise.all(
		[1, 3].map(async count => {
			let ticks = 0;
			let pending: Promise<void> | undefined;
			const tick = () => {
				pending ??= new Promise(resolve => {
					setImmediate(() => {
						ticks += 1;
						pending = undefined;
						resolve();
					});
				});
				return pending;
			};
			const probe = Object.assign(async () => tick().then(() => ''), {file: async () => null, outside: {}});
			await readStatus(probe as never, ['one', 'two', 'three'].slice(0, count).map(app));
			return ticks;
		}),
	);
	expect(rounds).toEqual([1, 1]);
});

test('a long title of a commit, and a long list of strangers, are cut', () => {
	const many = Array.from(
		{length: 200},
		(_, index) => `<struct><name>name</name><value><string>p${index}</string></value>`,
	);
	const status = statusFrom(
		{
			...{clock: '', memory: '', disk: '', updates: 0, reboot: '', ended: '', units: ''},
			supervised: many.join(''),
			apps: [{slot: 'first', memory: '', commit: `${'a'.repeat(40)} ${'x'.repeat(5000)}`}],
		},
		[app('blog')],
	);
	expect(status.apps[0]?.version?.title).toHaveLength(200);
	expect(status.others).toHaveLength(50);
});

test('says in lines what runs, since when, and what is not boxwizard’s', () => {
	const lines = statusLines('blog.example.com', '203.0.113.7', {
		at: '2026-11-27T21:00:00.000Z',
		uptime: 12 * 86_400,
		memory: {total: 1000, available: 290},
		disk: {size: 100, free: 59},
		updates: 1,
		rebootPending: true,
		apps: [
			{
				name: 'blog',
				state: 'up',
				since: '2026-11-27T18:00:00.000Z',
				version: {id: '3f2a91c0', title: 'Fix totals'},
				memory: 350 * 1_048_576,
				restarts: 2,
				domain: 'blog.example.com',
				certificateExpires: '2027-01-28T21:00:00.000Z',
			},
			{
				name: 'shop',
				state: 'down',
				since: '2026-11-27T20:56:00.000Z',
				jobs: [
					{name: 'clean', state: 'failed', last: '2026-11-27T16:00:00.000Z', next: '2026-11-28T00:00:00.000Z'},
					{name: 'report', state: 'waiting', next: '2026-11-27T21:30:00.000Z'},
					{name: 'sync', state: 'off'},
				],
			},
		],
		others: [
			{name: 'crawler', manager: 'supervisor', state: 'up', logs: ['/var/log/crawler.log']},
			{name: 'bot', manager: 'systemd', state: 'down', logs: []},
		],
	});
	expect(lines).toEqual([
		'blog.example.com (203.0.113.7)  up 12 d  memory 71 %  disk 41 %  1 update waits  a reboot waits',
		'  blog  up 3 h      3f2a91c Fix totals  350 MB  2 restarts  certificate 62 d  https://blog.example.com',
		'  shop  down 4 min  no version',
		'    job clean   failed 5 h ago     next in 3 h',
		'    job report  not run yet        next in 30 min',
		'    job sync    nothing starts it',
		'  not boxwizard’s: crawler, bot (down)',
	]);
});
