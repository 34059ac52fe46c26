import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import {type BenchBox, freshBox} from '../../bench/boxes.ts';
import {type LookedOver, lookForPage, lookOver} from '../../bench/look-over.ts';
import {median} from '../../bench/measure.ts';
import {closeTerminals, goTo} from '../fixtures/terminal.ts';
import {difference, snapshot} from './boxes/snapshot.ts';
import {leftBehind} from './boxes/undone.ts';
import {startLoad} from './visitors/load.ts';
import {newPerson, type Person} from './visitors/person.ts';
import {reportInWords} from './visitors/report.ts';
import {visit} from './visitors/visitor.ts';

/** The first app in another instance, from a branch of its own; and one with another database and another process manager. */
const others = {
	development: {branch: 'development', database: 'mysql', queue: 'microblog-tasks', processManager: 'supervisor'},
	blog: {branch: 'main', database: 'postgresql', queue: '', processManager: 'systemd'},
} as const;
/** How often packages were installed once each of them is there: the second wants nothing new. */
const installations = {development: '1\n', blog: '2\n'} as const;
/** What goes with the second app: all that has its name, its port, and its lines in what the box has of all apps. */
const ofDevelopment = [
	/development/,
	/^port tcp 127\.0\.0\.1:8001$/,
	/^content \/etc\/(group|gshadow|passwd|shadow)-? /,
	/^content \/usr\/local\/sbin\/certificate-reminder /,
];
/** Visits of the first app in a second. */
const often = 50;
/** Milliseconds that a run may take on a slow machine. */
const longWork = 10 * 60_000;
const [down, right, home] = ['\u001b[B', '\u001b[C', '\u001b[H'];
const clearLine = '\u0015';
const more = '\u0004';

let fresh: BenchBox;
let person: Person;
let bare: ReadonlySet<string>;
/** Checks of the box while it had one app. */
let ofOne: readonly LookedOver[];

beforeAll(async () => {
	person = newPerson();
	fresh = await freshBox('several', person.file('boxwizard'));
	await fresh.box.commit('Try something', {'app/static/trial.txt': 'a trial\n'}, 'development');
	bare = await snapshot(fresh.box);
	await run('setup', '--yes', '--set', 'supervisor=supervisor');
	expect(await installed()).toBe('1\n');
	ofOne = await repeated(() => lookOver(fresh, 'all apps'));
});

afterAll(async () => {
	closeTerminals();
	person?.leave();
	await fresh?.box.stop();
});

const run = async (command: string, ...words: readonly string[]) => {
	const {code, stdout, stderr} = await person.run([command, `root@${fresh.box.address}`, ...words, '--plain']);
	expect({code, printed: code === 0 ? '' : `${stdout}${stderr}`}).toEqual({code: 0, printed: ''});
	return stdout;
};
const on = (script: string) => fresh.box.console(script);
const listeners = () => on("ss -Hlntu | awk '{print $1, $5}' | sort -u");
const installed = () => on("grep -c '^Commandline: .* install ' /var/log/apt/history.log");
const servers = () =>
	on(
		"dpkg-query --show --showformat='${db:Status-Abbrev}${Package}\\n' 'postgresql*' '*-server' supervisor | grep '^i' | cut -c 4- | sort",
	);
const domainOf = (app: string) => `${app}.${fresh.box.zone}`;
const at = (domain: string, path = '/') => visit({...fresh.box, domain}, path);
const domains = () => [fresh.box.domain, ...Object.keys(others).map(domainOf)];
const answers = async () => await Promise.all(domains().map(async domain => (await at(domain)).status));

async function repeated<Value>(look: () => Promise<Value>): Promise<Value[]> {
	const values: Value[] = [];
	for (let turn = 0; turn < 5; turn++) values.push(await look());
	return values;
}

