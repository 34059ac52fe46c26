import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {defineConfig} from 'vitest/config';
import {LongestFirst} from './test/road/runner/longest-first.ts';
import {workerCaches} from './test/road/runner/own-folder.ts';

/** Where .ci/run counts from; each run of vitest leaves a file of its own. */
const folder = process.env.VITEST_REPORTS;
const report = folder && join(folder, `${process.pid}.json`);

/** Files of the road that run side by side: much of their time is waiting. */
const workers = Number(process.env.ROAD_WORKERS || 2);
/** bash that is the first shell and reads from a socket takes ~/.bashrc (bash(1), INVOCATION): nothing of a person's may run here. */
const notFirst = {SHLVL: '2'};
/** They measure what a neighbour would spoil, need no box, and run one after the other, at the end. */
const measured = ['test/road/measured/**/*.test.{ts,tsx}'];

export default defineConfig({
	test: {
		sequence: {sequencer: LongestFirst},
		...(report && {reporters: ['default', ['json', {outputFile: report}]]}),
		projects: [
			{
				oxc: {jsx: {development: false}},
				test: {
					name: 'quick',
					include: ['test/**/*.test.{ts,tsx}'],
					exclude: ['test/road/**'],
					// Much of their time is waiting for programs; left alone, Vitest keeps a core for itself.
					maxWorkers: availableParallelism() + 1,
					// For what hangs: on a machine that is busy with other things a test takes five times its time.
					testTimeout: 60_000,
					hookTimeout: 60_000,
					// React as it is shipped: half the work of the one for developers.
					env: {...notFirst, NODE_ENV: 'production'},
				},
			},
			{
				test: {
					name: 'road',
					include: ['test/road/**/*.test.{ts,tsx}'],
					exclude: measured,
					maxWorkers: workers,
					env: {...notFirst, ROAD_CACHES: JSON.stringify(workerCaches(workers))},
					globalSetup: 'test/road/runner/alone.ts',
					setupFiles: 'test/road/runner/clear.ts',
					testTimeout: 20 * 60_000,
					hookTimeout: 10 * 60_000,
				},
			},
			{
				oxc: {jsx: {development: false}},
				test: {
					name: 'road-measured',
					include: measured,
					maxWorkers: 1,
					sequence: {groupOrder: 1},
					env: {...notFirst, NODE_ENV: 'production'},
					testTimeout: 5 * 60_000,
				},
			},
		],
	},
});
