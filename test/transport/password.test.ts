import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import ssh2, {type AuthContext, type Connection, type ServerChannel} from 'ssh2';
import {afterEach, expect, it} from 'vitest';
import type {Outside} from '../../source/contract/outside.ts';
import {Secret} from '../../source/contract/secret.ts';
import type {Ask, Question} from '../../source/contract/ui/question.ts';
import {openBox} from '../../source/transport/index.ts';
import {hostKey} from './hostile-server.ts';
import {knownHostsIn} from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxwizard-password-'));
let stop = () => {};

afterEach(() => stop());
process.on('exit', () => rmSync(folder, {recursive: true, force: true}));

/** A server that lets in as its `decide` says, and runs commands with the shell of this machine. */
async function startServer(decide: (context: AuthContext) => void): Promise<number> {
	const server = new ssh2.Server({hostKeys: [hostKey()]}, (client: Connection) => {
		client.on('authentication', decide);
		client.on('error', () => {});
		client.on('session', accept => {
			accept().on('exec', (acceptExec, _reject, info) => run(acceptExec(), info.command));
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	stop = () => server.close();
	return (server.address() as AddressInfo).port;
}

function run(channel: ServerChannel, command: string): void {
	const shell = spawn('/bin/sh', ['-c', command], {env: {SSH_CONNECTION: '192.0.2.1 5 192.0.2.2 22'}});
	channel.pipe(shell.stdin);
	shell.stdout.pipe(channel, {end: false});
	shell.stderr.pipe(channel.stderr, {end: false});
	shell.on('close', code => {
		channel.exit(code ?? 1);
		channel.end();
	});
}

async function login(port: number, answers: readonly (Secret | readonly Secret[])[], password?: Secret) {
	const asked: Question[] = [];
	const left = [...answers];
	const ask = (async (question: Question) => {
		if (question.kind === 'trust-host') return true;
		asked.push(question);
		const answer = left.shift();
		if (!answer) throw new Error('nobody is there');
		return answer;
	}) as Ask;
	const options = {
		outside: () => ({}) as Outside,
		knownHosts: knownHostsIn(folder, String(port)),
		...(password && {password}),
	};
	const box = await openBox({host: '127.0.0.1', port, user: 'root'}, ask, options);
	const {stdout} = await box.run('echo in');
	await box.reconnect();
	await box.close();
	return {stdout, asked};
}

const byPassword = (context: AuthContext) => {
	if (context.method === 'password' && context.password === 'right') context.accept();
	else context.reject(['publickey', 'password']);
};

it('takes the given password, and asks nothing', async () => {
	const port = await startServer(byPassword);
	expect(await login(port, [], new Secret('right'))).toEqual({stdout: 'in\n', asked: []});
});

it('asks for the password, says when it was wrong, and keeps the right one for reconnects', async () => {
	const port = await startServer(byPassword);
	const {asked} = await login(port, [new Secret('wrong'), new Secret('right')]);
	const question = {kind: 'password', user: 'root', host: '127.0.0.1'};
	expect(asked).toEqual([
		{...question, wrong: false},
		{...question, wrong: true},
	]);
});

it('gives up after three wrong passwords, and says what was tried', async () => {
	const port = await startServer(byPassword);
	const wrong = [1, 2, 3].map(number => new Secret(`wrong ${number}`));
	await expect(login(port, wrong)).rejects.toMatchObject({
		code: 'login-refused',
		evidence: expect.arrayContaining(['tried: password']),
	});
});

it('lets the error of the one who is asked through', async () => {
	const port = await startServer(byPassword);
	await expect(login(port, [])).rejects.toThrow('nobody is there');
});

it('answers a lone hidden prompt with the password, and shows all others', async () => {
	let logins = 0;
	const port = await startServer(context => {
		if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
		logins += 1;
		context.prompt([{prompt: 'Password: ', echo: false}], ([given]) => {
			if (given !== 'right') return context.reject(['keyboard-interactive']);
			if (logins > 1) return context.accept();
			const prompts = [
				{prompt: 'Code: ', echo: true},
				{prompt: 'PIN: ', echo: false},
			];
			context.prompt(prompts, 'Second factor', 'Look at your phone', answers =>
				answers.join() === '123,456' ? context.accept() : context.reject(['keyboard-interactive']),
			);
		});
	});
	const {asked} = await login(port, [new Secret('right'), [new Secret('123'), new Secret('456')]]);
	expect(asked).toEqual([
		{kind: 'password', user: 'root', host: '127.0.0.1', wrong: false},
		{
			kind: 'prompts',
			title: 'Second factor',
			instructions: 'Look at your phone',
			prompts: [
				{text: 'Code: ', echo: true},
				{text: 'PIN: ', echo: false},
			],
		},
	]);
});
