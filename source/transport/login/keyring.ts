import {existsSync, readFileSync} from 'node:fs';
import {setImmediate} from 'node:timers/promises';
import type {BaseAgent, ParsedKey, SigningRequestOptions} from 'ssh2';
import type {Secret} from '../../contract/secret.ts';
import type {Ask} from '../../contract/ui/question.ts';
import type {Destination} from '../target.ts';

export type Ssh2 = typeof import('ssh2');

/** A key that may open the door: its public half now, its signature when the box wants it. */
export type Candidate = {
	/** A path, or 'agent: comment'. */
	readonly name: string;
	readonly publicKey: ParsedKey;
	sign(data: Buffer, hash: string | undefined): Promise<Buffer>;
};

/** What has been unlocked and found unusable, kept over reconnects so that nothing is asked twice. */
export type KeyMemory = {
	readonly unlocked: Map<string, ParsedKey>;
	/** Names of keys that can't sign: three wrong passphrases, or the agent refused. */
	readonly unusable: Set<string>;
	/** The name of the key that opened the door: tried first the next time. */
	winner?: string;
};

export type KeyringOptions = {
	readonly ssh2: Ssh2;
	readonly destination: Destination;
	/** A key file that goes before all others. */
	readonly identity?: string;
	readonly memory: KeyMemory;
	readonly ask: Ask;
};

/** Thrown when a key that the box would take can't sign: the login starts again without it. */
export class KeyUnusable extends Error {
	override readonly name = 'KeyUnusable';
}

const tries = 3;

/**
 * Collects the keys in the order they are tried: the one that worked before, the given identity, the agent's (those that are
 * also key files first, as OpenSSH does), then the files. A passphrase is asked for only when the box accepts its key.
 */
export async function findKeys(options: KeyringOptions): Promise<Candidate[]> {
	const {destination, identity, memory} = options;
	const files = [...(identity === undefined ? [] : [identity]), ...destination.identityFiles];
	const onDisk = (await Promise.all([...new Set(files)].map(path => keyFile(path, options)))).filter(
		found => found !== undefined,
	);
	const inAgent = await agentKeys(options);
	const isOnDisk = (key: Candidate) => onDisk.some(file => same(file, key));
	const agent = [
		...inAgent.filter(isOnDisk),
		...(destination.identitiesOnly ? [] : inAgent.filter(key => !isOnDisk(key))),
	];
	const given = onDisk.filter(key => key.name === identity).map(key => agent.find(other => same(other, key)) ?? key);
	const winner = [...agent, ...onDisk].filter(key => key.name === memory.winner);
	const ordered = [...winner, ...given, ...agent, ...onDisk].filter(key => !memory.unusable.has(key.name));
	return ordered.filter((key, index) => ordered.findIndex(other => same(other, key)) === index);
}

/** The public half of a key, and the file it lies in; '' where it is the door's own list. */
type HalfKey = {readonly publicKey: ParsedKey; readonly where: string};

/**
 * Keys that could have opened the door, had their private half been here, in words. They are the files that are named or
 * usual, and `expected`, the authorized_keys lines of the door, unless one of them is among the `candidates`.
 */
export function keysInHalf(
	{
		ssh2,
		destination,
		identity,
		expected = [],
	}: Omit<KeyringOptions, 'memory' | 'ask'> & {
		readonly expected?: readonly string[] | undefined;
	},
	candidates: readonly Candidate[],
): string[] {
	const isHere = ({publicKey}: HalfKey) => candidates.some(candidate => same(candidate, {publicKey}));
	const read = (text: string | undefined, where: string): HalfKey[] => {
		const parsed = text === undefined ? undefined : ssh2.utils.parseKey(text);
		return parsed && !(parsed instanceof Error) && !parsed.isPrivateKey() ? [{publicKey: parsed, where}] : [];
	};
	const files = [...(identity === undefined ? [] : [identity]), ...destination.identityFiles];
	const ofFiles = files.flatMap(path => [
		...read(readText(path), path),
		...(existsSync(path) ? [] : read(readText(`${path}.pub`), `${path}.pub`)),
	]);
	const ofDoor = expected.flatMap(line => read(line, ''));
	const halves = [...ofFiles, ...(ofDoor.some(isHere) ? [] : ofDoor)].filter(key => !isHere(key));
	const each = halves.filter((key, index) => halves.findIndex(other => same(other, key)) === index);
	const named = identity !== undefined && !existsSync(identity) && !existsSync(`${identity}.pub`);
	return [
		...each.map(key => `no private half here: ${halfInWords(key)}`),
		...(named ? [`no such file: ${identity}`] : []),
	];
}

function halfInWords({publicKey: {type, comment}, where}: HalfKey): string {
	return [`${type} ${comment}`.trim(), ...(where === '' ? [] : [where])].join(', ');
}

function same(one: Pick<Candidate, 'publicKey'>, other: Pick<Candidate, 'publicKey'>): boolean {
	return one.publicKey.getPublicSSH().equals(other.publicKey.getPublicSSH());
}

