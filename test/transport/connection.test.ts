import {execFileSync} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, rmSync, statSync} from 'node:fs';
import {type AddressInfo, connect as connectSocket, createServer} from 'node:net';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import type {Box} from '../../source/contract/box.ts';
import type {Outside} from '../../source/contract/outside.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {Ask, Question} from '../../source/contract/ui/question.ts';
import {connect} from '../../source/transport/connect.ts';
import {type Inside, openBox, type TransportOptions} from '../../source/transport/index.ts';
import {emptyCredentials} from '../../source/transport/login/login.ts';
import {resolveTarget} from '../../source/transport/target.ts';
import {hashed, knownHostsIn, startLine, startServer, type TestServer} from './server.ts';

let server: TestServer;
const opened: Box[] = [];

beforeAll(async () => {
	server = await startServer();
});

afterAll(() => server.stop());

afterEach(async () => {
	await Promise.all(opened.splice(0).map(box => box.close()));
});

/** A person with prepared answers; what they were asked is kept. */
function person(answers: Partial<Record<Question['kind'], readonly unknown[]>> = {}) {
	const asked: Question[] = [];
	const left = new Map(Object.entries(answers).map(([kind, list]) => [kind, [...list]]));
	const ask = (async (question: Question) => {
		asked.push(question);
		const answer = left.get(question.kind)?.shift();
		if (answer === undefined) throw new Error(`nobody answers ${question.kind}`);
		return answer;
	}) as Ask;
	return {ask, asked};
}

/** Nothing is seen from outside in these tests but what the connection itself tells. */
let inside: Inside;
const outside = (given: Inside): Outside => {
	inside = given;
	return {} as Outside;
};

async function open(name: string, given: Partial<TransportOptions> & {ask?: Ask; port?: number} = {}): Promise<Box> {
	const {ask = person({'trust-host': [true]}).ask, port = server.port, ...options} = given;
	const knownHosts = options.knownHosts ?? knownHostsIn(server.folder, name);
	const box = await openBox({host: '127.0.0.1', port, user: 'root'}, ask, {
		identity: server.key,
		outside,
		...options,
		knownHosts,
	});
	opened.push(box);
	return box;
}

const printOf = (line: string) =>
	/SHA256:\S+/.exec(execFileSync('ssh-keygen', ['-lf', '-'], {input: line, encoding: 'utf8'}))?.[0] ?? '';

