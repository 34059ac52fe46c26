import {existsSync, readFileSync} from 'node:fs';
import {setImmediate} from 'node:timers/promises';
import type {ParsedKey} from 'ssh2';
import type {Secret} from '../../contract/secret.ts';
import {agentKeys, sign} from './agent.ts';
import {type Candidate, type KeyringOptions, KeyUnusable, type Ssh2} from './key.ts';

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