/** Does something while the first app is visited, and tells of a visitor who did not get the page. */
async function whileVisited(what: string, task: () => Promise<unknown>): Promise<void> {
	const load = startLoad({site: fresh.box, version: /<title>(Microblog)</, often});
	try {
		const met = await load.during(task);
		console.log(`${what}: ${reportInWords(met)}`);
		expect(met.failed).toEqual({});
		expect(met.requests).toBeGreaterThanOrEqual(Math.floor(often * met.seconds));
	} finally {
		load.leave();
	}
}

/** The page of the box, reached from home. */
async function openPage() {
	const terminal = person.open([], {columns: 80, rows: 24});
	await terminal.see(/❯ several/);
	terminal.type('\r');
	// Home says too that apps are up: its keys are others.
	await terminal.see(/microblog.* up [\s\S]*a add an app/, 60_000);
	return terminal;
}

/** Back at home, and out. */
async function leave({see, type, exited}: Awaited<ReturnType<typeof openPage>>) {
	type('q');
	await see('Your boxes');
	type('q');
	expect(await exited).toBe(0);
}

async function addOnScreens(app: keyof typeof others): Promise<void> {
	const {branch, database, queue, processManager} = others[app];
	const terminal = await openPage();
	const {see, type} = terminal;
	type('a');
	await see('❯ Git repository');
	type(`${fresh.box.repository}\r`);
	await see(/❯ +Go on/);
	const open = async (row: string) => {
		type(home);
		await see(/❯ +Go on/);
		await goTo(terminal, down, new RegExp(`❯ ${row}`));
		type('\r');
	};
	await open('Branch');
	await see(/❯ Branch +main/);
	type(`${clearLine}${branch}\r`);
	await see(new RegExp(`Branch +${branch}`));
	await open('App name');
	// A name that is taken is refused where it is typed.
	type(`${clearLine}microblog`);
	await see('! There is an app “microblog”');
	type(`${clearLine}${app}\r`);
	await see(new RegExp(`App name +${app}`));
	await open('Database');
	await see('◉ sqlite');
	type(database.charAt(0));
	await see(`◉ ${database}`);
	type('\r');
	await see(new RegExp(`Database +${database}`));
	if (queue === '') {
		await open('Job queue');
		await see(/❯ Job queue +microblog-tasks/);
		type(`${clearLine}\r`);
		await see(/❯ (?!Job queue)/);
	}
	type(home);
	await see(/❯ +Go on/);
	type('\r');
	await see('❯ Domain');
	type(domainOf(app));
	type('\r');
	await see(/\d+ to do/, 60_000);
	if (processManager === 'supervisor') {
		await goTo(terminal, down, /❯ \S App server/);
		type('e');
		await see('❯ Domain');
		type(more);
		await see(/[^❯] Process manager/);
		await goTo(terminal, down, /❯ Process manager/);
		type(right);
		await see('◉ supervisor');
		await goTo(terminal, '\r', /❯ \S App server/);
		await see(/\d+ to do/, 60_000);
	}

	type('r');
	await see('Your app is on the air', longWork);
	await see(`https://${domainOf(app)}`);
	type('b');
	await see(new RegExp(`❯ ${app}.* up `), 60_000);
	await leave(terminal);
}

async function removeOnScreens(app: keyof typeof others): Promise<void> {
	const terminal = await openPage();
	const {see, type} = terminal;
	type(down);
	await see(`❯ ${app}`);
	type('D');
	await see(`Take ${app} off the box?`);
	type(`blog\r`);
	await see(`It is done only when this says ${app}`);
	type(`${clearLine}${app}\r`);
	await see(`${app} is off the box`, longWork);
	await leave(terminal);
}

test.each(['development', 'blog'] as const)('%s comes beside the first app, which answers on', async app => {
	await whileVisited(`adding ${app}`, () => addOnScreens(app));
	expect(await at(domainOf(app))).toEqual(await at(fresh.box.domain));
	expect(await installed()).toBe(installations[app]);
});

