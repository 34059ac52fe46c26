import {type RequestOptions, request} from 'node:https';
import type {ConnectionOptions} from 'node:tls';

/** A request, and whom its connection trusts, worked out once for all. */
export type Asked = RequestOptions & Pick<ConnectionOptions, 'secureContext'>;

/** What became of a request: status 0 where no answer began. */
export type Fetched = {
	readonly status: number;
	readonly text: string;
	/** It was sent a second time, on a new connection. */
	readonly retried: boolean;
	/** Why no whole answer came. */
	readonly problem?: string;
};

/** Milliseconds after which a visitor gives up. */
const patience = 30_000;

/**
 * Asks for a page and reads all of it. A server may close a kept connection at any time it is idle, and nginx does so at each
 * reload; a request that is on its way then meets the end of a connection on which nothing went wrong. RFC 9112, 9.3.1, lets a
 * client send an idempotent request again in this case, and every browser does. So does this, under the strictest reading: once, only
 * on a connection that had carried an answer before, only where no answer had begun. The answer to the second counts, from the time of the first.
 */
export async function fetchPage(options: Asked): Promise<Fetched> {
	const first = await once(options);
	if (!first.mayRetry) return {...first, retried: false};
	return {...(await once({...options, agent: false})), retried: true};
}

type Once = Omit<Fetched, 'retried'> & {readonly mayRetry: boolean};

function once(options: Asked): Promise<Once> {
	return new Promise(resolve => {
		let status = 0;
		let text = '';
		const asked = request(options, response => {
			status = response.statusCode ?? 0;
			response.setEncoding('utf8').on('data', (chunk: string) => {
				text += chunk;
			});
			response.on('end', () => resolve({status, text, mayRetry: false}));
			response.on('error', ({message}) => resolve({status, text, mayRetry: false, problem: message}));
		});
		asked.setTimeout(patience, () => asked.destroy(new Error(`no answer in ${patience / 1000} s`)));
		// Once an answer has begun, errors are its own.
		asked.on('error', (error: NodeJS.ErrnoException) => {
			const isClosed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
			resolve({status, text, problem: error.message, mayRetry: asked.reusedSocket && isClosed});
		});
		asked.end();
	});
}
