import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {readFileSync, rmSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Summary} from '../../source/events.ts';
import {guardWindow} from '../../source/guard.ts';
import {chooseEngine, type PracticeBox, startPracticeBox} from '../../source/practice/index.ts';
import {dropIn} from '../../steps/ssh/sshdConfig.ts';
import type {Told, Wanted} from './guarded-wizard.ts';
import {newPerson, type Person} from './person.ts';
import {type Knock, longestOutage, SecondHost} from './second-host.ts';
import {difference} from './snapshot.ts';

const program = fileURLToPath(new URL('guarded-wizard.ts', import.meta.url));
/** Seconds within which a door that nobody has proven must be the old one again. */
const promised = guardWindow + 5;
/** Seconds after which a door that should have opened is given up. */
const patience = 2 * guardWindow;
const door = 'ssh/hardening';
const guardFolder = '/var/lib/boxwizard/guard';
const keyStep = 'account/authorizedKeys';

let box: PracticeBox;
let person: Person;
let host: SecondHost;
let hostKey: string;
/** A key that jessica may have, and whose private half is nowhere. */
let foreignKey: string;
const wizards = new Set<ChildProcess>();

beforeAll(async () => {
	const engine = await chooseEngine();
	await engine.installPackages(() => undefined);
	box = await startPracticeBox({name: 'guard', login: 'password', release: 'bookworm'}, () => undefined);
	person = newPerson();
	host = new SecondHost(person, box.address, box.rootPassword?.reveal() ?? '');
	hostKey = (await box.console("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f2")).trim();
	const file = person.file('foreign');
	execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'foreign', '-f', file]);
	foreignKey = readFileSync(`${file}.pub`, 'utf8').trim();
	rmSync(file);
});

afterAll(async () => {
	for (const wizard of wizards) wizard.kill('SIGKILL');
	person?.leave();
	await box?.stop();
});

type Wizard = {
	readonly pid: number;
	readonly told: Told[];
	/** Comes true when the engine tells this; false when the wizard ends without. */
	readonly tells: (words: string) => Promise<boolean>;
	/** SIGKILL; it has no children. */
	readonly kill: () => Promise<void>;
	readonly ended: Promise<void>;
};

/** A wizard in a process of its own, at work with the real engine over the real transport. */
function startWizard(other: Partial<Wanted> = {}): Wizard {
	const wanted: Wanted = {
		target: `root@${box.address}`,
		password: box.rootPassword?.reveal() ?? '',
		identity: person.file('.ssh/id_ed25519'),
		hostKey,
		knownHosts: person.file('known_hosts'),
		vaultFile: person.file('vault'),
		authorizedKeys: [foreignKey],
		// A key that doesn't open the door is found out by its own step: left out, the guard stands alone.
		leftOut: [keyStep],
		...other,
	};
	const env = {...process.env, HOME: person.home, BOXWIZARD_HOME: person.file('boxwizard'), SSH_AUTH_SOCK: ''};
	const child = spawn(process.execPath, [program], {env, stdio: ['pipe', 'pipe', 'inherit']});
	wizards.add(child);
	const told: Told[] = [];
	const listeners = new Set<() => void>();
	const lines = createInterface(child.stdout);
	lines.on('line', line => {
		told.push(JSON.parse(line) as Told);
		for (const listener of listeners) listener();
	});
	const ended = new Promise<void>(resolve => {
		lines.on('close', () => {
			wizards.delete(child);
			resolve();
		});
	});
	child.stdin.end(JSON.stringify(wanted));
	const tells = async (words: string) =>
		await Promise.race([
			new Promise<true>(resolve => {
				const listener = () => inWords(told).includes(words) && resolve(true);
				listeners.add(listener);
				listener();
			}),
			ended.then(() => false as const),
		]);
	const kill = async () => {
		child.kill('SIGKILL');
		await ended;
	};
	return {pid: child.pid ?? 0, told, tells, kill, ended};
}

async function walk(other: Partial<Wanted> = {}): Promise<readonly Told[]> {
	const wizard = startWizard(other);
	await wizard.ended;
	return wizard.told;
}

function inWords(told: readonly Told[]): string[] {
	return told.flatMap(event => {
		if (event.type === 'output' || event.type === 'checking') return [];
		if (event.type === 'failed') return [`failed ${event.step}: ${event.trouble.code}`];
		if (event.type === 'trouble') return [`trouble: ${event.code}`];
		return 'step' in event ? [`${event.type} ${event.step}`] : [event.type];
	});
}

function summaryOf(told: readonly Told[]): Summary | undefined {
	return told.flatMap(event => (event.type === 'done' ? [event.summary] : []))[0];
}

/** All of /etc, a line for each path and one for each content. */
async function etc(): Promise<ReadonlySet<string>> {
	const text = await box.console(`find /etc -printf '%p %m %u:%g %y %l\\n'; find /etc -type f -exec sha256sum {} +`);
	return new Set(text.split('\n'));
}

