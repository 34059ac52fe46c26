import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {closeTerminals, type TerminalProgram} from '../fixtures/terminal.ts';
import {type FinishedBox, finishedBox} from './boxes/finished-box.ts';
import type {Ended} from './visitors/person.ts';

const faults = readFileSync(new URL('planted/faults.sh', import.meta.url), 'utf8');

/** What the planted faults must lead to, and nothing else. */
const planted = [
	'ssh/door',
	'ssh/reload',
	'account/sudoers',
	'firewall/ports',
	'system/failed',
	'system/reload',
	'system/boot',
	'system/disk',
	'system/logs',
	'system/reboot',
	'system/upgrades',
	'app/packages',
	'app/migrations',
	'app/translations',
	'process/down',
	'process/reload',
	'web/reload',
	'dns/points',
	'tls/expiry',
	'tls/served',
	'tls/renewal',
	'mail/queue',
];

/** No fix can do these: the program fails by itself, the mail has nowhere to go, the disk is somebody's, and a reboot is asked for by name. */
const left = ['mail/queue', 'system/disk', 'system/failed', 'system/reboot'];

const enter = '\r';
const down = '\u001b[B';

let finished: FinishedBox;

beforeAll(async () => {
	finished = await finishedBox('doctor');
});

afterAll(async () => {
	closeTerminals();
	await finished?.remove();
});

const run = (...words: readonly string[]): Promise<Ended> => {
	const [command = '', ...rest] = words;
	return finished.person.run([command, finished.box.address, ...rest]);
};

type Told = {readonly event: string; readonly id?: string; readonly roundTrips?: number; readonly seconds?: number};

function told({stdout}: Ended): Told[] {
	return stdout
		.split('\n')
		.filter(line => line !== '')
		.map(line => JSON.parse(line) as Told);
}

const found = (ended: Ended) =>
	told(ended)
		.filter(({event}) => event === 'finding')
		.map(({id}) => id)
		.toSorted();

test('a box that was just finished is healthy: the doctor is silent, after four round trips at most', async () => {
	expect(await run('doctor')).toEqual({code: 0, stdout: '', stderr: ''});
	const asked = await run('doctor', '--plain');
	expect(asked).toEqual({code: 0, stdout: `${finished.box.domain} is well.\n`, stderr: ''});
	const healthy = await run('doctor', '--json');
	expect(healthy.code).toBe(0);
	expect(told(healthy)).toMatchObject([{event: 'health', bad: 0, warning: 0, note: 0, unknown: 0}]);
	expect(told(healthy)[0]?.roundTrips).toBeLessThanOrEqual(4);
});

test('the logs of all programs are one, by time; a filter and a span take out the rest', async () => {
	const {box} = finished;
	await box.console(`curl --silent --insecure --output /dev/null --resolve ${box.domain}:443:127.0.0.1 https://${box.domain}/marker-nginx
logger marker-system
sendmail -f marker-mail@localhost nobody@localhost <<< hello || true
systemctl restart microblog-worker
timeout 20 bash -c 'until journalctl SYSLOG_FACILITY=2 --quiet --grep marker-mail > /dev/null; do sleep 0.1; done'`);
	const all = await run('logs', '--json', '--lines', '200');
	type Line = {readonly time: string; readonly kind: string; readonly text: string};
	const lines = told(all) as unknown as Line[];
	expect(new Set(lines.map(({kind}) => kind))).toEqual(new Set(['app', 'nginx', 'mail', 'system']));
	expect(lines.map(({time}) => time)).toEqual(lines.map(({time}) => time).toSorted());
	const texts = lines.map(({text}) => text).join('\n');
	for (const marker of ['marker-nginx', 'marker-mail', 'marker-system', 'Booting worker'])
		expect(texts).toContain(marker);

	const few = await run('logs', '--only', 'nginx,system', '--grep', 'MARKER', '--since', '1h', '--no-follow');
	expect(few.code).toBe(0);
	expect(few.stdout).toMatch(/^\d{4}-\d\d-\d\dT\S+Z nginx +\S.*marker-nginx/m);
	expect(few.stdout).toContain('marker-system');
	expect(few.stdout).not.toContain('marker-mail');
	const wrong = await run('logs', '--only', 'ngnix');
	expect(wrong).toMatchObject({code: 1, stdout: ''});
	expect(wrong.stderr).toContain('Did you mean “nginx”?');
});

test('followed logs show what comes, and go on after the connection was lost', async () => {
	const {box, person} = finished;
	const follower = person.open(['logs', box.address, '--only', 'system', '--grep', 'marker'], {columns: 100});
	await follower.see('marker-system');
	await box.console('logger marker-followed');
	await follower.see('marker-followed');
	// The sessions of the person, not sshd itself.
	await box.console("pkill -KILL -f '^sshd: jessica' || true; logger marker-while-away");
	await follower.see('The connection was lost');
	await follower.see('marker-while-away', 60_000);
	await box.console('logger marker-afterwards');
	await follower.see('marker-afterwards', 30_000);
	expect(follower.raw().split('marker-followed').length).toBe(2);
	follower.type('\u0003');
	expect(await follower.exited).toBe(0);
	// Neither the reader that was left nor the one that was cut off stays on the box.
	await box.console(
		`timeout 60 bash -c 'while pgrep -x tail || compgen -G "/run/boxwizard-logs.*"; do sleep 0.2; done'`,
	);
});

