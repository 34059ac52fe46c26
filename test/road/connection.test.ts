import {afterAll, afterEach, beforeAll, expect, test, vi} from 'vitest';
import {askNobody} from '../../source/cli/terminal/ask-nobody.ts';
import {createWizard} from '../../source/cli/wizard/wizard.ts';
import type {Catalogue} from '../../source/contract/kind.ts';
import type {Step} from '../../source/contract/step.ts';
import type {Event, Reply, Summary} from '../../source/contract/ui/events.ts';
import {probePort} from '../../source/outside/port.ts';
import {chooseEngine, type PracticeBox, startPracticeBox} from '../../source/practice/index.ts';
import {until} from '../../source/practice/wait.ts';
import {cleanText} from '../../source/remote/clean.ts';
import {adminUser} from '../../steps/account/adminUser.ts';
import {authorizedKeys} from '../../steps/account/authorizedKeys.ts';
import {ufw} from '../../steps/firewall/ufw.ts';
import {packages} from '../../steps/services/packages.ts';
import {hardening} from '../../steps/ssh/hardening.ts';
import {ready} from '../../steps/system/ready.ts';
import {fuzz} from '../fixtures/fuzz.ts';
import {counted} from './boxes/counted.ts';
import {seededRandom} from './boxes/seeded.ts';
import {difference, snapshot} from './boxes/snapshot.ts';
import {leftBehind} from './boxes/undone.ts';
import {newPerson, type Person} from './visitors/person.ts';
import {type BadLine, type Fault, openProxy, type ProxyOptions} from './visitors/proxy.ts';

/** Seeds of the short form, and faults of each. */
const seeds = 3 * fuzz;
const faultsEach = 4;
/** Connections until the first guarded step is proven: the walk's own, and the proof that the key opens the door. */
const beforeProof = 2;
/** Bytes after which the fresh login of that proof gets its answer (3689 are all of it): the guard is disarmed, and nobody is told. */
const answerOfProof = 3600;
/** Seconds: 8 for a login, 20 for what is connected, 4 for a reconnect, and as much as a busy machine is late by. */
const noticed = 8 + 20 + 4 + 8;
/** FUZZ_SEED=7 walks that one alone. */
const first = Number(process.env.FUZZ_SEED ?? 1);

/** The door of a box, and a log that is counted. */
const steps = [ready, packages, adminUser, authorizedKeys, hardening, ufw, counted];
const catalogue: Catalogue = {
	box: steps as unknown as readonly Step[],
	afterApps: [],
	kinds: [
		{
			name: 'line',
			title: 'A bad line',
			description: 'What a bad line can do harm to.',
			steps: [],
			defaults: {},
			inside: {script: () => '', isLive: () => ''},
			services: () => [],
			deploy: [],
			rollback: [],
			settings: [],
		},
	],
};

let box: PracticeBox;
let person: Person;
let hostKey: string;
let line: BadLine | undefined;
let isSetUp = false;

beforeAll(async () => {
	const engine = await chooseEngine();
	await engine.installPackages(() => undefined);
	box = await startPracticeBox({name: 'line', login: 'password', release: 'bookworm'}, () => undefined);
	// The first packet by IPv6 to a box that has just booted may take seconds.
	await until('IPv6', 30, async () => (await probePort(box.address6, box.port)) === 'open');
	person = newPerson();
	vi.stubEnv('BOXWIZARD_HOME', person.file('boxwizard'));
	vi.stubEnv('SSH_AUTH_SOCK', '');
	hostKey = (await box.console("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f2")).trim();
});

afterEach(async () => {
	await line?.close();
	// One that failed leaves the next one the box it wants, too.
	if (isSetUp) await walk('undo');
});

afterAll(async () => {
	vi.unstubAllEnvs();
	person?.leave();
	await box?.stop();
});

type Heard = readonly Event[];

/** Goes to the box by the bad line, and sets it up or takes it all back; a failure ends it. */
async function walk(
	kind: 'run' | 'undo' | 'undo all',
	other: Partial<ProxyOptions> = {},
	more: Readonly<Record<string, string>> = {},
): Promise<Heard> {
	isSetUp = kind === 'run';
	line = await openProxy({box: box.address, ...other});
	const password = box.rootPassword;
	const connection = {
		identity: person.file('.ssh/id_ed25519'),
		hostKey,
		knownHosts: person.file('known_hosts'),
		vaultFile: person.file('vault'),
		...(password && {password}),
	};
	const wizard = createWizard({catalogue, connection, answers: {}, kind: 'line'});
	try {
		const {answers} = await wizard.open(
			`root@${box.address}`,
			askNobody({...(password && {password})}),
			() => undefined,
		);
		const given = {user: 'jessica', authorizedKeys: [person.publicKey], ...more};
		const setup = {kind: 'line', answers: {...answers, ...given}, leftOut: []};
		// Packages come and go in other tests.
		const ids = catalogue.box
			.map(step => step.id)
			.filter(id => kind === 'undo all' || !(id.startsWith('system/') || id === packages.id));
		return await hear(kind === 'run' ? wizard.run(setup) : wizard.undo(setup, ids));
	} finally {
		await wizard.leave();
		await line.close();
	}
}

async function hear(run: AsyncGenerator<Event, Summary, Reply>): Promise<Heard> {
	const events: Event[] = [];
	for (let reply: Reply; ; ) {
		const next = await run.next(reply);
		if (next.done) return events;
		events.push(next.value);
		reply = next.value.type === 'failed' ? {action: 'quit'} : undefined;
	}
}

