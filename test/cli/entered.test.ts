import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import type {ConnectionOptions} from '../../source/cli/given/connection-options.ts';
import {createWizard} from '../../source/cli/wizard/wizard.ts';
import {Secret} from '../../source/contract/secret.ts';
import {openJournal} from '../../source/state/journal.ts';
import {openVault} from '../../source/state/vault.ts';
import {catalogue} from '../../steps/index.ts';
import {knownHostsIn, startServer, type TestServer} from '../transport/server.ts';

let server: TestServer;
let home: string;
let connection: ConnectionOptions;

beforeAll(async () => {
	server = await startServer();
	home = mkdtempSync(join(tmpdir(), 'boxwizard-entered-'));
	vi.stubEnv('BOXWIZARD_HOME', home);
	vi.stubEnv('BOXWIZARD_VAULT', 'memory');
	connection = {identity: server.key, knownHosts: knownHostsIn(server.folder, 'entered')};
});

afterAll(async () => {
	vi.unstubAllEnvs();
	rmSync(home, {recursive: true});
	await server.stop();
});

const trusting = (async () => true) as never;

async function enter(answers: Readonly<Record<string, unknown>> = {}) {
	const wizard = createWizard({catalogue, connection, answers});
	try {
		return await wizard.enter(`root@127.0.0.1:${server.port}`, trusting, () => undefined);
	} finally {
		await wizard.leave();
	}
}

test('who names no ssh port keeps the one the box has; a given or remembered one wins', async () => {
	expect((await enter()).answers.sshPort).toBe(server.port);
	expect((await enter({sshPort: 2222})).answers.sshPort).toBe(2222);
	openJournal('127.0.0.1', server.port).update(state => ({...state, box: {...state.box, answers: {sshPort: 2200}}}));
	expect((await enter()).answers.sshPort).toBe(2200);
});

test('of an app that is taken in hand, a secret that the vault holds is not asked for', async () => {
	const vaultFile = join(home, 'secrets.json');
	const app = {
		kind: 'python',
		answers: {app: 'blog', domain: 'blog.example.org', dnsProvider: 'rfc2136'},
		leftOut: [],
		steps: {},
	};
	openJournal('127.0.0.1', server.port).update(state => ({...state, apps: {shop: app, blog: app}}));
	const wizard = createWizard({catalogue, connection: {...connection, vaultFile}, answers: {}});
	const missing = async () => {
		await wizard.enter(`root@127.0.0.1:${server.port}`, trusting, () => undefined);
		return wizard.validate(wizard.setupFor('blog')).map(({option}) => option);
	};
	vi.stubEnv('BOXWIZARD_VAULT', '');
	try {
		expect(await missing()).toContain('dnsSecret');
		const vault = await openVault('127.0.0.1', server.port, {file: vaultFile});
		await vault.set('blog:dnsSecret', new Secret('a key'));
		expect(await missing()).not.toContain('dnsSecret');
	} finally {
		vi.stubEnv('BOXWIZARD_VAULT', 'memory');
		await wizard.leave();
	}
});
