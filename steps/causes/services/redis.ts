import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {startService} from '../../fixes/service.ts';
import {worker} from '../../python/worker.ts';

export const redis: Cause = {
	id: 'services/redis',
	title: () => 'Redis does not answer.',
	match: [
		/Error (?:111|99|2|-2) connecting to \S*:?(?:6379)?.*(?:refused|assign|unknown)/i,
		/redis\.exceptions\.ConnectionError/,
		/ECONNREFUSED (?:127\.0\.0\.1|::1|localhost):6379/,
		/Could not connect to Redis/i,
	],
	means: () => 'The app keeps its background jobs or its cache in Redis, and Redis does not run.',
	next: () => 'See why it does not run: `journalctl -u redis-server -n 50`.',
	fixes: (_, {isOwn}) => [
		startService('redis-server'),
		...(isOwn ? [fixByStep(worker, 'Set Redis and the worker up again')] : []),
	],
};
