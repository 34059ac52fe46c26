import {wordsOf} from '../reading/commands.ts';

/** Options of gunicorn's command line that are the app's own matter, and the settings that they are (its “Settings”). */
const kept: Readonly<Record<string, string>> = {
	'--timeout': 'timeout',
	'-t': 'timeout',
	'--graceful-timeout': 'graceful_timeout',
	'--keep-alive': 'keepalive',
	'--threads': 'threads',
	'--worker-connections': 'worker_connections',
	'--max-requests': 'max_requests',
	'--max-requests-jitter': 'max_requests_jitter',
	'--limit-request-line': 'limit_request_line',
	'--limit-request-fields': 'limit_request_fields',
};

const workerClass = /^(?:sync|gthread|gevent|eventlet|tornado|gevent_pywsgi|gevent_wsgi)$/;

/**
 * What a repository's own start command tells gunicorn about timeouts and workers, as lines of its settings. Where it listens, how
 * many workers there are and all else is for boxwizard to say. Pure.
 * @param isAsgi its kind of worker is given then
 */
export function startSettings(start: string, isAsgi: boolean): string[] {
	const words = wordsOf(start);
	const server = words.findIndex(word => /(?:^|\/)gunicorn$/.test(word));
	if (server === -1) return [];
	const given = words.slice(server + 1).flatMap((word, index, rest) => {
		const [option = '', joined] = word.split('=');
		return [[option, joined ?? rest[index + 1] ?? ''] as const];
	});
	const numbers = given.flatMap(([option, value]) => {
		const setting = kept[option];
		return setting !== undefined && /^\d{1,6}$/.test(value) ? [`${setting} = ${Number(value)}`] : [];
	});
	const kind = given.find(([option]) => option === '--worker-class' || option === '-k')?.[1] ?? '';
	return [...(!isAsgi && workerClass.test(kind) ? [`worker_class = '${kind}'`] : []), ...new Set(numbers)];
}
