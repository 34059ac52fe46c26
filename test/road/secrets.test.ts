import {execFileSync} from 'node:child_process';
import {renameSync, writeFileSync} from 'node:fs';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {readPublicKeys} from '../../source/contract/public-key.ts';
import {type PracticeBox, practiceFolder, removePracticeBox, startPracticeBox} from '../../source/practice/index.ts';
import {closeTerminals} from '../fixtures/terminal.ts';
import {type Canary, canary, found} from './secrets/canary.ts';
import {type Seen, searchBox, searchHere, watchProcesses} from './secrets/search.ts';
import {newPerson, type Person} from './visitors/person.ts';

const app = 'microblog';

const rootPassword = canary('root password', ["it's ", ' "$(x)"']);
const newRootPassword = canary('new root password', ['another\\ ', " one's"]);
const passphrase = canary('passphrase', ['a ', ' key\'s "phrase"']);
/** Of the options; the DNS key's is the practice server's own. */
const given = {
	sudoPassword: canary('sudo password', ["$(sudo) '", '"']),
	databasePassword: canary('database password', ['', '.~-']),
	secretKey: canary('SECRET_KEY', ['%"$`', " 'x'"]),
	environment: canary('environment', ['API_TOKEN=', '/+=?&']),
	relayPassword: canary('relay password', ['a:b ', "'%"]),
	reminderWebhook: canary('webhook', ['https://hooks.practice.test/', '?a=b&c=%20']),
};
const canaries: Canary[] = [rootPassword, newRootPassword, passphrase, ...Object.values(given)];

const deployKey = '/home/jessica/.ssh/microblog_deploy';

/** All files of the box that hold a secret, as SECURITY.md says: "What is stored where". */
const declared = [
	{path: '/etc/certificate-reminder.webhook', owner: 'root:root', mode: '600', holds: ['webhook']},
	{path: '/etc/postfix/sasl_passwd', owner: 'root:root', mode: '600', holds: ['relay password']},
	{path: deployKey, owner: 'jessica:jessica', mode: '600', holds: ['deploy key']},
	...['.env', 'environment'].map(name => ({
		path: `/srv/${app}/shared/${name}`,
		owner: `${app}:${app}`,
		mode: '600',
		holds: ['SECRET_KEY', 'database password', 'environment'],
	})),
];

/** Programs whose environment holds secrets because the app reads them there: its own, and the shell that runs its commands. */
const appPrograms = /\/(?:python3[.\d]*|dash)$/;

/** What carries no secret. */
const leftOut = ['system/clock', 'system/swap', 'system/locale', 'system/upgrade', 'system/unattendedUpgrades']
	.concat(['ssh/fail2ban', 'tls/renewal', 'app/translations'])
	.flatMap(step => ['--leave-out', step]);

/**
 * In chpasswd's place: the first one says that it is there and waits for ever, the second one fails, and the others are
 * the real one. All have their secret on stdin.
 */
const heldChpasswd = `cat > /usr/local/sbin/chpasswd <<'END'
#!/bin/sh
if [ ! -e /var/tmp/held ]; then touch /var/tmp/held; echo held > /run/held; sleep infinity; fi
if [ ! -e /var/tmp/failed ]; then touch /var/tmp/failed; echo 'chpasswd: failed as it was told to' >&2; exit 1; fi
exec /usr/sbin/chpasswd "$@"
END
chmod +x /usr/local/sbin/chpasswd
mkfifo /run/held`;

/** Greets as a relay does, which is all that it is asked: no password goes to it without TLS. */
const relay = `systemd-run --quiet --unit=relay python3 -c 'import socket
server = socket.create_server(("", 2525))
while True:
    client, _ = server.accept()
    client.sendall(b"220 relay\\r\\n")
    client.close()'`;

const boxMark = '/var/tmp/begun';
let box: PracticeBox;
let person: Person;
let words: readonly string[];
let said = '';
let watching: Awaited<ReturnType<typeof watchProcesses>>;
let watched: {readonly seen: Seen[]; readonly rounds: number};

