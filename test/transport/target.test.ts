import {createHmac, randomBytes} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {
	judge,
	knownTypes,
	matches,
	parseKnownHosts,
	remember,
	withoutHost,
} from '../../source/transport/login/known-hosts.ts';
import {createMarkScanner} from '../../source/transport/shell/mark-scanner.ts';
import {parseTarget} from '../../source/transport/target.ts';

describe('parseTarget', () => {
	it.each([
		['example.com', {host: 'example.com'}],
		['root@203.0.113.7', {host: '203.0.113.7', user: 'root'}],
		['jo.e-x@box:2222', {host: 'box', port: 2222, user: 'jo.e-x'}],
		['[2001:db8::7]:22', {host: '2001:db8::7', port: 22}],
		['root@[fe80::1%eth0]', {host: 'fe80::1%eth0', user: 'root'}],
		['root@2001:db8::7', {host: '2001:db8::7', user: 'root'}],
	])('%s', (text, target) => {
		expect(parseTarget(text)).toEqual(target);
	});

	it.each(['', 'root@', '-oProxyCommand=x', '@host', 'host:0', 'host:65536', 'host:', 'a b', '-x@host', 'host:22x'])(
		'refuses “%s”',
		text => {
			expect(() => parseTarget(text)).toThrow(expect.objectContaining({code: 'bad-target'}));
		},
	);
});

/** A public key in wire form, with nothing behind its type. */
function key(type: string): Buffer {
	const length = Buffer.alloc(4);
	length.writeUInt32BE(type.length);
	return Buffer.concat([length, Buffer.from(type), randomBytes(32)]);
}

function hash(name: string): string {
	const salt = randomBytes(20);
	return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

describe('known_hosts', () => {
	it.each([
		['example.com', 'example.com', true],
		['EXAMPLE.com', 'example.COM', true],
		['a,example.com,b', 'example.com', true],
		['*.example.com', 'www.example.com', true],
		['*.example.com', 'example.com', false],
		['box?', 'box7', true],
		['box?', 'box77', false],
		['*.example.com,!www.example.com', 'www.example.com', false],
		['!www.example.com', 'mail.example.com', false],
		['[example.com]:2222', '[example.com]:2222', true],
		['[example.com]:2222', 'example.com', false],
		['example.com', '[example.com]:2222', false],
		['exampleXcom', 'example.com', false],
		['example.com', 'exampleXcom', false],
		[hash('example.com'), 'example.com', true],
		[hash('[example.com]:2222'), '[example.com]:2222', true],
		[hash('example.com'), 'example.org', false],
		['|1|broken', 'example.com', false],
	])('%s names %s: %s', (hosts, name, expected) => {
		expect(matches(hosts, name)).toBe(expected);
	});

	const [ed25519, other, rsa] = [key('ssh-ed25519'), key('ssh-ed25519'), key('ssh-rsa')];
	const line = (words: string, bytes: Buffer, type = 'ssh-ed25519') => `${words} ${type} ${bytes.toString('base64')} c`;
	it.each([
		['the same key', [line('box', ed25519)], 'known'],
		['no line of this host', ['# box', '', line('bux', ed25519)], 'unknown'],
		['another key of the type', [line('box', other)], 'changed'],
		['another key beside the same', [line('box', other), line('box', ed25519)], 'known'],
		['a key of another type only', [line('box', rsa, 'ssh-rsa')], 'changed'],
		['a revoked key', [line('box', ed25519), line('@revoked *', ed25519)], 'revoked'],
		['another key revoked', [line('box', ed25519), line('@revoked *', other)], 'known'],
		['a certificate authority', [line('@cert-authority *', other)], 'certified'],
		['a certificate authority of other hosts', [line('@cert-authority *.example.com', other)], 'unknown'],
		['an unknown marker', [line('@surprise box', ed25519)], 'unknown'],
	])('%s', (_name, lines, kind) => {
		expect(judge(parseKnownHosts(lines.join('\r\n')), 'box', ed25519).kind).toBe(kind);
	});

	it('names the types to ask for first', () => {
		const text = [line('box', rsa, 'ssh-rsa'), line('@cert-authority box', ed25519), line('box', rsa, 'ssh-rsa')].join(
			'\n',
		);
		expect(knownTypes(parseKnownHosts(text), 'box')).toEqual(['ssh-rsa']);
	});

	it.each([
		['its own line', ['box KEY', 'other KEY'], ['other KEY']],
		['all of its keys', ['box KEY', '# of mine', 'BOX KEY'], ['# of mine']],
		['its name among others', ['other,box KEY # mine'], ['other KEY # mine']],
		['a hashed name', ['|1|AAECAwQFBgcICQoLDA0ODxAREhM=|U5D/HnyUKVdcJYsaAREK7y+TeWA= KEY'], []],
		['no pattern', ['*,!x KEY', 'b?x KEY'], ['*,!x KEY', 'b?x KEY']],
		[
			'no authority, nothing revoked',
			['@cert-authority box KEY', '@revoked box KEY'],
			['@cert-authority box KEY', '@revoked box KEY'],
		],
		['no other port', ['[box]:2222 KEY'], ['[box]:2222 KEY']],
		['no longer name', ['box.example.com KEY'], ['box.example.com KEY']],
	])('forgets %s', (_name, lines, left) => {
		const key = `ssh-ed25519 ${ed25519.toString('base64')}`;
		const asText = (all: readonly string[]) => [...all, ''].join('\r\n').replaceAll('KEY', key);
		expect(withoutHost(asText(lines), 'box')).toBe(asText(left));
	});

	it('remembers in a folder and a file of its own', () => {
		const folder = mkdtempSync(join(tmpdir(), 'boxwizard-known-'));
		const file = join(folder, 'ssh', 'known_hosts');
		remember(file, '[Box]:2222', ed25519);
		remember(file, 'other', rsa);
		expect(statSync(join(folder, 'ssh')).mode & 0o777).toBe(0o700);
		expect(statSync(file).mode & 0o777).toBe(0o600);
		const entries = parseKnownHosts(readFileSync(file, 'utf8'));
		expect(entries.map(entry => [entry.hosts, entry.type])).toEqual([
			['[box]:2222', 'ssh-ed25519'],
			['other', 'ssh-rsa'],
		]);
		expect(judge(entries, '[box]:2222', ed25519).kind).toBe('known');
		rmSync(folder, {recursive: true});
	});
});

it.each([1, 2, 3, 7, 100])('finds the mark in pieces of %i', size => {
	const bytes = Buffer.from('out nonc\nnonce 3\nlate');
	let before = '';
	const found: string[] = [];
	const scanner = createMarkScanner(
		'nonce ',
		piece => {
			before += piece.toString();
		},
		rest => found.push(rest),
	);
	for (let index = 0; index < bytes.length; index += size) scanner.push(bytes.subarray(index, index + size));
	expect(before).toBe('out nonc\n');
	expect(found).toEqual(['3']);
});
