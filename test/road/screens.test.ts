import {readFileSync, writeFileSync} from 'node:fs';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {chooseEngine, type PracticeBox, startPracticeBox} from '../../source/practice/index.ts';
import {closeTerminals, goTo} from '../fixtures/terminal.ts';
import {audit} from './boxes/audit.ts';
import {difference, snapshot} from './boxes/snapshot.ts';
import {leftBehind} from './boxes/undone.ts';
import {newPerson, type Person} from './visitors/person.ts';
import {visit, visitWhile} from './visitors/visitor.ts';

/** Milliseconds the whole road may take on a slow machine. */
const longWork = 4 * 60_000;
/** The page of the sample app, and one more table for it. */
const template = new URL('../../source/practice/services/sample/app/templates/index.html', import.meta.url);
const migration = `revision = '0002'
down_revision = '0001'


def upgrade():
    from alembic import op
    import sqlalchemy as sa
    op.create_table('likes', sa.Column('id', sa.Integer, primary_key=True))
`;
const name = 'road';
const down = '\u001b[B';
const home = '\u001b[H';
const clearLine = '\u0015';

let box: PracticeBox;
let person: Person;
let before: ReadonlySet<string>;
let firstBoot: string;

const bootId = () => box.console('cat /proc/sys/kernel/random/boot_id');

beforeAll(async () => {
	const engine = await chooseEngine();
	await engine.installPackages(() => undefined);
	box = await startPracticeBox({name, login: 'password', keep: false, release: 'bookworm'}, () => undefined);
	person = newPerson();
	// What a boot still starts would look like our doing.
	await box.console('systemctl is-system-running --wait || true');
	before = await snapshot(box);
	// The provider's image asks for a reboot: the road has one in its middle.
	await box.console('touch /run/reboot-required');
	firstBoot = await bootId();
});

afterAll(async () => {
	closeTerminals();
	person?.leave();
	await box?.stop();
});

const target = () => `root@${box.address}`;
const surroundings = () => [
	'--known-hosts',
	person.file('known_hosts'),
	'--resolver',
	box.nameserver,
	'--acme-ca',
	box.acmeCa,
];

test('a person walks from the root password to their app over HTTPS', {timeout: 2 * longWork}, async () => {
	const terminal = person.open(
		['setup', target(), ...surroundings(), '--acme-server', box.acmeDirectory, '--kind', 'python'],
		{columns: 80, rows: 24},
	);
	const {see, type, exited} = terminal;
	await see('SHA256:');
	type('y');
	await see('password of root');
	type(`${box.rootPassword?.reveal() ?? ''}\r`);
	await see('Debian', 30_000);
	type('\r');
	await see('❯ Git repository');
	type(`${box.deployRepository}\r`);
	// What its files say is asked no more, and can be changed.
	await see(/microblog: a Flask app[\s\S]*❯ +Go on/, 30_000);
	await goTo(terminal, down, /❯ Database/);
	type('\r');
	await see('◉ sqlite');
	type('m');
	await see('◉ mysql');
	type('\r');
	await see(/Database +mysql/);
	await see(/Job queue +microblog-tasks/);
	type(home);
	await see(/❯ +Go on/);
	type('\r');
	await see(/❯ Domain[\s\S]*question 2 of 5/);
	type(`${box.domain}\r`);
	await see('❯ Your user');
	type('Jess!ca');
	// What is wrong is said in words while one types, and nothing goes on.
	await see('Small letters');
	type(`${clearLine}jessica${down}`);
	await see('❯ Sudo ');
	type(`${down}`);
	await see('❯ Sudo password');
	type('a long sudo password\r');
	await see('person@laptop');
	type('\r');
	await see(/❯ Your e-mail[\s\S]*question 5 of 5/);
	type('jessica@practice.test\r');
	await see('The plan', 30_000);
	await see(/\d+ to do/, 60_000);
	type('r');
	await see(/Reboot if needed/, longWork);
	await see(/Deploy key[\s\S]*ssh-ed25519/, longWork);
	await box.addDeployKey(
		await box.console('cat /home/jessica/.ssh/*microblog*.pub /srv/microblog/shared/*.pub 2>/dev/null || true'),
	);
	await see(/DNS records/, longWork);
	await see(/waiting for/i, longWork);
	await box.pointDomain();
	await see(`https://${box.domain}`, longWork);
	type('\r');
	expect(await exited).toBe(0);
});

test('the box was rebooted in the middle of it', async () => {
	expect(await bootId()).not.toBe(firstBoot);
});

test('the app answers over HTTPS with a trusted certificate, its database, jobs and translations at work', async () => {
	const {text} = await visit(box, '/health');
	expect(JSON.parse(text)).toMatchObject({
		database: 'ok',
		job: 'finished',
		scheme: 'https',
		translation: '¡Hola, mundo!',
	});
});

test('ssh-audit finds nothing that fails, and its policy for hardened Debian 12 passes', async () => {
	expect(await audit(box, 'Hardened Debian 12 (version 3)')).toMatchObject({
		failures: '',
		policy: {passed: true, errors: []},
	});
});

