import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {afterEach, beforeEach, expect, it} from 'vitest';
import type {Outside} from '../../source/contract/outside.ts';
import type {Ask} from '../../source/contract/ui/question.ts';
import {openBox, type SshBox, type TransportOptions} from '../../source/transport/index.ts';
import {knownHostsIn, startServer, type TestServer} from './server.ts';

let server: TestServer;
let box: SshBox | undefined;

beforeEach(async () => {
	server = await startServer();
});

afterEach(async () => {
	await box?.close();
	box = undefined;
	await server.stop();
});

const nobody = (async question => {
	throw new Error(`nobody answers ${question.kind}`);
}) as Ask;

const printOf = (line: string) =>
	/SHA256:\S+/.exec(execFileSync('ssh-keygen', ['-lf', '-'], {input: line, encoding: 'utf8'}))?.[0] ?? '';

async function open(options: Partial<TransportOptions>): Promise<SshBox> {
	const outside = () => ({}) as Outside;
	box = await openBox({host: '127.0.0.1', port: server.port, user: 'root'}, nobody, {
		identity: server.key,
		outside,
		...options,
	});
	return box;
}

/** Known by its RSA key alone, as an old known_hosts has it. */
function knownByRsa(): string {
	return knownHostsIn(server.folder, 'old', `[127.0.0.1]:${server.port} ${server.hostKeys.rsa}\n`);
}

it('a host known by an old key that goes away is let in by the key it told before, and is known by that from then on', async () => {
	const knownHosts = knownByRsa();
	const opened = await open({knownHosts});
	opened.trustHostKeys(['', 'no key', `${server.hostKeys.ed25519} root@box`]);
	await server.showOnly('ed25519');
	expect((await opened.freshLogin('root', 'echo in')).stdout).toBe('in\n');
	expect(readFileSync(knownHosts, 'utf8')).toContain(`[127.0.0.1]:${server.port} ${server.hostKeys.ed25519}\n`);
	await opened.close();
	await open({knownHosts});
});

it('also where the old key was pinned', async () => {
	const opened = await open({
		knownHosts: knownHostsIn(server.folder, 'pinned', `[127.0.0.1]:${server.port} ${server.hostKeys.rsa}\n`),
		hostKey: printOf(server.hostKeys.rsa),
	});
	opened.trustHostKeys([server.hostKeys.ed25519]);
	await server.showOnly('ed25519');
	expect((await opened.freshLogin('root', 'echo in')).stdout).toBe('in\n');
});

it('a key that it never told stops everything', async () => {
	const opened = await open({knownHosts: knownByRsa()});
	await server.showOnly('ed25519');
	await expect(opened.freshLogin('root', 'echo in')).rejects.toMatchObject({code: 'host-key-changed'});
});
