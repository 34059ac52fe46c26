import type {Situation} from './look.ts';
import {innerWords, isWorker} from './program.ts';

/**
 * Options of app servers (gunicorn, uvicorn, hypercorn, daphne, waitress, celery, rq) that name what one process alone can
 * have: where it listens, and its pid file. gunicorn takes the socket or pid file of another copy for its own.
 */
const names = String.raw`--(?:(?:\w+-)?bind|port|listen|uds|unix-socket|endpoint|pid|pidfile)`;
const option = new RegExp(`^(?:-[bp]|${names})$`);
const joined = new RegExp(`^(?:-[bp]=?|${names}=|PORT=)(.+)$`);

function placesIn(words: readonly string[]): {readonly index: number; readonly value: string}[] {
	return words.flatMap((word, index) => {
		const value = option.test(words[index - 1] ?? '') ? word : joined.exec(word)?.[1];
		return value === undefined ? [] : [{index, value}];
	});
}

/** The port in a program's own words: -b HOST:PORT, --bind=…, --port 8000, -p 8000, --listen=*:8000. */
export function portIn(words: readonly string[]): number | undefined {
	const ports = placesIn(words).flatMap(({value}) => /^(?:.*:)?(\d{2,5})$/.exec(value)?.[1] ?? []);
	return ports[0] === undefined ? undefined : Number(ports[0]);
}

/** The same words for another port; undefined where none names it, or one names a place that is not moved with it. */
export function withPort(words: readonly string[], from: number, to: number): string[] | undefined {
	const end = new RegExp(`(^|[^0-9])${from}$`);
	const places = placesIn(words);
	if (places.length === 0 || !places.every(({value}) => end.test(value))) return undefined;
	const moved = new Set(places.map(({index}) => index));
	return words.map((word, index) => (moved.has(index) ? word.replace(end, `$1${to}`) : word));
}

/** Whether the program surely leaves the place of the one under its process manager alone when it runs beside it. */
export function canRunBeside({program, app: {port}, readsPort, gunicornIsTold}: Situation): boolean {
	const {words} = program;
	const free = (all: readonly string[]) => placesIn(all).filter(({value}) => !/\$\{?PORT\}?$/.test(value));
	const places = free(words);
	const inner = innerWords(words);
	// What a shell is told is not rewritten.
	if (inner !== words && free(inner).length > 0) return false;
	// Another worker shares the jobs; another clock of celery would give out each of them twice.
	if (port === undefined)
		return isWorker(program) && places.length === 0 && !inner.some(word => /^(beat|--beat|-B)$/.test(word));
	if (places.length > 0) return withPort(words, port, port) !== undefined;
	return readsPort || (!gunicornIsTold && words.some(word => /(^|\/)gunicorn$/.test(word)));
}
