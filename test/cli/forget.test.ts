import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {knownBoxes} from '../../source/cli/boxes/known-boxes.ts';
import {forget} from '../../source/cli/commands/local/forget.ts';
import {Secret} from '../../source/contract/secret.ts';
import {openMemory} from '../../source/renewals/memory.ts';
import {openJournal} from '../../source/state/journal.ts';
import {emptySection} from '../../source/state/journal-state.ts';
import {openVault} from '../../source/state/vault.ts';
import {catalogue} from '../../steps/index.ts';

const {entries} = vi.hoisted(() => ({entries: new Map<string, string>()}));

// No machine of tests has a keychain: what it holds is a list here.
vi.mock('@napi-rs/keyring', () => ({
	AsyncEntry: class {
		readonly account: string;
		constructor(_service: string, account: string) {
			this.account = account;
		}
		getPassword = async () => entries.get(this.account) ?? null;
		setPassword = async (password: string) => void entries.set(this.account, password);
		deleteCredential = async () => entries.delete(this.account);
	},
}));

const key = (letter: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${letter.repeat(43)}`;
/** The boxes: one whose door was moved, one that stays, and a third at the address of the first. */
const gone = '203.0.113.7';
const left = '198.51.100.9';

let folder: string;
let hosts: string;
let knownHosts: string;
let told: string;

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-forget-'));
	hosts = join(folder, 'hosts');
	knownHosts = join(folder, 'known_hosts');
	told = '';
	entries.clear();
	vi.stubEnv('BOXWIZARD_HOME', folder);
	vi.stubEnv('BOXWIZARD_VAULT', '');
	vi.stubEnv('CI', '1');
	vi.spyOn(process, 'cwd').mockReturnValue(folder);
	for (const stream of [process.stdout, process.stderr])
		vi.spyOn(stream, 'write').mockImplementation(text => {
			told += String(text);
			return true;
		});
	openJournal(gone, 22).update(state => ({
		...state,
		box: {
			...emptySection,
			answers: {sshPort: 2222},
			steps: {'ssh/hardening': {state: 'done', at: '2026-11-27T12:00:00.000Z', seconds: 1}},
		},
		apps: {blog: {...emptySection, kind: 'python', answers: {app: 'blog', domain: 'blog.example.com'}}},
	}));
	openJournal(left, 22).update(state => state);
	writeFileSync(join(hosts, `${gone}_22.json.version-1`), '{}');
	writeFileSync(
		knownHosts,
		[`${gone} ${key('a')}`, `[${gone}]:2222,gone.example.com ${key('a')}`, `${left} ${key('b')}`, ''].join('\n'),
	);
	for (const host of [gone, left]) {
		const vault = await openVault(host, 22);
		await vault.set('sudoPassword', new Secret('one'));
		await vault.set('blog:databasePassword', new Secret('two'));
	}

	const served = {at: '2026-11-27T12:00:00.000Z', renewal: {state: 'unknown'}} as never;
	openMemory().update(before => ({...before, boxes: {[gone]: served, [left]: served}}));
});

afterEach(() => {
	vi.restoreAllMocks();
	vi.unstubAllEnvs();
	rmSync(folder, {recursive: true, force: true});
});

const names = () => knownBoxes(catalogue).map(({label}) => label);

test('a box that is gone leaves nothing on this machine, and no other box loses anything', async () => {
	await forget('blog.example.com', {confirm: 'blog.example.com', knownHosts});
	expect(told).toContain(`its journal, with your answers and what was found before each change: ${join(hosts, gone)}`);
	expect(told).toContain('its 2 passwords in the keychain');
	expect(told).toContain(`its host key in ${knownHosts}`);
	expect(told).toContain('On the box nothing is touched');
	expect(told).toContain('Forgot blog.example.com.');
	expect(names()).toEqual([left]);
	expect(readdirSync(hosts)).toEqual([`${left}_22.json`]);
	expect([...entries.keys()].filter(name => name.includes('/'))).toEqual([
		`${left}:22/sudoPassword`,
		`${left}:22/blog:databasePassword`,
	]);
	expect(readFileSync(knownHosts, 'utf8')).toBe(`gone.example.com ${key('a')}\n${left} ${key('b')}\n`);
	expect(Object.keys(openMemory().read().boxes)).toEqual([left]);
});

test('without its very name nothing is forgotten', async () => {
	await expect(forget(gone, {knownHosts})).rejects.toMatchObject({
		code: 'unconfirmed',
		next: `Name it: boxwizard forget ${gone} --confirm blog.example.com`,
	});
	await expect(forget(gone, {confirm: gone, knownHosts})).rejects.toMatchObject({code: 'unconfirmed'});
	await expect(forget('203.0.113.8', {confirm: '203.0.113.8', knownHosts})).rejects.toMatchObject({
		code: 'unknown-host',
	});
	expect(names()).toHaveLength(2);
	expect(entries.size).toBeGreaterThan(3);
});

test('a box whose journal can’t be read is forgotten too, and what can’t be known is said', async () => {
	const journal = join(hosts, `${gone}_22.json`);
	writeFileSync(journal, '{"version": 5, "ho');
	await forget(gone, {confirm: gone, knownHosts});
	expect(told).toContain('passwords of its apps, which it would name, stay in the keychain');
	expect(existsSync(journal)).toBe(false);
	expect(entries.has(`${gone}:22/sudoPassword`)).toBe(false);
	expect(entries.has(`${gone}:22/blog:databasePassword`)).toBe(true);
});

test('what others know of the same address stays, and a known_hosts that lies elsewhere is written there', async () => {
	openJournal(gone, 2200).update(state => state);
	const real = join(folder, 'dotfiles');
	writeFileSync(real, readFileSync(knownHosts));
	rmSync(knownHosts);
	symlinkSync(real, knownHosts);
	await forget(`${gone}:22`, {confirm: 'blog.example.com', knownHosts});
	expect(Object.keys(openMemory().read().boxes)).toEqual([gone, left]);
	expect(readFileSync(real, 'utf8')).not.toContain(`${gone} `);
	expect(readFileSync(knownHosts, 'utf8')).toBe(readFileSync(real, 'utf8'));
});
