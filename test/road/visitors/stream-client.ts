import {request} from 'node:https';
import type {Asked} from './fetch-page.ts';

export type StreamOptions = {
	/** Where the site sends events again and again, each with its version in it. */
	readonly path: string;
	readonly connection: Asked;
	readonly version: RegExp;
	/** Milliseconds since the load began. */
	readonly clock: () => number;
};

/** Something that a stream went through, and when. */
export type StreamEvent = {
	readonly at: number;
	/** Told something; the connection ended, as it does with the process behind it; not taken, or not answered. */
	readonly what: 'told' | 'ended' | 'refused';
	/** The version that told it, or why it was not taken. */
	readonly detail: string;
};

export type StreamClient = {readonly events: () => readonly StreamEvent[]; readonly leave: () => void};

/** Milliseconds until one who was not taken tries again. EventSource waits three seconds: here each refusal shall be seen. */
const pause = 250;

/** A visitor of server-sent events (HTML, 9.2): stays connected, and connects again at once whenever the connection ends. */
export function openStream({path, connection, version, clock}: StreamOptions): StreamClient {
	const events: StreamEvent[] = [];
	let gone = false;
	let close = () => {};
	const note = (what: StreamEvent['what'], detail = '') => void events.push({at: clock(), what, detail});
	const refuse = (why: string) => {
		if (gone) return;
		note('refused', why);
		setTimeout(connect, pause);
	};
	const connect = () => {
		if (gone) return;
		const headers = {...connection.headers, accept: 'text/event-stream'};
		const asked = request({...connection, path, headers}, response => {
			if (response.statusCode !== 200) {
				response.resume();
				refuse(`status ${response.statusCode}`);
				return;
			}

			response.on('data', (bytes: Buffer) => {
				const told = version.exec(bytes.toString('utf8'))?.[1];
				if (told !== undefined) note('told', told);
			});
			response.on('error', () => {});
			response.once('close', () => {
				if (gone) return;
				note('ended');
				connect();
			});
		});
		close = () => asked.destroy();
		asked.on('error', ({message}) => refuse(message));
		asked.end();
	};
	connect();
	return {
		events: () => events,
		leave() {
			gone = true;
			close();
		},
	};
}
