import {cpSync, globSync, readFileSync, rmSync} from 'node:fs';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {GuardedBox, inWords, summaryOf} from './boxes/guarded-box.ts';
import type {Told, Wanted} from './boxes/guarded-wizard.ts';
import {saveState} from './boxes/saved-state.ts';
import {type Knock, longestOutage, openThroughout, type SecondHost} from './boxes/second-host.ts';
import {ontoSmallDisk} from './boxes/small-disk.ts';
import {difference} from './boxes/snapshot.ts';

const [sshd, firewall] = ['ssh/hardening', 'firewall/ufw'];
/** Seconds; the other test of the guard has the real window. */
const guardWindow = 15;
/** Seconds without any way in, at most: the window, and five more. */
const promised = guardWindow + 5;
const main = '/etc/ssh/sshd_config';

let guarded: GuardedBox;
let host: SecondHost;
/** User, key and packages are there; the doors are as the provider left them. */
let backToOpen: () => Promise<void>;

beforeAll(async () => {
	guarded = await GuardedBox.open('guard-faults');
	host = guarded.secondHost();
	expect(summaryOf(await guarded.walk({leftOut: [sshd, firewall]}))).toMatchObject({failed: []});
	await guarded.box.console('apt-get clean');
	backToOpen = await saveWithMemory();
});

afterAll(async () => guarded?.close());

/** The box, and what the person's laptop remembers of it. */
async function saveWithMemory(): Promise<() => Promise<void>> {
	const back = await saveState(guarded.box);
	const [memory, kept] = [guarded.person.file('boxwizard'), guarded.person.file(`kept-${performance.now()}`)];
	cpSync(memory, kept, {recursive: true});
	return async () => {
		rmSync(memory, {recursive: true});
		cpSync(kept, memory, {recursive: true});
		await back();
	};
}

/** Runs a line of Python on the box beside all else, until the box is shut down. */
const beside = (line: string) =>
	`systemd-run --quiet python3 -c 'import socket, time; ${line}; time.sleep(9999)'\nsleep 0.5`;

type Watched = {readonly told: string[]; readonly all: readonly Told[]; readonly knocks: readonly Knock[]};

/** Lets a wizard walk while the second host knocks each second, until both ways in are what they are to be and the guard is decided. */
async function watched(wanted: Partial<Wanted>, from = host): Promise<Watched> {
	let ended = false;
	const watching = from.watch(knock => ended && (knock.old || knock.new), 2 * promised);
	const all = await guarded.walk({guardWindow, ...wanted});
	ended = true;
	return {told: inWords(all), all, knocks: await watching};
}

/** What a wizard is told when the box takes a step back that fails with this. */
const takenBack = (step: string, code: string) => [`reverted ${step}`, `failed ${step}: ${code}`, 'done'];

/** Breaks the box, lets a wizard walk into it, and has it as it was: /etc byte for byte, and a door open all along. */
async function expectTakenBack(breaking: string, wanted: Partial<Wanted>, ending: readonly string[], from = host) {
	await guarded.box.console(breaking);
	const before = await guarded.etc();
	const {told, all, knocks} = await watched(wanted, from);
	expect(told.slice(-ending.length)).toEqual(ending);
	expect(longestOutage(knocks)).toBeLessThanOrEqual(promised);
	expect(difference(before, await guarded.etc(), [])).toEqual([]);
	return {all, knocks};
}