test('a check finds nothing to change', {timeout: longWork}, async () => {
	const {code, stdout} = await person.run(
		['check', `jessica@${box.address}`, '--known-hosts', person.file('known_hosts'), '--plain', '--password-stdin'],
		'a long sudo password\n',
	);
	expect(stdout).toMatch(/in place/);
	expect(code).toBe(0);
});

test('a second set-up changes nothing', {timeout: longWork}, async () => {
	const {code, stdout} = await person.run(
		[
			'setup',
			`jessica@${box.address}`,
			'--known-hosts',
			person.file('known_hosts'),
			'--json',
			'--yes',
			'--password-stdin',
		],
		'a long sudo password\n',
	);
	const events = stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line) as {event?: string; type?: string});
	expect(code).toBe(0);
	expect(events.filter(event => event.type === 'running' || event.event === 'running')).toEqual([]);
});

const deploy = () =>
	person.run(
		[
			'deploy',
			`jessica@${box.address}`,
			'--known-hosts',
			person.file('known_hosts'),
			'--plain',
			'--yes',
			'--password-stdin',
		],
		'a long sudo password\n',
	);

test('a deploy brings a commit live, with its tables and files, and no visitor waits', {
	timeout: longWork,
}, async () => {
	expect(await deploy()).toMatchObject({
		code: 0,
		stdout: expect.stringMatching(/\[live\] .*\(as before\)\nnothing changed/),
	});
	const page = readFileSync(template, 'utf8');
	await box.commit('Add likes', {
		'migrations/versions/0002_likes.py': migration,
		'app/static/likes.txt': 'likes\n',
		'app/templates/index.html': page.replace('</body>', '<p>version two</p></body>'),
	});
	let ended: Awaited<ReturnType<typeof deploy>> | undefined;
	const seen = await visitWhile(box, '/', async () => {
		ended = await deploy();
	});
	expect(ended).toMatchObject({
		code: 0,
		stdout: expect.stringMatching(/\[live\] [0-9a-f]{8} Add likes, .* after it began\n/),
	});
	expect(seen).toEqual([200]);
	expect((await visit(box, '/')).text).toContain('version two');
	expect((await visit(box, '/static/likes.txt')).text).toBe('likes\n');
	expect(await box.console('mysql --batch --execute="show tables" microblog')).toContain('likes');
});

test('a version whose first page fails is taken back by itself', {timeout: longWork}, async () => {
	await box.commit('Break the page', {'app/templates/index.html': '{{ nothing.at.all }}\n'});
	const {code, stdout, stderr} = await deploy();
	await box.commit('Mend the page', {'app/templates/index.html': readFileSync(template, 'utf8')});
	expect(code).toBe(1);
	expect(stdout).toContain("'nothing' is undefined");
	expect(stdout).toMatch(/\[live\] [0-9a-f]{8} Add likes \(as before\)/);
	expect(stderr).toContain('boxwizard deploy');
	expect(await visit(box, '/')).toMatchObject({status: 200, text: expect.stringContaining('version two')});
});

test('a version that wants a variable names it, asks for its value at a terminal, and goes live', {
	timeout: longWork,
}, async () => {
	await box.commit('Take money', {
		'app/pay.py': "import os\n\nKEY = os.environ['STRIPE_KEY']\n",
		'microblog.py': 'from app import create_app, pay\n\nassert pay\napp = create_app()\n',
	});
	const refused = await deploy();
	expect(refused).toMatchObject({code: 1, stdout: expect.stringContaining('The variable STRIPE_KEY is not set.')});
	const words = ['deploy', `jessica@${box.address}`, '--known-hosts', person.file('known_hosts')];
	const terminal = person.open(words, {columns: 120, rows: 60});
	await terminal.see('Password of jessica for sudo');
	terminal.type('a long sudo password\r');
	await terminal.see('Deploy it to', longWork);
	terminal.type('yes\r');
	await terminal.see('STRIPE_KEY (nothing to leave it)', longWork);
	terminal.type("sk_live 'one\r");
	expect(await terminal.exited).toBe(0);
	expect(terminal.raw()).not.toContain('sk_live');
	expect(await box.console('tail -n 1 /srv/microblog/shared/.env')).toBe("STRIPE_KEY='sk_live \\'one'\n");
	expect(await deploy()).toMatchObject({code: 0, stdout: expect.stringContaining('Take money (as before)')});
});

test('undo brings the box back', {timeout: longWork}, async () => {
	writeFileSync(person.file('sudo'), 'a long sudo password\n', {mode: 0o600});
	const {code, stdout, stderr} = await person.run(
		[
			'undo',
			target(),
			'--all',
			'--known-hosts',
			person.file('known_hosts'),
			'--plain',
			'--yes',
			'--password-stdin',
		].concat('--confirm', 'microblog', '--secret', `sudoPassword=${person.file('sudo')}`),
		`${box.rootPassword?.reveal() ?? ''}\n`,
	);
	expect({code, failed: `${stdout}${stderr}`.match(/.*(?:✗|could not).*/g)}).toEqual({code: 0, failed: null});
	// What can't come back is named before anything is done.
	expect(stderr).toContain('Upgraded packages stay upgraded');
	expect(difference(before, await snapshot(box), leftBehind)).toEqual([]);
	expect(await box.console("stat -c '%a %U' /var/backups/boxwizard/home-jessica-*.tar.gz")).toBe('600 root\n');
});
