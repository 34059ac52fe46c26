import {readFileSync} from 'node:fs';
import {request} from 'node:https';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {createProbe} from '../../source/remote/probe.ts';
import {type Operation, record} from '../../source/remote/recorder.ts';
import {script} from '../../source/remote/script.ts';
import {closeTerminals, type TerminalProgram} from '../fixtures/terminal.ts';
import {type FinishedBox, finishedBox} from './boxes/finished-box.ts';
import {saveState} from './boxes/saved-state.ts';
import {breakages} from './planted/breakages.ts';
import {plantedFaults} from './planted/fixes.ts';

/** Milliseconds that a run in the foreground, a fix and the proof may take on a slow machine. */
const longWork = 100_000;
/** Of a test in which that is waited for several times. */
const whole = {timeout: 4 * longWork};
const interrupt = '\u0003';

let finished: FinishedBox;
let back: () => Promise<void>;

beforeAll(async () => {
	finished = await finishedBox('troubled');
	back = await saveState(finished.box);
	await answering();
});
afterEach(async ({task}) => {
	closeTerminals();
	// What one test could not mend is no matter of the next.
	if (task.result?.state === 'fail') await asItWas();
});
afterAll(async () => finished?.remove());

const asItWas = async () => {
	await back();
	await answering();
};

/** The app needs a moment after the box has booted. */
const answering = () =>
	finished.box.console('until curl --silent --fail --output /dev/null http://127.0.0.1:8000/; do sleep 0.1; done');

const open = () => finished.person.open(['troubleshoot', finished.box.address], {columns: 80, rows: 24});

test('an app that is well is left alone', whole, async () => {
	const {person, box} = finished;
	const before = await box.console('systemctl show -P MainPID microblog');
	const {code, stdout} = await person.run(['troubleshoot', box.address, '--json']);
	const events = stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line) as {readonly event: string});
	expect(events.at(-1)).toMatchObject({event: 'done', summary: {outcome: 'well', causes: [], fixes: []}});
	expect(code).toBe(0);
	expect(await box.console('systemctl show -P MainPID microblog')).toBe(before);
});

test.each(breakages)('$name: it is explained and mended, and the app answers', whole, async breakage => {
	await finished.box.console(breakage.script);
	const screen = open();
	await screen.see(breakage.says, longWork);
	await take(screen, breakage.fix);
	await screen.see('is well again', longWork);
	screen.type(interrupt);
	expect(await screen.exited).toBe(0);
	expect(await statusOverHttps()).toBe(200);
});

test.each(plantedFaults)('the fix of $name puts it right, and is taken back', whole, async fault => {
	const {fix, plant, look, broken, mended, back = broken} = fault;
	const run = async (text: string) => ({code: 0, stderr: '', stdout: await finished.box.console(text)});
	const probe = createProbe({run, outside: {} as never});
	const seen = async () => (await finished.box.console(look)).trim();
	const facts = async () => await fix.step.check(probe, {});
	const bring = async (operations: readonly Operation[]) =>
		await finished.box.console(`set -e\n${script(fix.id, operations, '/nowhere').text}`);
	await finished.box.console(plant);
	expect(await seen()).toMatch(broken);
	const before = await facts();
	expect(fix.step.done(before, {})).toBe(false);
	await bring(record(hand => fix.step.apply(hand, before, {})));
	expect(fix.step.done(await facts(), {})).toBe(true);
	expect(await seen()).toMatch(mended);
	await bring(record(hand => fix.step.undo?.(hand, before, {})));
	expect(await seen()).toMatch(back);
});

test('what a person must know is asked for, and no secret is shown', whole, async () => {
	const {box} = finished;
	await asItWas();
	await box.console(`cd /srv/microblog/current
printf '%s\\n' "print('key', Config.SECRET_KEY, flush=True)" "STRIPE_KEY = os.environ['STRIPE_KEY']" >> config.py
systemctl restart microblog > /dev/null 2>&1 || true`);
	const secret = await box.console("sed -nE \"s/^SECRET_KEY='?([^']*)'?$/\\1/p\" /srv/microblog/shared/.env");
	const screen = open();
	await screen.see('The variable STRIPE_KEY is not set', longWork);
	screen.type('1');
	await screen.see('❯ STRIPE_KEY');
	screen.type('sk_test_4242\r');
	await screen.see('is well again', longWork);
	screen.type('l');
	await screen.see('key ••••••');
	screen.type(interrupt);
	expect(await screen.exited).toBe(0);
	expect(await box.console('grep -c "^STRIPE_KEY=\'sk_test_4242\'$" /srv/microblog/shared/.env')).toMatch(/^1/);
	expect(await box.console('grep -c \'^STRIPE_KEY="sk_test_4242"$\' /srv/microblog/shared/environment')).toMatch(/^1/);
	for (const hidden of [secret.trim(), 'sk_test_4242']) expect(screen.raw()).not.toContain(hidden);
	expect(secret.trim()).not.toBe('');
});