beforeAll(async () => {
	person = newPerson();
	writeFileSync(person.file('begun'), '');
	box = await startPracticeBox({name: 'secrets', keep: true});
	await box.updateZone([`update add relay.${box.zone}. 5 A ${box.address}`]);
	// A provider's first password, to be changed at the first login.
	const passwords = `cat > /run/first <<'END'\nroot:${rootPassword.text}\nEND\nchpasswd < /run/first; rm /run/first`;
	await box.console(`${passwords}; chage -d 0 root; touch ${boxMark}; ${relay}\n${heldChpasswd}`);
	execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase.text, '-f', person.file('locked')]);
	words = await setupWords();
	canaries.push({name: 'DNS secret', text: box.tsig.secret.reveal()});
	watching = await watchProcesses();
});

afterAll(async () => {
	closeTerminals();
	person?.leave();
	await removePracticeBox('secrets');
});

/** The words of a set-up with all its secrets in files; `--password-stdin` has the two of root. */
async function setupWords(): Promise<readonly string[]> {
	const secrets = {...given, dnsSecret: {text: box.tsig.secret.reveal()}};
	for (const [option, {text}] of Object.entries(secrets)) {
		writeFileSync(person.file(`secret-${option}`), `${text}\n`, {mode: 0o600});
	}

	const [key] = readPublicKeys(await box.console('cat /etc/ssh/ssh_host_ed25519_key.pub'));
	const locked = execFileSync('cat', [`${person.file('locked')}.pub`], {encoding: 'utf8'}).trim();
	const settings = {
		domain: box.domain,
		user: 'jessica',
		authorizedKeys: `${person.publicKey}\n${locked}`,
		email: `jessica@${box.zone}`,
		app,
		// The repository itself says SQLite, which has no password.
		database: 'mysql',
		repository: box.deployRepository,
		// The relay is a program of this box.
		otherPorts: 'open',
		mail: 'relay',
		relayHost: `relay.${box.zone}`,
		relayPort: '2525',
		relayUser: 'jessica',
		reminder: 'webhook',
		dnsProvider: 'rfc2136',
		dnsServer: box.nameserver,
		dnsZone: box.zone,
		dnsKey: box.tsig.name,
	};
	return [
		...['--known-hosts', person.file('known_hosts'), '--host-key', key?.fingerprint ?? '', '--password-stdin'],
		...['--resolver', box.nameserver, '--acme-ca', box.acmeCa, '--acme-server', box.acmeDirectory, ...leftOut],
		...Object.entries(settings).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
		...Object.keys(secrets).flatMap(name => ['--secret', `${name}=${person.file(`secret-${name}`)}`]),
	];
}

/** Of the login, and the new one where a change is demanded. */
const passwords = (...lines: readonly Canary[]) => lines.map(({text}) => `${text}\n`).join('');
const setup = () => ['setup', `root@${box.address}`, '--json', '--yes', ...words];

test('a wizard and its job, killed in the midst of a secret, leave nothing of it', async () => {
	const wizard = person.start(setup(), passwords(rootPassword, newRootPassword));
	const held = box.console('cat /run/held');
	await Promise.race([held, wizard.ended.then(({stdout}) => Promise.reject(new Error(stdout.slice(-3000))))]);
	const kept = await box.console("find /run/boxwizard/2* -printf '%u:%g %m %y\\n' | sort | uniq");
	expect(kept.trim().split('\n')).toEqual(['root:root 600 f', 'root:root 700 d']);
	expect((await searchBox(box, canaries, boxMark)).map(({holds}) => holds)).toEqual([['sudo password']]);
	wizard.kill();
	const {stdout, stderr} = await wizard.ended;
	said += stdout + stderr;
	await box.console(`unit=$(systemctl list-units --plain --no-legend 'boxwizard-*.service' | cut -d' ' -f1)
systemctl kill --signal=KILL "$unit"
while systemctl is-active --quiet "$unit"; do :; done`);
	expect(await searchBox(box, canaries, boxMark)).toEqual([]);
});

