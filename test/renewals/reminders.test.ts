import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {check} from '../../source/cli/commands/local/reminders.ts';
import {scheduledWords} from '../../source/cli/terminal/schedule-words.ts';
import {type BoxDue, dueOf} from '../../source/contract/due.ts';
import {calendarOf, writeCalendar} from '../../source/reminders/calendar.ts';
import {showOnDesktop} from '../../source/reminders/desktop.ts';
import {mailLocally} from '../../source/reminders/local-mail.ts';
import {cron, withLine, withoutLine} from '../../source/reminders/schedule/cron.ts';
import {schedule, scheduled, unschedule} from '../../source/reminders/schedule/index.ts';
import {agentPath, launchd} from '../../source/reminders/schedule/launchd.ts';
import {runProgram} from '../../source/reminders/schedule/run-program.ts';
import type {RunProgram, Scheduler} from '../../source/reminders/schedule/scheduler.ts';
import {systemd} from '../../source/reminders/schedule/systemd.ts';
import {task, taskScheduler} from '../../source/reminders/schedule/task-scheduler.ts';
import {tell, type Way} from '../../source/reminders/tell.ts';
import {openMemory} from '../../source/renewals/memory.ts';
import {openJournal} from '../../source/state/journal.ts';

let home: string;

beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'boxwizard-reminders-'));
	vi.stubEnv('HOME', home);
	vi.stubEnv('XDG_CONFIG_HOME', '');
	vi.stubEnv('BOXWIZARD_HOME', join(home, 'boxwizard'));
});

afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(home, {recursive: true, force: true});
});

const program = ['/opt/node 24/bin/node', '/home/jo/50%/$x/boxwizard.js', 'reminders', 'check'];

/** Programs of a system, played: each call is noted, and answered by what its words begin with. */
function played(answers: Readonly<Record<string, number | string>> = {}) {
	const calls: string[] = [];
	const run: RunProgram = async (words, input) => {
		const call = words.join(' ');
		calls.push(input === undefined ? call : `${call} <<< ${input}`);
		const [, answer = 0] = Object.entries(answers).find(([start]) => call.startsWith(start)) ?? [];
		return typeof answer === 'number'
			? {code: answer, stdout: '', stderr: 'played'}
			: {code: 0, stdout: answer, stderr: ''};
	};
	return {run, calls};
}

describe('systemd', () => {
	const units = () => join(home, '.config/systemd/user');

	test('two user units, reloaded and enabled; again makes nothing else', async () => {
		const {run, calls} = played();
		await systemd.install(run, program);
		const first = readFileSync(join(units(), 'boxwizard-reminders.service'), 'utf8');
		expect(first).toContain('\nExecStart="/opt/node 24/bin/node" /home/jo/50%%/$$x/boxwizard.js reminders check\n');
		const timer = readFileSync(join(units(), 'boxwizard-reminders.timer'), 'utf8');
		expect(timer).toMatch(/OnCalendar=\*-\*-\* 0\/4:17\n[\s\S]*Persistent=true\n[\s\S]*WantedBy=timers\.target\n/);
		await systemd.install(run, program);
		const once = ['systemctl --user daemon-reload', 'systemctl --user enable --now boxwizard-reminders.timer'];
		expect(calls).toEqual([...once, ...once]);
	});

	test('the timer of an earlier boxwizard is brought up to date', async () => {
		const path = join(units(), 'boxwizard-reminders.timer');
		mkdirSync(units(), {recursive: true});
		writeFileSync(path, '[Timer]\nOnCalendar=*-*-* 10:00\nPersistent=true\n');
		const {run, calls} = played();
		await systemd.install(run, program);
		expect(readFileSync(path, 'utf8').match(/^OnCalendar=.*$/gm)).toEqual(['OnCalendar=*-*-* 0/4:17']);
		// systemd reckons anew when a timer runs next as it reads the files.
		expect(calls).toContain('systemctl --user daemon-reload');
	});

	test('removed, nothing is left, and again is fine', async () => {
		const {run, calls} = played();
		await systemd.install(run, program);
		calls.length = 0;
		await systemd.remove(run);
		await systemd.remove(run);
		expect(calls).toEqual([
			'systemctl --user disable --now boxwizard-reminders.timer',
			'systemctl --user daemon-reload',
		]);
		expect(existsSync(join(units(), 'boxwizard-reminders.timer'))).toBe(false);
	});
});

