import {createHmac, randomInt, timingSafeEqual} from 'node:crypto';
import {canonicalAddress} from '../contract/address.ts';
import type {DnsRecord, DnsServer} from '../contract/step.ts';

/** DNS numbers (IANA, "Domain Name System Parameters"). */
const types = {A: 1, NS: 2, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28, CAA: 257, TSIG: 250} as const;
const classes = {IN: 1, NONE: 254, ANY: 255} as const;
const updateOpcode = 5 << 11;

/** Seconds that the two clocks may differ (RFC 8945, section 10). */
const fudge = 300;

/** A dynamic update (RFC 2136), unsigned. */
export function updateMessage(zone: string, records: readonly DnsRecord[], action: 'make' | 'undo'): Buffer {
	const changes = action === 'make' ? [...clearing(records), ...records.map(adding)] : records.map(removing);
	const header = uint16(randomInt(0x10000), updateOpcode, 1, 0, changes.length, 0);
	return Buffer.concat([header, name(zone), uint16(types.SOA, classes.IN), ...changes]);
}

/** "Delete an RRset" (2.5.2) for each name and type that is to be made, and for an alias in the place of an address. */
function clearing(records: readonly DnsRecord[]): Buffer[] {
	const sets = records.flatMap(record => [
		[record.name, types[record.type]] as const,
		...(record.type === 'A' || record.type === 'AAAA' ? [[record.name, types.CNAME] as const] : []),
	]);
	const unique = new Map(sets.map(set => [set.join(' '), set]));
	return [...unique.values()].map(([owner, type]) => resource(owner, type, classes.ANY, 0, Buffer.alloc(0)));
}

/** "Add to an RRset" (2.5.1). */
function adding(record: DnsRecord): Buffer {
	return resource(record.name, types[record.type], classes.IN, record.ttl, value(record));
}

/** "Delete an RR from an RRset" (2.5.4). */
function removing(record: DnsRecord): Buffer {
	return resource(record.name, types[record.type], classes.NONE, 0, value(record));
}

function resource(owner: string, type: number, group: number, ttl: number, data: Buffer): Buffer {
	return Buffer.concat([name(owner), uint16(type, group, ttl >>> 16, ttl & 0xffff, data.length), data]);
}

function value({type, value: text}: DnsRecord): Buffer {
	switch (type) {
		case 'A':
			return Buffer.from(text.split('.').map(Number));
		case 'AAAA':
			return ipv6(text);
		case 'NS':
			return name(text);
		case 'MX': {
			const [preference, exchange = ''] = text.split(/\s+/);
			return Buffer.concat([uint16(Number(preference)), name(exchange)]);
		}
		case 'TXT':
			return Buffer.concat((text.match(/.{1,255}/gs) ?? ['']).map(string));
		case 'CAA': {
			const [, flags, tag = '', property = ''] = /^(\d+)\s+(\w+)\s+"?(.*?)"?$/.exec(text) ?? [];
			return Buffer.concat([Buffer.from([Number(flags)]), string(tag), Buffer.from(property)]);
		}
		case 'SOA':
			throw new TypeError('A SOA record is the name server’s own');
	}
}

/** What TSIG (RFC 8945) adds to a message: the signed one, and what the answer's signature begins with. */
export function sign(
	message: Buffer,
	server: DnsServer,
	now = Math.floor(Date.now() / 1000),
): {signed: Buffer; mac: Buffer} {
	const time = Buffer.concat([uint16(Math.floor(now / 2 ** 32)), uint16((now >>> 16) & 0xffff, now & 0xffff)]);
	const variables = [time, uint16(fudge)];
	const mac = hmac(server, [message, keyed(server), ...variables, uint16(0, 0)]);
	const id = message.readUInt16BE(0);
	const data = [algorithm, ...variables, uint16(mac.length), mac, uint16(id, 0, 0)];
	const signed = Buffer.concat([message, resource(server.key, types.TSIG, classes.ANY, 0, Buffer.concat(data))]);
	signed.writeUInt16BE(message.readUInt16BE(10) + 1, 10);
	return {signed, mac};
}

const algorithm = name('hmac-sha256');

function keyed(server: DnsServer): Buffer {
	return Buffer.concat([name(server.key), uint16(classes.ANY, 0, 0), algorithm]);
}

function hmac(server: DnsServer, parts: readonly Buffer[]): Buffer {
	return createHmac('sha256', Buffer.from(server.secret.reveal(), 'base64')).update(Buffer.concat(parts)).digest();
}

/** An answer's code (RFC 1035 and 2136), its TSIG error (RFC 8945) and whether it is signed with the key. */
export type UpdateAnswer = {readonly code: number; readonly keyError: number; readonly authentic: boolean};

/** Reads an answer to an update. @throws RangeError when it is cut short */
export function readAnswer(answer: Buffer, server: DnsServer, requestMac: Buffer): UpdateAnswer {
	const code = answer.readUInt16BE(2) & 0xf;
	const last = lastResource(answer);
	if (last?.type !== types.TSIG) return {code, keyError: 0, authentic: false};
	let at = skipName(answer, last.data);
	const variables = answer.subarray(at, at + 8);
	const size = answer.readUInt16BE(at + 8);
	const mac = answer.subarray(at + 10, at + 10 + size);
	at += 10 + size;
	const keyError = answer.readUInt16BE(at + 2);
	const other = answer.subarray(at + 2, at + 6 + answer.readUInt16BE(at + 4));
	const unsigned = Buffer.from(answer.subarray(0, last.start));
	answer.copy(unsigned, 0, at, at + 2);
	unsigned.writeUInt16BE(answer.readUInt16BE(10) - 1, 10);
	const expected = hmac(server, [uint16(requestMac.length), requestMac, unsigned, keyed(server), variables, other]);
	return {code, keyError, authentic: size === expected.length && timingSafeEqual(mac, expected)};
}

function lastResource(message: Buffer): {start: number; type: number; data: number} | undefined {
	let at = 12;
	for (let left = message.readUInt16BE(4); left > 0; left--) at = skipName(message, at) + 4;
	let last: {start: number; type: number; data: number} | undefined;
	for (let left = [6, 8, 10].reduce((sum, count) => sum + message.readUInt16BE(count), 0); left > 0; left--) {
		const fixed = skipName(message, at);
		last = {start: at, type: message.readUInt16BE(fixed), data: fixed + 10};
		at = fixed + 10 + message.readUInt16BE(fixed + 8);
	}

	return last;
}

function skipName(message: Buffer, start: number): number {
	let at = start;
	for (;;) {
		const length = message.readUInt8(at);
		if (length === 0) return at + 1;
		if (length >= 0xc0) return at + 2;
		at += length + 1;
	}
}

/** In wire format and in canonical, that is small, letters. */
function name(text: string): Buffer {
	const labels = text.toLowerCase().split('.').filter(Boolean);
	return Buffer.concat([...labels.map(string), Buffer.from([0])]);
}

function string(text: string): Buffer {
	const bytes = Buffer.from(text);
	return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function uint16(...numbers: readonly number[]): Buffer {
	return Buffer.from(numbers.flatMap(number => [number >> 8, number & 0xff]));
}

function ipv6(text: string): Buffer {
	const [head = '', tail] = canonicalAddress(text).split('::');
	const groups = (part: string) =>
		part
			.split(':')
			.filter(Boolean)
			.map(group => Number.parseInt(group, 16));
	const [left, right] = [groups(head), groups(tail ?? '')];
	return uint16(...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right);
}
