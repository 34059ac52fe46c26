import type {ServerHostKeyAlgorithm} from 'ssh2';
import type {Trouble} from '../../contract/trouble.ts';
import type {Ask} from '../../contract/ui/question.ts';
import type {Destination} from '../target.ts';
import {
	hostCertified,
	hostKeyChanged,
	hostKeyNotPinned,
	hostKeyRevoked,
	hostKeyUnwritable,
	hostNotTrusted,
} from '../troubles.ts';
import {fingerprint, judge, type KnownHost, keyType, knownTypes, readKnownHosts, remember} from './known-hosts.ts';

export type HostCheckOptions = {
	readonly destination: Destination;
	/** 'SHA256:…': the only host key that is accepted. */
	readonly pin?: string;
	/** 'SHA256:…' of the keys this very box has shown before, perhaps at another port, or told. */
	readonly seen?: readonly string[];
	readonly ask: Ask;
};

export type HostCheck = {
	/** The host key algorithms to ask for first. */
	readonly algorithms: ServerHostKeyAlgorithm[];
	/** ssh2's hostVerifier. */
	verify(key: Buffer, verdict: (isTrusted: boolean) => void): void;
	/** Why a key was not accepted. */
	failure(): unknown;
	/** The fingerprint of the accepted key. */
	shown(): string;
};

/** The check of the host's key; ssh2 accepts any key where there is none. */
export function createHostCheck(options: HostCheckOptions): HostCheck {
	const {destination} = options;
	const entries = readKnownHosts(destination.knownHosts);
	let failure: unknown;
	let accepted: Buffer | undefined;
	const check = async (key: Buffer): Promise<boolean> => {
		// Each rekeying shows the key again.
		if (accepted?.equals(key)) return true;
		const problem = await examine(options, entries, key);
		if (problem) throw problem;
		accepted = key;
		return true;
	};

	return {
		algorithms: knownTypes(entries, destination.knownAs).flatMap(signatureAlgorithms),
		failure: () => failure,
		shown: () => (accepted ? fingerprint(accepted) : ''),
		verify(key: Buffer, verdict: (isTrusted: boolean) => void): void {
			check(Buffer.from(key)).then(verdict, (error: unknown) => {
				failure = error;
				verdict(false);
			});
		},
	};
}

async function examine(
	{destination, pin, seen = [], ask}: HostCheckOptions,
	entries: readonly KnownHost[],
	key: Buffer,
): Promise<Trouble | undefined> {
	const shown = {type: keyType(key), fingerprint: fingerprint(key)};
	const verdict = judge(entries, destination.knownAs, key);
	if (verdict.kind === 'revoked') return hostKeyRevoked(destination, verdict.entry, shown.fingerprint);
	const isSeen = seen.includes(shown.fingerprint);
	if (pin !== undefined && pin !== shown.fingerprint && !isSeen) return hostKeyNotPinned(destination, pin, shown);
	if (verdict.kind === 'changed' && pin === undefined && !isSeen) {
		const knownPrint = fingerprint(Buffer.from(verdict.entry.key, 'base64'));
		return hostKeyChanged(destination, verdict.entry, shown, knownPrint, destination.knownAs);
	}

	if (verdict.kind === 'known' || (verdict.kind === 'changed' && pin === shown.fingerprint)) return undefined;
	const isTold = pin !== undefined || isSeen;
	if (verdict.kind === 'certified' && !isTold) return hostCertified(destination, verdict.entry, shown);
	const {host, port} = destination;
	const isTrusted =
		isTold || (await ask({kind: 'trust-host', host, port, keyType: shown.type, fingerprint: shown.fingerprint}));
	if (!isTrusted) return hostNotTrusted(destination);
	const [file] = destination.knownHosts;
	return file === undefined ? undefined : remembered(file, destination, key);
}

/** A key that can't be written down would be asked for again at every connection, and in the end be trusted unread. */
function remembered(file: string, destination: Destination, key: Buffer): Trouble | undefined {
	try {
		remember(file, destination.knownAs, key);
		return undefined;
	} catch (error) {
		return hostKeyUnwritable(destination, file, error);
	}
}

/** An RSA key signs in three ways; ssh2 names the way, known_hosts the key. */
function signatureAlgorithms(type: string): ServerHostKeyAlgorithm[] {
	if (type === 'ssh-rsa') return ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'];
	const supported: readonly ServerHostKeyAlgorithm[] = [
		'ssh-ed25519',
		'ecdsa-sha2-nistp256',
		'ecdsa-sha2-nistp384',
		'ecdsa-sha2-nistp521',
	];
	return supported.filter(name => name === type);
}
