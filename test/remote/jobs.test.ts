import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {Disconnected} from '../../source/contract/box.ts';
import {Secret} from '../../source/contract/secret.ts';
import {followJob, type Job, jobState, newJob, secretsFolder, startJob} from '../../source/remote/jobs.ts';
import type {Script} from '../../source/remote/script.ts';
import {ToyBox} from '../fixtures/toy-box.ts';

let box: ToyBox;
let job: Job;

beforeEach(async () => {
	box = await ToyBox.open();
	job = newJob('toy/job', new Date(0));
});
afterEach(async () => box.close());

const plain = (text: string): Script => ({text, secrets: {}});

/** Its lines, and what it returns at last. */
async function all(lines: AsyncGenerator<string, number | 'lost', void>): Promise<[string[], number | 'lost']> {
	const seen: string[] = [];
	for (;;) {
		const next = await lines.next();
		if (next.done) return [seen, next.value];
		seen.push(next.value);
	}
}

test('an id names its time, and can’t be guessed', () => {
	expect(newJob('a', new Date('2026-11-21T10:15:00.123Z')).id).toMatch(/^20261121T101500-[0-9a-f]{32}$/);
});

describe('a job', () => {
	test.each([
		['succeeds', 'echo one; echo two >&2', ['one', 'two'], 0],
		['fails at the first command that does', 'echo one; false; echo two', ['one'], 1],
		['fails with its exit code', 'exit 42', [], 42],
		['fails in a pipeline', 'false | true', [], 1],
		['fails at an unset variable', 'echo $unset_variable', [expect.stringContaining('unbound')], 1],
		['empty lines are lines, also the first and the last', 'printf "\\na\\n\\nb\\n\\n"', ['', 'a', '', 'b', ''], 0],
		['a last line without newline', 'printf "a\\nb"', ['a', 'b'], 0],
		['an end that is not its own', 'echo 20261121T101500-0 exit 3', ['20261121T101500-0 exit 3'], 0],
	])('%s', async (_, text, lines, code) => {
		expect(await all(startJob(box, job, plain(text)))).toEqual([lines, code]);
		expect(await jobState(box, job)).toBe(code);
		expect(await all(followJob(box, job, 0))).toEqual([lines, code]);
	});

	test('the newest fifty stay on the box, this one among them', async () => {
		await box.peek(
			'cd /var/lib/boxwizard; for day in {100..159}; do mkdir -p jobs/20250101T000$day-old; done; touch jobs/no-folder',
		);
		const trips = box.roundTrips;
		const today = newJob('toy/job', new Date());
		expect(await all(startJob(box, today, plain('echo one')))).toEqual([['one'], 0]);
		expect(box.roundTrips).toBe(trips + 1);
		const left = (await box.peek('cd /var/lib/boxwizard/jobs; ls -d */')).trim().split('\n');
		expect(left).toHaveLength(50);
		expect([left[0], left.at(-1)]).toEqual(['20250101T000111-old/', `${today.id}/`]);
	});

	test('stdin is empty, and the umask is the usual one', async () => {
		expect(await all(startJob(box, job, plain('cat; umask')))).toEqual([['0022'], 0]);
	});

	test('secrets lie beside it on /run, for root only, while it runs', async () => {
		const folder = secretsFolder(job);
		const text = `stat -c %a ${folder} ${folder}/1; cat ${folder}/1 | tr a-z A-Z; echo; { grep -rl hunter[2] /var/lib/boxwizard || true; } | wc -l`;
		const script = {text, secrets: {1: new Secret("it's hunter2\n")}};
		expect(await all(startJob(box, job, script))).toEqual([['700', '600', "IT'S HUNTER2", '', '0'], 0]);
		expect(await box.peek(`ls -A /run/boxwizard; ls -d ${folder} 2>&1 | wc -l`)).toBe('1\n');
	});

	test('one that is killed is lost, and its secrets are gone', async () => {
		const lines = startJob(box, job, {text: 'echo begun; sleep 60', secrets: {1: new Secret('x')}});
		expect(await lines.next()).toEqual({done: false, value: 'begun'});
		expect(await jobState(box, job)).toBe('running');
		await box.peek(`systemctl stop $(ls /run/toy/units)`);
		expect(await lines.next()).toEqual({done: true, value: 'lost'});
		expect(await jobState(box, job)).toBe('lost');
		expect(await box.peek('ls -A /run/boxwizard')).toBe('');
	});

	test('on a full disk its failure is not taken for success', async () => {
		await box.peek('mount -t tmpfs -o size=32k toy /var/lib/boxwizard');
		const lines = startJob(box, job, plain('head -c 100000 /dev/zero > /var/lib/boxwizard/full'));
		expect((await all(lines))[1]).toBe(1);
		expect(await jobState(box, job)).toBe(1);
	});

	test('one that can’t be started says why, and leaves nothing', async () => {
		await box.peek('mount -t tmpfs -o size=8k toy /var/lib/boxwizard; head -c 8k /dev/zero > /var/lib/boxwizard/full');
		const [lines, code] = await all(startJob(box, job, {text: 'echo x', secrets: {1: new Secret('x')}}));
		expect(lines.join('\n')).toContain('No space left on device');
		expect(code).toBe(1);
		expect(await box.peek('find /run/boxwizard /var/lib/boxwizard/jobs -mindepth 1')).toBe('');
		expect(await jobState(box, job)).toBe('absent');
	});
});

describe('a lost connection', () => {
	const counting = plain('for n in 1 2 3 4 5 6; do echo $n; sleep 0.02; done; printf end');

	test('wherever it is cut, its log has no gap and no line twice', async () => {
		for (const cut of [1, 3, 6]) {
			const again = newJob('toy/job', new Date(cut * 1000));
			box.cuts.push(cut);
			const seen: string[] = [];
			const first = startJob(box, again, counting);
			await expect(drain(first, seen)).rejects.toBeInstanceOf(Disconnected);
			await expect(jobState(box, again)).rejects.toBeInstanceOf(Disconnected);
			await box.reconnect();
			expect(await drain(startJob(box, again, counting, seen.length), seen)).toBe(0);
			expect(seen).toEqual(['1', '2', '3', '4', '5', '6', 'end']);
		}
	});

	test('before it was started: started then, and only once', async () => {
		box.faults.push({script: /systemd-run/, when: 'before'});
		const once = plain('echo once >> /srv/times');
		await expect(all(startJob(box, job, once))).rejects.toBeInstanceOf(Disconnected);
		await box.reconnect();
		expect(await all(startJob(box, job, once))).toEqual([[], 0]);
		expect(await all(startJob(box, job, once))).toEqual([[], 0]);
		expect(await box.peek('cat /srv/times')).toBe('once\n');
	});

	test('it runs on meanwhile', async () => {
		const lines = startJob(box, job, plain('echo a; until [ -e /srv/go ]; do sleep 0.01; done; echo b'));
		await lines.next();
		box.cut();
		await expect(lines.next()).rejects.toBeInstanceOf(Disconnected);
		await box.reconnect();
		await box.peek('touch /srv/go');
		expect(await all(followJob(box, job, 1))).toEqual([['b'], 0]);
	});

	async function drain(lines: AsyncGenerator<string, number | 'lost', void>, seen: string[]): Promise<number | 'lost'> {
		for (;;) {
			const next = await lines.next();
			if (next.done) return next.value;
			seen.push(next.value);
		}
	}
});
