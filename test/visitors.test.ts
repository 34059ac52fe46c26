import {execFileSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import type {RequestListener} from 'node:http';
import {Agent, createServer, type Server} from 'node:https';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createSecureContext} from 'node:tls';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {fetchPage} from './road/visitors/fetch-page.ts';
import {startLoad} from './road/visitors/load.ts';
import {type RequestRecord, reportOf} from './road/visitors/report.ts';
import {openStream, type StreamEvent} from './road/visitors/stream-client.ts';

let folder: string;
const servers: Server[] = [];

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-visitors-'));
	const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
	const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
	const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
	execFileSync('openssl', ['req', '-x509', ...curve, ...name, ...files], {stdio: 'ignore'});
});
afterAll(() => {
	for (const server of servers) server.close().closeAllConnections();
	rmSync(folder, {recursive: true});
});

/** A real HTTPS server. @returns it, and how it is asked */
async function serve(answer: RequestListener) {
	const file = (name: string) => readFileSync(join(folder, name), 'utf8');
	const server = createServer({key: file('key.pem'), cert: file('cert.pem')}, answer).listen(0, '127.0.0.1');
	servers.push(server);
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const secureContext = createSecureContext({ca: file('cert.pem')});
	return {server, asked: {host: '127.0.0.1', servername: 'localhost', port, path: '/', secureContext}};
}

test('a request that meets the end of a kept connection is sent again, once, and the answer to the second counts', async () => {
	let requests = 0;
	const {asked} = await serve((request, response) => {
		requests += 1;
		if (requests === 2) request.socket.destroy();
		else response.end(`page ${requests}`);
	});
	const agent = new Agent({keepAlive: true});
	expect(await fetchPage({...asked, agent})).toMatchObject({status: 200, text: 'page 1', retried: false});
	expect(await fetchPage({...asked, agent})).toMatchObject({status: 200, text: 'page 3', retried: true});
	agent.destroy();
});

test('a new connection that ends without an answer is a failure, and is not tried again', async () => {
	let requests = 0;
	const {asked} = await serve(request => {
		requests += 1;
		request.socket.destroy();
	});
	const fetched = await fetchPage({...asked, agent: false});
	expect(fetched).toMatchObject({status: 0, retried: false, problem: expect.stringMatching(/./)});
	expect(requests).toBe(1);
});

test('an answer that breaks off on a kept connection is a failure, and is not tried again', async () => {
	let requests = 0;
	const {asked} = await serve((_request, response) => {
		requests += 1;
		if (requests === 1) response.end('page');
		else response.writeHead(200, {'content-length': '100'}).write('half', () => response.destroy());
	});
	const agent = new Agent({keepAlive: true});
	await fetchPage({...asked, agent});
	expect(await fetchPage({...asked, agent})).toMatchObject({retried: false, problem: expect.stringMatching(/./)});
	expect(requests).toBe(2);
	agent.destroy();
});

test('a stream that ends is connected again at once, one that is refused a little later; each is noted', async () => {
	let connections = 0;
	const {asked} = await serve((_request, response) => {
		connections += 1;
		if (connections === 2) response.writeHead(502).end();
		else response.writeHead(200, {'content-type': 'text/event-stream'}).write(`data: version ${connections}\n\n`);
		if (connections === 1) response.end();
	});
	const stream = openStream({
		path: '/',
		connection: {...asked, headers: {}, agent: false},
		version: /version (\d+)/,
		clock: () => 0,
	});
	await expect
		.poll(() => stream.events())
		.toEqual([
			{at: 0, what: 'told', detail: '1'},
			{at: 0, what: 'ended', detail: ''},
			{at: 0, what: 'refused', detail: 'status 502'},
			{at: 0, what: 'told', detail: '3'},
		]);
	stream.leave();
});

test('every other request comes on a connection of its own; slow answers do not slow the rate; a page of another’s fails', async () => {
	const late: (() => void)[] = [];
	let [requests, connections] = [0, 0];
	const {server, asked} = await serve((_request, response) => {
		requests += 1;
		// The first hundred wait for each other: a client that waits for answers would never get so far.
		late.push(() => response.end(requests % 10 === 0 ? 'Welcome to nginx!' : '<title>Shop one</title>'));
		if (requests >= 100) for (const answer of late.splice(0)) answer();
	});
	server.on('secureConnection', () => {
		connections += 1;
	});
	const site = {address: asked.host, domain: asked.servername, acmeCa: join(folder, 'cert.pem')};
	const load = startLoad({site, port: asked.port, version: /<title>Shop (\S+)</, often: 100});
	const met = await load.during(() => expect.poll(() => requests, {timeout: 30_000}).toBeGreaterThanOrEqual(400));
	load.leave();
	expect(met.requests).toBeGreaterThanOrEqual(400);
	expect(Object.keys(met.failed)).toEqual(['a page that names no version']);
	expect(met).toMatchObject({retried: 0, versions: ['one']});
	// Half of them, and those that are kept.
	expect(connections).toBeGreaterThan(met.requests / 2);
	expect(connections).toBeLessThan(met.requests * 0.75);
});

test('a report counts what was asked in its span alone, and the gap before the first and after the last answer', () => {
	const record = (at: number, end: number, more: Partial<RequestRecord> = {}): RequestRecord => ({
		at,
		end,
		kept: false,
		status: 200,
		retried: false,
		version: 'one',
		problem: '',
		...more,
	});
	const records = [
		record(50, 90),
		record(110, 130),
		record(120, 400, {version: 'two', retried: true}),
		record(450, 460, {status: 502, problem: 'status 502'}),
		record(999, 1300),
	];
	const told = (...times: number[]): StreamEvent[] => times.map(at => ({at, what: 'told', detail: 'one'}));
	const streams = [
		[...told(200), {at: 300, what: 'ended', detail: ''} as const, ...told(600)],
		[...told(100, 900), {at: 950, what: 'refused', detail: 'status 502'} as const],
	];
	expect(reportOf({from: 100, to: 1000}, records, streams, 7)).toEqual({
		seconds: 0.9,
		requests: 4,
		failed: {'status 502': 1},
		retried: 1,
		median: 280,
		slowest: 301,
		longestGap: 600,
		versions: ['one', 'two'],
		streams: {count: 2, reconnected: 1, refused: {'status 502': 1}, longestSilence: 800},
		ownDelay: 7,
	});
});
