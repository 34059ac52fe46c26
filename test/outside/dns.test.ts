import {createSocket, type Socket} from 'node:dgram';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Outside} from '../../source/contract/outside.ts';
import {createOutside} from '../../source/outside/index.ts';

/** What a server answers by name and type number; 'refused' is the way not to. */
type Zone = Readonly<Record<string, readonly Buffer[] | 'refused'>>;

const [A, NS, CNAME, AAAA, CAA] = [1, 2, 5, 28, 257];
const v4 = (address: string) => Buffer.from(address.split('.').map(Number));
const wire = (text: string) =>
	Buffer.concat([
		...text.split('.').map(label => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
		Buffer.from([0]),
	]);

/** The resolver, and the authority of the zone's first server. */
const first: Zone = {
	[`example.test ${NS}`]: [wire('ns1.example.test'), wire('ns2.example.test'), wire('ns3.example.test')],
	[`ns1.example.test ${A}`]: [v4('127.0.0.1')],
	[`ns2.example.test ${A}`]: [v4('127.0.0.2')],
	[`ns3.example.test ${A}`]: [v4('127.0.0.3')],
	[`box.example.test ${A}`]: [v4('203.0.113.7')],
	[`box.example.test ${AAAA}`]: [Buffer.from('20010db8000000000000000000000007', 'hex')],
	[`example.test ${CAA}`]: [Buffer.from('\u0000\u0005issueletsencrypt.org')],
	[`alias.example.test ${CNAME}`]: [wire('box.example.test')],
	[`alias.example.test ${NS}`]: [wire('ns9.example.test')],
	[`lost.example.test ${A}`]: 'refused',
};
/** The zone's second server, where a change has not arrived; the third refuses. */
const second: Zone = {[`box.example.test ${A}`]: [v4('198.51.100.4')]};
const third: Zone = {[`box.example.test ${A}`]: 'refused', [`box.example.test ${AAAA}`]: 'refused'};

const sockets: Socket[] = [];
let outside: Outside;

beforeAll(async () => {
	const port = await serve('127.0.0.1', 0, first);
	await serve('127.0.0.2', port, second);
	await serve('127.0.0.3', port, third);
	outside = createOutside({
		host: 'box.example.test',
		nameserver: `127.0.0.1:${port}`,
		peer: async () => ({client: '192.0.2.1', server: '10.0.0.4', port: 22}),
		login: async () => undefined,
	});
});
afterAll(() => {
	for (const socket of sockets) socket.close();
});

test('each authoritative server is heard by itself, also the one that refuses', async () => {
	expect(await outside.views('box.example.test', 'A')).toEqual([
		{zone: 'example.test', server: 'ns1.example.test', records: ['203.0.113.7']},
		{zone: 'example.test', server: 'ns2.example.test', records: ['198.51.100.4']},
		{zone: 'example.test', server: 'ns3.example.test', records: [], problem: 'refuses to answer for this name'},
	]);
	expect(await outside.resolve('box.example.test', 'A', 'authority')).toEqual(['198.51.100.4', '203.0.113.7']);
});

test('the machine’s own resolver answers for itself, and what does not exist is no error', async () => {
	expect(await outside.resolve('box.example.test', 'AAAA')).toEqual(['2001:db8::7']);
	expect(await outside.resolve('nothing.example.test', 'A')).toEqual([]);
	expect(await outside.resolve('example.test', 'CAA', 'public')).toEqual(['0 issue "letsencrypt.org"']);
	expect(await outside.address()).toBe('203.0.113.7');
});

test('an alias is asked of the zone it stands in, and followed', async () => {
	const views = await outside.views('alias.example.test', 'A');
	expect(views.map(view => view.records)).toEqual([['203.0.113.7'], ['198.51.100.4'], []]);
});

test('no answer is a Trouble, not an empty one', async () => {
	await expect(outside.resolve('lost.example.test', 'A')).rejects.toHaveProperty('code', 'dns-unanswered');
	await expect(outside.resolve('lost.example.test', 'A', 'public')).rejects.toHaveProperty('code', 'dns-unanswered');
});

test('a name without any name server above it is said to have none', async () => {
	await expect(outside.views('a.nowhere', 'A')).rejects.toHaveProperty('code', 'dns-undelegated');
});

async function serve(address: string, port: number, zone: Zone): Promise<number> {
	const socket = createSocket('udp4');
	sockets.push(socket);
	socket.on('message', (query, sender) => {
		const answer = answerOf(query, zone);
		if (answer) socket.send(answer, sender.port, sender.address);
	});
	await new Promise<void>(resolve => socket.bind(port, address, resolve));
	return socket.address().port;
}

/** RFC 1035, section 4: header, the question again, and the records, their names pointing to the question's. */
function answerOf(query: Buffer, zone: Zone): Buffer | undefined {
	let end = 12;
	const labels: string[] = [];
	for (let length = query.readUInt8(end); length > 0; length = query.readUInt8(end)) {
		labels.push(query.toString('latin1', end + 1, end + 1 + length));
		end += length + 1;
	}

	const type = query.readUInt16BE(end + 1);
	const found = zone[`${labels.join('.').toLowerCase()} ${type}`] ?? [];
	const records = found === 'refused' ? [] : found;
	const header = Buffer.alloc(12);
	query.copy(header, 0, 0, 2);
	header.writeUInt16BE(0x8480 | (found === 'refused' ? 5 : 0), 2);
	header.writeUInt16BE(1, 4);
	header.writeUInt16BE(records.length, 6);
	const resources = records.map(data => {
		const fixed = Buffer.from([0xc0, 12, type >> 8, type & 0xff, 0, 1, 0, 0, 0, 5, 0, data.length]);
		return Buffer.concat([fixed, data]);
	});
	return Buffer.concat([header, query.subarray(12, end + 5), ...resources]);
}
