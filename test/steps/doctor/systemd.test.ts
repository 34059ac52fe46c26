import {describe, expect, test} from 'vitest';
import type {Argument, Probe} from '../../../source/contract/step.ts';
import {processDown} from '../../../steps/doctor/app/processDown.ts';
import {systemBoot} from '../../../steps/doctor/system/boot.ts';

/** A box where each question is answered by the words in it. */
function boxThat(answer: (words: readonly string[]) => string): Probe {
	const run = async (_: TemplateStringsArray, ...words: readonly Argument[]) => answer(words.flat().map(String));
	return Object.assign(run, {file: async () => null, outside: {} as Probe['outside']});
}

describe('a worker kept by systemd', () => {
	const answers = {app: 'microblog', queue: 'tasks', supervisor: 'systemd', processes: {}} as const;

	test.each([
		['active running', true],
		['activating start', true],
		['reloading reload', true],
		['activating auto-restart', false],
		['activating auto-restart-queued', false],
		['deactivating stop-sigterm', false],
		['failed failed', false],
		['inactive dead', false],
	])('%s', async (state, runs) => {
		const block = (unit: string | undefined, said: string) =>
			[`Id=${unit}`, ...said.split(' ').map((word, index) => `${index === 0 ? 'Active' : 'Sub'}State=${word}`)].join(
				'\n',
			);
		const box = boxThat(([app, _second, worker]) => `${block(app, 'active running')}\n\n${block(worker, state)}`);
		const {down} = await processDown.look(box, answers);
		expect(down).toEqual(
			runs ? [] : [{name: 'microblog-worker', program: 'microblog-worker', line: `microblog-worker ${state}`}],
		);
	});
});

describe('services that must run', () => {
	const answers = {
		app: 'microblog',
		database: 'sqlite',
		mail: 'none',
		search: 'none',
		leftOut: [],
		processes: {},
		fillings: {},
	} as const;
	const fine = ['LoadState=loaded', 'ActiveState=active', 'SubState=running', 'UnitFileState=enabled'];

	/** All fine, but for what is said of one unit. */
	async function look(over: object, unit: string, ...lines: readonly string[]) {
		const box = boxThat(names =>
			names.map(name => [`Id=${name}`, ...(name === unit ? lines : fine)].join('\n')).join('\n\n'),
		);
		return await systemBoot.look(box, {...answers, ...over} as never);
	}

	const worker = 'microblog-worker.service';
	const gone = ['LoadState=not-found', 'ActiveState=inactive', 'SubState=dead', 'UnitFileState='];

	test('the worker is one of them where systemd keeps it', async () => {
		const systemd = {queue: 'tasks', supervisor: 'systemd'};
		expect(await look(systemd, worker, ...gone)).toEqual({missing: [worker], off: [], down: []});
		const off = fine.with(3, 'UnitFileState=disabled');
		expect(await look(systemd, worker, ...off)).toEqual({missing: [], off: [worker], down: []});
	});

	test.each([
		['no queue, no worker', {queue: '', supervisor: 'systemd'}],
		['supervisor has it', {queue: 'tasks', supervisor: 'supervisor'}],
		['left out', {queue: 'tasks', supervisor: 'systemd', leftOut: ['process/worker']}],
	])('%s', async (_, over) => {
		expect(await look(over, worker, ...gone)).toEqual({missing: [], off: [], down: []});
	});

	test('a worker that does not run is told as a program of the app, not as a service besides', async () => {
		const stopped = fine.with(1, 'ActiveState=inactive').with(2, 'SubState=dead');
		const found = await look({queue: 'tasks', supervisor: 'systemd'}, worker, ...stopped);
		expect(found).toEqual({missing: [], off: [], down: []});
	});

	test('what dies at each start does not run between two attempts', async () => {
		const dying = fine.with(1, 'ActiveState=activating').with(2, 'SubState=auto-restart');
		const found = await look({queue: 'tasks', supervisor: 'systemd'}, 'redis-server.service', ...dying);
		expect(found).toEqual({missing: [], off: [], down: ['redis-server.service']});
	});
});
