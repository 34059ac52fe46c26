import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createConnection} from 'node:net';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, test, vi} from 'vitest';
import type {Outside} from '../../source/contract/outside.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {Ask, Question} from '../../source/contract/ui/question.ts';
import type {Inside} from '../../source/transport/box.ts';
import {openBox, type SshBox, type TransportOptions} from '../../source/transport/index.ts';
import {resolveJump, resolveTarget, type Target} from '../../source/transport/target.ts';
import {knownHostsIn, startServer, type TestServer} from './server.ts';

const account = vi.hoisted((): {username?: string; homedir?: string} => ({}));
vi.mock('node:os', async original => {
	const os = await original<typeof import('node:os')>();
	return {...os, userInfo: () => ({...os.userInfo(), ...account})};
});

const ssh = execFileSync('sh', ['-c', 'command -v ssh'], {encoding: 'utf8'}).trim();
let server: TestServer;
let asked: string[];

beforeAll(async () => {
	server = await startServer();
	mkdirSync(join(server.folder, '.ssh'));
	putSsh('exec');
	// The connection is carried by a program that knows nothing of ssh.
	const carry =
		"const s = require('net').connect(process.argv[2], process.argv[1]); process.stdin.pipe(s).pipe(process.stdout)";
	writeFileSync(join(server.folder, 'carry'), `#!/bin/sh\nexec ${process.execPath} -e "${carry}" "$1" "$2"\n`, {
		mode: 0o755,
	});
	vi.stubEnv('PATH', `${server.folder}:${process.env.PATH}`);
});

afterAll(async () => {
	vi.unstubAllEnvs();
	await server.stop();
});

beforeEach(() => {
	asked = [];
});

/** ssh reads the config of the account's home; it is told another file, and stays ssh. */
function putSsh(start: string): void {
	const words = `#!/bin/sh\n${start} ${ssh} -F ${server.folder}/.ssh/config "$@"\n`;
	writeFileSync(join(server.folder, 'ssh'), words, {mode: 0o755});
}

const configure = (text: string) => writeFileSync(join(server.folder, '.ssh', 'config'), text);
const toServer = () => `HostName 127.0.0.1\n\tPort ${server.port}\n\tUser root\n`;

const ask = (async (question: Question) => {
	asked.push(question.kind);
	if (question.kind === 'trust-host') return true;
	if (question.kind === 'passphrase') return new Secret('open sesame');
	throw new Error(`nobody answers ${question.kind}`);
}) as Ask;

let files = 0;
async function open(host: string, options: Partial<TransportOptions> = {}): Promise<SshBox> {
	files += 1;
	const knownHosts = knownHostsIn(server.folder, `way-${files}`);
	return await openBox({host}, ask, {outside: () => ({}) as Outside, identity: server.key, knownHosts, ...options});
}

/** And how ports are tried by that way. */
async function openWithPort(host: string): Promise<{box: SshBox; port: Inside['port']}> {
	let port: Inside['port'];
	const outside = (inside: Inside) => {
		port = inside.port;
		return {} as Outside;
	};
	return {box: await open(host, {outside}), port};
}

async function whoIsIn(box: SshBox): Promise<string> {
	const {stdout} = await box.run('id -un');
	await box.close();
	return stdout;
}

