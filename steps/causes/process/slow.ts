import type {Cause} from '../../../source/contract/cause.ts';

export const slow: Cause = {
	id: 'process/slow',
	title: () => 'A page took so long that its worker was ended.',
	match: [/\[CRITICAL\] WORKER TIMEOUT/],
	means: () =>
		'gunicorn ends a worker that is silent for 30 seconds: a query without an index, a call to another service that does not answer, or too little memory.',
	next: () =>
		'Move what takes long into a background job, or give calls to others a time limit. The last lines before it show the page.',
};
