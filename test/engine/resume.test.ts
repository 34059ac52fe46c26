import {describe, expect, test} from 'vitest';
import {endingJob} from '../../source/cli/terminal/run-in-lines.ts';
import type {Service} from '../../source/contract/service.ts';
import type {TroubleshootEvent} from '../../source/contract/ui/troubleshooting.ts';
import {serve} from '../../source/engine/control-service.ts';
import {run} from '../../source/engine/engine.ts';
import {undo} from '../../source/engine/take-back.ts';
import {troubleshoot} from '../../source/troubleshoot/index.ts';
import {eachWithToys, fragile, hear, toyPlan, toyStep, trouble} from '../fixtures/toy-run.ts';

const toys = eachWithToys();

describe('a lost connection', () => {
	test('in the middle of a job leaves no gap and no line twice', async () => {
		const step = toyStep('a', {
			apply: $ => {
				$`for n in 1 2 3 4 5 6; do echo $n; sleep 0.02; done`;
				$.file('/srv/a', 'a\n');
			},
		});
		toys.box.cuts.push(2, 3);
		const {told, output} = await hear(run(toyPlan([step]), toys.session));
		expect(told).toEqual(['checking a', 'running a', 'reconnecting', 'reconnecting', 'verified a']);
		expect(output.filter(line => /^\d$/.test(line))).toEqual(['1', '2', '3', '4', '5', '6']);
	});

	test.each(['before', 'after'] as const)(
		'%s a question: it is asked again, and the lock is held again',
		async when => {
			toys.box.faults.push({script: /cat \/srv\/a/, when});
			const {told} = await hear(run(toyPlan([toyStep('a')]), toys.session));
			expect(told).toEqual(['reconnecting', 'checking a', 'running a', 'verified a']);
			expect(toys.box.scripts.filter(script => script.includes('flock'))).toHaveLength(2);
		},
	);

	test('that comes back only to be lost again is taken up once more', async () => {
		toys.box.faults.push({script: /cat \/srv\/a/, when: 'before'});
		const events = run(toyPlan([toyStep('a')]), toys.session);
		const {told} = await hear(events, {}, event => {
			if (event.type === 'reconnecting' && toys.box.reconnections === 0)
				toys.box.faults.push({script: /flock/, when: 'before'});
		});
		expect(told).toEqual(['reconnecting', 'reconnecting', 'checking a', 'running a', 'verified a']);
	});

	test('for good is told as a failure; a retry waits for the job that ran on meanwhile', async () => {
		const step = toyStep('a', {
			apply: $ => {
				$`echo x >> /srv/times; echo begun; until [ -e /srv/go ]; do sleep 0.01; done`;
				$.file('/srv/a', 'a\n');
			},
		});
		const reconnect = toys.box.reconnect.bind(toys.box);
		let gone = true;
		toys.box.reconnect = async options => {
			if (gone) throw trouble('timeout');
			await reconnect(options);
		};
		const {told} = await hear(
			run(toyPlan([step]), toys.session),
			{failed: [{action: 'retry'}, {action: 'quit'}]},
			event => {
				if (event.type === 'output' && event.line === 'begun' && gone) toys.box.cut();
				if (event.type === 'failed') {
					gone = false;
					void toys.box.peek('touch /srv/go');
				}
			},
		);
		expect(told.slice(0, 6)).toEqual([
			'checking a',
			'running a',
			'reconnecting',
			'failed a: timeout',
			'checking a',
			'reconnecting',
		]);
		expect(told.at(-1)).toBe('verified a');
		expect(await toys.box.peek('cat /srv/times')).toBe('x\n');
	});

	test('a reboot is one when the boot is another one', async () => {
		const step = toyStep('a', {
			hazard: 'reboot',
			check: $ => $`cat /proc/sys/kernel/random/boot_id`,
			done: facts => facts !== 'boot-1',
			apply: $ => $`systemctl reboot`,
		});
		const {told} = await hear(run(toyPlan([step]), toys.session));
		expect(told).toEqual(['checking a', 'rebooting a', 'reconnecting', 'verified a']);
	});
});

