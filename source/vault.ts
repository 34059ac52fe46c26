import {existsSync, readFileSync} from 'node:fs';
import type {AsyncEntry} from '@napi-rs/keyring';
import {Secret} from './secret.ts';
import {Trouble} from './trouble.ts';
import {writeWhole} from './whole-file.ts';

/** Where the secrets of one box are kept. Names are option names: 'sudoPassword'. */
export interface Vault {
	/** 'memory': nothing outlives this run, so what is generated must be shown, and asked for again another time. */
	readonly where: 'keychain' | 'memory' | 'file';
	get(name: string): Promise<Secret | undefined>;
	set(name: string, secret: Secret): Promise<void>;
	remove(name: string): Promise<void>;
}

export type VaultOptions = {
	/** A 0600 file in the keychain's place: for practice boxes only, whose secrets are worth nothing. */
	readonly file?: string;
	/** Forget all at the end of this run. */
	readonly memory?: boolean;
};

/** What is shown once, where no keychain answers. */
export const noKeychain =
	'No system keychain answers here: passwords are kept for this run only, and asked for again another time.';

/** Opens the place for a box's secrets: the system's keychain, or memory where there is none. */
export async function openVault(host: string, port: number, options: VaultOptions = {}): Promise<Vault> {
	const account = (name: string): string => `${host.toLowerCase()}:${port}/${name}`;
	if (options.file !== undefined) return fileVault(options.file, account);
	if (options.memory || process.env.BOXWIZARD_VAULT === 'memory') return memoryVault();
	return (await keychainVault(account)) ?? memoryVault();
}

function memoryVault(): Vault {
	const secrets = new Map<string, Secret>();
	return {
		where: 'memory',
		get: async name => secrets.get(name),
		set: async (name, secret) => {
			secrets.set(name, secret);
		},
		remove: async name => {
			secrets.delete(name);
		},
	};
}

/** Seconds within which a keychain must answer that it is there; unlocking it may take a person that long. */
const patience = 20;

async function keychainVault(account: (name: string) => string): Promise<Vault | undefined> {
	const entry = await openEntries();
	if (!entry) return undefined;
	try {
		await withPatience(entry(account('')).getPassword());
	} catch {
		// No service, a locked one whose dialog was refused, or one that hangs: there is no keychain for us.
		return undefined;
	}

	return {
		where: 'keychain',
		get: async name => {
			const text = await inKeychain(() => entry(account(name)).getPassword());
			return text === null || text === undefined ? undefined : new Secret(text);
		},
		set: async (name, secret) => inKeychain(() => entry(account(name)).setPassword(secret.reveal())),
		remove: async name => {
			await inKeychain(() => entry(account(name)).deleteCredential());
		},
	};
}

/** Loads the keyring, which is an optional dependency: undefined where it is not installed or does not load. */
async function openEntries(): Promise<((account: string) => AsyncEntry) | undefined> {
	try {
		const keyring = await import('@napi-rs/keyring');
		// Unpinned it would fall back to the kernel's keyring, which forgets everything at logout without a word.
		return account => new keyring.AsyncEntry('boxwizard', account, {linux: {store: 'secret-service'}});
	} catch {
		return undefined;
	}
}

async function withPatience<T>(answer: Promise<T>): Promise<T> {
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(() => late.reject(new Error(`no answer within ${patience} s`)), patience * 1000);
	try {
		return await Promise.race([answer, late.promise]);
	} finally {
		clearTimeout(timer);
	}
}

async function inKeychain<T>(task: () => Promise<T>): Promise<T> {
	try {
		return await task();
	} catch (error) {
		throw new Trouble(
			{
				what: 'The system keychain did not do what it was asked.',
				means: 'A password could not be read or kept. The box is as it was.',
				next: 'Unlock the keychain and try again, or set BOXWIZARD_VAULT=memory to do without it.',
				evidence: [error instanceof Error ? error.message : String(error)],
				code: 'keychain',
			},
			error,
		);
	}
}

function fileVault(path: string, account: (name: string) => string): Vault {
	const read = (): Record<string, string> =>
		existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {};
	const write = (secrets: Record<string, string>): void => writeWhole(path, `${JSON.stringify(secrets)}\n`);
	return {
		where: 'file',
		get: async name => {
			const text = read()[account(name)];
			return text === undefined ? undefined : new Secret(text);
		},
		set: async (name, secret) => write({...read(), [account(name)]: secret.reveal()}),
		remove: async name => {
			const {[account(name)]: _gone, ...rest} = read();
			write(rest);
		},
	};
}
