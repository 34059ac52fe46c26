import type {Cause} from '../../../source/contract/cause.ts';

export const upstreamCut: Cause = {
	id: 'nginx/upstream-cut',
	title: () => 'The app ended in the middle of an answer.',
	match: [
		/upstream prematurely closed connection while reading response header from upstream/,
		/recv\(\) failed \(104: Connection reset by peer\) while reading response header from upstream/,
	],
	from: ['nginx'],
	means: () =>
		'A worker was ended while it answered: out of time, out of memory, or crashed in native code. Visitors see “502 Bad Gateway”.',
	next: () => 'The app’s own log says at the same second why.',
};