test('a step that fails tells no secret', async () => {
	const {code, stdout, stderr} = await person.run(setup(), passwords(newRootPassword));
	said += stdout + stderr;
	expect(stdout).toContain('failed as it was told to');
	expect(code).toBe(1);
	expect(await searchBox(box, canaries, boxMark)).toEqual([]);
});

test('the whole road, and what is asked and exported afterwards', async () => {
	const walking = person.run(setup(), passwords(newRootPassword));
	const made = box.console(`until [ -s ${deployKey}.pub ]; do sleep 0.1; done`);
	await Promise.race([made, walking.then(({stdout}) => Promise.reject(new Error(stdout.slice(-3000))))]);
	await box.addDeployKey(await box.console(`cat ${deployKey}.pub`));
	// Made on the box: of its lines the fifth is of nothing but the private half.
	const privateLine = (await box.console(`sed -n 5p ${deployKey}`)).trim();
	expect(privateLine).toHaveLength(70);
	canaries.push({name: 'deploy key', text: privateLine});
	const ended = await walking;
	said += ended.stdout + ended.stderr;
	expect(ended.code, ended.stdout.slice(-3000) + ended.stderr).toBe(0);
	// Only the locked key is left at hand.
	renameSync(person.file('.ssh'), person.file('.elsewhere'));
	const trust = ['--known-hosts', person.file('known_hosts')];
	const asked = person.open([
		'check',
		`jessica@${box.address}`,
		'--plain',
		...trust,
		'--identity',
		person.file('locked'),
	]);
	await asked.see('Passphrase of');
	asked.type(`${passphrase.text}\r`);
	await asked.see(/sudo/i);
	asked.type(`${given.sudoPassword.text}\r`);
	await asked.exited;
	said += asked.raw();
	renameSync(person.file('.elsewhere'), person.file('.ssh'));
	for (const command of [
		['plan', `jessica@${box.address}`, '--json', ...words],
		['plan', `jessica@${box.address}`, ...words],
		['receipt', box.address],
	]) {
		const {code, stdout, stderr} = await person.run(command, passwords(given.sudoPassword));
		expect(code, stderr).toBe(0);
		said += stdout + stderr;
	}
});

test('nobody who looks at processes sees a secret, but the app’s own', async () => {
	// What every look must find, as proof that it looks.
	const planted = canary('planted');
	execFileSync('bash', ['-c', 'exec -a "$PLANTED" sleep 3'], {env: {PLANTED: planted.text}});
	watched = await watching.stop();
	const seen = (one: Seen) => found(one.text, [planted]).length > 0;
	expect(new Set(watched.seen.filter(seen).map(({what}) => what))).toEqual(new Set(['cmdline', 'environ']));
	console.log(`${watched.rounds} looks, ${watched.seen.length} things seen`);
	const holders = watched.seen
		.map(({text, ...one}) => ({...one, holds: found(text, canaries)}))
		.filter(({what, name, holds}) => holds.length > 0 && !(what === 'environ' && appPrograms.test(name)));
	expect(holders).toEqual([]);
});

test('what was said, exported and kept on this machine holds none', () => {
	expect(found(said, canaries)).toEqual([]);
	const mine = ['secret-*', 'locked'].map(name => person.file(name));
	const folders = [person.home, '/tmp', '/root', '/var/tmp', '/dev/shm'];
	expect(searchHere(canaries, person.file('begun'), folders, [practiceFolder(), ...mine])).toEqual([]);
});

test('on the box they are in the declared files only, with owner and mode, and as hashes', async () => {
	expect(await searchBox(box, canaries, boxMark)).toEqual(declared);
	expect(await box.console('find /run/boxwizard -mindepth 1 -type d')).toBe('');
	const hashes = await box.console('getent shadow root jessica | cut -d: -f2');
	expect(hashes.trim().split('\n')).toEqual([expect.stringMatching(/^\$/), expect.stringMatching(/^\$/)]);
});
