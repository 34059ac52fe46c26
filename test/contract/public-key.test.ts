import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {readPublicKeys} from '../../source/contract/public-key.ts';

/** Real keys, made by ssh-keygen; their private halves never leave the temporary folder. */
let folder = '';
const line = (name: string) => readFileSync(join(folder, `${name}.pub`), 'utf8').trim();
const keygen = (...words: string[]) => execFileSync('ssh-keygen', words, {encoding: 'utf8'});
const make = (name: string, ...words: string[]) =>
	keygen('-q', '-N', '', '-C', `${name}@laptop`, '-f', join(folder, name), ...words);

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'public-key-'));
	make('ed25519', '-t', 'ed25519');
	make('ecdsa', '-t', 'ecdsa', '-b', '384');
	make('rsa', '-t', 'rsa', '-b', '2048');
	make('short', '-t', 'rsa', '-b', '1024');
	make('authority', '-t', 'ed25519');
	keygen('-q', '-s', join(folder, 'authority'), '-I', 'me', join(folder, 'ed25519.pub'));
});
afterAll(() => rmSync(folder, {recursive: true}));

describe('keys that are taken', () => {
	test.each(['ed25519', 'ecdsa', 'rsa'])('%s, with the fingerprint that ssh-keygen shows', name => {
		const [key, ...more] = readPublicKeys(`${line(name)}\n`);
		expect(more).toEqual([]);
		expect(key?.line).toBe(line(name));
		expect(key?.comment).toBe(`${name}@laptop`);
		expect(keygen('-l', '-f', join(folder, `${name}.pub`))).toContain(` ${key?.fingerprint} `);
	});

	test('several in one paste, with comments and empty lines between them, from Windows', () => {
		const paste = `# mine\r\n${line('ed25519')}\r\n\r\n${line('rsa')}\r\n${line('ecdsa')}\r\n`;
		expect(readPublicKeys(paste).map(key => key.line)).toEqual(['ed25519', 'rsa', 'ecdsa'].map(line));
	});

	test('lines that a terminal wrapped', () => {
		const wrapped = [line('rsa'), line('ed25519')].map(text => text.replace(/(.{60})/g, '$1\n')).join('\n');
		expect(readPublicKeys(wrapped).map(key => key.blob)).toEqual(
			['rsa', 'ed25519'].map(name => line(name).split(' ')[1]),
		);
	});

	test('the form that PuTTYgen saves (RFC 4716)', () => {
		const saved = keygen('-e', '-f', join(folder, 'rsa.pub')).replaceAll('\n', '\r\n');
		const [key] = readPublicKeys(saved);
		expect(key?.blob).toBe(line('rsa').split(' ')[1]);
		expect(key?.type).toBe('ssh-rsa');
	});

	test('a key without a comment', () => {
		expect(readPublicKeys(line('ed25519').split(' ').slice(0, 2).join(' '))[0]?.comment).toBe('');
	});
});

describe('what was pasted instead is named', () => {
	const blob = () => line('ed25519').split(' ')[1] ?? '';
	const cases: [string, () => string, RegExp][] = [
		['nothing', () => ' \n', /No key at all/],
		['a private key', () => readFileSync(join(folder, 'ed25519'), 'utf8'), /private key, which must stay with you/],
		['PuTTY’s private key', () => 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n', /\.ppk/],
		['a PEM public key', () => keygen('-e', '-m', 'PKCS8', '-f', join(folder, 'rsa.pub')), /PEM file/],
		['a certificate', () => readFileSync(join(folder, 'ed25519-cert.pub'), 'utf8'), /certificate/],
		['a short RSA key', () => line('short'), /RSA key of 1024 bits/],
		['a DSA key', () => 'ssh-dss AAAAB3NzaC1kc3MAAACBAP1/U4EddRIpUt9KnC7s5Of2 old', /DSA key/],
		['half a key', () => line('rsa').slice(0, 200), /part of this key is missing/],
		['a cut-off SSH2 file', () => keygen('-e', '-f', join(folder, 'rsa.pub')).slice(0, 200), /END SSH2/],
		['a key of another type than it says', () => `ssh-rsa ${blob()}`, /of another type/],
		['a type that sshd does not take', () => `ssh-ed448 ${blob()}`, /no type of key/],
		['a blob without its type', () => blob(), /The beginning is missing/],
		['only the type', () => 'ssh-ed25519', /Only the beginning/],
		['a fingerprint', () => 'SHA256:cWYv9Q1S+8g0a1d5pWg1bq4m1h7yQwXvJq4m1h7yQwX', /fingerprint/],
		['a path', () => '~/.ssh/id_ed25519.pub', /name of a file/],
		['options before the key', () => `command="/bin/true",no-pty ${line('ed25519')}`, /Options before a key/],
		['words', () => 'my key please', /No public key/],
	];
	test.each(cases)('%s', (_name, paste, message) => {
		expect(() => readPublicKeys(paste())).toThrow(message);
	});
});
