import {createConnection, type Socket} from 'node:net';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {Outside} from '../../source/contract/outside.ts';
import {Secret} from '../../source/contract/secret.ts';
import {record} from '../../source/remote/recorder.ts';
import {openBox} from '../../source/transport/index.ts';
import {renewal} from '../../steps/tls/renewal.ts';
import {GuardedBox, summaryOf} from './boxes/guarded-box.ts';
import type {Told, Wanted} from './boxes/guarded-wizard.ts';

let guarded: GuardedBox;
const on = (script: string) => guarded.box.console(script);

beforeAll(async () => {
	guarded = await GuardedBox.open('faults');
});

afterAll(async () => guarded?.close());

/** Lets a wizard bring single steps of the road about. */
const applyAndProve = (steps: readonly string[], answers: Wanted['answers'] = {}) => guarded.walk({steps, answers});

/** All that the box printed. */
function printed(told: readonly Told[]): string {
	return told.flatMap(event => (event.type === 'output' ? [event.line] : [])).join('\n');
}

/** What the person is told of the step that failed. */
function failure(told: readonly Told[]) {
	const failed = told.flatMap(event => (event.type === 'failed' ? [event.trouble] : []));
	expect(failed).toHaveLength(1);
	return failed[0];
}

const expectChanged = (told: readonly Told[], steps: readonly string[]) =>
	expect(summaryOf(told)).toMatchObject({changed: steps, failed: []});

/** Ends when a command on the box succeeds. */
const until = (command: string) =>
	on(`for _ in $(seq 300); do if ${command}; then exit 0; fi; sleep 0.1; done; exit 1`);

/** A package that holds what is said, as a file on the box. @param scripts by name: postinst … */
const debianPackage = (name: string, folder: string, scripts: Readonly<Record<string, string>> = {}) => `
mkdir -p /tmp/${name}/DEBIAN ${folder}
printf 'Package: ${name}\\nVersion: 1\\nArchitecture: all\\nMaintainer: me <me@example.com>\\nDescription: a trial\\n' > /tmp/${name}/DEBIAN/control
${Object.entries(scripts)
	.map(
		([script, text]) =>
			`printf '#!/bin/sh\\n${text}\\n' > /tmp/${name}/DEBIAN/${script}; chmod 755 /tmp/${name}/DEBIAN/${script}`,
	)
	.join('\n')}
dpkg-deb --root-owner-group --build /tmp/${name} ${folder}/${name}.deb > /dev/null`;

test('a root password that has expired is changed on the way in', async () => {
	const {box, person} = guarded;
	const fresh = new Secret('4 new horses, all grey');
	await on('chage -d 0 root; apt-get update -q');
	const asked: string[] = [];
	const opened = await openBox(
		{host: box.address, user: 'root'},
		(async (question: {kind: string}) => {
			asked.push(question.kind);
			return question.kind === 'trust-host' ? true : fresh;
		}) as never,
		{
			outside: () => ({}) as Outside,
			knownHosts: person.file('known_hosts'),
			...(box.rootPassword && {password: box.rootPassword}),
		},
	);
	expect((await opened.run('chage -l root | head -n 1')).stdout).not.toContain('must be changed');
	await opened.close();
	expect(asked).toEqual(['trust-host', 'new-password']);
	await on(`echo 'root:${box.rootPassword?.reveal()}' | chpasswd`);
});