describe('a box that is still booting', () => {
	/** @param age seconds since its boot began */
	const boots = async (age: number) =>
		await toys.box.peek(
			`awk -v age=${age} '{printf "%.0f\\n", ($1 - age) * 1e6}' /proc/uptime > /run/toy/userspace; echo starting > /run/toy/state; : > /run/toy/calls`,
		);

	test('is looked at when its boot has ended, where something on it is ours', async () => {
		await hear(run(toyPlan([toyStep('a')]), toys.session));
		await boots(5);
		const running = hear(run(toyPlan([toyStep('a')]), toys.session));
		await toys.box.peek('timeout 10 sh -c "until grep -e --wait /run/toy/calls; do sleep 0.01; done"');
		expect(toys.box.scripts.at(-1)).toContain('flock');
		await toys.box.peek('echo running > /run/toy/state');
		expect((await running).told).toEqual(['checking a', 'skipped a: in place']);
	});

	test.each([
		['nothing on it is ours', 5, false],
		['its boot hangs', 200, true],
	])('is not waited for where %s', async (_, age, known) => {
		if (known) await hear(run(toyPlan([toyStep('a')]), toys.session));
		await boots(age);
		const {summary} = await hear(run(toyPlan([toyStep('a')]), toys.session));
		expect(summary.failed).toEqual([]);
		expect(await toys.box.peek('grep -ce --wait /run/toy/calls || true')).toBe('0\n');
	});
});