describe('ProxyCommand', () => {
	test('carries the connection, with its tokens, and the one after a break', async () => {
		// The shell is told to exec it, as ssh does: what is more than one command is a shell's.
		const command = `sh -c 'echo %n %r %% > ${server.folder}/said; exec ${server.folder}/carry %h %p'`;
		configure(`Host box\n\t${toServer()}\tProxyCommand ${command}\n`);
		const {box, port} = await openWithPort('box');
		await box.reconnect();
		expect(await port?.(server.port, 5000)).toBe('unknown');
		expect(await whoIsIn(box)).toBe('root\n');
		expect(readFileSync(join(server.folder, 'said'), 'utf8')).toBe('box root %\n');
		expect(asked).toEqual(['trust-host']);
	});

	test('that fails says so in its own words', async () => {
		configure(`Host box\n\t${toServer()}\tProxyCommand sh -c 'echo no tunnel today >&2; exit 3'\n`);
		await expect(open('box')).rejects.toMatchObject({
			code: 'proxy-command',
			evidence: ["ProxyCommand sh -c 'echo no tunnel today >&2; exit 3'", 'no tunnel today'],
		});
	});

	test('ends with the connection', async () => {
		configure(
			`Host box\n\t${toServer()}\tProxyCommand sh -c 'echo $$ > ${server.folder}/pid; exec ${server.folder}/carry %h %p'\n`,
		);
		await whoIsIn(await open('box'));
		const pid = Number(readFileSync(join(server.folder, 'pid'), 'utf8'));
		await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false));
	});

	test('that hands over an open connection is refused, and what to do instead is told', async () => {
		configure(`Host box\n\t${toServer()}\tProxyCommand nc -F %h %p\n\tProxyUseFdpass yes\n`);
		await expect(open('box')).rejects.toMatchObject({code: 'ssh-config', next: expect.stringContaining('ProxyJump')});
	});
});

test('ProxyJump goes through a host with a port, a user and a key of its own', async () => {
	const other = await startServer();
	try {
		configure(
			`Host box\n\t${toServer()}\tProxyJump gate\nHost gate\n\tHostName 127.0.0.1\n\tPort ${other.port}\n\tUser root\n\tIdentityFile ${other.key}\n`,
		);
		const {box, port} = await openWithPort('box');
		expect(asked).toEqual(['trust-host', 'trust-host']);
		// Ports are tried from there: the box may be in a network that only that host reaches.
		expect(await port?.(server.port, 5000)).toBe('open');
		expect(await port?.(1, 5000)).toBe('closed');
		expect(await whoIsIn(box)).toBe('root\n');
	} finally {
		await other.stop();
	}
});

describe('for the local user nobody', () => {
	// ssh takes the local user from its process, and must be let read the file that it is given.
	const asNobody = '[ "$2" != -F ] || chmod -R a+rX "$(dirname "$3")"\nexec setpriv --reuid=nobody --clear-groups';

	beforeAll(() => {
		chmodSync(server.folder, 0o755);
		putSsh(asNobody);
		Object.assign(account, {username: 'nobody', homedir: server.folder});
	});

	afterAll(() => {
		putSsh('exec');
		delete account.username;
		delete account.homedir;
	});

	const userOf = async (target: Target) => (await resolveTarget(target)).user;

	test.each([
		['no user', 'Host box\n\tPort 22', 'root'],
		['no such host', 'Host other\n\tUser nobody', 'root'],
		['the local one', 'Host box\n\tUser nobody', 'nobody'],
		['the local one for all', 'Host box\n\tPort 22\nHost *\n\tUser nobody', 'nobody'],
		['the local one for whoever has the name', 'Match localuser nobody\n\tUser nobody', 'nobody'],
		['the local one at the second reading', 'Match final host box\n\tUser nobody', 'nobody'],
		['another one', 'Host box\n\tUser jess', 'jess'],
	])('a box with %s in the config', async (_name, text, user) => {
		configure(`${text}\n`);
		expect(await userOf({host: 'box'})).toBe(user);
		expect(await userOf({host: 'box', user: 'nobody'})).toBe('nobody');
	});

	test.each([
		['gate', '', 'nobody'],
		['gate', 'User nobody', 'nobody'],
		['gate', 'User jess', 'jess'],
		['root@gate', 'User jess', 'root'],
		['nobody@gate', 'User jess', 'nobody'],
	])('ProxyJump %s, “%s”: %s', async (jump, line, user) => {
		configure(
			`Host box\n\t${toServer()}\tProxyJump ${jump}\nHost gate\n\tHostName 127.0.0.1\n\tPort ${server.port}\n\t${line}\n`,
		);
		await expect(open('box', {identity: join(server.folder, 'none')})).rejects.toMatchObject({
			what: `gate lets nobody in as ${user}.`,
		});
	});

	test('ssh is asked once more only where its answer may be a default, and nothing is left behind', async () => {
		const calls = join(server.folder, 'calls');
		putSsh(`echo "$3" >> ${calls}\n${asNobody}`);
		configure('Host box\n\tUser jess\n');
		await userOf({host: 'box'});
		await userOf({host: 'other', user: 'nobody'});
		await resolveJump({host: 'other'});
		expect(readFileSync(calls, 'utf8').trim().split('\n')).toHaveLength(3);
		await userOf({host: 'other'});
		const [, , , , config = ''] = readFileSync(calls, 'utf8').trim().split('\n');
		expect(config).toMatch(/config$/);
		expect(existsSync(dirname(config))).toBe(false);
	});
});

