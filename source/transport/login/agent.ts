import {existsSync} from 'node:fs';
import type {BaseAgent, ParsedKey, SigningRequestOptions} from 'ssh2';
import {type Candidate, type KeyMemory, type KeyringOptions, KeyUnusable, type Ssh2} from './key.ts';

export async function agentKeys({ssh2, destination}: KeyringOptions): Promise<Candidate[]> {
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

export function sign(key: ParsedKey, data: Buffer, hash: string | undefined): Buffer {
	const signature: Buffer | Error = key.sign(data, hash);
	if (signature instanceof Error) throw signature;
	return signature;
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
