import {afterAll, beforeAll, expect, test, vi} from 'vitest';
import {boxWithHistory, isFine} from './boxes/box-with-history.ts';
import {difference, snapshot} from './boxes/snapshot.ts';
import {leftBehind} from './boxes/undone.ts';

const answers = ['--set', 'otherWebServer=proxy', '--set', 'databaseRoot=socket'];

let old: Awaited<ReturnType<typeof boxWithHistory>>;

beforeAll(async () => {
	old = await boxWithHistory('history', 'history.sh');
});

afterAll(() => old?.stop());

const on = (script: string) => old.on(script);
const run = (command: string, ...words: readonly string[]) => old.run(command, ...words);
const listeners = () => on("ss -Hlntu | awk '{print $1, $5}' | sort -u");
/** What a visitor is told: by name over port 80, and by what was nginx's own port. */
const site = (name: string, path = '/') =>
	on(
		`curl --silent --header 'Host: ${name}' --output - --write-out '%{http_code} %{redirect_url}' http://${old.box.address}${path}`,
	);
const ownSite = () => on('curl --silent http://127.0.0.1:8088/');
/** What the person had stored: as root of the database, with the password. */
const stored = () =>
	on(
		`mysql --defaults-file=/root/old.cnf --batch --skip-column-names --execute 'select id from shop.orders'; redis-cli --no-auth-warning -a 'red secret' get basket`,
	);
/** Process ids of what runs: of others by their names, and of the app. */
const processes = async (): Promise<Readonly<Record<string, string>>> => {
	const answer = await on(
		'supervisorctl status | awk \'$2 == "RUNNING" {print $1, $4}\'; echo shop $(systemctl show -P MainPID shop)',
	);
	return Object.fromEntries(answer.split('\n').map(line => line.split(' ') as [string, string]));
};

test.each([['setup', '--yes'], ['plan']])('%s names what stands in the way, and touches nothing', async (...words) => {
	const {code, stderr} = await run(...(words as [string]));
	expect(code).toBe(1);
	expect(stderr).toContain('apache2 listens on port 80 on this box.');
	expect(stderr).toContain('MariaDB’s root has a password');
	expect(stderr).toContain('--set databaseRoot=socket|password and --set otherWebServer=stop|proxy|skip');
	expect(difference(old.before, await snapshot(old.box), [/^place \/run\//])).toEqual([]);
});

test('a plan says what becomes of it', async () => {
	const planned = await run('plan', ...answers);
	isFine(planned);
	expect(planned.stdout).toContain('Listen 127.0.0.1:8080');
	expect(planned.stdout).toContain('restart apache2.service, then start and enable nginx.service in its place');
});

test('what was there goes on beside the new app', async () => {
	isFine(await run('setup', '--yes', ...answers));
	const {domain} = old.box;
	expect(await site('old.example.com')).toBe('the old site\n200 ');
	expect(await site('old.example.com', '/folder')).toContain('301 http://old.example.com/folder/');
	expect(await site(domain)).toContain(`301 https://${domain}/`);
	expect(await ownSite()).toBe('another site\n');
	// Visitors are told apart: what Apache shows to the box itself is shown to nobody else.
	expect(await site('old.example.com', '/who')).toContain('404');
	expect(await on("grep -F ' /who ' /var/log/apache2/access.log | cut -d ' ' -f 1")).toBe(`${old.box.address}\n`);
	expect(await stored()).toBe('7\nfull\n');
	expect(await on("mysql --batch --skip-column-names --execute 'select 1'")).toBe('1\n');
	expect(await on("runuser -u nobody -- mysql --user=root --execute 'select 1' 2>&1 || true")).toContain('denied');
	expect(await on("sshd -T | grep '^allowusers' | sort")).toBe('allowusers jessica\nallowusers root\n');
	const rules = (await on("grep -F '### tuple ###' /etc/ufw/user.rules")).trim().split('\n');
	expect(rules.map(rule => rule.split(' ').slice(3).join(' '))).toEqual([
		'allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in',
		'deny any any 0.0.0.0/0 any 198.51.100.7 in',
		'allow tcp 8443 0.0.0.0/0 any 0.0.0.0/0 in',
		expect.stringMatching(/^allow tcp 80,443 0\.0\.0\.0\/0 any 0\.0\.0\.0\/0 in/),
		'deny tcp 443 0.0.0.0/0 any 0.0.0.0/0 in',
	]);
});

test('a reboot brings back the same listeners, and nothing differs', async () => {
	const listening = await listeners();
	expect(listening).toContain('tcp 127.0.0.1:3306');
	await old.box.reboot();
	await on('systemctl is-system-running --wait || true');
	// Supervisor is up before what it runs listens.
	await vi.waitFor(async () => expect(await listeners()).toBe(listening), {timeout: 120_000, interval: 500});
	expect(await site('old.example.com')).toBe('the old site\n200 ');
	isFine(await run('check'));
});

test('programs of others are told, have logs, and are restarted alone', async () => {
	const told = await run('status', '--json');
	expect(JSON.parse(told.stdout).others).toMatchObject([
		{name: 'crawler', manager: 'supervisor', state: 'up'},
		{name: 'shop', manager: 'systemd', state: 'up'},
	]);
	for (const [name, words] of [
		['crawler', 'crawled'],
		['shop', 'open'],
	] as const) {
		const before = await processes();
		isFine(await run('restart', name, '--yes'));
		const after = await processes();
		expect(after[name]).not.toBe(before[name]);
		expect({...after, [name]: ''}).toEqual({...before, [name]: ''});
		expect((await run('logs', name, '--no-follow')).stdout).toContain(words);
	}
});

test('undone, all is as it was', async () => {
	const running = await processes();
	isFine(await run('undo', '--all', '--yes', '--confirm', 'microblog'));
	expect(await processes()).toMatchObject({crawler: running.crawler, shop: running.shop});
	expect(difference(old.before, await snapshot(old.box), leftBehind)).toEqual([]);
	expect(await site('old.example.com')).toBe('the old site\n200 ');
	expect(await ownSite()).toBe('another site\n');
	expect(await stored()).toBe('7\nfull\n');
	expect(await on("mysql --execute 'select 1' 2>&1 || true")).toContain('ERROR 1045');
});
