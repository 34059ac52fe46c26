import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Secret} from '../source/contract/secret.ts';
import {openJournal} from '../source/state/journal.ts';
import {openVault} from '../source/state/vault.ts';
import {uvFolder} from '../steps/services/uv.ts';
import {answerOf, type BenchBox, byHand, keptAs, secretOf} from './boxes.ts';
import {type Taken, timed} from './measure.ts';

/** Sets a fresh box up with boxwizard. */
export async function withBoxwizard({box, program, env}: BenchBox): Promise<Taken> {
	const words = [process.execPath, program, 'setup', `root@${box.address}`, '--yes', '--plain'] as const;
	return await timed({words: [...words], env});
}

/** Fails unless boxwizard finds nothing to change on a box. */
export async function proveInPlace({box, program, env}: BenchBox): Promise<void> {
	await timed({words: [process.execPath, program, 'check', box.address, '--plain'], env});
}

/** The files that a finished box was given, with those for another box's domain, in a folder as below /. */
export async function takeFiles(finished: BenchBox, folder: string, domain: string): Promise<void> {
	const {user, app} = namesOf(finished);
	const shared = `/srv/${app}/shared`;
	const paths = [
		...['/etc/hosts', '/etc/hostname', '/etc/mailname', '/etc/aliases', '/etc/apt/apt.conf.d/52boxwizard'],
		...[`/etc/sudoers.d/boxwizard-${user}`, `/home/${user}/.ssh/authorized_keys`, `/home/${user}/.profile`],
		...['/etc/ssh/sshd_config.d/00-boxwizard.conf', '/etc/fail2ban/jail.d/boxwizard.local'],
		...['/etc/mysql/mariadb.conf.d/99-boxwizard.cnf', '/var/lib/boxwizard/upgraded'],
		...['.env', 'environment', 'gunicorn.conf.py', 'rq_settings.py'].map(name => `${shared}/${name}`),
		...['requirements.txt', 'run-uv'].map(name => `${uvFolder}/${name}`),
		...[app, `${app}-worker`].map(name => `/etc/systemd/system/${name}.service`),
		...[`/etc/nginx/sites-available/${app}`, '/etc/letsencrypt/acme-ca.pem'],
		'/etc/letsencrypt/renewal-hooks/deploy/reload-nginx',
		'/etc/systemd/system/certbot.service.d/boxwizard.conf',
		...['service', 'timer'].map(kind => `/etc/systemd/system/certificate-reminder.${kind}`),
		'/usr/local/sbin/certificate-reminder',
	];
	const archive = await finished.box.console(`tar -C / -cz ${paths.map(path => path.slice(1)).join(' ')} | base64`);
	mkdirSync(folder, {recursive: true});
	execFileSync('tar', ['-C', folder, '-xzp'], {input: Buffer.from(archive, 'base64')});
	const [from = '', to = ''] = [finished.box.domain, domain].map(name => name.split('.')[0]);
	for (const path of paths) {
		const file = join(folder, path);
		writeFileSync(file, readFileSync(file, 'utf8').replaceAll(from, to));
	}
}

/** Sets a fresh box up with the script made by hand; the records are made from here, as its author would. */
export async function withScript(bench: BenchBox, finished: BenchBox, folder: string): Promise<number> {
	const {box, ssh, start} = bench;
	await takeFiles(finished, folder, box.domain);
	writeFileSync(join(folder, 'sudo-password'), await secretOf(finished, 'sudoPassword'));
	writeFileSync(join(folder, 'database-password'), await databasePassword(finished));
	const {user, app} = namesOf(bench);
	const key = readFileSync(`${bench.identity}.pub`, 'utf8');
	writeFileSync(join(folder, 'home', user, '.ssh', 'authorized_keys'), key);
	const archive = execFileSync('tar', ['-C', folder, '-czp', '.']).toString('base64');
	const given = [box.domain, user, app, answerOf(bench, 'email'), box.repository, box.acmeDirectory, uvFolder];
	const script = [
		'export files=$(mktemp -d)',
		`base64 -d <<'END' | tar -C "$files" -xzp\n${archive}\nEND`,
		`set -- ${given.join(' ')}`,
		// One command for bash, so that nothing in it reads the rest as its input.
		`main() {\n${byHand('setup.sh')}\n}\nmain "$@" < /dev/null\n`,
	].join('\n');
	const records = ['A', 'AAAA'].map((type, index) => {
		return `update add ${box.domain}. 300 ${type} ${[box.address, box.address6][index]}`;
	});
	await box.console(`mkdir -m 0700 -p /root/.ssh; echo '${key.trim()}' > /root/.ssh/authorized_keys`);
	const update = [`server ${box.nameserver}`, `zone ${box.zone}`, ...records, 'send', ''].join('\n');
	const made = await timed({words: ['nsupdate', '-k', box.tsig.file], input: update});
	const login: [string, ...string[]] = ['ssh', ...ssh, `root@${box.address}`, 'bash'];
	const done = await timed({words: login, input: script});
	const resolve = ['--resolve', `${box.domain}:443:${box.address}`, '--cacert', box.acmeCa];
	const fetched = await timed({words: ['curl', '--fail', '--silent', ...resolve, `https://${box.domain}/`]});
	await adopt(bench, finished, start.connection.vaultFile ?? '');
	return made.seconds + done.seconds + fetched.seconds;
}

/** Lets boxwizard know a box that the script has set up with another box's secrets, and what was found in the app's repository. */
async function adopt(bench: BenchBox, finished: BenchBox, vaultFile: string): Promise<void> {
	const {box, env} = bench;
	const vault = await openVault(box.address, box.port, {file: vaultFile});
	for (const option of ['sudoPassword', 'secretKey', 'databasePassword']) {
		await vault.set(keptAs(bench, option), new Secret(await secretOf(finished, option)));
	}

	const hosts = join(env.BOXWIZARD_HOME ?? '', 'hosts');
	const app = answerOf(bench, 'app');
	const found = openJournal(finished.box.address, finished.box.port, hosts).read().apps[app]?.answers;
	openJournal(box.address, box.port, hosts).update(state => {
		const own = state.apps[app];
		if (!own) throw new Error(`The journal of ${box.address} does not know ${app}`);
		const apps = {...state.apps, [app]: {...own, answers: {...found, ...own.answers}}};
		return {...state, admin: String(state.box.answers.user), apps};
	});
}

export async function databasePassword(finished: BenchBox): Promise<string> {
	return await secretOf(finished, 'databasePassword');
}

export function namesOf(bench: BenchBox): {readonly user: string; readonly app: string} {
	return {user: answerOf(bench, 'user'), app: answerOf(bench, 'app')};
}
