import {join} from 'node:path';
import {defineConfig} from 'vitest/config';
import {roadCache} from './test/road/own-folder.ts';

/** Where .ci/run counts from; each run of vitest leaves a file of its own. */
const folder = process.env.VITEST_REPORTS;
const report = folder && join(folder, `${process.pid}.json`);

export default defineConfig({
	test: {
		...(report && {reporters: ['default', ['json', {outputFile: report}]]}),
		projects: [
			{
				oxc: {jsx: {development: false}},
				test: {
					name: 'quick',
					include: ['test/**/*.test.{ts,tsx}'],
					exclude: ['test/road/**'],
					testTimeout: 20_000,
					// React as it is shipped: half the work of the one for developers.
					env: {NODE_ENV: 'production'},
				},
			},
			{
				test: {
					name: 'road',
					include: ['test/road/**/*.test.{ts,tsx}'],
					// One box at a time: its tests build on each other and share two cores.
					fileParallelism: false,
					env: {XDG_CACHE_HOME: roadCache()},
					globalSetup: 'test/road/alone.ts',
					setupFiles: 'test/road/clear.ts',
					testTimeout: 20 * 60_000,
					hookTimeout: 10 * 60_000,
				},
			},
		],
	},
});