describe('cron', () => {
	const own = '0 5 * * * backup # mine\n';
	const line =
		"17 */4 * * * '/opt/node 24/bin/node' '/home/jo/50\\%/$x/boxwizard.js' reminders check # boxwizard-reminders\n";

	test('one line, last, whatever stood there, and once', () => {
		expect(withLine(own, program)).toBe(`${own}${line}`);
		expect(withLine(`${line}${own}`, program)).toBe(`${own}${line}`);
		expect(withLine('', program)).toBe(line);
		expect(withLine(own.trimEnd(), program)).toBe(`${own}${line}`);
		expect(withoutLine(`${own}${line}`)).toBe(own);
	});

	test('the table is written only where it changes, and taken away when nothing else is in it', async () => {
		const fresh = played({'crontab -l': 1});
		await cron.install(fresh.run, program);
		expect(fresh.calls).toEqual(['crontab -l', `crontab - <<< ${line}`]);
		const there = played({'crontab -l': `${own}${line}`});
		await cron.install(there.run, program);
		expect(there.calls).toEqual(['crontab -l']);
		await cron.remove(there.run);
		expect(there.calls.at(-1)).toBe(`crontab - <<< ${own}`);
		const alone = played({'crontab -l': line});
		await cron.remove(alone.run);
		expect(alone.calls.at(-1)).toBe('crontab -r');
	});
});

/** No Mac and no Windows here: exact files and commands are all that can be tested of these. */
test('launchd: an agent of the person', async () => {
	const {run, calls} = played();
	await launchd.install(run, ['/opt/<node>', '/Users/jo/a&b.js', 'reminders', 'check']);
	const domain = `gui/${process.getuid?.()}`;
	expect(calls).toEqual([
		`launchctl bootout ${domain}/boxwizard-reminders`,
		`launchctl bootstrap ${domain} ${join(home, 'Library/LaunchAgents/boxwizard-reminders.plist')}`,
	]);
	const agent = readFileSync(agentPath(), 'utf8');
	expect(agent).toContain('<string>/opt/&lt;node&gt;</string>\n\t\t<string>/Users/jo/a&amp;b.js</string>');
	const hours = [...agent.matchAll(/<key>Hour<\/key>\s*<integer>(\d+)<\/integer>/g)].map(([, hour]) => Number(hour));
	expect(hours).toEqual([0, 4, 8, 12, 16, 20]);
	await launchd.remove(run);
	expect(existsSync(agentPath())).toBe(false);
	expect(calls.at(-1)).toBe(`launchctl bootout ${domain}/boxwizard-reminders`);
});

test('Task Scheduler: a task from XML, replaced when it is there', async () => {
	const {run, calls} = played();
	mkdirSync(join(home, 'boxwizard'));
	await taskScheduler.install(run, ['C:\\Program Files\\node.exe', 'C:\\a b\\boxwizard.js', 'reminders', 'check']);
	const path = join(home, 'boxwizard/boxwizard-reminders.xml');
	expect(calls).toEqual([`schtasks /Create /TN boxwizard-reminders /XML ${path} /F`]);
	expect(existsSync(path)).toBe(false);
	const xml = task(['C:\\Program Files\\node.exe', 'C:\\a b\\boxwizard.js', 'reminders']);
	expect(xml).toContain('<Command>C:\\Program Files\\node.exe</Command>');
	expect(xml).toContain('<Arguments>&quot;C:\\a b\\boxwizard.js&quot; reminders</Arguments>');
	expect(xml).toContain('<StartWhenAvailable>true</StartWhenAvailable>');
	await taskScheduler.remove(run);
	expect(calls.at(-1)).toBe('schtasks /Delete /TN boxwizard-reminders /F');
	await taskScheduler.remove(played({'schtasks /Query': 1}).run);
});

