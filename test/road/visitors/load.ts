import {readFileSync} from 'node:fs';
import {Agent} from 'node:https';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {setTimeout as sleep} from 'node:timers/promises';
import {createSecureContext} from 'node:tls';
import type {PracticeBox} from '../../../source/practice/index.ts';
import {type Asked, fetchPage} from './fetch-page.ts';
import {type LoadReport, type RequestRecord, reportOf} from './report.ts';
import {openStream} from './stream-client.ts';

/** What is visited: a box, and the name of its site. */
export type Site = Pick<PracticeBox, 'address' | 'domain' | 'acmeCa'>;

export type LoadOptions = {
	readonly site: Site;
	/** The page that is asked for; its whole answer is read. */
	readonly path?: string;
	/** What in the page's text names the version that made it: the first group. A page without it is another's, and failed. */
	readonly version: RegExp;
	/** Requests a second. */
	readonly often?: number;
	/** Default 443. */
	readonly port?: number;
	/** Event streams that are open beside the requests, each event with its version in it: how many, and of which path. */
	readonly streams?: {readonly count: number; readonly path: string};
};

/** Visitors who come at a steady rate until they are told to leave, whether the site answers or not. */
export type Load = {
	/** What they met while something was done: all that was asked in this time, answered or not. */
	readonly during: (task: () => Promise<unknown>) => Promise<LoadReport>;
	/** The same for so many seconds in which nothing is done. */
	readonly watch: (seconds: number) => Promise<LoadReport>;
	readonly leave: () => void;
};

/** Browsers that keep their connection: each asks a few times a second, in turn. */
const keptCount = 25;
/** Requests on their way at once. Each takes two connections of nginx, which has 768 per worker: where a busy machine can't keep up, the rest waits here, and its waiting counts. */
const mostOpen = 300;
/** Milliseconds between two looks at how many requests are due. */
const tick = 5;

/**
 * Opens the site to visitors. Every other request comes on a connection of its own, as first visits do; the others on
 * connections that are kept, one agent each, so that a slow answer holds up no other. The rate stays the same when answers are slow:
 * a request is sent when it is due, not when the one before has been answered, and its time counts from when it was due.
 */
export function startLoad({site, path = '/', version, often = 200, port = 443, streams}: LoadOptions): Load {
	const connection: Asked = {
		secureContext: createSecureContext({ca: readFileSync(site.acmeCa, 'utf8')}),
		host: site.address,
		port,
		servername: site.domain,
		headers: {host: site.domain},
	};
	const freshAgent = new Agent();
	const keptAgents = Array.from({length: keptCount}, () => new Agent({keepAlive: true}));
	const begun = performance.now();
	const clock = () => performance.now() - begun;
	const requests = sendSteadily(often, clock, async (at, number) => {
		const kept = number % 2 === 1;
		const agent = kept ? keptAgents[(number >> 1) % keptCount] : freshAgent;
		const {status, text, retried, problem} = await fetchPage({...connection, path, agent});
		const [, seen = ''] = version.exec(text) ?? [];
		return {at, end: clock(), kept, status, retried, version: seen, problem: problem ?? faultOf(status, seen)};
	});
	const {count, path: events} = streams ?? {count: 0, path: ''};
	const clients = Array.from({length: count}, () =>
		openStream({path: events, connection: {...connection, agent: false}, version, clock}),
	);
	const during = async (task: () => Promise<unknown>) => {
		const delay = monitorEventLoopDelay({resolution: tick});
		const from = clock();
		delay.enable();
		await task();
		const to = clock();
		delay.disable();
		const records = await requests.answeredUntil(to);
		return reportOf(
			{from, to},
			records,
			clients.map(({events}) => events()),
			delay.count === 0 ? 0 : delay.max / 1e6,
		);
	};
	return {
		during,
		watch: seconds => during(() => sleep(seconds * 1000)),
		leave() {
			requests.stop();
			for (const client of clients) client.leave();
			for (const agent of [freshAgent, ...keptAgents]) agent.destroy();
		},
	};
}

/** A page counts that came with 200 and says which version made it. */
function faultOf(status: number, version: string): string {
	if (status !== 200) return `status ${status}`;
	return version === '' ? 'a page that names no version' : '';
}

/** @param send gets the time at which the request is due, and its number */
function sendSteadily(
	often: number,
	clock: () => number,
	send: (at: number, number: number) => Promise<RequestRecord>,
) {
	const records: RequestRecord[] = [];
	const open = new Set<Promise<unknown>>();
	const dueAt = (number: number) => (number * 1000) / often;
	let sent = 0;
	const sendDue = () => {
		for (; dueAt(sent) < clock() && open.size < mostOpen; sent++) {
			const one = send(dueAt(sent), sent).then(record => {
				records.push(record);
				open.delete(one);
			});
			open.add(one);
		}
	};
	const timer = setInterval(sendDue, tick);
	return {
		/** All that was due by then has been answered, or given up. */
		async answeredUntil(time: number): Promise<readonly RequestRecord[]> {
			while (dueAt(sent) < time) await Promise.race([sleep(tick), ...open]);
			await Promise.all(open);
			return records;
		},
		stop: () => clearInterval(timer),
	};
}
