import {writeFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {type FinishedBox, finishedBox} from './boxes/finished-box.ts';
import {type Laptop, startLaptop} from './visitors/laptop.ts';

/** Milliseconds for what runs on a box. */
const work = 3 * 60_000;

let finished: FinishedBox;
let laptop: Laptop;

beforeAll(async () => {
	finished = await finishedBox('renewals', ['--certificate-days', '10']);
});

afterAll(async () => {
	await laptop?.box.stop();
	await finished?.remove();
});

/** What a script on the set-up box prints. */
const on = async (script: string) => (await finished.box.console(script)).trimEnd();

type Reported = {
	readonly served: readonly {readonly certificate?: {readonly fingerprint: string; readonly expires: string}}[];
	readonly dues: readonly {readonly kind: string; readonly days: number; readonly reminder?: number}[];
};

async function reported(): Promise<Reported> {
	const {stdout} = await finished.person.run(['renewals', '--json']);
	return JSON.parse(stdout) as Reported;
}

describe('seen from the person’s machine', () => {
	test('a certificate that ends in 10 days is reported so, with its timer, and the exit code says that it is due', async () => {
		const {code, stdout} = await finished.person.run(['renewals', '--plain']);
		expect(stdout).toMatch(
			/^due +renewals\.practice\.test +certificate +10 days +\d{4}-\d{2}-\d{2} +Pebble .*its timer is on, next \d.*; last attempt worked/m,
		);
		expect(stdout).toMatch(/^ok +renewals\.practice\.test +Debian 12 .*2028-06-30$/m);
		expect(code).toBe(2);
		expect((await reported()).dues[0]).toMatchObject({kind: 'certificate', days: 10, reminder: 14});
	});

	test('renewed now: a trial, then another certificate, seen from here', {timeout: work}, async () => {
		const before = (await reported()).served[0]?.certificate;
		const {code, stdout} = await finished.person.run(['renewals', 'renew', finished.box.address, '--plain']);
		expect(stdout).toMatch(/\[done\] Trial renewal[\s\S]*\[done\] Renew now/);
		expect(code).toBe(0);
		const after = (await reported()).served[0]?.certificate;
		expect(after?.fingerprint).not.toBe(before?.fingerprint);
		expect(after && before && after.expires > before.expires).toBe(true);
		// It is no part of the road.
		expect((await finished.person.run(['hosts'])).stdout).toMatch(/ (\d+)\/\1 steps/);
	});

	test('a trial that fails asks for no real certificate, and says why', {timeout: work}, async () => {
		const {box, person} = finished;
		const before = (await reported()).served[0]?.certificate;
		await on('mv /etc/nginx/nginx.conf /etc/nginx/nginx.away');
		const {code, stdout, stderr} = await person.run(['renewals', 'renew', box.address, '--plain']);
		await on('mv /etc/nginx/nginx.away /etc/nginx/nginx.conf');
		expect(code).toBe(1);
		expect(stdout).toContain('[failed] Trial renewal');
		expect(stderr).toContain('the authority was not asked for a real one');
		expect((await reported()).served[0]?.certificate).toEqual(before);
	});

	test('a timer that is off, and a reboot that waits, are told', async () => {
		const {box, person} = finished;
		await on('systemctl stop certbot.timer; touch -d "9 days ago" /run/reboot-required');
		const {code, stdout} = await person.run(['renewals', box.domain, '--plain']);
		await on('systemctl start certbot.timer; rm /run/reboot-required');
		expect(stdout).toContain('its timer is off');
		expect(stdout).toMatch(/^due +\S+ +A reboot +waits for 9 days/m);
		expect(code).toBe(2);
	});
});

describe('told by the box itself', () => {
	const tellAgain = 'rm -f /var/lib/certificate-reminder/*; systemctl start certificate-reminder.service';

	test('its timer’s script mails through the box’s own postfix, once', async () => {
		await on('postconf -e "mydestination = practice.test, localhost"; postfix reload');
		await on(tellAgain);
		const read = `for try in $(seq 100); do [ -s /var/mail/jessica ] && break; sleep 0.1; done; cat /var/mail/jessica`;
		const mail = await on(read);
		expect(mail).toContain('Subject: The certificate of renewals.practice.test ends in 10 day(s)');
		expect(mail).toContain('See why: sudo certbot renew --dry-run');
		await on('systemctl start certificate-reminder.service; postqueue -f');
		expect(await on('grep -c ^Subject: /var/mail/jessica')).toBe('1');
		expect(await on('systemctl is-enabled certificate-reminder.timer')).toBe('enabled');
	});

	test('or to a webhook, whose address is in one private file', {timeout: work}, async () => {
		const {box, person} = finished;
		const secret = 'https://127.0.0.1:9443/hooks/s3cret';
		writeFileSync(person.file('hook'), `${secret}\n`, {mode: 0o600});
		const words = [
			'--set',
			'reminder=webhook',
			'--secret',
			`reminderWebhook=${person.file('hook')}`,
			'--json',
			'--yes',
		];
		const {code, stdout} = await person.run(['setup', box.address, ...words]);
		expect({code, shows: stdout.includes('s3cret')}).toEqual({code: 0, shows: false});
		const file = '/etc/certificate-reminder.webhook';
		expect(await on(`stat -c %a ${file}; grep -rl s3cret /etc /usr/local /var/lib/boxwizard || true`)).toBe(
			`600\n${file}`,
		);
		await on(`${sink}${tellAgain}`);
		const heard = JSON.parse(await on('cat /tmp/heard')) as {text: string};
		expect(heard.text).toContain('The certificate of renewals.practice.test ends in 10 day(s). Its end is');
	});

	/** A chat on the box, with a certificate of its own that curl is told to trust. */
	const sink = `cd /tmp
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=chat -addext subjectAltName=IP:127.0.0.1 -keyout chat.key -out chat.pem 2> /dev/null
cat > chat.py <<'END'
import http.server, ssl
class Chat(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        open('/tmp/heard', 'wb').write(self.rfile.read(int(self.headers['content-length'])))
        self.send_response(204); self.end_headers()
server = http.server.HTTPServer(('127.0.0.1', 9443), Chat)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain('/tmp/chat.pem', '/tmp/chat.key')
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
END
systemd-run --quiet --unit=chat /usr/bin/python3 /tmp/chat.py
cp chat.pem /usr/local/share/ca-certificates/chat.crt && update-ca-certificates > /dev/null 2>&1
for try in $(seq 100); do (: < /dev/tcp/127.0.0.1/9443) 2> /dev/null && break; sleep 0.1; done
`;
});

describe('told by the person’s own machine', () => {
	/** The command of the line in the table, past its five fields, as crontab(5) reads it. */
	const tableLine = `crontab -l | sed -n '/boxwizard-reminders/s/^\\([^ ]* \\)\\{5\\}//p' | sed 's/\\\\%/%/g'`;
	const look = 'systemctl --user start boxwizard-reminders.service';

	beforeAll(async () => {
		laptop = await startLaptop('laptop', `${finished.person.home}/boxwizard`);
	}, work);

	test('installed with systemd, once and again, and listed', async () => {
		const first = await laptop.boxwizard('reminders install');
		expect(first).toContain('systemd looks at your 1 boxes');
		const files =
			'cat .config/systemd/user/boxwizard-reminders.*; systemctl --user list-timers --all --no-legend | wc -l';
		const [before, again] = [await laptop.as(files), await laptop.boxwizard('reminders install')];
		expect(again).toBe(first);
		expect(await laptop.as(files)).toBe(before);
		expect(await laptop.as('systemctl --user is-active boxwizard-reminders.timer')).toBe('active');
		const list = await laptop.boxwizard('reminders list');
		expect(list).toMatch(/Schedule +systemd: every four hours/);
		expect(list).toMatch(/renewals\.practice\.test +The certificate of \S+ +10 days +next reminder/);
		const calendar = await laptop.as('cat .config/boxwizard/boxwizard.ics');
		expect(calendar.match(/TRIGGER:-P\d+D/g)?.slice(0, 5)).toEqual(
			['30', '14', '7', '3', '1'].map(n => `TRIGGER:-P${n}D`),
		);
		// One that no longer runs is seen when somebody asks.
		expect(list).not.toContain('has not looked');
		await laptop.as(
			`sed -i 's/"lastCheck": ".*"/"lastCheck": "2026-01-01T00:00:00Z"/' .config/boxwizard/reminders.json`,
		);
		expect(await laptop.boxwizard('reminders list')).toContain('It has not looked for days');
		expect(await laptop.boxwizard('reminders test')).toMatch(/^sent +desktop/);
		expect(await laptop.shown()).toContain('boxwizard can remind you');
	});

	test('the box is dead: the reminder arrives all the same, once', async () => {
		await finished.box.kill();
		await laptop.as(look);
		const shown = await laptop.shown();
		expect(shown).toContain('renewals.practice.test: the certificate ends in 10 days');
		expect(shown).toMatch(/The box does not answer now \(.*\); this was seen on/);
		await laptop.as(look);
		expect(await laptop.shown()).toBe('');
		expect(await laptop.as('systemctl --user show -P Result boxwizard-reminders.service')).toBe('success');
	});

	test('removed, nothing is left; and again', async () => {
		expect(await laptop.boxwizard('reminders remove')).toBe('Removed from systemd.');
		expect(await laptop.boxwizard('reminders remove')).toBe('There were no reminders.');
		expect(await laptop.as('ls .config/systemd/user .config/boxwizard | grep -c reminders || true')).toBe('0');
		expect(await laptop.boxwizard('reminders list')).toContain('Nothing is scheduled');
	});

	test('with cron, where no service manager of the person runs: the same', async () => {
		await laptop.box.console('systemctl stop user@1000.service');
		await laptop.as("echo '0 5 * * * true # mine' | crontab -");
		expect(await laptop.boxwizard('reminders install')).toContain('cron looks at your 1 boxes');
		await laptop.boxwizard('reminders install');
		expect(await laptop.as('crontab -l | wc -l')).toBe('2');
		// As cron starts it: sh, and next to nothing in the environment.
		const run = `env -i HOME=/home/jo LOGNAME=jo SHELL=/bin/sh PATH=/usr/local/bin:/usr/bin:/bin /bin/sh -c "$(${tableLine})"`;
		expect(await laptop.as(run)).toBe('');
		expect(await laptop.shown()).toContain('renewals.practice.test: the certificate ends in 10 days');
		expect(await laptop.as(run)).toBe('');
		expect(await laptop.shown()).toBe('');
		expect(await laptop.boxwizard('reminders remove')).toBe('Removed from cron.');
		expect(await laptop.as('crontab -l')).toBe('0 5 * * * true # mine');
	});

	test('without a desktop or a mail server it prints for cron, and tells again at the next look', async () => {
		await laptop.box.console('rm /usr/local/bin/notify-send');
		await laptop.boxwizard('reminders install');
		const run = `env -i HOME=/home/jo PATH=/usr/bin:/bin /bin/sh -c "$(${tableLine})"`;
		for (const _look of ['first', 'next']) {
			expect(await laptop.as(run)).toContain('! renewals.practice.test: the certificate ends in 10 days');
		}

		expect(await laptop.boxwizard('reminders test')).toMatch(
			/not sent +desktop: notify-send is not installed[\s\S]*exit 1$/,
		);
	});
});