describe('choosing a scheduler', () => {
	function fake(name: Scheduler['name'], works: boolean): Scheduler & {there: boolean} {
		return {
			name,
			when: '',
			there: false,
			works: async () => works,
			async install() {
				this.there = true;
			},
			async remove() {
				this.there = false;
			},
			async installed() {
				return this.there;
			},
		};
	}

	test('the first that answers, and no other beside it', async () => {
		const [first, second] = [fake('systemd', true), fake('cron', true)];
		second.there = true;
		const {run} = played();
		expect((await schedule(run, () => program, [first, second])).name).toBe('systemd');
		expect([first.there, second.there]).toEqual([true, false]);
		expect((await scheduled(run, [first, second]))?.name).toBe('systemd');
		expect(await unschedule(run, [first, second])).toEqual(['systemd']);
		expect(await unschedule(run, [first, second])).toEqual([]);
	});

	test('none: said in words', async () => {
		const none = [fake('systemd', false), fake('cron', false)];
		await expect(schedule(played().run, () => program, none)).rejects.toMatchObject({code: 'no-scheduler'});
	});

	test('a program that isn’t there is no scheduler, and what fails is told', async () => {
		vi.stubEnv('PATH', home);
		expect(await runProgram(['crontab', '-l'])).toMatchObject({code: 127});
		expect(await cron.works(runProgram)).toBe(false);
		expect(await systemd.works(runProgram)).toBe(false);
		await expect(systemd.install(runProgram, program)).rejects.toMatchObject({code: 'schedule'});
	});
});

test('what npx brought is copied to where it stays', () => {
	const dist = join(home, '.npm/_npx/1f/node_modules/boxwizard/dist');
	mkdirSync(dist, {recursive: true});
	writeFileSync(join(dist, 'boxwizard.js'), 'console.log(1)');
	const [before] = [process.argv[1]];
	try {
		process.argv[1] = join(dist, 'boxwizard.js');
		const copy = join(home, 'boxwizard/program/boxwizard.js');
		expect(scheduledWords({name: 'cron'})).toEqual([
			process.execPath,
			copy,
			...['reminders', 'check', '--from', 'cron', '--home', join(home, 'boxwizard')],
		]);
		expect(readFileSync(copy, 'utf8')).toBe('console.log(1)');
	} finally {
		process.argv[1] = before ?? '';
	}
});

const now = Date.parse('2026-11-21T12:00:00Z');
const box: BoxDue = {
	target: 'jessica@203.0.113.7',
	label: 'blog.example.com',
	host: '203.0.113.7',
	served: [],
	dues: [
		dueOf('certificate', 'The certificate of blog.example.com', '2026-12-01T12:30:00.000Z', now),
		dueOf('support', 'Debian 12', '2028-06-30T23:59:59Z', now),
	],
	unknown: [],
};

describe('the calendar', () => {
	test('an event for each end, with an alarm on each day of a reminder', () => {
		const text = calendarOf([box], now);
		expect(text).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*END:VCALENDAR\r\n$/);
		expect(text.match(/^SUMMARY:.*$/gm)).toEqual([
			'SUMMARY:blog.example.com: The certificate of blog.example.com ends',
			'SUMMARY:blog.example.com: Debian 12 ends',
		]);
		expect(text).toContain('DTSTART:20261201T123000Z');
		expect(text).toContain('UID:certificate-0-203.0.113.7@boxwizard');
		const [event = ''] = text.split('END:VEVENT');
		expect(event.match(/^TRIGGER.*$/gm)).toEqual([
			'TRIGGER:-P30D',
			'TRIGGER:-P14D',
			'TRIGGER:-P7D',
			'TRIGGER:-P3D',
			'TRIGGER:-P1D',
		]);
	});

	test('a date that moves keeps its UID, and what has not moved is not written again', () => {
		const path = join(home, 'boxwizard.ics');
		expect(writeCalendar(path, [box], now)).toBe(true);
		expect(writeCalendar(path, [box], now + 86_400_000)).toBe(false);
		const moved = {
			...box,
			dues: [dueOf('certificate', 'The certificate of blog.example.com', '2027-03-01T12:00:00Z', now)],
		};
		expect(writeCalendar(path, [moved], now)).toBe(true);
		expect(readFileSync(path, 'utf8')).toContain('UID:certificate-0-203.0.113.7@boxwizard');
	});
});