describe('packages', () => {
	test('a held lock is waited for, and its holder named', async () => {
		await on(`${debianPackage('slow', '/srv', {preinst: 'touch /run/slow; while [ -e /run/slow ]; do sleep 0.1; done'})}
systemd-run --quiet --unit=holder dpkg --install /srv/slow.deb`);
		await until('[ -e /run/slow ]');
		const wizard = guarded.startWizard({steps: ['system/ready', 'services/packages']});
		expect(await wizard.tells('running system/ready')).toBe(true);
		await until("grep -qs 'at work on the packages' /var/lib/boxwizard/jobs/*/log");
		await on('rm /run/slow');
		await wizard.ended;
		expectChanged(wizard.told, ['system/ready', 'services/packages']);
		expect(printed(wizard.told)).toMatch(/^dpkg \(\d+\) is at work on the packages: waiting for it$/m);
		expect(await on("dpkg-query -W -f '${db:Status-Abbrev}' slow")).toBe('ii ');
	});

	test.each(['/var/cache/apt/archives/lock', '/var/lib/apt/lists/lock'])(
		'%s, taken by another program between two steps, is waited for, and its holder named',
		async lock => {
			await on(`${aptGet} purge ufw > /dev/null; rm -f /var/lib/boxwizard/lists-read
printf '%s\\n' 'import fcntl, os, time' 'lock = open("${lock}", "w")' 'fcntl.lockf(lock, fcntl.LOCK_EX)' 'open("/run/held", "w")' \
	'while os.path.exists("/run/held"): time.sleep(0.1)' > /srv/holder
systemd-run --quiet --collect --unit=holder python3 /srv/holder`);
			await until('[ -e /run/held ]');
			const wizard = guarded.startWizard({steps: ['services/packages']});
			expect(await wizard.tells('running services/packages')).toBe(true);
			// Another holder is named in the log of a job before.
			await until('grep -qsF "python3 ($(systemctl show -P MainPID holder)) is at work" /var/lib/boxwizard/jobs/*/log');
			await on('rm /run/held');
			await wizard.ended;
			expectChanged(wizard.told, ['services/packages']);
			expect(printed(wizard.told)).toMatch(/^python3 \(\d+\) is at work on the packages: waiting for it$/m);
		},
	);

	test('needrestart asks nothing and restarts nothing behind the run’s back', async () => {
		await on(`${aptGet} install needrestart > /dev/null
echo "\\$nrconf{restart} = 'a';" > /etc/needrestart/conf.d/mine.conf
cp /bin/sleep /usr/local/bin/held
printf '[Service]\\nExecStart=/usr/local/bin/held infinity\\n' > /etc/systemd/system/held.service
systemctl start held; cp /bin/sleep /usr/local/bin/new; mv /usr/local/bin/new /usr/local/bin/held
${aptGet} purge ufw > /dev/null`);
		// It would have: what the purge did not see, an apt of somebody else's does.
		const pid = () => on('systemctl show -P MainPID held');
		await on('systemctl restart held; cp /bin/sleep /usr/local/bin/new; mv /usr/local/bin/new /usr/local/bin/held');
		const before = await pid();
		expectChanged(await applyAndProve(['services/packages']), ['services/packages']);
		expect(await pid()).toBe(before);
		await on(`${aptGet} purge ufw > /dev/null`);
		expect(await pid()).not.toBe(before);
		await on('apt-get purge -y -q needrestart; systemctl stop held');
	});

	test('a mirror caught in the middle of a change is asked again, with new lists', async () => {
		await on(`${mirror()}
cp /srv/mirror/Packages /srv/whole; echo >> /srv/mirror/Packages
systemd-run --quiet --unit=mender bash -c 'until [ ! -e /var/lib/apt/lists/lock ]; do sleep 0.1; done; cp /srv/whole /srv/mirror/Packages'
${aptGet} purge ufw > /dev/null; rm /var/lib/boxwizard/lists-read`);
		const told = await applyAndProve(['services/packages']);
		expectChanged(told, ['services/packages']);
		expect(printed(told)).toContain('they are cleared and asked for again in 15 s');
		expect(printed(told)).toMatch(/Hash Sum mismatch|unexpected size/);
	});

	test('a list that is signed in the future is blamed on the clock, at once', async () => {
		await on(`${mirror('tomorrow')}\n${aptGet} purge ufw > /dev/null; rm /var/lib/boxwizard/lists-read`);
		const told = await applyAndProve(['services/packages']);
		expect(failure(told)).toMatchObject({
			what: expect.stringContaining('clock of the box is slow'),
			next: expect.stringContaining('Set the clock'),
			evidence: expect.arrayContaining([expect.stringContaining('not valid yet')]),
		});
		expect(printed(told)).not.toContain('asked for again in');
		await on('rm /etc/apt/sources.list.d/mine.list');
	});

	test('a disk that is full in the middle is named; with room again it goes on', async () => {
		await on(
			`${aptGet} purge ufw > /dev/null; mkdir -p /usr/share/ufw; mount -t tmpfs -o size=16k none /usr/share/ufw`,
		);
		const failed = failure(await applyAndProve(['services/packages']));
		expect(failed?.what).toContain('disk of the box is full');
		await on('umount /usr/share/ufw');
		expectChanged(await applyAndProve(['system/ready', 'services/packages']), ['system/ready', 'services/packages']);
	});

	test('a disk without inodes, or without room, is refused before anything is touched', async () => {
		for (const [limit, words] of [
			['nr_inodes=5000', 'more files fit on /var'],
			['size=100m', 'MB are free on /var'],
		]) {
			await on(`mount -t tmpfs -o ${limit} none /var; mkdir -p /var/lib`);
			try {
				expect(failure(await applyAndProve(['system/ready']))).toMatchObject({
					code: 'disk-full',
					what: expect.stringContaining(words ?? ''),
				});
			} finally {
				await on('umount --lazy /var');
			}
		}
	});
});