describe('resume', () => {
	test('a job that is still at work is attached to, from its first line', async () => {
		const step = toyStep('a', {
			apply: $ => {
				$`echo begun; until [ -e /srv/go ]; do sleep 0.01; done; echo x >> /srv/times`;
				$.file('/srv/a', 'a\n');
			},
		});
		const first = run(toyPlan([step]), toys.session);
		for (let next = await first.next(); !next.done; next = await first.next()) {
			if (next.value.type === 'output' && next.value.line === 'begun') break;
		}
		await first.return(undefined as never);
		expect(toys.session.journal.read().job?.step).toBe('a');
		const {told, output} = await hear(run(toyPlan([step]), toys.session), {}, event => {
			if (event.type === 'running') void toys.box.peek('touch /srv/go');
		});
		expect(told).toEqual(['attached a', 'checking a', 'verified a']);
		expect(output).toContain('begun');
		expect(await toys.box.peek('cat /srv/times')).toBe('x\n');
		expect(toys.session.journal.read()).not.toHaveProperty('job');
	});

	/** A run whose job hangs while /srv/hangs is there, left behind. */
	const leftHanging = async () => {
		const step = toyStep('a', {
			apply: $ => {
				$`trap '' TERM; echo begun; while [ -e /srv/hangs ]; do sleep 0.01; done; echo x >> /srv/times`;
				$.file('/srv/a', 'a\n');
			},
		});
		await toys.box.peek('touch /srv/hangs');
		const first = run(toyPlan([step]), toys.session);
		for (let next = await first.next(); !next.done; next = await first.next()) {
			if (next.value.type === 'output' && next.value.line === 'begun') break;
		}
		await first.return(undefined as never);
		return step;
	};

	test('a job that hangs is ended where that is wanted from the start, and its step brought about anew', async () => {
		const step = await leftHanging();
		const {told, output} = await hear(
			run(toyPlan([step]), {...toys.session, stopsJob: AbortSignal.abort()}),
			{},
			event => {
				if (event.type === 'running' && !event.attached) void toys.box.peek('rm /srv/hangs');
			},
		);
		expect(told).toEqual(['attached a', 'checking a', 'running a', 'verified a']);
		expect(output).toContain('This work of an earlier run was ended, as you asked.');
		expect(await toys.box.peek('cat /srv/times')).toBe('x\n');
	});

	test('a job that is waited for is ended when that is wanted, also where the connection is lost just then', async () => {
		const step = await leftHanging();
		const stops = new AbortController();
		toys.box.faults.push({script: /^timeout \d+ systemctl stop/, when: 'before'});
		const {told} = await hear(run(toyPlan([step]), {...toys.session, stopsJob: stops.signal}), {}, event => {
			if (event.type === 'output' && event.line === 'begun') stops.abort();
			if (event.type === 'running' && !event.attached) void toys.box.peek('rm /srv/hangs');
		});
		expect(told).toEqual(['attached a', 'reconnecting', 'checking a', 'running a', 'verified a']);
		expect(await toys.box.peek('cat /srv/times')).toBe('x\n');
	});

	test('a restart waits for what was left at work, and ends it where that is wanted', async () => {
		await leftHanging();
		const service: Service = {
			name: 'web',
			also: [],
			command: 'systemctl restart web',
			act: $ => void $`echo restarted >> /srv/times`,
			runs: async () => undefined,
		};
		const stops = new AbortController();
		const events = serve(toyPlan([]), {...toys.session, stopsJob: stops.signal}, [service], 'restart');
		const {told} = await hear(
			endingJob(events, () => stops.abort()),
			{},
			event => {
				if (event.type === 'running' && !event.attached) void toys.box.peek('rm /srv/hangs');
			},
		);
		expect(told).toEqual(['attached a', 'running restart/web', 'proving restart/web', 'verified restart/web']);
		expect(await toys.box.peek('cat /srv/times')).toBe('restarted\n');
	});

	test('troubleshooting waits for what was left at work before it looks at an app', async () => {
		await leftHanging();
		const input = {plan: toyPlan([]), causes: [], name: 'shop', known: {}, site: async () => []};
		const told: TroubleshootEvent[] = [];
		const look = async () => {
			for await (const event of troubleshoot(input, {...toys.session, stopsJob: AbortSignal.abort()})) told.push(event);
		};
		// The toy box has no such app.
		await expect(look()).rejects.toThrow('shop');
		expect(told[0]).toEqual({type: 'looking'});
		expect(told[1]).toMatchObject({type: 'step', event: {type: 'running', step: 'a', attached: true}});
		expect(toys.session.journal.read()).not.toHaveProperty('job');
	});

	test('a run that was killed in a step goes on there, and its first facts stay', async () => {
		await toys.box.peek('echo old > /srv/a');
		await hear(run(toyPlan([fragile('a')]), toys.session));
		await toys.box.peek('touch /srv/mended');
		const {summary} = await hear(run(toyPlan([fragile('a')]), toys.session));
		expect(summary.changed).toEqual(['a']);
		expect(toys.session.journal.read().box.steps.a).toMatchObject({state: 'done', before: 'old'});
		await hear(undo(toyPlan([fragile('a')]), toys.session, ['a']));
		expect(await toys.box.peek('cat /srv/a')).toBe('old\n');
	});

	test('the box keeps a copy of the journal, for root only', async () => {
		await hear(run(toyPlan([toyStep('a')]), toys.session));
		expect(JSON.parse(await toys.box.peek('cat /var/lib/boxwizard/journal.json')).box.steps.a.state).toBe('done');
		expect(await toys.box.peek('stat -c %a /var/lib/boxwizard/journal.json')).toBe('600\n');
	});

	test('the next step begins while that copy is written, and the run ends when the last one is', async () => {
		const copy = '/var/lib/boxwizard/journal';
		// Nobody can write it before somebody reads it.
		await toys.box.peek(`mkdir -p ${copy.slice(0, copy.lastIndexOf('/'))}; mkfifo ${copy}.new`);
		const reading = toyStep('b', {
			apply: $ => {
				$`cat ${copy}.new > /srv/copied`;
				$.file('/srv/b', 'b\n');
			},
		});
		await hear(run(toyPlan([toyStep('a'), reading]), toys.session));
		expect(JSON.parse(await toys.box.peek('cat /srv/copied')).box.steps.a.state).toBe('done');
		expect(JSON.parse(await toys.box.peek(`cat ${copy}.json`)).box.steps.b.state).toBe('done');
	});

	test('another wizard at work is named, and nothing is done', async () => {
		const steps = [
			toyStep('a', {
				apply: $ => {
					$`echo begun; until [ -e /srv/go ]; do sleep 0.01; done`;
					$.file('/srv/a', 'a\n');
				},
			}),
		];
		const first = run(toyPlan(steps), toys.session);
		for (let next = await first.next(); !next.done; next = await first.next()) {
			if (next.value.type === 'running') break;
		}
		await expect(hear(run(toyPlan(steps), {...toys.session, holder: 'somebody else'}))).rejects.toThrow(
			'jessica@laptop',
		);
		await toys.box.peek('touch /srv/go');
		await first.return(undefined as never);
		await hear(run(toyPlan(steps), {...toys.session, holder: 'somebody else'}));
	});
});
