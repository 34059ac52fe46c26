import {execFile} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {homedir, hostname, userInfo} from 'node:os';
import {basename, join} from 'node:path';
import {promisify} from 'node:util';
import {type PublicKey, readPublicKeys, WrongKey} from '../contract/public-key.ts';
import type {Secret} from '../contract/secret.ts';
import {Trouble} from '../contract/trouble.ts';
import type {LocalKey} from '../contract/ui/wizard.ts';

const sshFolder = (): string => join(homedir(), '.ssh');

/** Public keys of ~/.ssh and of the agent, each once; files first, ed25519 first among them. */
export async function localKeys(): Promise<readonly LocalKey[]> {
	const found = [...keysOfFiles(), ...(await keysOfAgent())];
	const seen = new Set<string>();
	return found.filter(key => !seen.has(key.fingerprint) && seen.add(key.fingerprint));
}

function keysOfFiles(): LocalKey[] {
	const folder = sshFolder();
	if (!existsSync(folder)) return [];
	const names = readdirSync(folder).filter(name => name.endsWith('.pub') && !name.endsWith('-cert.pub'));
	return names
		.flatMap(name => keysOf(() => readFileSync(join(folder, name), 'utf8'), `~/.ssh/${name}`))
		.sort((one, other) => Number(other.type === 'ed25519') - Number(one.type === 'ed25519'));
}

async function keysOfAgent(): Promise<LocalKey[]> {
	try {
		const {stdout} = await promisify(execFile)('ssh-add', ['-L'], {timeout: 5000, windowsHide: true});
		return stdout.split('\n').flatMap(line => (line.trim() === '' ? [] : keysOf(() => line, 'ssh-agent')));
	} catch {
		// No agent, an empty one, or no ssh-add: then it has no keys for us.
		return [];
	}
}

/** The keys of a text that may be anything: what can't be read is left out. */
function keysOf(text: () => string, where: string): LocalKey[] {
	try {
		return readPublicKeys(text()).map(key => localKey(key, where));
	} catch {
		return [];
	}
}

function localKey({type, blob, comment, fingerprint, line}: PublicKey, where: string): LocalKey {
	return {comment, type: typeName(type, blob), fingerprint, line, where};
}

/** 'ssh-rsa' says too little: its length matters. */
function typeName(type: string, blob: string): string {
	if (type === 'ssh-rsa') return `rsa ${Math.round(((blob.length * 3) / 4 - 23) / 32) * 256}`;
	return type
		.replace(/^(sk-)?(ssh|ecdsa)-/, '$1')
		.replace(/@openssh\.com$/, '')
		.replace('sha2-nistp', 'ecdsa ');
}

/** The private key file in ~/.ssh whose public half is one of these authorized_keys lines. */
export function privateKeyFor(lines: readonly string[]): string | undefined {
	const wanted = new Set(lines.flatMap(line => keysOf(() => line, '')).map(key => key.fingerprint));
	const match = keysOfFiles().find(key => wanted.has(key.fingerprint));
	const path = match && join(homedir(), match.where.slice(2).replace(/\.pub$/, ''));
	return path !== undefined && existsSync(path) ? path : undefined;
}

/** What is wrong with a pasted public key, in words; else the first key in it. */
export function readKey(text: string): {readonly key: LocalKey} | {readonly problem: string} {
	try {
		const [key] = readPublicKeys(text);
		return key ? {key: localKey(key, 'pasted')} : {problem: 'No key at all'};
	} catch (error) {
		if (error instanceof WrongKey) return {problem: error.message};
		throw error;
	}
}