test('a fix is taken back by its name', whole, async () => {
	const {person, box} = finished;
	const {code, stdout} = await person.run(['undo', box.address, 'fix/variable-stripe-key', '--yes', '--plain']);
	expect(stdout).toContain('Set STRIPE_KEY');
	expect(code).toBe(0);
	expect(
		await box.console('cat /srv/microblog/shared/.env /srv/microblog/shared/environment | grep -c STRIPE_KEY || true'),
	).toMatch(/^0/);
});

test('lines of a command: a cause that stands is exit code 2, and with --yes it is mended', {
	timeout: longWork,
}, async () => {
	const {person, box} = finished;
	await asItWas();
	await box.console('systemctl stop mariadb');
	const found = await person.run(['troubleshoot', box.address, '--plain']);
	expect(found.stdout).toContain('The database does not answer.');
	expect(found.code).toBe(2);
	const mended = await person.run(['troubleshoot', box.address, '--plain', '--yes']);
	expect(mended.stdout).toContain('microblog is well again');
	expect(mended.code).toBe(0);
});

describe('an app that hangs at its start, so long is it in the foreground, in the place of the supervised one', () => {
	beforeAll(async () => {
		await asItWas();
		// Until a signal comes.
		await finished.box.console(`sed -i '1i import signal; signal.pause()' /srv/microblog/current/microblog.py
systemctl restart microblog > /dev/null 2>&1 || true`);
	});

	const openInForeground = async () => {
		const screen = open();
		await screen.see('in the place of', longWork);
		await finished.box.console(`until systemctl is-active --quiet boxwizard-foreground; do sleep 0.1; done
systemctl is-active microblog | grep inactive`);
		return screen;
	};

	test('the wizard is killed: the app is back under systemd by itself', whole, async () => {
		const screen = await openInForeground();
		screen.kill('SIGKILL');
		await backUnderSystemd();
	});

	test('Ctrl-C: the same', whole, async () => {
		const screen = await openInForeground();
		screen.type(interrupt);
		await screen.see('Leave now?');
		screen.type('\r');
		expect(await screen.exited).toBe(130);
		await backUnderSystemd();
	});

	test('a lost connection: the same, and the wizard comes again', whole, async () => {
		const screen = await openInForeground();
		await finished.box.console('sed -i 1d /srv/microblog/current/microblog.py; pkill -KILL --uid jessica sshd');
		await backUnderSystemd();
		// It runs it once more, and finds it well: the fault was taken out meanwhile.
		await screen.see(/Nothing is wrong with microblog now|is well again|Restart microblog/, longWork);
	});
});

/** Within the minute that the unit has, whatever became of the wizard. */
async function backUnderSystemd(): Promise<void> {
	const state = await finished.box.console(`for try in {1..600}; do
	if ! systemctl is-active --quiet boxwizard-foreground && systemctl is-active --quiet microblog; then echo "back after $try"; break; fi
	sleep 0.1
done
ls /run/systemd/system | grep -c boxwizard-foreground || true`);
	expect(state).toMatch(/^back after \d+/);
}

/** Opens the fix by its number, sees what it does, and applies it. */
async function take(screen: TerminalProgram, fix: RegExp): Promise<void> {
	await screen.see(fix);
	const line = screen.lines().find(text => fix.test(text)) ?? '';
	screen.type(/^\s*(\d)\s/.exec(line)?.[1] ?? '1');
	await screen.see('apply');
	// Long changes of files come before the commands.
	await screen.see(/Commands, as root|\+\d/);
	screen.type('\r');
}

function statusOverHttps(): Promise<number | undefined> {
	const {box} = finished;
	return new Promise((resolve, reject) => {
		const ca = readFileSync(box.acmeCa, 'utf8');
		request({host: box.address, servername: box.domain, path: '/', ca, headers: {host: box.domain}}, response => {
			response.resume();
			resolve(response.statusCode);
		})
			.on('error', reject)
			.end();
	});
}