test('a host that only an authority vouches for is refused, and told how to name its key', async () => {
	const line = `@cert-authority * ${server.hostKeys.rsa}\n`;
	configure(`Host box\n\t${toServer()}`);
	const knownHosts = knownHostsIn(server.folder, 'authority', line);
	const refused = open('box', {knownHosts});
	await expect(refused).rejects.toMatchObject({code: 'host-certified', next: expect.stringContaining('--host-key')});
	expect(asked).toEqual([]);
	const print = /SHA256:\S+/.exec(
		execFileSync('ssh-keygen', ['-lf', '-'], {input: server.hostKeys.ed25519, encoding: 'utf8'}),
	);
	expect(await whoIsIn(await open('box', {knownHosts, hostKey: print?.[0] ?? ''}))).toBe('root\n');
});

describe('a key with a passphrase in ssh-agent', () => {
	const socket = () => join(server.folder, 'agent');
	let stopAgent = () => {};

	beforeAll(async () => {
		const agent = spawn('ssh-agent', ['-D', '-a', socket()], {stdio: 'ignore'});
		stopAgent = () => agent.kill();
		await vi.waitFor(async () => {
			const connection = createConnection(socket());
			await once(connection, 'connect');
			connection.destroy();
		});
		configure(`Host box\n\t${toServer()}\tIdentityAgent ${socket()}\n\tIdentityFile ${server.folder}/none\n`);
	});

	afterAll(() => stopAgent());

	/** As a person does, whose passphrase a program asks for. @param words -c: each use is to be confirmed */
	function addKey(...words: string[]): void {
		const program = join(server.folder, 'askpass');
		writeFileSync(program, "#!/bin/sh\necho 'open sesame'\n", {mode: 0o755});
		const env = {...process.env, SSH_AUTH_SOCK: socket(), SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force'};
		execFileSync('ssh-add', ['-q', '-D'], {env, stdio: 'ignore'});
		execFileSync('ssh-add', ['-q', ...words, server.lockedKey], {env, stdio: 'ignore'});
	}

	test('opens the door, and nobody is asked for the passphrase', async () => {
		addKey();
		expect((await resolveTarget({host: 'box'})).agent).toBe(socket());
		expect(await whoIsIn(await open('box', {identity: server.lockedKey}))).toBe('root\n');
		expect(asked).toEqual(['trust-host']);
	});

	test('an agent that refuses to sign is gone round: the file, and its passphrase', async () => {
		// Nothing can ask for the confirmation where the agent runs.
		addKey('-c');
		expect(await whoIsIn(await open('box', {identity: server.lockedKey}))).toBe('root\n');
		expect(asked).toEqual(['trust-host', 'passphrase']);
	});

	test('an agent that refuses, and no file: the login is refused in words', async () => {
		addKey('-c');
		await expect(open('box', {identity: join(server.folder, 'none')})).rejects.toMatchObject({code: 'login-refused'});
	});
});
