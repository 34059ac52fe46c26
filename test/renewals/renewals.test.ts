import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer as createWebServer} from 'node:http';
import {createServer as createHttpsServer} from 'node:https';
import {type AddressInfo, createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createSecureContext, createServer as createSecureServer, type TLSSocket} from 'node:tls';
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest';
import type {BoxDue} from '../../source/contract/due.ts';
import type {Reached} from '../../source/contract/status.ts';
import {run} from '../../source/engine/engine.ts';
import {createRegistrations} from '../../source/outside/registration.ts';
import {readServed} from '../../source/outside/served.ts';
import {openMemory} from '../../source/renewals/memory.ts';
import {lookFromHere, type WatchedApp} from '../../source/renewals/reach.ts';
import {rememberedDue, surveyDues, type Watched} from '../../source/renewals/survey.ts';
import {ToyBox} from '../fixtures/toy-box.ts';
import {hear, toyPlan, toySession, toyStep} from '../fixtures/toy-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxwizard-renewals-'));
const servers: Server[] = [];
const day = 86_400_000;

/** A self-signed certificate for these names that ends in so many days (and some seconds less). */
function certificate(days: number, names: readonly string[]) {
	const [cert, key] = [join(folder, `${days}.pem`), join(folder, `${days}.key`)];
	const alternative = `subjectAltName=${names.map(name => `DNS:${name}`).join(',')}`;
	const words = [
		'req',
		'-x509',
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:P-256',
		'-nodes',
		'-subj',
		'/O=Test CA',
	];
	execFileSync('openssl', [...words, '-days', `${days}`, '-addext', alternative, '-keyout', key, '-out', cert], {
		stdio: 'ignore',
	});
	return {cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8')};
}

async function listening(server: Server): Promise<number> {
	servers.push(server);
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

const name = 'box.test';
let long: ReturnType<typeof certificate>;
let soon: ReturnType<typeof certificate>;

beforeAll(() => {
	long = certificate(61, [name]);
	soon = certificate(10, [name, 'www.box.test']);
});

afterAll(() => {
	for (const server of servers) server.close();
	rmSync(folder, {recursive: true, force: true});
});

function watched(port: number, more: Partial<Watched> = {}): Watched {
	return {target: `jessica@127.0.0.1:${port}`, label: `${port}`, host: '127.0.0.1', port, names: [name], ...more};
}

const memory = () => openMemory(mkdtempSync(join(folder, 'home-')));

/** Accept, and never say a word; and how many of them were heard at the most in one moment. */
function silent(count: number) {
	let heard = 0;
	let most = 0;
	const accept = (socket: Socket) => {
		heard += 1;
		most = Math.max(most, heard);
		socket.resume().once('close', () => {
			heard -= 1;
		});
	};
	return {
		ports: Promise.all(Array.from({length: count}, () => listening(createServer(accept)))),
		most: () => most,
	};
}
/** An app whose site is at a port of this machine. */
const appAt = (port: number): WatchedApp => ({
	...{target: 'jessica@box', app: 'blog', domain: name, host: '127.0.0.1', port},
	authority: soon.cert,
});
const serving = (pair: typeof long) => listening(createSecureServer(pair));

test('a hundred boxes, some of them dead, are looked at together: all that are silent are waited for once', async () => {
	const fine = await Promise.all(Array.from({length: 70}, (_, index) => serving(index % 7 === 0 ? soon : long)));
	const silentOnes = silent(20);
	const quiet = await silentOnes.ports;
	const closing = createServer();
	const closed = await listening(closing);
	await new Promise(resolve => closing.close(resolve));
	const boxes = [...fine, ...quiet].map(port => watched(port, {authority: soon.cert + long.cert}));
	const dead = Array.from({length: 10}, (_, index) => watched(closed, {label: `dead${index}`}));
	const told: BoxDue[] = [];
	const dues = await surveyDues([...boxes, ...dead], {
		memory: memory(),
		now: Date.now,
		tell: box => told.push(box),
	});
	expect(silentOnes.most()).toBe(20);
	expect(told).toHaveLength(100);
	expect(dues.map(({label}) => label)).toEqual([...boxes, ...dead].map(({label}) => label));
	const days = dues.slice(0, 70).map(box => box.dues[0]?.days);
	expect(days).toEqual(fine.map((_, index) => (index % 7 === 0 ? 9 : 60)));
	expect(dues.slice(70, 90).map(({served}) => served[0]?.problem)).toEqual(quiet.map(() => 'no answer within 4 s'));
	expect(dues.slice(90).map(({served}) => served[0]?.problem)).toEqual(dead.map(() => 'the connection is refused'));
});

test('each name is asked by SNI, and one that is not in its certificate is said to be', async () => {
	const other = certificate(33, ['other.test']);
	const port = await listening(
		createSecureServer({
			...long,
			SNICallback: (asked, answer) => answer(null, createSecureContext(asked === name ? long : other)),
		}),
	);
	const server = {host: '127.0.0.1', port, authority: long.cert + other.cert};
	const [first, second, third] = await readServed(server, [name, 'other.test', 'third.test']);
	expect(first).toMatchObject({certificate: {issuer: 'Test CA', names: [name], trusted: true}});
	expect(first?.problem).toBeUndefined();
	expect(second).toMatchObject({certificate: {names: ['other.test']}});
	expect(third?.problem).toBe('it is for other.test');
	const [stranger] = await readServed({host: '127.0.0.1', port}, [name]);
	expect(stranger?.problem).toBe('this machine does not trust who issued it');
});

test.each([
	[200, {state: 'up'}],
	[404, {state: 'up'}],
	[500, {state: 'amiss', problem: 'answers 500'}],
	[502, {state: 'silent', problem: 'answers 502'}],
])('an app whose front page has the status %i is seen so, over one connection', async (status, expected) => {
	const asked: (string | undefined)[] = [];
	let connections = 0;
	const server = createHttpsServer(soon, (request, response) => {
		asked.push(`${request.method} ${request.url} ${request.headers.host}`);
		response.writeHead(status).end();
	});
	server.on('secureConnection', () => {
		connections += 1;
	});
	const port = await listening(server);
	const told: Reached[] = [];
	// The authority is not among Node's own: what is only there to find that out asks for nothing.
	await lookFromHere([appAt(port)], one => told.push(one));
	expect(told).toMatchObject([{target: 'jessica@box', app: 'blog', certificateDays: 9, ...expected}]);
	expect(asked).toEqual([`HEAD / ${name}`]);
	expect(connections).toBeLessThanOrEqual(2);
});

test('an app is not up where what answers is silent, speaks no HTTP, or never ends; none keeps another from being seen', async () => {
	const endless = (socket: TLSSocket) => {
		const more = () => socket.writable && socket.write(`X-More: ${'x'.repeat(4000)}\r\n`, more);
		socket.on('error', () => undefined).write('HTTP/1.1 200 OK\r\n', more);
	};
	const ports = await Promise.all([
		serving(soon),
		listening(createSecureServer(soon, socket => void socket.on('error', () => undefined).end('SSH-2.0-x\r\n'))),
		listening(createSecureServer(soon, endless)),
		listening(createHttpsServer(soon, (_request, response) => void response.end())),
	]);
	const told = new Map<number, Omit<Reached, 'target' | 'app'>>();
	await Promise.all(
		ports.map(port => lookFromHere([appAt(port)], ({state, problem}) => void told.set(port, {state, problem}))),
	);
	expect(ports.map(port => told.get(port))).toEqual([
		{state: 'silent', problem: 'no answer within 4 s'},
		{state: 'silent', problem: 'what it answers is no HTTP'},
		{state: 'silent', problem: 'what it answers is no HTTP'},
		{state: 'up', problem: undefined},
	]);
});

test('a box that died keeps its dates, as they were last seen', async () => {
	const server = createSecureServer(soon);
	const port = await listening(server);
	const box = watched(port, {names: [name, 'www.box.test'], authority: soon.cert});
	const kept = memory();
	const at = Date.now();
	const [before] = await surveyDues([box], {memory: kept, now: () => at});
	expect(before?.dues).toMatchObject([
		{kind: 'certificate', what: `The certificate of ${name}, www.box.test`, days: 9, reminder: 14},
	]);
	await new Promise(resolve => server.close(resolve));
	const [after] = await surveyDues([box], {memory: kept, now: () => at + 3 * day});
	expect(after?.served[0]).toMatchObject({problem: 'the connection is refused', seen: new Date(at).toISOString()});
	expect(after?.dues).toMatchObject([{days: 6, reminder: 7}]);
	// Never seen from here: its journal knows the end.
	const expires = {[name]: new Date(at + 2 * day).toISOString(), 'shop.test': new Date(at + 5 * day).toISOString()};
	const [never] = await surveyDues([{...box, names: [...box.names, 'shop.test'], expires}], {
		memory: memory(),
		now: () => at,
	});
	expect(never?.dues).toMatchObject([
		{what: `The certificate of ${name}`, days: 2, reminder: 3},
		{what: 'The certificate of shop.test', days: 5, reminder: 7},
	]);
});

test('a memory that can’t be read is put aside', async () => {
	const home = mkdtempSync(join(folder, 'home-'));
	const kept = openMemory(home);
	kept.update(before => ({...before, told: {a: 'b'}}));
	expect(openMemory(home).read().told).toEqual({a: 'b'});
	const {writeFileSync} = await import('node:fs');
	writeFileSync(kept.path, '{"version": 1, "told"');
	expect(openMemory(home).read().told).toEqual({});
	expect(readFileSync(`${kept.path}.damaged`, 'utf8')).toContain('"told"');
});

test('what the box says of itself is kept for when it can’t be asked', async () => {
	const box = watched(await serving(long), {authority: long.cert});
	const kept = memory();
	const at = Date.parse('2028-06-10T00:00:00Z');
	const rebootSince = new Date(at - 8 * day).toISOString();
	const renewal = {timer: 'on', last: {at: rebootSince, worked: true}} as const;
	const system = 'Debian GNU/Linux 12 (bookworm)';
	const ask = async () => ({renewal, system, rebootSince});
	const [now] = await surveyDues([box], {memory: kept, now: () => at, ask});
	expect(now?.dues).toContainEqual({kind: 'reboot', what: 'A reboot', on: rebootSince, days: -8, reminder: 0});
	const refused = async () => Promise.reject(new Error('The key is locked.'));
	const [later] = await surveyDues([{...box, system}], {memory: kept, now: () => at, ask: refused});
	expect(later).toMatchObject({renewal, silent: 'The key is locked.'});
	const asked = new Date(at).toISOString();
	const what = 'A reboot (when last asked, 2028-06-10)';
	expect(later?.dues).toContainEqual({kind: 'reboot', what, on: rebootSince, days: -8, reminder: 0, asked});
	expect(later?.dues).toContainEqual(
		expect.objectContaining({kind: 'support', what: 'Debian 12', days: 20, reminder: 30}),
	);
});

test('a reboot that boxwizard has done is remembered no more, and all else is', async () => {
	const home = mkdtempSync(join(folder, 'home-'));
	vi.stubEnv('BOXWIZARD_HOME', home);
	const toy = await ToyBox.open();
	try {
		const told = {at: '2026-11-14T00:00:00Z', renewal: {timer: 'on'}, rebootSince: '2026-11-05T00:00:00Z'} as const;
		openMemory().update(before => ({...before, boxes: {[toy.host]: told, 'other.test': told}}));
		const step = toyStep('a', {
			hazard: 'reboot',
			check: $ => $`cat /proc/sys/kernel/random/boot_id`,
			done: boot => boot === 'boot-2',
			apply: $ => $`systemctl reboot`,
		});
		await hear(run(toyPlan([step]), toySession(toy)));
		const {rebootSince: _done, ...rest} = told;
		expect(openMemory().read().boxes).toEqual({[toy.host]: rest, 'other.test': told});
	} finally {
		await toy.close();
		vi.unstubAllEnvs();
	}
});

test.each([
	{renewal: {timer: 'on'}, reminder: undefined},
	{renewal: {timer: 'off'}, reminder: 30},
	{renewal: {timer: 'on', last: {at: '2026-11-20T00:00:00Z', worked: false}}, reminder: 30},
] as const)(
	'a box that renews by itself has two days for it, one that said it will not has none: $renewal',
	async ({renewal, reminder}) => {
		const box = watched(await serving(long), {authority: long.cert});
		const now = () => Date.now() + 31 * day;
		const [found] = await surveyDues([box], {
			memory: memory(),
			now,
			ask: async () => ({renewal, system: 'Debian GNU/Linux 13 (trixie)'}),
		});
		expect(found?.dues.find(({kind}) => kind === 'certificate')).toMatchObject({days: 29});
		expect(found?.dues.find(({kind}) => kind === 'certificate')?.reminder).toBe(reminder);
	},
);

describe('registrations (RDAP)', () => {
	const asked: string[] = [];
	let registries: string;

	beforeAll(async () => {
		const web = createWebServer(({url = ''}, response) => {
			asked.push(url);
			const json = (status: number, value: unknown) => {
				response.writeHead(status, {'content-type': 'application/rdap+json'}).end(JSON.stringify(value));
			};
			const event = (eventAction: string, eventDate: string) => ({eventAction, eventDate});
			if (url === '/dns.json') {
				const base = `${registries}/rdap`;
				return json(200, {
					version: '1.0',
					services: [
						[['com', 'uk'], [base]],
						[['slow'], [`${registries}/slow/`]],
					],
				});
			}
			if (url === '/rdap/domain/zebro.com')
				return json(200, {
					events: [event('registration', '2010-01-01T00:00:00Z'), event('expiration', '2027-03-01T04:00:00+02:00')],
				});
			if (url === '/rdap/domain/zebro.co.uk') return json(200, {events: []});
			if (url === '/rdap/domain/busy.com') return json(429, {});
			if (url.startsWith('/slow/')) return;
			return json(404, {});
		});
		registries = `http://127.0.0.1:${await listening(web)}`;
	});

	test.each([
		['www.blog.zebro.com', {domain: 'zebro.com', expires: '2027-03-01T02:00:00.000Z'}],
		['shop.zebro.co.uk', {domain: 'zebro.co.uk', problem: 'the registry does not tell when it expires'}],
		['gone.com', {domain: 'gone.com', problem: 'the registry does not know it'}],
		['busy.com', {domain: 'busy.com', problem: 'the registry answers 429'}],
		['blog.nowhere', {domain: 'blog.nowhere', problem: '.nowhere has no RDAP server'}],
		['blog.slow', {domain: 'blog.slow', problem: 'the registry does not answer'}],
	])('%s', async (domain, answer) => {
		expect(await createRegistrations(`${registries}/dns.json`)(domain)).toEqual(answer);
	});

	test('names that no registry has are not asked for, and nobody answering is no error', async () => {
		asked.length = 0;
		const ask = createRegistrations(`${registries}/dns.json`);
		for (const own of ['203.0.113.7', 'fd00::1', 'localhost', 'box.practice.test', 'nas.home.arpa', 'printer.local'])
			expect(await ask(own)).toBeUndefined();
		expect(asked).toEqual([]);
		const nobody = createRegistrations('http://127.0.0.1:1/dns.json');
		expect(await nobody('zebro.com')).toEqual({domain: 'zebro.com', problem: 'the registry can’t be asked'});
	});

	test('each app’s domain is asked about, and told once, whatever number of names it has', async () => {
		const kept = memory();
		const box = {...watched(1), names: ['blog.zebro.com', 'www.blog.zebro.com', 'shop.zebro.com', 'gone.com']};
		const now = () => Date.parse('2027-02-20T00:00:00Z');
		const ask = createRegistrations(`${registries}/dns.json`);
		const names: string[] = [];
		const registration = (name: string) => {
			names.push(name);
			return ask(name);
		};
		const [due] = await surveyDues([box], {memory: kept, now, registration});
		expect(names).toEqual(['blog.zebro.com', 'shop.zebro.com', 'gone.com']);
		expect(due?.dues).toMatchObject([{kind: 'registration', what: 'The domain zebro.com', days: 9}]);
		expect(due?.unknown).toEqual(['gone.com: the registry does not know it']);
		expect(rememberedDue(box, kept.read(), now()).dues).toEqual(due?.dues);
	});

	test('an answer is good for a week, and stays when the registry is silent then', async () => {
		const kept = memory();
		const box = {...watched(1), names: ['zebro.com']};
		const at = Date.parse('2027-02-20T00:00:00Z');
		const registration = createRegistrations(`${registries}/dns.json`);
		const look = async (now: number, ask = registration) =>
			(await surveyDues([box], {memory: kept, now: () => now, registration: ask}))[0]?.dues;
		const due = {kind: 'registration', what: 'The domain zebro.com', reminder: 14};
		expect(await look(at)).toMatchObject([{...due, days: 9}]);
		asked.length = 0;
		expect(await look(at + day)).toMatchObject([{...due, days: 8}]);
		expect(asked).toEqual([]);
		const silentRegistry = async () => ({domain: 'zebro.com', problem: 'the registry does not answer'});
		expect(await look(at + 8 * day, silentRegistry)).toMatchObject([{days: 1, reminder: 1}]);
	});
});
