import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {readContainer} from '../../system/os.ts';
import {plenty, swap} from '../../system/swap.ts';
import {linesOf} from '../words.ts';

/** Shares of the memory that are still to be had, below which it is worth a word, and below which the kernel kills soon. */
const [little, least] = [0.1, 0.04];
/** A share of the swap in use that leaves no room for a peak. */
const swapped = 0.9;

export const systemMemory = defineExamination({
	id: 'system/memory',
	title: 'Memory and swap',
	options: z.object({}),
	async look($) {
		const [container, memory, biggest] = await Promise.all([
			readContainer($),
			$`cat /proc/meminfo`,
			$`ps -eo rss=,comm= --sort=-rss | head -n 3`,
		]);
		const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(memory)?.[1] ?? 0);
		return {
			byHost: container !== '',
			total: kilobytes('MemTotal'),
			available: kilobytes('MemAvailable'),
			swap: kilobytes('SwapTotal'),
			swapFree: kilobytes('SwapFree'),
			biggest: linesOf(biggest)
				.map(line => line.trim().split(/\s+/))
				.map(([size = '', name = '']) => ({size: Number(size), name})),
		};
	},
	judge({byHost, total, available, swap, swapFree, biggest}) {
		const free = available / total;
		const used = swap === 0 ? 1 : 1 - swapFree / swap;
		const evidence = [
			`memory: ${megabytes(available)} of ${megabytes(total)} MB to be had`,
			swap === 0 ? 'no swap' : `swap: ${megabytes(swap - swapFree)} of ${megabytes(swap)} MB in use`,
			...biggest.map(({size, name}) => `${name}: ${megabytes(size)} MB`),
		];
		const means = 'At the next peak the kernel kills the biggest program, most likely the database.';
		if (free < little && used > swapped) {
			return {
				severity: free < least ? 'bad' : 'warning',
				title: 'The memory is nearly used up',
				means,
				evidence,
				next: 'Fewer workers (boxwizard setup HOST, App server), or a bigger box.',
			};
		}

		if (byHost || swap > 0 || total >= plenty) return undefined;
		return {severity: 'warning', title: 'A small box without swap', means, evidence};
	},
	fix: ({byHost, swap: size, total}) =>
		byHost || size > 0 || total >= plenty ? undefined : fixByStep(swap, 'Add a swap file'),
});

const megabytes = (kilobytes: number): number => Math.round(kilobytes / 1024);