describe('sshd', () => {
	beforeEach(async () => backToOpen());

	test('a configuration that the person has broken is named, and not touched', async () => {
		const breaking = "echo 'PermitRootLogn no' > /etc/ssh/sshd_config.d/60-mine.conf";
		const {all} = await expectTakenBack(breaking, {}, ['failed system/ready: sshd-broken', 'done']);
		expect(JSON.stringify(all)).toContain('60-mine.conf: line 1: Bad configuration option: PermitRootLogn');
	});

	test('a configuration that ours breaks, inside a Match block, is never loaded', async () => {
		const breaking = `cp /etc/ssh/sshd_config.d/50-provider.conf ${main}.new
{ cat ${main}.new; echo 'Match User nobody'; cat ${main}; } > ${main}.whole
sed -i '/^UsePAM\\|^KbdInter\\|^X11\\|^PrintMotd\\|^AcceptEnv\\|^Subsystem/d' ${main}.whole
mv ${main}.whole ${main}; rm ${main}.new; sshd -t`;
		const ending = [`arming ${sshd}`, `running ${sshd}`, ...takenBack(sshd, 'job-failed')];
		const {all, knocks} = await expectTakenBack(breaking, {}, ending);
		expect(JSON.stringify(all)).toContain('not allowed within a Match block');
		expect(openThroughout(knocks, knock => knock.old)).toBe(true);
		// Once, for the way back.
		expect(await guarded.box.console("journalctl -b -u ssh | grep -c 'Received SIGHUP'")).toBe('1\n');
	});

	test('a Match block that lets passwords in again, for the person’s network, is found', async () => {
		const breaking = `printf 'Match Address 10.0.0.0/8\\n\\tPasswordAuthentication yes\\n' >> ${main}`;
		const {all} = await expectTakenBack(breaking, {}, takenBack(sshd, 'door-still-open'));
		expect(JSON.stringify(all)).toContain('passwordauthentication yes');
	});

	test('a Match block that shuts the new user alone out', async () => {
		const breaking = `printf 'Match User jessica\\n\\tPubkeyAuthentication no\\n' >> ${main}`;
		const {all} = await expectTakenBack(breaking, {}, takenBack(sshd, 'door-still-open'));
		expect(JSON.stringify(all)).toContain('pubkeyauthentication no');
	});

	test('a list of users without the new one gets it, and is none that shuts it out', async () => {
		await guarded.box.console("echo 'AllowUsers root' > /etc/ssh/sshd_config.d/10-mine.conf; systemctl reload ssh");
		const {all, knocks} = await watched({leftOut: [firewall]});
		expect(summaryOf(all)).toMatchObject({changed: expect.arrayContaining([sshd]), failed: []});
		expect(openThroughout(knocks, knock => knock.old || knock.new)).toBe(true);
	});

	test('a port that another program listens on is refused before anything is touched', async () => {
		const breaking = beside('server = socket.create_server(("", 2222))');
		const answers = {sshPort: 2222, otherPorts: 'open'};
		const {all} = await expectTakenBack(breaking, {answers}, [`failed ${sshd}: port-taken`, 'done']);
		expect(JSON.stringify(all)).toContain('python3');
	});

	test('an answer that is changed on the way is the one that is remembered', async () => {
		await guarded.box.console(beside('server = socket.create_server(("", 2222))'));
		const all = await guarded.walk({guardWindow, answers: {sshPort: 2222}, edit: {sshPort: 22}, leftOut: [firewall]});
		expect(inWords(all)).toContain(`failed ${sshd}: port-taken`);
		expect(summaryOf(all)).toMatchObject({changed: [sshd], failed: []});
		const [journal = ''] = globSync(guarded.person.file('boxwizard/hosts/*.json'));
		expect(JSON.parse(readFileSync(journal, 'utf8')).box.answers).toMatchObject({sshPort: 22, user: 'jessica'});
	});

	test('a port that it cannot have ends sshd, and the box starts it again', async () => {
		const breaking = beside('held = socket.socket(socket.AF_INET6); held.bind(("::", 2222))');
		const elsewhere = guarded.secondHost(2222);
		await expectTakenBack(breaking, {answers: {sshPort: 2222}}, takenBack(sshd, 'refused'), elsewhere);
		expect(await guarded.box.console('systemctl is-active ssh; ss -Hltn "sport = :22" | wc -l')).toBe('active\n2\n');
	});

	test('a port that the provider’s firewall drops', async () => {
		const breaking = 'iptables -A INPUT -p tcp --dport 2222 -j DROP';
		const elsewhere = guarded.secondHost(2222);
		const {knocks} = await expectTakenBack(breaking, {answers: {sshPort: 2222}}, takenBack(sshd, 'timeout'), elsewhere);
		expect(longestOutage(knocks)).toBeGreaterThan(guardWindow / 2);
	});

	test('sudo that a later file of the person’s takes away', async () => {
		const breaking = "echo 'jessica ALL=(ALL) !ALL' > /etc/sudoers.d/zz-mine; chmod 440 /etc/sudoers.d/zz-mine";
		await expectTakenBack(breaking, {}, takenBack(sshd, 'no-sudo'));
	});

	test('sudo that refuses its own file', async () => {
		const {all} = await expectTakenBack('chmod 666 /etc/sudoers', {}, takenBack(sshd, 'no-sudo'));
		expect(JSON.stringify(all)).toContain('world writable');
	});

	test('a syntax error in a sudoers file of the person’s, which sudo passes over', async () => {
		await guarded.box.console("echo 'jessica ALL=(ALL' > /etc/sudoers.d/zz-mine; chmod 440 /etc/sudoers.d/zz-mine");
		const {all, knocks} = await watched({});
		expect(summaryOf(all)).toMatchObject({changed: [sshd, firewall], failed: []});
		expect(openThroughout(knocks, knock => knock.old || knock.new)).toBe(true);
	});
});

