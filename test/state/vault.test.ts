import {mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it, vi} from 'vitest';
import {Secret} from '../../source/contract/secret.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {openVault} from '../../source/state/vault.ts';

const entries = new Map<string, string>();
let broken: string | undefined;

vi.mock('@napi-rs/keyring', () => ({
	AsyncEntry: class {
		readonly key: string;
		constructor(service: string, account: string, options: {linux: {store: string}}) {
			this.key = `${options.linux.store} ${service} ${account}`;
		}
		async getPassword() {
			if (broken) throw new Error(broken);
			return entries.get(this.key) ?? null;
		}
		async setPassword(password: string) {
			if (broken) throw new Error(broken);
			entries.set(this.key, password);
		}
		async deleteCredential() {
			return entries.delete(this.key);
		}
	},
}));

it('keeps secrets in the keychain, per box, pinned to the lasting store', async () => {
	broken = undefined;
	const vault = await openVault('Box.example.com', 22);
	expect(vault.where).toBe('keychain');
	await vault.set('sudoPassword', new Secret('one'));
	expect([...entries.keys()].filter(key => key.includes('/'))).toEqual([
		'secret-service boxwizard box.example.com:22/sudoPassword',
	]);
	expect((await vault.get('sudoPassword'))?.reveal()).toBe('one');
	expect(await (await openVault('other', 22)).get('sudoPassword')).toBeUndefined();
	await vault.remove('sudoPassword');
	expect(await vault.get('sudoPassword')).toBeUndefined();
});

it('falls back to memory, and says so, where no keychain answers', async () => {
	broken = 'DBus error';
	const vault = await openVault('box', 22);
	expect(vault.where).toBe('memory');
	await vault.set('x', new Secret('two'));
	expect((await vault.get('x'))?.reveal()).toBe('two');
	expect(await (await openVault('box', 22)).get('x')).toBeUndefined();
});

it('tells what to do when the keychain closes midway', async () => {
	broken = undefined;
	const vault = await openVault('box', 22);
	broken = 'locked';
	await expect(vault.get('x')).rejects.toThrow(Trouble);
	await expect(vault.set('x', new Secret('three'))).rejects.toMatchObject({code: 'keychain', evidence: ['locked']});
});

it('keeps a practice box’s secrets in a file only its owner reads', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-vault-'));
	const file = join(folder, 'state', 'secrets.json');
	const vault = await openVault('box', 22, {file});
	expect(vault.where).toBe('file');
	await vault.set('a', new Secret('1'));
	await vault.set('b', new Secret('2'));
	await vault.remove('a');
	const again = await openVault('box', 22, {file});
	expect(await again.get('a')).toBeUndefined();
	expect((await again.get('b'))?.reveal()).toBe('2');
	expect(statSync(file).mode & 0o777).toBe(0o600);
	rmSync(folder, {recursive: true});
});