/** As a person types it at the console. */
const aptGet = 'DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends';

/** A mirror on the box itself, signed by nobody. @param date of its Release file, as date(1) reads it */
const mirror = (date = 'now') => `${debianPackage('trial', '/srv/mirror')}
cd /srv/mirror
printf 'Package: trial\\nVersion: 1\\nArchitecture: all\\nMaintainer: me <me@example.com>\\nFilename: ./trial.deb\\nSize: %s\\nSHA256: %s\\nDescription: a trial\\n' \
$(stat -c %s trial.deb) $(sha256sum trial.deb | cut -d' ' -f1) > Packages
printf 'Date: %s\\nSHA256:\\n %s %s Packages\\n' "$(date -Ru -d ${date})" $(sha256sum Packages | cut -d' ' -f1) $(stat -c %s Packages) > Release
echo 'deb [trusted=yes check-date=yes] file:/srv/mirror ./' > /etc/apt/sources.list.d/mine.list`;

describe('names and languages', () => {
	test('a host name that does not resolve is no obstacle, and resolves in the end', async () => {
		await on('hostname nobody-knows-me');
		expectChanged(await applyAndProve(['system/hostname'], {domain: 'box.practice.test'}), ['system/hostname']);
		expect(await on('sudo -n true 2>&1; getent hosts "$(hostname)"')).toContain('127.0.1.1');
	});

	test('a language that the box does not have fails in no program', async () => {
		await on(`echo 'SetEnv LC_ALL=xx_XX.UTF-8 LANG=xx_XX.UTF-8' > /etc/ssh/sshd_config.d/01-mine.conf; systemctl restart ssh
${aptGet} purge ufw > /dev/null`);
		const told = await applyAndProve(['services/packages']);
		expectChanged(told, ['services/packages']);
		expect(printed(told)).not.toMatch(/setting locale|cannot change locale|can't set the locale/i);
		await on('rm /etc/ssh/sshd_config.d/01-mine.conf; systemctl restart ssh');
	});
});

describe('the person’s own site', () => {
	const site = (name: string, words: string) =>
		`printf 'server {\\n\\tlisten 8080 default_server;\\n\\tlisten 8000;\\n\\treturn 200 "${words}";\\n}\\n' > /etc/nginx/sites-available/${name}
ln -sf ../sites-available/${name} /etc/nginx/sites-enabled/${name}`;
	const answers = {app: 'blog', domain: 'box.practice.test', aliases: [], appPort: 8000};

	beforeAll(async () =>
		on(`${aptGet} install nginx openssl > /dev/null\n${site('mine', 'mine')}; nginx -t -q; systemctl reload nginx`),
	);

	test('a duplicate default server is found before the reload, and named; the site that was there goes on', async () => {
		await on(site('other', 'other'));
		const failed = failure(await applyAndProve(['web/nginx'], answers));
		expect(failed).toMatchObject({code: 'nginx-refuses', next: expect.stringContaining('default_server')});
		expect(await on('curl -s http://127.0.0.1:8080; ls /etc/nginx/sites-enabled; systemctl is-active nginx')).toBe(
			'minedefault\nmine\nother\nactive\n',
		);
	});

	test('only the stock site is unlinked', async () => {
		await on(
			'rm /etc/nginx/sites-enabled/other; ln -sf /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default',
		);
		const steps = ['services/nginx', 'web/nginx'];
		expectChanged(await applyAndProve(steps, answers), steps);
		expect(await on('curl -s http://127.0.0.1:8080; ls /etc/nginx/sites-enabled')).toBe('mineblog\nmine\n');
	});

	test('a certificate renewed by hand is served as soon as the deploy hook has run, and not before', async () => {
		const folder = '/etc/nginx/ssl/box.practice.test';
		const certificate = (source: string) => on(`${source} | openssl x509 -noout -fingerprint`);
		const served = () =>
			certificate('openssl s_client -connect 127.0.0.1:443 -servername box.practice.test < /dev/null 2> /dev/null');
		await on(`openssl req -x509 -key ${folder}/key.pem -days 5 -subj /CN=box.practice.test -out ${folder}/cert.pem`);
		const stored = await certificate(`cat ${folder}/cert.pem`);
		expect(await served()).not.toBe(stored);
		const facts = {certbot: 'apt', timer: true, hooked: false, environment: true} as const;
		const written = record(hand =>
			renewal.apply(hand, facts, {domain: 'box.practice.test', acmeServer: '', acmeCa: ''}),
		);
		const [hook] = written.flatMap(operation => (operation.kind === 'file' ? [operation] : []));
		await on(`cat > /run/hook <<'END'\n${hook?.content}END\nchmod ${hook?.mode} /run/hook; /run/hook`);
		// Its old workers answer for a moment yet.
		await until(
			`openssl s_client -connect 127.0.0.1:443 < /dev/null 2> /dev/null | openssl x509 -noout -fingerprint | grep -qxF '${stored.trim()}'`,
		);
	});
});

test('root of the database comes in as before: by who they are', async () => {
	const howRoot = 'mysql --batch --skip-column-names --execute "select * from mysql.global_priv where User = \'root\'"';
	await on(`${aptGet} install mariadb-server > /dev/null`);
	const before = await on(howRoot);
	expect(before).toMatch(/unix_socket|auth_socket/);
	const databasePassword = 'aB3aB3aB3aB3aB3';
	await on(
		`mkdir -p /srv/blog/shared; echo "DATABASE_URL='mysql+pymysql://blog:${databasePassword}@localhost/blog'" > /srv/blog/shared/.env`,
	);
	const answers = {app: 'blog', database: 'mysql'};
	const told = await applyAndProve(['services/mysql', 'database/database'], answers);
	expectChanged(told, ['services/mysql', 'database/database']);
	expect(await on(howRoot)).toBe(before);
	expect(await on('mysql --batch --skip-column-names --execute "show databases like \'blog\'"')).toBe('blog\n');
});

describe('the door', () => {
	test('a server that has too many logins under way is asked again', async () => {
		await on("echo 'MaxStartups 2:100:2' > /etc/ssh/sshd_config.d/01-mine.conf; systemctl restart ssh");
		const hanging: Socket[] = [];
		for (let count = 0; count < 3; count++)
			hanging.push(createConnection({host: guarded.box.address, port: 22}).on('error', () => {}));
		await until('[ "$(ss -Htn state established sport = :22 | wc -l)" -ge 2 ]');
		const opened = "awk '/^Tcp: [0-9]/ {print $7}' /proc/net/snmp";
		const before = Number(await on(opened));
		const wizard = guarded.startWizard({steps: ['services/packages']});
		await until(`[ "$(${opened})" -ge ${before + 2} ]`);
		for (const socket of hanging) socket.destroy();
		await wizard.ended;
		await on('rm /etc/ssh/sshd_config.d/01-mine.conf; systemctl restart ssh');
		expect(summaryOf(wizard.told)).toMatchObject({changed: [], failed: []});
	});

	test('fail2ban does not ban the person for what they mistyped before it came', async () => {
		const {box, person} = guarded;
		const wrong = new Secret('mistyped');
		for (let time = 0; time < 2; time++) {
			const opening = openBox({host: box.address, user: 'root'}, (async () => wrong) as never, {
				outside: () => ({}) as Outside,
				knownHosts: person.file('known_hosts'),
				password: wrong,
			});
			await expect(opening).rejects.toMatchObject({code: 'login-refused'});
		}
		const both = ['services/packages', 'ssh/fail2ban'];
		expectChanged(await applyAndProve(both), both);
		await until('fail2ban-client status sshd > /dev/null 2>&1');
		expect(await on('fail2ban-client status sshd')).toMatch(/Currently banned:\s*0/);
		expect(summaryOf(await applyAndProve(both))).toMatchObject({
			changed: [],
			failed: [],
		});
	});

	test('a new port where systemd listens for sshd', async () => {
		await on('systemctl disable --now ssh.service; systemctl enable --now ssh.socket');
		const told = await guarded.walk({leftOut: ['firewall/ufw'], answers: {sshPort: 2222}});
		expect(summaryOf(told)?.failed).toEqual([]);
		expect(await on('ss -Hltn | grep -o ":22 \\|:2222 " | sort -u; systemctl is-active ssh.socket')).toBe(
			':2222 \nactive\n',
		);
		expect(await guarded.secondHost(2222).knock(performance.now())).toMatchObject({old: false, new: true});
	});
});
