import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer as createPlain} from 'node:http';
import {createServer as createSecure} from 'node:https';
import {type AddressInfo, createServer, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {createOutside, readAuthority} from '../../source/outside/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxwizard-outside-'));
const at = (name: string) => join(folder, name);
const servers: Server[] = [];

const outside = createOutside({
	host: '127.0.0.1',
	peer: async () => ({client: '127.0.0.1', server: '127.0.0.1', port: 22}),
	login: async () => undefined,
	certificateAuthority: at('ca.pem'),
});
let securePort: number;
let strangerPort: number;
let plainPort: number;

beforeAll(async () => {
	const openssl = (...words: string[]) => execFileSync('openssl', words, {cwd: folder, stdio: 'pipe'});
	const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
	openssl('req', '-x509', ...key, '-subj', '/O=Example/CN=Test Root', '-keyout', 'ca.key', '-out', 'ca.pem');
	const names = ['-addext', 'subjectAltName=DNS:box.example.test,DNS:www.example.test'];
	const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'basicConstraints=critical,CA:FALSE'];
	openssl('req', '-x509', ...key, '-subj', '/CN=box', ...names, ...signed, '-keyout', 'box.key', '-out', 'box.pem');
	openssl('req', '-x509', ...key, '-subj', '/CN=self', ...names, '-keyout', 'self.key', '-out', 'self.pem');
	const answer = (host: string | undefined) => `\u001B]0;hostile\u0007hello ${host}\n`;
	const secure = (name: string) =>
		createSecure({key: readFileSync(at(`${name}.key`)), cert: readFileSync(at(`${name}.pem`))}, (request, response) => {
			response.writeHead(200, {'X-Seen': request.method ?? ''}).end(answer(request.headers.host));
		});
	securePort = await listen(secure('box'));
	strangerPort = await listen(secure('self'));
	plainPort = await listen(
		createPlain((request, response) => {
			if (request.url === '/large') response.end('x'.repeat(1_000_000));
			else response.writeHead(301, {location: `https://box.example.test${request.url}`}).end();
		}),
	);
});
afterAll(() => {
	for (const server of servers) server.close();
	rmSync(folder, {recursive: true});
});

test('a certificate of the given CA is trusted, by the name of the URL at the address given', async () => {
	const fetched = await outside.fetch(`https://box.example.test:${securePort}/`, {address: '127.0.0.1'});
	expect(fetched).toMatchObject({
		status: 200,
		headers: {'x-seen': 'GET'},
		body: `hello box.example.test:${securePort}\n`,
		certificate: {issuer: 'Example, Test Root', names: ['box.example.test', 'www.example.test'], trusted: true},
	});
	expect(fetched.certificate?.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
	expect(Date.parse(fetched.certificate?.expires ?? '')).toBeGreaterThan(Date.now());
});

test('a self-signed certificate is refused, and described where any is accepted', async () => {
	const url = `https://box.example.test:${strangerPort}/`;
	await expect(outside.fetch(url, {address: '127.0.0.1'})).rejects.toHaveProperty('code', 'certificate-untrusted');
	const fetched = await outside.fetch(url, {address: '127.0.0.1', anyCertificate: true, method: 'HEAD'});
	expect(fetched).toMatchObject({status: 200, body: '', certificate: {issuer: 'self', trusted: false}});
});

test('a certificate for other names is refused although its CA is trusted', async () => {
	const url = `https://other.example.test:${securePort}/`;
	await expect(outside.fetch(url, {address: '127.0.0.1'})).rejects.toMatchObject({
		code: 'certificate-name',
		what: expect.stringContaining('it is for box.example.test, www.example.test'),
	});
});

test('redirects are answered and a long body is cut', async () => {
	const redirected = await outside.fetch(`http://box.example.test:${plainPort}/a?b=c`, {address: '127.0.0.1'});
	expect(redirected).toMatchObject({status: 301, headers: {location: 'https://box.example.test/a?b=c'}});
	const large = await outside.fetch(`http://127.0.0.1:${plainPort}/large`);
	expect(large.body).toHaveLength(64 * 1024);
});

test('ports that are open, refused, or refused in one family only', async () => {
	const server = createServer();
	const port = await listen(server);
	expect(await outside.port(port)).toBe('open');
	const two = createOutside({
		host: '127.0.0.1',
		addresses: async () => ['127.0.0.1', '2001:db8::1', '::1'],
		peer: outside.peer,
		login: outside.login,
	});
	expect(await two.port(port)).toBe('partly');
	await new Promise(resolve => server.close(resolve));
	expect(await outside.port(port)).toBe('closed');
	await expect(outside.fetch(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
		code: 'unreachable',
		what: expect.stringContaining('the connection is refused'),
	});
});

test('a CA is given as text or as a file, and a file without one is refused', () => {
	const pem = readFileSync(at('ca.pem'), 'utf8');
	expect(readAuthority(at('ca.pem'))).toBe(pem);
	expect(readAuthority(pem)).toBe(pem);
	expect(() => readAuthority(at('ca.key'))).toThrow('No certificate was found in');
});

async function listen(server: Server): Promise<number> {
	servers.push(server);
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}
