import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: 'quick',
					include: ['test/**/*.test.{ts,tsx}'],
					exclude: ['test/road/**'],
					testTimeout: 20_000,
				},
			},
			{
				test: {
					name: 'road',
					include: ['test/road/**/*.test.{ts,tsx}'],
					// One box at a time: its tests build on each other and share two cores.
					fileParallelism: false,
					testTimeout: 20 * 60_000,
					hookTimeout: 10 * 60_000,
				},
			},
		],
	},
});