describe('login', () => {
	it('with a key: shows the fingerprint as ssh-keygen does, and remembers the host', async () => {
		const {ask, asked} = person({'trust-host': [true]});
		const file = knownHostsIn(server.folder, 'first');
		await open('first', {ask, knownHosts: file});
		const fingerprint = printOf(server.hostKeys.ed25519);
		expect(asked).toEqual([
			{kind: 'trust-host', host: '127.0.0.1', port: server.port, keyType: 'ssh-ed25519', fingerprint},
		]);
		expect(readFileSync(file, 'utf8')).toBe(`[127.0.0.1]:${server.port} ${server.hostKeys.ed25519}\n`);
		expect(statSync(file).mode & 0o777).toBe(0o600);
		const nobody = person();
		await open('first', {ask: nobody.ask, knownHosts: file});
		expect(nobody.asked).toEqual([]);
	});

	it('with an encrypted key: asks for the passphrase once, however often it connects', async () => {
		const {ask, asked} = person({
			'trust-host': [true],
			passphrase: [new Secret('wrong'), new Secret('open sesame')],
		});
		const box = await open('locked', {ask, identity: server.lockedKey});
		await box.reconnect();
		expect(await box.freshLogin('root', 'echo in')).toEqual({code: 0, stdout: 'in\n', stderr: ''});
		expect(asked.slice(1)).toEqual([
			{kind: 'passphrase', identity: server.lockedKey, wrong: false},
			{kind: 'passphrase', identity: server.lockedKey, wrong: true},
		]);
	});

	it('tells which keys were tried in vain', async () => {
		const refused = open('nobody', {identity: `${server.folder}/host`});
		await expect(refused).rejects.toMatchObject({
			code: 'login-refused',
			evidence: expect.arrayContaining([`tried: key ${server.folder}/host`]),
		});
	});

	describe('a key whose private half is not here', () => {
		const halfOf = (name: string, comment: string) => {
			const path = join(server.folder, name);
			execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path]);
			const line = readFileSync(`${path}.pub`, 'utf8').trim();
			rmSync(path);
			return {path, line};
		};

		it('is named where its file is the one to log in with', async () => {
			const {path} = halfOf('half', 'kate@desk');
			for (const identity of [path, `${path}.pub`]) {
				await expect(open('nobody', {identity})).rejects.toMatchObject({
					code: 'login-refused',
					means: expect.stringContaining('private half'),
					next: expect.not.stringContaining('password'),
					evidence: expect.arrayContaining([`no private half here: ssh-ed25519 kate@desk, ${path}.pub`]),
				});
			}
		});

		it('is named where its file is not there at all', async () => {
			const identity = join(server.folder, 'nowhere');
			await expect(open('nobody', {identity})).rejects.toMatchObject({
				evidence: expect.arrayContaining([`no such file: ${identity}`]),
			});
		});

		it('is named where it is the only one that the box lets in', async () => {
			const {line} = halfOf('other-half', 'kate@phone');
			await open('proof');
			await expect(inside.login('nobody', [line])).rejects.toMatchObject({
				code: 'login-refused',
				evidence: expect.arrayContaining(['no private half here: ssh-ed25519 kate@phone']),
			});
			const own = readFileSync(`${server.key}.pub`, 'utf8').trim();
			const refused: unknown = await inside.login('nobody', [line, own]).catch((error: unknown) => error);
			expect(refused).toMatchObject({code: 'login-refused', next: expect.not.stringContaining('password')});
			expect(JSON.stringify(refused)).not.toContain('kate@phone');
		});
	});

	it('tells a closed port and an unknown name apart', async () => {
		await expect(open('closed', {port: 1})).rejects.toMatchObject({code: 'refused'});
		const nowhere = openBox({host: 'no-such-host.invalid'}, person().ask, {outside});
		await expect(nowhere).rejects.toMatchObject({code: expect.stringMatching(/no-such-host|no-name-server/)});
	});

	it('tries again when the server is too busy', async () => {
		const line = await startLine(server.port);
		line.refuse(2);
		const box = await open('busy', {port: line.port});
		expect((await box.run('echo in')).stdout).toBe('in\n');
		line.stop();
	});
});

it('tries again when a server has too many logins under way, and says so in clear words', async () => {
	let refusals = 2;
	const busy = createServer(socket => {
		refusals -= 1;
		if (refusals >= 0) socket.end('Exceeded MaxStartups\r\n');
		else socket.pipe(connectSocket(server.port, '127.0.0.1')).pipe(socket);
	}).listen(0, '127.0.0.1');
	await once(busy, 'listening');
	const box = await open('throttled', {port: (busy.address() as AddressInfo).port});
	expect((await box.run('echo in')).stdout).toBe('in\n');
	busy.close();
});