test('a restart is proven, asks where it interrupts, and knows the nearest name', async () => {
	const {box} = finished;
	const list = await run('restart');
	expect(list.stdout).toContain('sudo systemctl restart microblog microblog-second\n');
	expect(list.stdout).toMatch(/^ssh +New logins wait/m);
	const pid = () => box.console('systemctl show -P MainPID microblog');
	const before = await pid();
	expect(await run('restart', 'app')).toMatchObject({code: 1, stdout: ''});
	expect(await pid()).toBe(before);
	expect(await run('restart', 'app', '--yes', '--plain')).toMatchObject({code: 0});
	expect(await pid()).not.toBe(before);
	expect(await run('restart', 'nginx', '--plain')).toMatchObject({code: 0});
	expect(await run('restart', 'ssh', '--yes', '--plain')).toMatchObject({code: 0});
	expect((await run('restart', 'ngnix')).stderr).toContain('Did you mean “nginx”?');
	expect((await run('stop', 'ssh', '--yes')).stderr).toContain('nobody could log in any more');
	expect(await run('stop', 'database', '--yes', '--plain')).toMatchObject({code: 0});
	const sick = await run('doctor', '--json');
	expect(sick.code).toBe(3);
	expect(found(sick)).toContain('system/boot');
	expect(await run('start', 'mariadb', '--plain')).toMatchObject({code: 0});
	expect(await run('doctor', '--plain')).toMatchObject({code: 0, stdout: 'doctor.practice.test is well.\n'});
});

test('a shell on the box is one command away, with the known key and host key', async () => {
	const {box, person} = finished;
	expect(await run('ssh', '--', 'id', '-un')).toMatchObject({code: 0, stdout: 'jessica\n'});
	expect(await run('ssh', '--', 'exit 7')).toMatchObject({code: 7});
	const shell = person.open(['ssh', box.address]);
	await shell.see(/jessica@\S+:~\$/);
	shell.type('exit\r');
	expect(await shell.exited).toBe(0);
	const none = person.open(['ssh', box.address], {environment: {PATH: '/nowhere'}});
	await none.see('There is no ssh program on this machine.');
	expect(await none.exited).toBe(1);
});

test('a new version, taken up by a reload, leaves the box healthy', async () => {
	await finished.box.commit('Say more', {'app/more.py': 'more = 1\n'});
	expect(await run('deploy', '--yes', '--plain')).toMatchObject({code: 0});
	expect(await run('doctor')).toEqual({code: 0, stdout: '', stderr: ''});
	const asked = await run('doctor', '--plain');
	expect(asked).toEqual({code: 0, stdout: `${finished.box.domain} is well.\n`, stderr: ''});
});

test('of many faults planted at once it finds exactly these', async () => {
	const {box} = finished;
	await box.console(faults);
	await box.updateZone([`update delete ${box.domain} A`, `update add ${box.domain} 60 A 192.0.2.9`]);
	const ended = await run('doctor', '--json');
	expect(found(ended)).toEqual(planted.toSorted());
	expect(ended.code).toBe(3);
	expect(told(ended).at(-1)?.roundTrips).toBeLessThanOrEqual(4);
	const plain = await run('doctor', '--plain', '--skip', 'ssh/door');
	expect(plain.stdout).not.toContain('bad     ssh/door');
	expect(plain.stdout).toContain('| /etc/sudoers.d/zz-hurry:jessica ALL=(ALL) NOPASSWD: ALL');
});

/** Opens the fix under the hand, sees what it will do, and does it. */
async function fix(screen: TerminalProgram, shows: string, then: RegExp): Promise<void> {
	screen.type(enter);
	await screen.see(shows, 30_000);
	await screen.see('do it');
	screen.type(enter);
	await screen.see(then, 60_000);
}

test('faults are mended on one key, each shown before it is done', async () => {
	const {box, person} = finished;
	const screen = person.open(['doctor', box.address]);
	await screen.see(/❯ ✗ ssh lets in root/, 30_000);
	await fix(screen, 'keep_original /etc/ssh/sshd_config.d/00-aaa.conf', /has found[\s\S]*❯ ✗ sudo asks/);
	await fix(screen, 'visudo --check', /has found[\s\S]*❯ ✗ 1 service has failed/);
	for (const title of ['1 package', 'The database', 'microblog-worker', 'DNS does not lead']) {
		screen.type(down);
		await screen.see(new RegExp(`❯ ✗ ${title}`));
	}

	await fix(screen, 'make doctor.practice.test', /has found/);
	expect(screen.lines().join('\n')).not.toContain('DNS does not lead');
	screen.type('\u0003');
	expect(await screen.exited).toBe(0);
	expect(found(await run('doctor', '--json'))).not.toContain('dns/points');
});

test('all the rest by one command; what no fix can do stays, and a fix can be taken back', async () => {
	const ended = await run('doctor', '--fix', 'all', '--yes', '--plain');
	expect(ended.stdout).toContain('faulty.service failed again.');
	expect(ended.stdout).toContain('25 messages still can’t go out.');
	expect(ended.code).toBe(1);
	expect(found(await run('doctor', '--json'))).toEqual(left);
	expect(await run('undo', 'fix/firewall-ports', '--yes', '--plain')).toMatchObject({code: 0});
	expect(found(await run('doctor', '--json'))).toEqual([...left, 'firewall/ports'].toSorted());
});