/** What was shown of each job, by the job's id. */
function shownLogs(events: Heard): Map<string, string[]> {
	const logs = new Map<string, string[]>();
	let lines: string[] = [];
	for (const event of events) {
		if (event.type === 'running') {
			lines = [];
			logs.set(event.job, lines);
		} else if (event.type === 'output') lines.push(event.line);
	}

	return logs;
}

/** A job's log as the box has it, without the mark of its end. */
async function logOnBox(job: string): Promise<string[]> {
	const log = await box.console(`base64 -w 0 /var/lib/boxwizard/jobs/${job}/log`);
	const text = cleanText(Buffer.from(log, 'base64'));
	const end = text.lastIndexOf(`\n${job} exit `);
	return text.slice(0, end).replace(/\n$/, '').split('\n');
}

/** Every job ran once, from begin to end, and each line of its log was shown once, in its place. */
async function expectWholeLogs(heard: Heard): Promise<void> {
	for (const [job, shown] of shownLogs(heard)) expect(shown).toEqual(await logOnBox(job));
	const jobs = heard.filter(event => event.type === 'running');
	expect(new Set(jobs.map(event => event.step)).size).toBe(jobs.length);
}

const failures = (events: Heard) => events.filter(event => event.type === 'failed' || event.type === 'reverted');

test('undo leaves what the person had before: packages, a user, keys, rules and edited files', async () => {
	await box.console(`apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends ufw
ufw allow 8080/tcp
useradd --create-home --shell /bin/none jessica && echo 'jessica:her old password' | chpasswd
install -d -m 0700 -o jessica -g jessica /home/jessica/.ssh
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG9sZG9sZG9sZG9sZG9sZG9sZG9sZG9sZG9sZG9sZG9s her@old' > /home/jessica/.ssh/authorized_keys
chown jessica:jessica /home/jessica/.ssh/authorized_keys
printf '# mine\\nMaxAuthTries 5\\n' >> /etc/ssh/sshd_config
printf '# mine, too\\n' > /etc/ssh/sshd_config.d/00-boxwizard.conf && chmod 0640 /etc/ssh/sshd_config.d/00-boxwizard.conf
printf 'jessica ALL=(ALL) /usr/bin/true\\n' > /etc/sudoers.d/boxwizard-jessica && chmod 0440 /etc/sudoers.d/boxwizard-jessica
systemctl reload ssh`);
	const passwords = () => box.console('getent shadow jessica root');
	const [before, hash] = [await snapshot(box), await passwords()];
	const concern = {
		option: 'existingUser',
		message: expect.stringMatching(/^jessica is a user .* ssh-ed25519 her@old\. .* login shell \/bin\/none/),
	};
	expect((await walk('run')).at(-2)).toEqual({type: 'asking', step: 'account/adminUser', problems: [concern]});
	expect(difference(before, await snapshot(box), leftBehind)).toEqual([]);
	expect(failures(await walk('run', {}, {existingUser: 'jessica'}))).toEqual([]);
	expect(failures(await walk('undo all'))).toEqual([]);
	expect(difference(before, await snapshot(box), leftBehind)).toEqual([]);
	expect(await passwords()).toBe(hash);
	await box.console(
		'userdel --remove jessica 2> /dev/null; rm /etc/sudoers.d/boxwizard-jessica; ufw delete allow 8080/tcp',
	);
});

/** Bytes of a connection's life, one way: key exchange; login and the first shell; questions and scripts; a long log. */
const ages = {
	down: [0, 2500, 5000, 30_000, 150_000],
	up: [0, 2500, 4500, 15_000],
} as const;

/** Faults for the first connections of a walk, at any age. */
function faultsOf(seed: number): Fault[] {
	const random = seededRandom(seed);
	return Array.from({length: faultsEach}, () => {
		const way = random() < 0.3 ? 'up' : 'down';
		const age = Math.floor(random() * (ages[way].length - 1));
		const [from = 0, to = 0] = ages[way].slice(age);
		// Silence takes 20 s until it is noticed.
		const kind = fuzz > 1 && random() < 0.1 ? 'silence' : 'reset';
		return {kind, way, after: 1 + Math.floor(from + random() * (to - from))};
	});
}

test.each(Array.from({length: process.env.FUZZ_SEED ? 1 : seeds}, (_, index) => first + index))(
	'a line that breaks (seed %i): set up and taken back all the same, each job once, each line once',
	async seed => {
		const faults = faultsOf(seed);
		const there = await walk('run', {faults});
		expect(failures(there)).toEqual([]);
		expect(line?.met()).toHaveLength(faultsEach);
		await expectWholeLogs(there);
		const back = await walk('undo', {faults: faults.toReversed()});
		expect(failures(back)).toEqual([]);
		await expectWholeLogs(back);
	},
);

test('a line that falls silent is given up: as the new door is proven, in a long log, and as it is reconnected', async () => {
	const silence = (after: number): Fault => ({kind: 'silence', way: 'down', after});
	const faults = [silence(answerOfProof), silence(60_000), silence(700)];
	const there = await walk('run', {faults, spared: beforeProof});
	const silent = line?.givenUp().reduce((total, seconds) => total + seconds, 0);
	console.log(`given up after ${line?.givenUp().map(seconds => seconds.toFixed(1))} s`);
	expect(silent).toBeLessThan(noticed);
	expect(failures(there)).toEqual([]);
	expect(line?.met()).toEqual(faults);
	await expectWholeLogs(there);
});

test('150 ms each way change nothing but the time', async () => {
	const heard = await walk('run', {latency: 150});
	isSetUp = false;
	expect(failures(heard)).toEqual([]);
	await expectWholeLogs(heard);
});
