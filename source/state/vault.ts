import {existsSync, readFileSync} from 'node:fs';
import type {AsyncEntry} from '@napi-rs/keyring';
import {Secret} from '../contract/secret.ts';
import {Trouble} from '../contract/trouble.ts';
import {writeWhole} from './atomic-write.ts';

/** Where the secrets of one box are kept. Names are option names: 'sudoPassword'. */
export interface Vault {
	/** 'memory': nothing outlives this run, so what is generated must be shown, and asked for again another time. */
	readonly where: 'keychain' | 'memory' | 'file';
	/** To be said to the person: why the keychain does not keep what they expect it to. */
	readonly notice?: string;
	/** There is a keychain, and it was not opened: it may hold what is asked for. */
	readonly closed?: true;
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

const thisRunOnly = 'passwords are kept for this run only, and asked for again another time.';
const notices = {
	missing: `No system keychain answers here: ${thisRunOnly}`,
	closed: `The system keychain is locked, or none is set up, and it was not opened: ${thisRunOnly}`,
	silent: `The system keychain is there, and does not answer: ${thisRunOnly}`,
};

/** Opens the place for a box's secrets: the system's keychain, or memory where there is none. */
export async function openVault(host: string, port: number, options: VaultOptions = {}): Promise<Vault> {
	const account = (name: string): string => `${host.toLowerCase()}:${port}/${name}`;
	if (options.file !== undefined) return fileVault(options.file, account);
	if (options.memory || process.env.BOXWIZARD_VAULT === 'memory') return memoryVault();
	const opened = await openKeychain();
	if (typeof opened !== 'string') return keychainVault(opened, account);
	return {...memoryVault(notices[opened]), ...(opened !== 'missing' && {closed: true})};
}

function memoryVault(notice?: string): Vault {
	const secrets = new Map<string, Secret>();
	return {
		where: 'memory',
		...(notice !== undefined && {notice}),
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

/** An entry that shows whether the keychain is open: what is not there can be looked up in a locked one too. */
const witness = 'open';

type Entries = (account: string) => AsyncEntry;

/** Opens the keychain, which may show its own dialog; or why there is none for us. */
async function openKeychain(): Promise<Entries | keyof typeof notices> {
	const entry = await openEntries();
	if (!entry) return 'missing';
	let first: AsyncEntry;
	try {
		first = entry(witness);
	} catch (error) {
		// The Secret Service is spoken to as soon as an entry is made (libdbus waits two seconds for it).
		return /not receive a reply|timed? ?out|NoReply/i.test(String(error)) ? 'silent' : 'missing';
	}

	try {
		return (await withPatience(isOpen(first))) ? entry : 'closed';
	} catch (error) {
		return error instanceof Silence ? 'silent' : 'closed';
	}
}

async function isOpen(entry: AsyncEntry): Promise<boolean> {
	if ((await entry.getPassword()) === witness) return true;
	await entry.setPassword(witness);
	return (await entry.getPassword()) === witness;
}

function keychainVault(entry: Entries, account: (name: string) => string): Vault {
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
async function openEntries(): Promise<Entries | undefined> {
	try {
		const keyring = await import('@napi-rs/keyring');
		// Unpinned it would fall back to the kernel's keyring, which forgets everything at logout without a word.
		return account => new keyring.AsyncEntry('boxwizard', account, {linux: {store: 'secret-service'}});
	} catch {
		return undefined;
	}
}

/** The keychain did not answer in time. */
class Silence extends Error {}

async function withPatience<T>(answer: Promise<T>): Promise<T> {
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(() => late.reject(new Silence()), patience * 1000);
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
