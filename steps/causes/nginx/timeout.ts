import type {Cause} from '../../../source/contract/cause.ts';
import {restartApp} from '../../fixes/restart.ts';

/** 504 Gateway Time-out. */
export const upstreamTimeout: Cause = {
	id: 'nginx/upstream-timeout',
	title: () => 'The app takes longer than nginx waits for it.',
	match: [
		/upstream timed out \(110: (?:Connection timed out|Unknown error)\) while (?<when>reading response header from|connecting to) upstream/,
	],
	from: ['nginx'],
	means: () => 'Visitors see “504 Gateway Time-out”: a page takes more than a minute, or all workers are busy.',
	next: () =>
		'Find the page in the line below, and what it waits for. Work that takes long belongs in a background job.',
	fixes: (_, app) => [restartApp(app)],
};
