import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {z} from 'zod';
import {Secret} from '../../source/contract/secret.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {run} from '../../source/engine/engine.ts';
import {revertOfApply} from '../../source/remote/guard.ts';
import {record} from '../../source/remote/recorder.ts';
import {ToyBox} from '../fixtures/toy-box.ts';
import {hear, type ToySession, toyPlan, toySession, toyStep} from '../fixtures/toy-run.ts';

let box: ToyBox;
let session: ToySession;

beforeEach(async () => {
	box = await ToyBox.open();
	session = toySession(box);
	await box.peek('echo old > /srv/door');
});
afterEach(async () => box.close());

const guarded = (other: Parameters<typeof toyStep>[1] = {}) => toyStep('door', {hazard: 'lockout', ...other});
/** What is left of a guard, and the file it guards. */
const remains = async () =>
	(await box.peek('cat /srv/door; cd /var/lib/boxwizard/guard && ls; find /etc/systemd/system -mindepth 1'))
		.trim()
		.split('\n');
const armedThen = ['checking door', 'arming door', 'running door', 'proving door'];

describe('a guarded step', () => {
	test('is proven by a fresh login while the guard is armed, and only that disarms it', async () => {
		let found = '';
		box.door = async () => {
			found = await box.peek(
				'cat /srv/door /var/lib/boxwizard/guard/armed; ls /etc/systemd/system; ls /run/toy/units | grep revert',
			);
			return true;
		};
		const {told, summary} = await hear(run(toyPlan([guarded()]), session));
		expect(told).toEqual([...armedThen, 'verified door']);
		expect(summary).toMatchObject({changed: ['door'], failed: []});
		expect(found.split('\n').filter(line => line !== '')).toEqual([
			'door',
			'door',
			'boxwizard-revert.service',
			'boxwizard-revert.timer',
			'timers.target.wants',
			'boxwizard-revert.timer',
		]);
		expect(await remains()).toEqual(['door', 'proven']);
	});

	test('may have the box show another of its host keys: those it told before are trusted', async () => {
		const keys = (await box.peek('cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null')).split('\n').filter(Boolean);
		const before: number[] = [];
		box.door = async () => before.push(box.trusted.length) > 0;
		await hear(run(toyPlan([guarded()]), session));
		expect(box.trusted).toEqual(keys);
		expect(before).toEqual([keys.length]);
		expect(box.scripts.some(script => script.includes('/etc/ssh/ssh_host_*_key.pub'))).toBe(true);
	});

	test('whose door stays shut is taken back, at once', async () => {
		box.door = async () => false;
		const {told} = await hear(run(toyPlan([guarded()]), session));
		expect(told).toEqual([...armedThen, 'reverted door', 'failed door: refused']);
		expect(await remains()).toEqual(['old', 'reverted']);
	});

	test('whose proof from outside fails is taken back', async () => {
		const verify = async () => {
			throw new Trouble({what: 'no', means: '', next: '', code: 'not-proven'});
		};
		const {told} = await hear(run(toyPlan([guarded({verify})]), session));
		expect(told).toEqual([...armedThen, 'reverted door', 'failed door: not-proven']);
		expect((await remains())[0]).toBe('old');
	});

	test('whose apply fails is taken back by the box itself', async () => {
		const apply = guarded().apply;
		const {told} = await hear(
			run(
				toyPlan([
					guarded({
						apply: ($, facts, options) => {
							apply($, facts, options as never);
							$`false`;
						},
					}),
				]),
				session,
			),
		);
		expect(told).toEqual(['checking door', 'arming door', 'running door', 'reverted door', 'failed door: job-failed']);
		expect((await remains())[0]).toBe('old');
	});

	test('silence reverts: the timer takes it back, and a login that comes too late disarms nothing', async () => {
		box.door = async () => {
			await box.peek(
				'echo 0.001 > /run/toy/second; systemctl restart boxwizard-revert.timer; until [ -e /var/lib/boxwizard/guard/reverted ]; do sleep 0.01; done',
			);
			return true;
		};
		const {told} = await hear(run(toyPlan([guarded()]), session));
		expect(told.slice(-2)).toEqual(['reverted door', 'failed door: guard-late']);
		expect((await remains())[0]).toBe('old');
	});

	test('an apply that hangs beyond the window is ended before it is taken back: it can’t shut the door later', async () => {
		await box.peek('echo 0.002 > /run/toy/second');
		const {told} = await hear(
			run(
				toyPlan([
					guarded({
						apply: $ => {
							$.file('/srv/door', 'half\n');
							$`sleep 30`;
							$.file('/srv/door', 'shut\n');
						},
					}),
				]),
				session,
			),
		);
		expect(told.slice(-2)).toEqual(['reverted door', 'failed door: job-lost']);
		expect((await remains())[0]).toBe('old');
		expect(await box.peek('pgrep sleep -a | grep 30')).toBe('');
	});

	test('the first facts outlive what was taken back, and undo brings them', async () => {
		box.door = async () => false;
		await hear(run(toyPlan([guarded()]), session));
		box.door = async () => true;
		await hear(run(toyPlan([guarded()]), session));
		expect(session.journal.read().box.steps.door).toMatchObject({state: 'done', before: 'old'});
		expect(await box.peek('cat /var/lib/boxwizard/box/door/original/srv/door')).toBe('old\n');
	});

	test('what it touched before stays as it was when the guard was armed', async () => {
		await hear(run(toyPlan([guarded()]), session));
		await box.peek('echo drifted > /srv/door');
		box.door = async () => false;
		await hear(run(toyPlan([guarded()]), session));
		expect((await remains())[0]).toBe('drifted');
	});

	test('the new port is used for the proof, and the old one again where that fails', async () => {
		const ports: number[] = [];
		box.door = async () => ports.push(box.port) > 1;
		const plan = toyPlan([guarded({options: z.object({sshPort: z.number()})})], {answers: {sshPort: 2222}});
		const {summary} = await hear(run(plan, session), {failed: [{action: 'retry'}]}, event => {
			if (event.type === 'reverted') ports.push(box.port);
		});
		expect(ports).toEqual([2222, 22, 2222]);
		expect(box.port).toBe(2222);
		expect(summary.changed).toEqual(['door']);
	});
});

describe('a guard that an earlier run left armed', () => {
	const leaveArmed = async () => {
		const events = run(toyPlan([guarded()]), session);
		for (;;) {
			const next = await events.next();
			if (next.value && 'type' in next.value && next.value.type === 'proving') break;
		}

		box.cut();
		await box.reconnect();
		await events.return(undefined as never);
	};

	test('is proven by the next one', async () => {
		await leaveArmed();
		const answers = {user: 'jessica'};
		const {told} = await hear(run(toyPlan([guarded({options: z.object({user: z.string()})})], {answers}), session));
		expect(told[0]).toBe('proving door');
		expect(told.at(-1)).toBe('verified door');
		expect((await remains()).slice(0, 2)).toEqual(['door', 'proven']);
	});

	test('is taken back by the next one where the door stays shut, and the step is done again', async () => {
		await leaveArmed();
		const {told} = await hear(run(toyPlan([guarded()]), session));
		expect(told).toEqual(['reverted door', ...armedThen, 'verified door']);
	});
});

test('a revert on disk holds no secret', () => {
	const undo = record($ => $.input(new Secret('x'))`chpasswd`);
	expect(() => revertOfApply(undo)).toThrow('must not hold a secret');
});
