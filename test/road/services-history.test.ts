import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import {boxWithHistory, isFine} from './boxes/box-with-history.ts';
import {difference, snapshot} from './boxes/snapshot.ts';
import {leftBehind} from './boxes/undone.ts';

const wanted = ['--set', 'database=postgresql', '--set', 'postgresAdmin=peer', '--set', 'sshPort=2222'];
/** What a certbot that was here before keeps of its own work for the app: an account, keys, its settings for nginx. */
const ofCertbot =
	/^(content|file) \/etc\/letsencrypt\/(accounts|csr|keys|options-ssl|ssl-dhparams|live\/README|renewal-hooks|\.updated)/;

let old: Awaited<ReturnType<typeof boxWithHistory>>;

beforeAll(async () => {
	old = await boxWithHistory('services', 'services-history.sh');
});

afterAll(() => old?.stop());

const on = (script: string) => old.on(script);
const run = (command: string, ...words: readonly string[]) => old.run(command, ...words);
/** What others reach: each port once. */
const reached = async () => {
	const sockets = await on('ss -Hlntu | awk \'$5 !~ /^(127[.]|.::1.)/ {sub(/.*:/, "", $5); print $1, $5}\' | sort -u');
	return sockets.trim().split('\n');
};
const opened = () => on('ufw status | awk \'$2 == "ALLOW" {print $1}\' | sort -u');
const stored = () => on("HOME=/root psql -h 127.0.0.1 -U postgres -At -c 'select id from orders' shop");
const oldSite = () => on('curl --silent http://127.0.0.1/');

test('what others reach is named, and only what can be done about port 80 is offered', async () => {
	const {code, stderr} = await run('plan', '--set', 'database=postgresql');
	expect(code).toBe(1);
	expect(stderr).toContain('Others reach postgres (port 5432) and socat (port 27015/udp) on this box.');
	expect(stderr).toContain('python3 listens on port 80 on this box.');
	expect(stderr).toContain('PostgreSQL’s administrator (postgres) does not get in without a password');
	expect(stderr).toContain('otherWebServer=stop|skip');
	const refused = await run('plan', ...wanted, '--set', 'otherPorts=open', '--set', 'otherWebServer=proxy');
	expect(refused.stderr).toContain('otherWebServer=stop|skip');
});

test('a full disk is told before anything is touched', async () => {
	await on('mount -t tmpfs -o size=100m none /var; mkdir -p /var/lib');
	const {code, stdout} = await run(
		'setup',
		'--yes',
		...wanted,
		'--set',
		'otherWebServer=skip',
		'--set',
		'otherPorts=open',
	);
	await on('umount --lazy /var');
	expect(code).toBe(1);
	expect(stdout).toMatch(/MB are free on \/var/);
	expect(stdout).toContain('nothing changed');
	expect(difference(old.before, await snapshot(old.box), [/^place \/run\//])).toEqual([]);
});

test('with the web left to the other server the app answers on the box alone, and nothing is missed', async () => {
	const told = await run('setup', '--yes', ...wanted, '--set', 'otherWebServer=skip', '--set', 'otherPorts=open');
	isFine(told);
	expect(told.stdout).toContain('The app answers on the box alone, at http://127.0.0.1:8000.');
	expect(told.stdout).not.toContain('Your app');
	expect(await oldSite()).toBe('the old site\n');
	expect(await on("curl --silent --output /dev/null --write-out '%{http_code}' http://127.0.0.1:8000/")).toMatch(
		/^[23]/,
	);
	expect(await reached()).toEqual(['tcp 2222', 'tcp 5432', 'tcp 80', 'udp 27015']);
	expect(await opened()).toBe('2222/tcp\n27015/udp\n5432/tcp\n80,443/tcp\n');
	expect(await stored()).toBe('7\n');
	isFine(await run('check'));
	isFine(await run('doctor'));
	const dates = await old.person.run(['renewals', '--plain']);
	expect(dates.stdout).not.toContain(old.box.domain);
});

test('the other server is stopped once that is said, and a reboot brings back what is wanted', async () => {
	isFine(await run('setup', '--yes', '--set', 'otherWebServer=stop'));
	expect(await on('systemctl is-enabled oldsite || true')).toBe('disabled\n');
	await old.box.reboot();
	await on('systemctl is-system-running --wait || true');
	await vi.waitFor(
		async () => expect(await reached()).toEqual(['tcp 2222', 'tcp 443', 'tcp 5432', 'tcp 80', 'udp 27015']),
		{timeout: 120_000, interval: 500},
	);
	await vi.waitFor(async () => isFine(await run('check')), {timeout: 120_000, interval: 500});
	// The other certificate is its owner's: it lies where it lay, and its renewal is not ours.
	expect(await on('ls /etc/letsencrypt/live')).toContain('old.example.com');
	// It is not the one that the door was opened by: systemd listens for sshd, on the port that was asked for.
	expect(await on('systemctl is-active ssh.socket')).toBe('active\n');
});

test('shut after all, a database listens to the box alone, whatever had opened it', async () => {
	isFine(await run('setup', '--yes', '--set', 'otherPorts=shut'));
	expect(await reached()).toEqual(['tcp 2222', 'tcp 443', 'tcp 80', 'udp 27015']);
	expect(await opened()).toBe('2222/tcp\n80,443/tcp\n');
	expect(await stored()).toBe('7\n');
	isFine(await run('check'));
});

test('undone, all is as it was', async () => {
	isFine(await run('undo', '--all', '--yes', '--confirm', 'microblog'));
	expect(
		difference(old.before, await snapshot(old.box), [...leftBehind, ofCertbot, /^place \/var\/lib\/letsencrypt$/]),
	).toEqual([]);
	expect(await oldSite()).toBe('the old site\n');
	expect(await stored()).toBe('7\n');
	expect(await on('ls /var/backups/boxwizard')).not.toContain('all-databases');
});