/** Makes an ed25519 key as ~/.ssh/id_ed25519, or under a free name beside it. @throws Trouble when it can't be written */
export async function makeKey(passphrase: Secret): Promise<LocalKey> {
	const folder = sshFolder();
	try {
		mkdirSync(folder, {recursive: true, mode: 0o700});
		return await makeKeyFile(freeName(folder), passphrase);
	} catch (error) {
		throw new Trouble(
			{
				what: 'The new key could not be written.',
				means: `${folder} can’t be written to, or the disk is full. Nothing was changed.`,
				next: 'Mend that, or make the key yourself: ssh-keygen -t ed25519',
				evidence: [error instanceof Error ? error.message : String(error)],
				code: 'key-unwritable',
			},
			error,
		);
	}
}

function freeName(folder: string): string {
	const names = ['id_ed25519', ...Array.from({length: 100}, (_, index) => `id_ed25519_boxwizard${index || ''}`)];
	const name = names.find(
		candidate => !existsSync(join(folder, candidate)) && !existsSync(join(folder, `${candidate}.pub`)),
	);
	if (name === undefined) throw new Error('There are a hundred keys already');
	return join(folder, name);
}

/** bcrypt rounds of the passphrase, as ssh-keygen -a takes them by default (16, ssh-keygen(1) 9.x). */
const rounds = 16;

/** Makes an ed25519 key pair at `path` and `path`.pub. It needs no ssh-keygen, and the passphrase stands in no argument. */
export async function makeKeyFile(path: string, passphrase: Secret): Promise<LocalKey> {
	const ssh2 = (await import('ssh2')).default;
	const comment = `${userInfo().username}@${hostname()}`;
	const text = passphrase.reveal();
	const locked = text === '' ? {} : {passphrase: text, cipher: 'aes256-ctr', rounds};
	const pair = usablePair(ssh2, {comment, ...locked});
	writeFileSync(path, pair.private.endsWith('\n') ? pair.private : `${pair.private}\n`, {mode: 0o600, flag: 'wx'});
	writeFileSync(`${path}.pub`, `${pair.public}\n`, {mode: 0o644, flag: 'wx'});
	const [key] = readPublicKeys(pair.public);
	if (!key) throw new Error('The new key could not be read back');
	return localKey(key, `~/.ssh/${basename(path)}.pub`);
}

/** ssh2 makes a key that nothing can read one time in 256: then it makes another. */
function usablePair(
	{utils}: typeof import('ssh2'),
	options: {comment: string; passphrase?: string; cipher?: string; rounds?: number},
) {
	for (;;) {
		const pair = utils.generateKeyPairSync('ed25519', options);
		if (!(utils.parseKey(pair.private, options.passphrase) instanceof Error)) return pair;
	}
}

/** GitHub's rule for user names; it also keeps the address what it is. */
const githubName = /^[a-z\d](?:[a-z\d]|-(?=[a-z\d])){0,38}$/i;

/** The public keys of a GitHub user. @throws Trouble when there is no such user, none of its keys is usable, or GitHub can't be reached */
export async function githubKeys(name: string): Promise<readonly LocalKey[]> {
	if (!githubName.test(name)) throw noKeys(name, 'GitHub has no such names: letters, digits and single hyphens.');
	let answer: Response;
	try {
		answer = await fetch(`https://github.com/${name}.keys`, {signal: AbortSignal.timeout(15_000)});
	} catch (error) {
		throw noKeys(name, `GitHub can’t be reached: ${error instanceof Error ? error.message : String(error)}`);
	}

	if (!answer.ok) throw noKeys(name, `GitHub answers ${answer.status}: there is no such user.`);
	const lines = (await answer.text()).split('\n').filter(line => line.trim() !== '');
	const keys = lines.flatMap(line => keysOf(() => line, `github.com/${name}`));
	if (keys.length === 0) throw noKeys(name, 'This user has no ssh key there that sshd takes.');
	return keys;
}

function noKeys(name: string, reason: string): Trouble {
	return new Trouble({
		what: `No keys came for the GitHub user “${name}”.`,
		means: reason,
		next: 'Look at the name, or pick, paste or make a key instead.',
		code: 'github-keys',
	});
}