/** Ends when the box has taken the change back and cleared the guard away. Answers which way it was decided. */
async function guardDecided(): Promise<string> {
	const script = `for _ in $(seq ${promised * 5}); do [ -e ${guardFolder}/revert ] || break; sleep 0.2; done; ls ${guardFolder}`;
	return (await box.console(script)).trim();
}

/** Locks everybody out, the new key being one that nobody has, and kills the wizard before it can find out. */
async function killBeforeTheProof(): Promise<void> {
	const wizard = startWizard({holdAt: `proving ${door}`});
	expect(await wizard.tells(`proving ${door}`)).toBe(true);
	await wizard.kill();
}

/** After a boot with the change in place: nobody gets in, until the box has taken it back. */
async function expectTakenBack(before: ReadonlySet<string>): Promise<void> {
	const knocks = await host.watch(opened, patience);
	expect(knocks[0]).toMatchObject({old: false, new: false});
	expect(knocks.at(-1)).toMatchObject({old: true, new: false});
	expect(longestOutage(knocks)).toBeLessThanOrEqual(promised);
	expect(await guardDecided()).toBe('reverted');
	expect(difference(before, await etc(), [])).toEqual([]);
}

/** The person's own key, and nothing left out. */
const right = () => ({authorizedKeys: [person.publicKey], leftOut: []});

const opened = (knock: Knock) => knock.old || knock.new;

test('a key that opens nothing is found out before the door is touched', async () => {
	const told = await walk({leftOut: []});
	expect(inWords(told).slice(-2)).toEqual([`failed ${keyStep}: login-refused`, 'done']);
	expect(inWords(told)).not.toContain(`arming ${door}`);
	expect(await host.oldWay()).toBe(true);
});

test('a door that the person’s key does not open is taken back at once', async () => {
	const before = await etc();
	const told = await walk();
	expect(inWords(told).slice(-6)).toEqual([
		`arming ${door}`,
		`running ${door}`,
		`proving ${door}`,
		`reverted ${door}`,
		`failed ${door}: login-refused`,
		'done',
	]);
	expect(await guardDecided()).toBe('reverted');
	expect(difference(before, await etc(), [])).toEqual([]);
	expect(await host.knock(performance.now())).toMatchObject({old: true, new: false});
});

test('a wizard killed before its proof leaves nobody locked out for longer than the window', async () => {
	const before = await etc();
	let shut = false;
	const watching = host.watch(knock => {
		shut ||= !opened(knock);
		return shut && opened(knock);
	}, patience);
	await killBeforeTheProof();
	const knocks = await watching;
	expect(longestOutage(knocks)).toBeLessThanOrEqual(promised);
	// It was no short hiccup: the door had been shut until the timer.
	expect(longestOutage(knocks)).toBeGreaterThan(guardWindow / 2);
	expect(await guardDecided()).toBe('reverted');
	expect(difference(before, await etc(), [])).toEqual([]);
});

test('a box rebooted inside the window takes the change back after the boot', async () => {
	const before = await etc();
	await killBeforeTheProof();
	await box.reboot();
	await expectTakenBack(before);
});

test('power lost between arming and disarming, as the change is written: the same', async () => {
	const before = await etc();
	const wizard = startWizard({holdAt: `proving ${door}`});
	expect(await wizard.tells(`running ${door}`)).toBe(true);
	await box.console(`timeout 60 bash -c 'until [ -e ${dropIn} ]; do sleep 0.02; done'`);
	await box.kill();
	await wizard.kill();
	await box.boot();
	await expectTakenBack(before);
});

test('with the right key the door is proven; a wizard killed that very moment goes on as the admin', async () => {
	const wizard = startWizard(right());
	expect(await wizard.tells(`proving ${door}`)).toBe(true);
	await box.console(`timeout 60 bash -c 'until [ -e ${guardFolder}/proven ]; do sleep 0.02; done'`);
	await wizard.kill();
	expect(inWords(wizard.told)).not.toContain(`verified ${door}`);
	expect(await guardDecided()).toBe('proven');
	expect(await host.knock(performance.now())).toMatchObject({old: false, new: true});
	const told = await walk(right());
	expect(inWords(told)).not.toContain(`arming ${door}`);
	expect(summaryOf(told)).toMatchObject({changed: [door, 'firewall/ufw'], failed: []});
});

test('root is out, jessica is in, and a further run finds nothing to do', async () => {
	expect(summaryOf(await walk(right()))).toMatchObject({changed: [], skipped: [], failed: []});
	expect(await host.knock(performance.now())).toMatchObject({old: false, new: true});
});

test('of two wizards the second names the first, and the lock of a killed one is free at once', async () => {
	const first = startWizard({...right(), holdAt: 'skipped system/ready'});
	expect(await first.tells('skipped system/ready')).toBe(true);
	const second = await walk(right());
	expect(inWords(second)).toEqual(['planned', 'trouble: locked']);
	expect(JSON.stringify(second)).toMatch(
		new RegExp(`\\w+@\\S+, process ${first.pid}, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC`),
	);
	await first.kill();
	expect(summaryOf(await walk(right()))).toMatchObject({changed: [], failed: []});
});