/** A program of this name, first in PATH, that writes down what it is told. */
function sink(name: string, ends = 0): () => string {
	const [folder, heard] = [join(home, 'bin'), join(home, `${name}.heard`)];
	mkdirSync(folder, {recursive: true});
	// What notify-send gets as its stdin stays open: it reads none.
	const rest = name === 'sendmail' ? `cat >> '${heard}'\n` : '';
	writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "$@" > '${heard}'\n${rest}exit ${ends}\n`);
	chmodSync(join(folder, name), 0o755);
	vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
	return () => readFileSync(heard, 'utf8');
}

const reminder = {key: 'k', title: 'blog: ends in 9 days', body: 'First.\n$(touch /tmp/x) `id` "quoted" \\ \'single\''};

test('on the desktop: notify-send is told the very words, whatever a shell would make of them', async () => {
	const heard = sink('notify-send');
	expect(await showOnDesktop(reminder)).toBeUndefined();
	const [title, body] = heard().split('\n');
	expect(title).toBe(reminder.title);
	expect(body).toBe(reminder.body.replace('\n', '\\n'));
	sink('notify-send', 1);
	expect(await showOnDesktop(reminder)).toBe('the desktop shows no notifications');
});

test('by mail: to oneself, in UTF-8, and a mail server that refuses is said', async () => {
	const heard = sink('sendmail');
	expect(await mailLocally({title: 'Grüße', body: 'ends'})).toBeUndefined();
	const {username} = userInfo();
	expect(heard()).toContain(`-i\n${username}\n`);
	expect(heard()).toContain(`Subject: =?utf-8?B?${Buffer.from('Grüße').toString('base64')}?=\n`);
	sink('sendmail', 75);
	expect(await mailLocally(reminder)).toMatch(/ended with 75/);
});

describe('telling', () => {
	const works = (name: Way['name']): Way => ({name, tell: async () => undefined});
	const fails = (name: Way['name']): Way => ({name, tell: async () => 'no'});

	async function told(ways: readonly Way[], isRead: boolean) {
		const memory = openMemory(home);
		const printed: string[] = [];
		const [one] = await tell([reminder], {ways, memory, now: () => now, print: line => printed.push(line), isRead});
		return {by: one?.by, printed: printed.length, remembered: 'k' in memory.read().told};
	}

	test.each([
		{ways: [works('desktop'), works('mail')], isRead: false, by: 'desktop', printed: 0, remembered: true},
		{ways: [fails('desktop'), works('mail')], isRead: false, by: 'mail', printed: 0, remembered: true},
		{ways: [fails('desktop'), fails('mail')], isRead: true, by: 'print', printed: 3, remembered: true},
		// Nobody reads a journal: it is tried again at the next look.
		{ways: [fails('desktop'), fails('mail')], isRead: false, by: 'nothing', printed: 3, remembered: false},
	] as const)('by $by', async ({ways, isRead, by, printed, remembered}) => {
		expect(await told(ways, isRead)).toEqual({by, printed, remembered});
	});
});

test('what only a scheduler has printed is told again at the next look, and what a person has read is not', async () => {
	for (const way of ['notify-send', 'sendmail']) sink(way, 1);
	const own = join(home, 'boxwizard');
	openJournal('192.0.2.7', 22).update(state => state);
	const since = new Date(Date.now() - 9 * 86_400_000).toISOString();
	openMemory(own).update(before => ({
		...before,
		boxes: {'192.0.2.7': {at: since, renewal: {timer: 'on'}, rebootSince: since}},
	}));
	const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
	vi.spyOn(process.stderr, 'write').mockReturnValue(true);
	const look = async (from?: string) => {
		printed.mockClear();
		await check({home: own, ...(from !== undefined && {from})});
		return printed.mock.calls.flat().join('').includes('! 192.0.2.7: a reboot');
	};
	try {
		expect([await look('cron'), await look('cron'), await look('systemd')]).toEqual([true, true, true]);
		expect([await look(), await look()]).toEqual([true, false]);
	} finally {
		vi.restoreAllMocks();
		process.exitCode = undefined;
	}
});
