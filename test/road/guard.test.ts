import {afterAll, beforeAll, expect, test} from 'vitest';
import {guardWindow} from '../../source/remote/guard.ts';
import {dropIn} from '../../steps/ssh/sshdConfig.ts';
import {GuardedBox, guardFolder, inWords, summaryOf} from './boxes/guarded-box.ts';
import type {Wanted} from './boxes/guarded-wizard.ts';
import {type Knock, longestOutage, type SecondHost} from './boxes/second-host.ts';
import {difference} from './boxes/snapshot.ts';

/** Seconds of a window that a boot fits into; one test has the real one. */
const short = 20;
/** Seconds that the box may take to do what it promised, when the window is over. */
const grace = 5;
const door = 'ssh/hardening';
const keyStep = 'account/authorizedKeys';

let guarded: GuardedBox;
let host: SecondHost;

beforeAll(async () => {
	guarded = await GuardedBox.open('guard');
	host = guarded.secondHost();
});

afterAll(async () => guarded?.close());

/** A key that doesn't open the door is found out by its own step: left out, the guard stands alone. */
const foreign = (): Partial<Wanted> => ({authorizedKeys: [guarded.foreignKey], leftOut: [keyStep]});

/** Locks everybody out, the new key being one that nobody has, and kills the wizard before it can find out. */
async function killBeforeTheProof(window: number): Promise<void> {
	const wizard = guarded.startWizard({...foreign(), holdAt: `proving ${door}`, guardWindow: window});
	await wizard.tells(`proving ${door}`);
	expect(inWords(wizard.told).at(-1)).toBe(`proving ${door}`);
	await wizard.kill();
}

/** After a boot with the change in place: nobody gets in, until the box has taken it back. */
async function expectTakenBack(before: ReadonlySet<string>): Promise<void> {
	const knocks = await host.watch(opened, 3 * short);
	expect(knocks[0]).toMatchObject({old: false, new: false});
	expect(knocks.at(-1)).toMatchObject({old: true, new: false});
	expect(longestOutage(knocks)).toBeLessThanOrEqual(short + grace);
	expect(await guarded.guardDecided(grace)).toBe('reverted');
	expect(difference(before, await guarded.etc(), [])).toEqual([]);
}

const opened = (knock: Knock) => knock.old || knock.new;

test('a key that opens nothing is found out before the door is touched', async () => {
	const told = await guarded.walk({...foreign(), leftOut: []});
	expect(inWords(told).slice(-2)).toEqual([`failed ${keyStep}: login-refused`, 'done']);
	expect(inWords(told)).not.toContain(`arming ${door}`);
	expect(await host.oldWay()).toBe(true);
});

test('a door that the person’s key does not open is taken back at once', async () => {
	const before = await guarded.etc();
	const told = await guarded.walk(foreign());
	expect(inWords(told).slice(-6)).toEqual([
		`arming ${door}`,
		`running ${door}`,
		`proving ${door}`,
		`reverted ${door}`,
		`failed ${door}: login-refused`,
		'done',
	]);
	expect(await guarded.guardDecided(guardWindow)).toBe('reverted');
	expect(difference(before, await guarded.etc(), [])).toEqual([]);
	expect(await host.knock(performance.now())).toMatchObject({old: true, new: false});
});

test('a wizard killed before its proof leaves nobody locked out for longer than the window', async () => {
	const before = await guarded.etc();
	const knocks = await host.watchShut(() => killBeforeTheProof(guardWindow), 2 * guardWindow);
	expect(longestOutage(knocks)).toBeLessThanOrEqual(guardWindow + grace);
	// It was no short hiccup: the door had been shut until the timer.
	expect(longestOutage(knocks)).toBeGreaterThan(guardWindow / 2);
	expect(await guarded.guardDecided(guardWindow)).toBe('reverted');
	expect(difference(before, await guarded.etc(), [])).toEqual([]);
});

test('a box rebooted inside the window takes the change back after the boot', async () => {
	const before = await guarded.etc();
	await killBeforeTheProof(short);
	await guarded.box.reboot();
	await expectTakenBack(before);
});

test('power lost between arming and disarming, as the change is written: the same', async () => {
	const before = await guarded.etc();
	const wizard = guarded.startWizard({...foreign(), holdAt: `proving ${door}`, guardWindow: short});
	expect(await wizard.tells(`running ${door}`)).toBe(true);
	await guarded.box.console(`timeout 60 bash -c 'until [ -e ${dropIn} ]; do sleep 0.02; done'`);
	await guarded.box.kill();
	await wizard.kill();
	await guarded.box.boot();
	await expectTakenBack(before);
});

test('with the right key the door is proven; a wizard killed that very moment goes on as the admin', async () => {
	const wizard = guarded.startWizard();
	expect(await wizard.tells(`proving ${door}`)).toBe(true);
	await guarded.box.console(`timeout 60 bash -c 'until [ -e ${guardFolder}/proven ]; do sleep 0.02; done'`);
	await wizard.kill();
	expect(inWords(wizard.told)).not.toContain(`verified ${door}`);
	expect(await guarded.guardDecided(guardWindow)).toBe('proven');
	expect(await host.knock(performance.now())).toMatchObject({old: false, new: true});
	const told = await guarded.walk();
	expect(inWords(told)).not.toContain(`arming ${door}`);
	expect(summaryOf(told)).toMatchObject({changed: [door, 'firewall/ufw'], failed: []});
});

test('root is out, jessica is in, and a further run finds nothing to do', async () => {
	expect(summaryOf(await guarded.walk())).toMatchObject({changed: [], skipped: [], failed: []});
	expect(await host.knock(performance.now())).toMatchObject({old: false, new: true});
});
