import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** A real sshd on a free loopback port, with keys and configuration of its own; logins of root with `key` or `lockedKey`. */
export type TestServer = {
	readonly port: number;
	readonly folder: string;
	/** ed25519, without passphrase. */
	readonly key: string;
	/** ed25519, passphrase 'open sesame'. */
	readonly lockedKey: string;
	/** The public halves of its host keys: 'ssh-ed25519 AAAA…'. */
	readonly hostKeys: {readonly ed25519: string; readonly rsa: string};
	/** From now on it has one host key only, as after a change of its configuration. */
	showOnly(type: 'ed25519' | 'rsa'): Promise<void>;
	stop(): Promise<void>;
};

export async function startServer(): Promise<TestServer> {
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-sshd-'));
	const make = (name: string, passphrase = '', type = 'ed25519') => {
		const path = join(folder, name);
		execFileSync('ssh-keygen', ['-q', '-a', '1', '-t', type, '-N', passphrase, '-C', name, '-f', path]);
		return path;
	};
	const [host, rsa] = [make('host'), make('rsa', '', 'rsa')];
	const [key, lockedKey] = [make('key'), make('locked', 'open sesame')];
	// The public half must be found in the key itself.
	const authorized = join(folder, 'authorized_keys');
	writeFileSync(authorized, readFileSync(`${key}.pub`, 'utf8') + readFileSync(`${lockedKey}.pub`, 'utf8'));
	rmSync(`${lockedKey}.pub`);
	const port = await freePort();
	writeFileSync(join(folder, 'sshd_config'), configuration(folder, port, [host, rsa]));
	// Where sshd was never started by the system, its empty folder is missing.
	mkdirSync('/run/sshd', {recursive: true, mode: 0o755});
	const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], {
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	await listening(server.stderr);
	const paths = {ed25519: host, rsa};
	const line = (path: string) => readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
	return {
		port,
		folder,
		key,
		lockedKey,
		hostKeys: {ed25519: line(host), rsa: line(rsa)},
		async showOnly(type) {
			writeFileSync(join(folder, 'sshd_config'), configuration(folder, port, [paths[type]]));
			server.kill('SIGHUP');
			await listening(server.stderr);
		},
		async stop() {
			const gone = once(server, 'exit');
			server.kill();
			await gone;
			rmSync(folder, {recursive: true});
		},
	};
}

function configuration(folder: string, port: number, hostKeys: readonly string[]): string {
	const lines = [
		`Port ${port}`,
		'ListenAddress 127.0.0.1',
		...hostKeys.map(path => `HostKey ${path}`),
		`AuthorizedKeysFile ${folder}/authorized_keys`,
		'PidFile none',
		'StrictModes no',
		'UsePAM no',
		'PasswordAuthentication no',
		'KbdInteractiveAuthentication no',
		'PermitRootLogin yes',
		// bash reads .bashrc for an ssh command unless it is nested: whatever this machine has there is no part of the test.
		'SetEnv SHLVL=5',
	];
	return `${lines.join('\n')}\n`;
}

async function listening(log: NodeJS.ReadableStream): Promise<void> {
	let text = '';
	await new Promise<void>((resolve, reject) => {
		const hear = (chunk: Buffer) => {
			text += String(chunk);
			if (text.includes('listening')) resolve();
		};
		log.on('data', hear).once('end', () => reject(new Error(`sshd did not start: ${text}`)));
	});
	log.removeAllListeners('data').removeAllListeners('end').resume();
}

async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

/** A line between here and a server that can be cut. */
export async function startLine(
	port: number,
): Promise<{readonly port: number; cut(): void; stop(): void; refuse(times: number): void}> {
	const sockets = new Set<Socket>();
	let refusals = 0;
	const server: Server = createServer(socket => {
		if (refusals > 0) {
			refusals -= 1;
			socket.resetAndDestroy();
			return;
		}

		const far = connect(port, '127.0.0.1');
		for (const end of [socket, far]) {
			sockets.add(end);
			end.on('error', () => {});
			end.on('close', () => sockets.delete(end));
		}

		socket.pipe(far).pipe(socket);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const cut = () => {
		for (const socket of sockets) socket.destroy();
	};
	return {
		port: (server.address() as AddressInfo).port,
		cut,
		refuse(times) {
			refusals = times;
		},
		stop() {
			cut();
			server.close();
		},
	};
}

/** A known_hosts file of its own for each test. */
export function knownHostsIn(folder: string, name: string, text = ''): string {
	const path = join(folder, `known_hosts-${name}`);
	writeFileSync(path, text);
	chmodSync(path, 0o600);
	return path;
}

/** known_hosts with its names hashed by OpenSSH itself. */
export function hashed(path: string): void {
	execFileSync('ssh-keygen', ['-q', '-H', '-f', path], {stdio: 'ignore'});
	copyFileSync(path, `${path}.hashed`);
	rmSync(`${path}.old`);
}