async function agentKeys({ssh2, destination}: KeyringOptions): Promise<Candidate[]> {
	if (destination.agent === undefined || (process.platform !== 'win32' && !existsSync(destination.agent))) return [];
	const agent = ssh2.createAgent(destination.agent);
	const keys = await new Promise<readonly unknown[]>(resolve => {
		// An agent that doesn't answer is no agent: the other ways are tried.
		agent.getIdentities((error, found) => resolve(error ? [] : (found ?? [])));
	});
	return keys.flatMap(key => {
		const parsed = ssh2.utils.parseKey(key as ParsedKey | Buffer);
		if (parsed instanceof Error) return [];
		return [{name: `agent: ${parsed.comment || parsed.type}`, publicKey: parsed, sign: signerOf(agent, parsed)}];
	});
}

function signerOf(agent: BaseAgent, key: ParsedKey): Candidate['sign'] {
	return (data, hash) =>
		new Promise((resolve, reject) => {
			const done = (error: Error | null | undefined, signature?: Buffer) =>
				error || signature === undefined ? reject(error ?? new Error('no signature')) : resolve(signature);
			const request = hash === undefined ? {} : {hash: hash as NonNullable<SigningRequestOptions['hash']>};
			agent.sign(key, data, request, done);
		});
}

async function keyFile(path: string, options: KeyringOptions): Promise<Candidate | undefined> {
	const text = readText(path);
	if (text === undefined) return undefined;
	const known = options.memory.unlocked.get(path);
	const parsed = known ?? options.ssh2.utils.parseKey(text);
	if (!(parsed instanceof Error)) {
		if (parsed.isPrivateKey()) options.memory.unlocked.set(path, parsed);
		const isPrivate = parsed.isPrivateKey();
		return isPrivate
			? {name: path, publicKey: parsed, sign: async (data, hash) => sign(parsed, data, hash)}
			: undefined;
	}

	if (!/encrypted|passphrase/i.test(parsed.message)) return undefined;
	const publicKey = publicHalf(path, text, options.ssh2) ?? (await unlock(path, text, options).catch(() => undefined));
	return (
		publicKey && {
			name: path,
			publicKey,
			sign: async (data, hash) => sign(await unlock(path, text, options), data, hash),
		}
	);
}

function sign(key: ParsedKey, data: Buffer, hash: string | undefined): Buffer {
	const signature: Buffer | Error = key.sign(data, hash);
	if (signature instanceof Error) throw signature;
	return signature;
}

async function unlock(path: string, text: string, {ssh2, ask, memory}: KeyringOptions): Promise<ParsedKey> {
	const known = memory.unlocked.get(path);
	if (known) return known;
	for (let attempt = 0; attempt < tries; attempt++) {
		const passphrase: Secret = await ask({kind: 'passphrase', identity: path, wrong: attempt > 0});
		// The derivation of the key (bcrypt) holds the thread for a moment: let the answer be drawn first.
		await setImmediate();
		const key = ssh2.utils.parseKey(text, passphrase.reveal());
		if (key instanceof Error) continue;
		memory.unlocked.set(path, key);
		return key;
	}

	throw new KeyUnusable(`${path}: three wrong passphrases`);
}

/** The public key of an encrypted file: from the .pub beside it, else from OpenSSH's own format, which keeps it in the clear (PROTOCOL.key). */
function publicHalf(path: string, text: string, ssh2: Ssh2): ParsedKey | undefined {
	const line = readText(`${path}.pub`) ?? publicLine(text);
	const parsed = line === undefined ? undefined : ssh2.utils.parseKey(line);
	return parsed instanceof Error ? undefined : parsed;
}

function publicLine(text: string): string | undefined {
	const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1];
	if (body === undefined) return undefined;
	const bytes = Buffer.from(body, 'base64');
	let offset = 'openssh-key-v1\0'.length;
	const next = () => {
		const length = bytes.readUInt32BE(offset);
		offset += 4 + length;
		return bytes.subarray(offset - length, offset);
	};

	// Cipher, derivation and its options; the count of keys; then the public key.
	next();
	next();
	next();
	offset += 4;
	const key = next();
	return `${key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1')} ${key.toString('base64')}`;
}

function readText(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}

/** All candidates as one agent for ssh2, which offers public keys and asks for a signature only where the box accepts one. */
export function asAgent(ssh2: Ssh2, candidates: readonly Candidate[], memory: KeyMemory): BaseAgent {
	const find = (key: unknown) => candidates.find(candidate => candidate.publicKey === key);
	class Keyring extends ssh2.BaseAgent<ParsedKey> {
		override getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
			done(
				undefined,
				candidates.map(candidate => candidate.publicKey),
			);
		}

		override sign(
			key: ParsedKey | Buffer | string,
			data: Buffer,
			request: SigningRequestOptions | ((error?: Error, signature?: Buffer) => void),
			callback?: (error?: Error, signature?: Buffer) => void,
		): void {
			const done = typeof request === 'function' ? request : callback;
			const candidate = find(key);
			const hash = typeof request === 'function' ? undefined : request.hash;
			const signature = candidate?.sign(data, hash) ?? Promise.reject(new KeyUnusable('unknown key'));
			signature.then(
				bytes => {
					memory.winner = candidate?.name;
					done?.(undefined, bytes);
				},
				(error: unknown) => {
					if (candidate) memory.unusable.add(candidate.name);
					done?.(error instanceof Error ? error : new KeyUnusable(String(error)));
				},
			);
		}
	}

	return new Keyring();
}