describe('host key', () => {
	const name = () => `[127.0.0.1]:${server.port}`;

	it('is found under a hashed name', async () => {
		const file = knownHostsIn(server.folder, 'hashed', `${name()} ${server.hostKeys.ed25519}\n`);
		hashed(file);
		expect(readFileSync(file, 'utf8')).toMatch(/^\|1\|/);
		await open('hashed', {knownHosts: file, ask: person().ask});
	});

	it('of a known type is asked for first', async () => {
		const file = knownHostsIn(server.folder, 'rsa', `${name()} ${server.hostKeys.rsa}\n`);
		const box = await open('rsa', {knownHosts: file, ask: person().ask});
		expect(box).toMatchObject({hostKey: printOf(server.hostKeys.rsa)});
	});

	it('that has changed stops everything, with both fingerprints', async () => {
		const other = readFileSync(`${server.key}.pub`, 'utf8');
		const file = knownHostsIn(server.folder, 'changed', `${name()} ${other}`);
		const {ask, asked} = person();
		await expect(open('changed', {knownHosts: file, ask})).rejects.toMatchObject({
			code: 'host-key-changed',
			next: expect.stringContaining(`ssh-keygen -R '${name()}'`),
			evidence: expect.arrayContaining([
				expect.stringContaining(printOf(other)),
				expect.stringContaining(printOf(server.hostKeys.ed25519)),
			]),
		});
		expect(asked).toEqual([]);
	});

	it('that is revoked stops everything, pinned or not', async () => {
		const file = knownHostsIn(server.folder, 'revoked', `@revoked * ${server.hostKeys.ed25519}\n`);
		const hostKey = printOf(server.hostKeys.ed25519);
		await expect(open('revoked', {knownHosts: file, hostKey})).rejects.toMatchObject({code: 'host-key-revoked'});
	});

	it('is not asked for when it is pinned, and must be the pinned one', async () => {
		await open('pinned', {hostKey: printOf(server.hostKeys.ed25519), ask: person().ask});
		const hostKey = `SHA256:${'A'.repeat(43)}`;
		await expect(open('other pin', {hostKey})).rejects.toMatchObject({code: 'host-key-not-pinned'});
	});

	it('is not stored when the person does not trust it', async () => {
		const file = knownHostsIn(server.folder, 'distrust');
		const {ask} = person({'trust-host': [false]});
		await expect(open('distrust', {knownHosts: file, ask})).rejects.toMatchObject({code: 'host-not-trusted'});
		expect(readFileSync(file, 'utf8')).toBe('');
	});

	it('of a box that has moved to another port is no question', async () => {
		const line = await startLine(server.port);
		const {ask, asked} = person({'trust-host': [true]});
		const box = await open('moved', {ask});
		box.setPort(line.port);
		await box.reconnect();
		expect(box.port).toBe(line.port);
		expect(asked).toHaveLength(1);
		line.stop();
	});
});

