import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, expect, test} from 'vitest';

/** The real keychain of a Linux desktop, gnome-keyring, on a session bus of its own. */
const home = mkdtempSync(join(tmpdir(), 'boxwizard-keychain-'));
const canary = 'Canary-in-the-keychain';

afterAll(() => rmSync(home, {recursive: true, force: true}));

/** Opens the vault as a run does, keeps a secret in it, and tells. */
const program = join(home, 'program.mjs');
writeFileSync(
	program,
	`import {openVault} from ${JSON.stringify(new URL('../../source/state/vault.ts', import.meta.url).href)};
import {Secret} from ${JSON.stringify(new URL('../../source/contract/secret.ts', import.meta.url).href)};
const {where, notice, ...vault} = await openVault('box.example.com', 22);
const before = (await vault.get('sudoPassword'))?.reveal();
await vault.set('sudoPassword', new Secret(${JSON.stringify(canary)}));
const after = (await vault.get('sudoPassword'))?.reveal();
process.stdout.write(JSON.stringify({where, notice, before, after}));
`,
);

type Told = {readonly where: string; readonly notice?: string; readonly before?: string; readonly after?: string};

/** A bus on which nothing is started by itself: whoever is not there is missing. */
const bus = join(home, 'bus.conf');
writeFileSync(
	bus,
	`<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
);

/** @param first what is done on the bus before, in bash; `$service` ends what it started */
async function openOnBus(first: string): Promise<Told> {
	const script = `${first}\n'${process.execPath}' '${program}'`;
	const words = [`--config-file=${bus}`, '--', 'bash', '-euc', script];
	const env = {PATH: process.env.PATH, HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home};
	const {stdout} = await promisify(execFile)('dbus-run-session', words, {env});
	return JSON.parse(stdout.slice(stdout.indexOf('{'))) as Told;
}

const daemon = (words: string) => `gnome-keyring-daemon --foreground --components=secrets ${words} > /dev/null 2>&1 &
service=$!; trap 'kill -KILL $service' EXIT
until dbus-send --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets | grep -q true; do kill -0 $service; done`;
const unlocked = daemon("--unlock <<< 'its own password'");

test('where nobody answers it is said, and nothing is kept', async () => {
	expect(await openOnBus('')).toEqual({
		where: 'memory',
		notice: expect.stringMatching(/^No system keychain answers here: passwords are kept for this run only/),
		after: canary,
	});
});

test('an open one keeps what it is given, encrypted', async () => {
	expect(await openOnBus(unlocked)).toEqual({where: 'keychain', after: canary});
	expect(await openOnBus(unlocked)).toEqual({where: 'keychain', before: canary, after: canary});
	expect(readFileSync(join(home, 'keyrings/login.keyring'), 'latin1')).not.toContain(canary);
});

test('a locked one whose dialog nobody answers is said, and done without', async () => {
	expect(await openOnBus(daemon(''))).toEqual({
		where: 'memory',
		notice: expect.stringMatching(/^The system keychain is locked/),
		after: canary,
	});
});

test('one that hangs is said, and done without', async () => {
	expect(await openOnBus(`${unlocked}\nkill -STOP $service`)).toEqual({
		where: 'memory',
		notice: expect.stringMatching(/^The system keychain is there, and does not answer/),
		after: canary,
	});
});
