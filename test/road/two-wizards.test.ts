import {afterAll, beforeAll, expect, test} from 'vitest';
import {GuardedBox, type GuardedWizard, inWords, summaryOf} from './boxes/guarded-box.ts';
import {longestOutage} from './boxes/second-host.ts';
import {difference} from './boxes/snapshot.ts';

const atWork = 'skipped system/ready';
const door = 'ssh/hardening';
const doors = [door, 'firewall/ufw'];
/** Seconds. */
const guardWindow = 15;
/** Seconds that the box may take to do what it promised, when the window is over. */
const grace = 5;

let guarded: GuardedBox;

beforeAll(async () => {
	guarded = await GuardedBox.open('guard-two');
	expect(summaryOf(await guarded.walk({leftOut: doors}))).toMatchObject({failed: []});
});

afterAll(async () => guarded?.close());

/** A wizard that has the box, and keeps it. */
async function holder(): Promise<GuardedWizard> {
	const wizard = guarded.startWizard({leftOut: doors, holdAt: atWork});
	expect(await wizard.tells(atWork)).toBe(true);
	return wizard;
}

const names = (wizard: GuardedWizard) =>
	new RegExp(`\\w+@\\S+, process ${wizard.process.pid}, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC`);

test('of ten wizards at once one proceeds, and the nine others name it', async () => {
	const laptops = Array.from({length: 10}, (_, index) => `laptop-${index}`);
	const wizards = laptops.map(laptop => guarded.startWizard({leftOut: doors, holdAt: atWork}, laptop));
	const proceeding = await Promise.all(
		wizards.map(wizard => wizard.tells(atWork).then(tells => [wizard, tells] as const)),
	)
		// The one that proceeds is held: the nine are known when they have ended.
		.then(all => all.flatMap(([wizard, tells]) => (tells ? [wizard] : [])));
	const [first, ...more] = proceeding;
	expect(more).toEqual([]);
	if (!first) throw new Error('Nobody proceeds');
	for (const other of wizards.filter(wizard => wizard !== first)) {
		expect(inWords(other.told)).toEqual(['planned', 'trouble: locked']);
		expect(JSON.stringify(other.told)).toMatch(names(first));
	}

	await first.kill();
	expect(summaryOf(await guarded.walk({leftOut: doors}))).toMatchObject({failed: []});
});

test('a holder that is stopped is not dead: it keeps the box', async () => {
	const first = await holder();
	first.process.kill('SIGSTOP');
	const second = await guarded.walk({leftOut: doors});
	expect(inWords(second)).toEqual(['planned', 'trouble: locked']);
	expect(JSON.stringify(second)).toMatch(names(first));
	await first.kill();
});

test('a holder whose machine is gone without a word loses the box once it answers no packet', async () => {
	const first = await holder();
	const {box} = guarded;
	// Of the connections that there are now not a packet arrives any more.
	await box.console(`ss -Htn state established '( sport = :22 )' | awk '{print $4}' | sed 's/.*://' | while read -r port; do
	iptables -A INPUT -p tcp --dport 22 --sport "$port" -j DROP
done`);
	await first.kill();
	const started = performance.now();
	const second = await guarded.walk({leftOut: doors});
	expect(summaryOf(second)).toMatchObject({failed: []});
	// Proof takes six retransmissions, and what is no proof is no age either: the lock was seconds old.
	expect(performance.now() - started).toBeGreaterThan(10_000);
	await box.console('iptables -F');
});

test('a host key that is switched in the middle stops the run, and the box takes back what nobody has proven', async () => {
	const {box} = guarded;
	const before = await guarded.etc();
	const host = guarded.secondHost();
	const wizard = guarded.startWizard({guardWindow});
	expect(await wizard.tells(`running ${door}`)).toBe(true);
	let ended = false;
	const watching = host.watch(knock => ended && knock.old, 5 * guardWindow);
	await box.console(`cd /etc/ssh && rm ssh_host_ed25519_key* && ssh-keygen -q -t ed25519 -N '' -f ssh_host_ed25519_key
systemctl restart ssh
pkill -f 'sshd: root@notty' || true`);
	await wizard.ended;
	expect(await guarded.guardDecided(2 * guardWindow)).toBe('reverted');
	ended = true;
	const told = inWords(wizard.told);
	expect(told.filter(words => words.startsWith('failed'))).toEqual([`failed ${door}: host-key-not-pinned`]);
	expect(told).not.toContain(`proving ${door}`);
	expect(JSON.stringify(wizard.told)).toContain('by itself');
	const knocks = await watching;
	expect(knocks.at(-1)).toMatchObject({old: true});
	expect(longestOutage(knocks)).toBeLessThanOrEqual(guardWindow + grace);
	expect(difference(before, await guarded.etc(), [/ssh_host_ed25519_key/, /^\/etc\/ssh \d/])).toEqual([]);
});