describe('scripts', () => {
	let box: Box;
	beforeAll(async () => {
		box = await open('scripts');
		opened.pop();
	});
	afterAll(() => box.close());

	it('run as root, each in a shell of its own, and answer all three', async () => {
		expect(await box.run('id -un; pwd; echo "$HOME"; cat; echo oops >&2; exit 3')).toEqual({
			code: 3,
			stdout: 'root\n/\n/root\n',
			stderr: 'oops\n',
		});
		expect((await box.run('set -e; x=1; cd /tmp; false; echo no')).code).toBe(1);
		expect((await box.run('echo "${x-unset} $PWD"')).stdout).toBe('unset /\n');
		expect((await box.run('if then')).code).not.toBe(0);
		expect((await box.run('kill -s KILL $$')).code).not.toBe(0);
		expect((await box.run('echo still here')).stdout).toBe('still here\n');
		expect(box.roundTrips).toBe(6);
		expect(await inside.peer()).toMatchObject({client: '127.0.0.1', server: '127.0.0.1', port: server.port});
	});

	it('of any size and any bytes, without a trace in the process list', async () => {
		const text = 'é\'"\\$(x)`!☃\n'.repeat(40_000);
		const result = await box.run(`cat <<'END'\n${text}END\ntr '\\0' ' ' </proc/$$/cmdline | wc -c`);
		expect(result.stdout.startsWith(text)).toBe(true);
		expect(Number(result.stdout.slice(text.length))).toBeLessThan(1000);
	});

	it('run side by side, more than there are channels', async () => {
		const results = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(number => box.run(`echo ${number}; sleep 0.02`)));
		expect(results.map(result => result.stdout.trim())).toEqual(['1', '2', '3', '4', '5', '6', '7']);
	});

	it('can print no more than 8 MiB, and no control sequences', async () => {
		const {stdout} = await box.run('printf "\\033]0;owned\\007"; yes "$(printf %1000d 1)" | head -c 9000000');
		expect(stdout).toHaveLength(8 * 1024 * 1024 - '\u001b]0;owned\u0007'.length);
		expect(stdout.trimStart().startsWith('1\n')).toBe(true);
	});

	it('are followed line by line while they run', async () => {
		const seen: string[] = [];
		for await (const line of box.follow('echo one; read -r word <"$(mktemp -u)" 2>/dev/null; echo two; printf three')) {
			seen.push(line);
		}

		expect(seen).toEqual(['one', 'two', 'three']);
		const fifo = `${server.folder}/fifo`;
		await box.run(`mkfifo ${fifo}`);
		const lines = box.follow(`echo first; cat ${fifo}`);
		expect((await lines.next()).value).toBe('first');
		// The second line exists only now: the first one came while the script was running.
		await box.run(`echo second >${fifo}`);
		expect((await lines.next()).value).toBe('second');
		expect((await lines.next()).done).toBe(true);
	});

	it('are ended on the box when nobody follows them any more', async () => {
		const waiting = 'pgrep -fx "sleep 98765"';
		let pid = '';
		for await (const _line of box.follow('echo begun; sleep 98765; echo over')) {
			pid = (await box.run(`timeout 5 bash -c 'until ${waiting}; do sleep 0.01; done'`)).stdout.trim();
			expect(pid).toMatch(/^\d+$/);
			break;
		}

		expect((await box.run(`timeout 5 tail -f /dev/null --pid=${pid}; ${waiting}`)).stdout).toBe('');
	});

	it('wait for a slow reader', async () => {
		let count = 0;
		for await (const line of box.follow('seq 1 300000')) {
			count += 1;
			if (count === 1) await box.run('true');
			if (line !== String(count)) throw new Error(`${line} in place of ${count}`);
		}

		expect(count).toBe(300_000);
	});
});

describe('a lost connection', () => {
	it('ends what runs with Disconnected, and comes back without a question', async () => {
		const line = await startLine(server.port);
		const {ask, asked} = person({'trust-host': [true]});
		const box = await open('lost', {port: line.port, ask});
		const follow = box.follow('echo begun; sleep 60');
		expect((await follow.next()).value).toBe('begun');
		const results = Promise.allSettled([box.run('sleep 60'), follow.next()]);
		await box.run('true');
		line.cut();
		for (const result of await results) {
			expect(result).toMatchObject({status: 'rejected', reason: {name: 'Disconnected'}});
		}

		await expect(box.run('true')).rejects.toMatchObject({name: 'Disconnected'});
		line.refuse(1);
		const attempts: number[] = [];
		await box.reconnect({onAttempt: attempt => attempts.push(attempt)});
		expect((await box.run('echo back')).stdout).toBe('back\n');
		expect(attempts).toEqual([1, 2]);
		expect(asked).toHaveLength(1);
		line.stop();
	});

	it('is given up when patience ends', async () => {
		const line = await startLine(server.port);
		const box = await open('gone', {port: line.port});
		line.stop();
		await expect(box.reconnect({patience: 300})).rejects.toMatchObject({code: 'refused'});
	});
});

it('goes through hosts in between', async () => {
	const knownHosts = knownHostsIn(server.folder, 'jump');
	const {ask, asked} = person({'trust-host': [true]});
	const target = {host: '127.0.0.1', port: server.port, user: 'root'};
	const destination = {...(await resolveTarget(target, knownHosts)), jumps: [target]};
	const connection = await connect({
		destination,
		knownHosts,
		credentials: emptyCredentials(),
		jumpCredentials: new Map(),
		identity: server.key,
		ask,
	});
	expect(asked).toHaveLength(1);
	expect(connection.hostKey).toBe(printOf(server.hostKeys.ed25519));
	connection.close();
	expect(await connection.closed).toBeUndefined();
});