describe('the firewall, and the way back', () => {
	let backToHardened: () => Promise<void>;
	/** Rules of the person's that ufw leaves where they stand. */
	const shutting = 'ufw deny 22; ufw allow 22/tcp';

	beforeAll(async () => {
		await backToOpen();
		expect(summaryOf(await guarded.walk({leftOut: [firewall]}))).toMatchObject({changed: [sshd]});
		backToHardened = await saveWithMemory();
	});
	beforeEach(async () => backToHardened());

	/** Has a wizard change a door so that it is shut, and kills it before it can find out. */
	async function shutAndKill(wanted: Partial<Wanted>, step: string, meanwhile = async () => {}): Promise<void> {
		const before = await guarded.etc();
		const knocks = await host.watchShut(async () => {
			const wizard = guarded.startWizard({guardWindow, ...wanted, holdAt: `proving ${step}`});
			await wizard.tells(`proving ${step}`);
			expect(inWords(wizard.told).at(-1)).toBe(`proving ${step}`);
			await wizard.kill();
			await meanwhile();
		}, 2 * promised);
		expect(longestOutage(knocks)).toBeLessThanOrEqual(promised);
		expect(longestOutage(knocks)).toBeGreaterThan(guardWindow / 2);
		expect(await guarded.guardDecided(promised)).toBe('reverted');
		expect(difference(before, await guarded.etc(), [])).toEqual([]);
	}

	test('a rule that shuts ssh is overruled; undone, root is in again and the firewall is off', async () => {
		await guarded.box.console('ufw deny 22; ufw deny 80');
		const there = await watched({});
		expect(summaryOf(there.all)).toMatchObject({changed: [firewall], failed: []});
		expect(openThroughout(there.knocks, knock => knock.new)).toBe(true);
		const undone = [firewall, sshd, 'account/authorizedKeys', 'account/adminUser'];
		const back = await watched({undo: undone});
		for (const step of [firewall, sshd])
			expect(back.told).toEqual(expect.arrayContaining([`arming ${step}`, `proving ${step}`]));
		expect(back.told.filter(words => words.startsWith('undone'))).toEqual(undone.map(step => `undone ${step}`));
		expect(openThroughout(back.knocks, knock => knock.old || knock.new)).toBe(true);
		expect(await host.knock(performance.now())).toMatchObject({old: true, new: false});
		expect(await guarded.box.console('ufw status; ls /var/lib/boxwizard/guard; getent passwd jessica || true')).toBe(
			'Status: inactive\nproven\n',
		);
	});

	test('a rule that stays ahead of ours', async () => {
		const {all} = await expectTakenBack(shutting, {}, takenBack(firewall, 'rule-in-the-way'));
		expect(JSON.stringify(all)).toContain('deny any 22');
		expect(await guarded.box.console('ufw status')).toBe('Status: inactive\n');
	});

	test('an undo that lets nobody in is taken back as well', async () => {
		await guarded.box.console(
			"printf 'PermitRootLogin no\\nPasswordAuthentication no\\nPubkeyAuthentication no\\n' > /etc/ssh/sshd_config.d/50-provider.conf",
		);
		await shutAndKill({undo: [sshd]}, sshd);
		expect(summaryOf(await guarded.walk({leftOut: [firewall]}))).toMatchObject({changed: [], failed: []});
	});

	test('a full disk keeps no change: the box takes it back without a byte to spare', async () => {
		const disk = await ontoSmallDisk(guarded.box);
		try {
			await guarded.box.console(shutting);
			await shutAndKill({leftOut: ['system/ready']}, firewall, async () => {
				disk.fill();
				expect(await guarded.box.console('(echo more > /var/more) 2> /dev/null || echo full')).toBe('full\n');
			});
			expect(await guarded.box.console('ufw status')).toBe('Status: inactive\n');
		} finally {
			await disk.remove();
		}
	});
});
