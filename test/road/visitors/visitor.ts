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
