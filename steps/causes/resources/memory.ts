import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {swap} from '../../system/swap.ts';

export const memory: Cause = {
	id: 'resources/memory',
	title: () => 'The box ran out of memory.',
	match: [
		/was sent SIGKILL! Perhaps out of memory\?/,
		/^Killed$/,
		/^MemoryError/,
		/JavaScript heap out of memory/,
		/Cannot allocate memory|ENOMEM/,
		/oom-kill|Out of memory: Killed process/,
	],
	from: ['output', 'log', 'box'],
	over: ['process/slow'],
	means: () =>
		'The kernel, or the program itself, gave up for want of memory. Small boxes need a swap file, and fewer workers.',
	next: () => 'Give the box more memory, or the app fewer workers (option “workers”).',
	fixes: (_, {isOwn}) => (isOwn ? [fixByStep(swap, 'Add swap')] : []),
};
