import {readFileSync} from 'node:fs';
import {request} from 'node:https';
import type {PracticeBox} from '../../../source/practice/index.ts';

/** What a visitor gets from a box's site. */
export type Page = {readonly status: number; readonly text: string};

/** Fetches a path of the site over HTTPS, with the practice CA trusted. */
export function visit(box: PracticeBox, path: string): Promise<Page> {
	return new Promise((resolve, reject) => {
		const ca = readFileSync(box.acmeCa, 'utf8');
		// A visitor of its own: on a connection that is kept, a reload of nginx may cross a request, and browsers ask again.
		const options = {host: box.address, servername: box.domain, path, ca, headers: {host: box.domain}, agent: false};
		request(options, response => {
			let text = '';
			response.setEncoding('utf8').on('data', (chunk: string) => {
				text += chunk;
			});
			response.on('end', () => resolve({status: response.statusCode ?? 0, text}));
		})
			.on('error', reject)
			.end();
	});
}

/** Fetches a path over and over while something is done; answers every status that was seen, once. */
export async function visitWhile(box: PracticeBox, path: string, task: () => Promise<unknown>): Promise<number[]> {
	const seen = new Set<number>();
	let isDone = false;
	const visiting = (async () => {
		while (!isDone) seen.add((await visit(box, path).catch(() => ({status: 0}))).status);
	})();
	await task().finally(() => {
		isDone = true;
	});
	await visiting;
	return [...seen];
}

/** How visits went: for how long they came, how many got the page, how many of those were sent late, and each other answer. */
export type Visits = {
	readonly seconds: number;
	readonly answered: number;
	readonly late: number;
	readonly wrong: readonly string[];
};

/** Visitors at once. Each takes two connections of nginx, which has 768: a machine too busy to answer is waited for. */
const mostOpen = 200;

/**
 * Visits a path `often` times a second while something is done, each on a connection of its own, also where the box answers
 * late. What a busy machine could not take meanwhile is sent afterwards, so that the number is always the same.
 */
export async function visitSteadily(
	box: PracticeBox,
	path: string,
	often: number,
	task: () => Promise<unknown>,
): Promise<Visits> {
	const wrong: string[] = [];
	const open = new Set<Promise<unknown>>();
	let sent = 0;
	const begun = performance.now();
	const elapsed = () => (performance.now() - begun) / 1000;
	const sendDue = (seconds: number) => {
		for (; sent < often * seconds && open.size < mostOpen; sent++) {
			const one = visit(box, path)
				.then(({status}) => status === 200 || wrong.push(String(status)))
				.catch(error => wrong.push(String(error)))
				.finally(() => open.delete(one));
			open.add(one);
		}
	};
	const timer = setInterval(() => sendDue(elapsed()), 1000 / often);
	await task().finally(() => clearInterval(timer));
	const seconds = elapsed();
	const inTime = sent;
	for (sendDue(seconds); open.size > 0; sendDue(seconds)) await Promise.race(open);
	return {seconds, answered: sent - wrong.length, late: sent - inTime, wrong};
}