test('two instances of one repository have each their branch, database and worker', async () => {
	const trial = async (domain: string) => (await at(domain, '/static/trial.txt')).status;
	expect([await trial(domainOf('development')), await trial(fresh.box.domain)]).toEqual([200, 404]);
	const health = async (domain: string) => JSON.parse((await at(domain, '/health')).text);
	for (const domain of [fresh.box.domain, domainOf('development')])
		expect(await health(domain)).toMatchObject({database: 'ok', job: 'finished', scheme: 'https'});
});

test('the check of three apps costs little more than that of one, and the page one round trip', async () => {
	const ofThree = await repeated(() => lookOver(fresh, 'all apps'));
	const ratio = (part: 'questions' | 'processes' | 'processor') =>
		median(ofThree.map(one => one[part])) / median(ofOne.map(one => one[part]));
	console.log(`check of one: ${JSON.stringify(ofOne[0])}, of three: ${JSON.stringify(ofThree[0])}`);
	console.log(
		`of three to one: questions ${ratio('questions').toFixed(2)}, processes ${ratio('processes').toFixed(2)}, processor ${ratio('processor').toFixed(2)}`,
	);
	expect(Math.max(...ofThree.map(({roundTrips}) => roundTrips))).toBeLessThanOrEqual(4);
	// What it takes of the processor is told, not asked: a neighbour on the same cores changes it.
	expect(ratio('questions')).toBeLessThanOrEqual(1.6);
	// 1.6 to 1.7; what the box itself starts meanwhile is counted too.
	expect(ratio('processes')).toBeLessThanOrEqual(2.25);
	expect((await lookForPage(fresh)).roundTrips).toBe(1);
});

test('each has a port, a database and secrets of its own', async () => {
	const own = async (name: string) => (await on(`grep -h '^${name}=' /srv/*/shared/.env`)).trim().split('\n');
	for (const name of ['DATABASE_URL', 'SECRET_KEY']) expect(new Set(await own(name)).size).toBe(3);
	for (const port of [8000, 8001, 8002]) expect(await listeners()).toContain(`127.0.0.1:${port}\n`);
	const status = await run('status');
	for (const domain of domains()) expect(status).toContain(domain);
});

test('nothing of them differs, also after a reboot, with the same listeners', async () => {
	await run('check');
	const listening = await listeners();
	await fresh.box.reboot();
	await on('systemctl is-system-running --wait || true');
	// What runs the apps is up before they listen.
	await vi.waitFor(async () => expect(await listeners()).toBe(listening), {timeout: 120_000, interval: 500});
	await vi.waitFor(async () => expect(await answers()).toEqual([200, 200, 200]), {timeout: 120_000, interval: 500});
	await run('check');
});

test('one that is removed takes nothing of the others with it', async () => {
	const before = await snapshot(fresh.box);
	await whileVisited('removing development', () => removeOnScreens('development'));
	expect(difference(before, await snapshot(fresh.box), [...ofDevelopment, ...leftBehind])).toEqual([]);
	expect((await at(domainOf('blog'))).status).toBe(200);
	await run('check');
});

test('a database server goes with the last app that wants it, and what others want stays', async () => {
	expect(await servers()).toMatch(/^mariadb-server\n(.*\n)*postgresql\n(.*\n)*redis-server\n(.*\n)*supervisor\n$/m);
	await whileVisited('removing blog', () => run('remove', 'blog', '--yes', '--confirm', 'blog'));
	expect(await servers()).toMatch(
		/^mariadb-server\n((?!postgresql).*\n)*redis-server\n((?!postgresql).*\n)*supervisor\n$/m,
	);
	await run('check');
	expect(await installed()).toBe('2\n');
});

test('undone, the box is as it was', async () => {
	await run('undo', '--all', '--yes', '--confirm', 'microblog');
	expect(difference(bare, await snapshot(fresh.box), leftBehind)).toEqual([]);
});
