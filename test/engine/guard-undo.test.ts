import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {z} from 'zod';
import {run} from '../../source/engine/engine.ts';
import {undo} from '../../source/engine/take-back.ts';
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

const door = toyStep('door', {hazard: 'lockout', options: z.object({user: z.string()})});
const plan = toyPlan([door], {answers: {user: 'jessica'}});
const guardedUndo = ['arming door', 'running door', 'proving door'];
/** The file that is guarded, what is left of a guard, and what the step keeps for its undo. */
const remains = async () => {
	const answer = await box.peek(
		'cat /srv/door; cd /var/lib/boxwizard; ls guard; ls -A /etc/systemd/system | grep revert; find box -type f',
	);
	return answer.trim().split('\n');
};
const kept = 'box/door/original/srv/door';

describe('the undo of a guarded step', () => {
	beforeEach(async () => {
		await hear(run(plan, session));
	});

	test('is proven by a fresh login while the guard is armed', async () => {
		let found = '';
		box.door = async () => {
			found = await box.peek('cat /srv/door /var/lib/boxwizard/guard/armed; ls /run/toy/units | grep revert');
			return true;
		};
		const {told} = await hear(undo(plan, session, ['door']));
		expect(told).toEqual([...guardedUndo, 'undone door', 'reconnecting']);
		expect(found.trim().split('\n')).toEqual(['old', 'door', 'boxwizard-revert.timer']);
		expect(await box.peek('cat /srv/door; ls -A /etc/systemd/system /var/lib/boxwizard')).toBe(
			'old\n/etc/systemd/system:\n\n/var/lib/boxwizard:\n',
		);
	});

	test('leaves nothing of the step where version 1 has armed it, and it is proven now', async () => {
		let armed = '';
		// Where nothing else is remembered, all of boxwizard's folder goes.
		const both = toyPlan([door, toyStep('other')], {answers: {user: 'jessica'}});
		await hear(run(both, session));
		box.door = async () => {
			// Version 1 kept originals by the step's name alone, and did not write down where.
			armed = await box.peek(
				'cd /var/lib/boxwizard; mkdir steps; mv box/door steps/door; rm guard/own; ls guard/ledger steps/door',
			);
			return true;
		};
		const {told} = await hear(undo(both, session, ['door']));
		expect(told).toContain('undone door');
		expect(armed).toContain('original');
		expect(await box.peek('find /var/lib/boxwizard -path "*door" -o -path "*/other"')).toBe(
			'/var/lib/boxwizard/box/other\n/var/lib/boxwizard/box/other/absent/srv/other\n',
		);
	});

	test('is taken back where nobody can get in, and can be tried again', async () => {
		await box.reconnect({user: 'root'});
		const tried: [string, number][] = [];
		session.journal.update(state => ({...state, port: 2222}));
		box.door = async user => {
			tried.push([user, box.port]);
			return false;
		};
		const {told, summary} = await hear(undo(plan, session, ['door']));
		expect(tried).toEqual([
			['jessica', 22],
			['jessica', 2222],
			['root', 22],
			['root', 2222],
		]);
		expect(box.port).toBe(22);
		expect(told.slice(-2)).toEqual(['reverted door', 'failed door: refused']);
		expect(summary.failed).toEqual(['door']);
		expect(session.journal.read().box.steps.door).toMatchObject({state: 'done', before: 'old'});
		expect(await remains()).toEqual(['door', 'reverted', kept]);
		box.door = async () => true;
		const again = await hear(undo(plan, session, ['door']));
		expect(again.told.at(-1)).toBe('undone door');
		expect(await box.peek('cat /srv/door')).toBe('old\n');
	});

	test('counts where only the login that was there opens', async () => {
		await box.reconnect({user: 'root'});
		box.door = async user => user === 'root';
		const {told} = await hear(undo(plan, session, ['door']));
		expect(told.slice(-2)).toEqual(['proving door', 'undone door']);
	});

	test('silence takes it back: a login that comes too late proves nothing', async () => {
		box.door = async () => {
			await box.peek(
				'echo 0.001 > /run/toy/second; systemctl restart boxwizard-revert.timer; until [ -e /var/lib/boxwizard/guard/reverted ]; do sleep 0.01; done',
			);
			return true;
		};
		const {told} = await hear(undo(plan, session, ['door']));
		expect(told.slice(-2)).toEqual(['reverted door', 'failed door: guard-late']);
		expect(await remains()).toEqual(['door', 'reverted', kept]);
	});

	test('also runs again what is no file, for a step that fails in the middle of its undo', async () => {
		const loaded = toyStep('door', {
			hazard: 'lockout',
			apply: $ => {
				$.file('/srv/door', 'door\n');
				$`cp /srv/door /srv/loaded`;
			},
			undo: $ => {
				$.restore('/srv/door');
				$`cp /srv/door /srv/loaded`;
				$`false`;
			},
		});
		const {told} = await hear(undo(toyPlan([loaded]), session, ['door']));
		expect(told).toEqual(['arming door', 'running door', 'reverted door', 'failed door: job-failed']);
		expect(await box.peek('cat /srv/door /srv/loaded')).toBe('door\ndoor\n');
	});
});

describe('on a full disk', () => {
	const disk = '/var/lib/boxwizard';
	const path = `${disk}/etc/door`;
	const small = toyStep('door', {
		hazard: 'lockout',
		apply: $ => {
			$.file(path, 'shut\n');
			$.file(`${path}.d/more`, 'more\n');
		},
		undo: $ => {
			$.restore(path);
			$.restore(`${path}.d/more`);
		},
	});
	/** Not a page is left for content; names still find room. */
	const full = `pages=$(df --block-size=4K --output=used ${disk} | tail -n 1); mount -o remount,size=$((pages * 4))k ${disk}`;
	const look = `find ${disk}/etc /etc/systemd/system -printf '%p %m %u\n'; cat ${path}`;

	beforeEach(async () => {
		await box.peek(`mkdir ${disk}/etc; echo open > ${path}; chmod 640 ${path}`);
	});

	test('the box takes back what was done before the disk was full', async () => {
		const before = await box.peek(look);
		box.door = async () => {
			await box.peek(full);
			expect(await box.peek(`cat ${path}; echo x > ${disk}/x || echo full`)).toBe('shut\nfull\n');
			return false;
		};
		const {told} = await hear(run(toyPlan([small]), session));
		expect(told.slice(-2)).toEqual(['reverted door', 'failed door: refused']);
		expect(await box.peek(look)).toBe(before);
	});

	test('a guard that finds no room is not armed, nothing is touched, and nothing is left', async () => {
		const before = await box.peek(look);
		// Room for a job (48 KiB), and not for what a revert needs as well.
		await box.peek(full.replace('pages * 4', 'pages * 4 + 48'));
		const {told, output} = await hear(run(toyPlan([small]), session));
		expect(told.at(-1)).toBe('failed door: job-failed');
		expect(output.join('\n')).toContain('No space left on device');
		expect(await box.peek(look)).toBe(before);
	});
});
