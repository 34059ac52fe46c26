import {execFileSync} from 'node:child_process';
import {chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {Box} from '../../source/contract/box.ts';
import {Disconnected} from '../../source/contract/box.ts';
import type {LogSource} from '../../source/contract/log-source.ts';
import {LogReader, merged, passes, sinceOf} from '../../source/logs/merge.ts';
import {backlogEnds, type LogWish, logScript} from '../../source/logs/script.ts';
import {streamLogs} from '../../source/logs/stream.ts';
import {stamped} from '../../source/logs/time.ts';
import {logSources} from '../../steps/process/logs.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('the moment of a line', () => {
	test.each([
		['supervisor', '2026-11-21 03:22:51,102 INFO spawned', '2026-11-21T03:22:51.102Z', 'INFO spawned'],
		['gunicorn', '[2026-11-21 03:22:51 +0000] [7] [INFO] Booting', '2026-11-21T03:22:51.000Z', '[7] [INFO] Booting'],
		['gunicorn, elsewhere', '[2026-11-21 03:22:51 +0530] [7] x', '2026-11-20T21:52:51.000Z', '[7] x'],
		['nginx error', '2026/11/21 03:23:59 [error] 1#1: x', '2026-11-21T03:23:59.000Z', '[error] 1#1: x'],
		[
			'nginx access',
			'203.0.113.9 - - [21/Nov/2026:03:23:59 +0100] "GET / HTTP/1.1" 200 5',
			'2026-11-21T02:23:59.000Z',
			'203.0.113.9 - - "GET / HTTP/1.1" 200 5',
		],
		['journal', '1795231431.102334 sshd[4]: x', '2026-11-21T03:23:51.102Z', 'sshd[4]: x'],
		['rsyslog', '2026-11-21T03:22:51.123456+01:00 box x', '2026-11-21T02:22:51.123Z', 'box x'],
		['syslog', 'Nov  9 03:23:24 box x', '2026-11-09T03:23:24.000Z', 'box x'],
		['syslog of last year', 'Dec 31 23:59:59 box x', '2025-12-31T23:59:59.000Z', 'box x'],
		['RQ, today', '03:23:24 *** Listening', '2026-11-21T03:23:24.000Z', '*** Listening'],
		['RQ, yesterday', '23:23:24 *** Listening', '2026-11-20T23:23:24.000Z', '*** Listening'],
	])('%s', (_, line, time, text) => {
		const found = stamped(line, '+0000', now);
		expect(found && {time: new Date(found.time).toISOString(), text: found.text}).toEqual({time, text});
	});

	test('without a zone of its own, the box’s counts', () => {
		expect(stamped('2026/11/21 03:23:59 x', '+0200', now)?.time).toBe(Date.parse('2026-11-21T01:23:59Z'));
		expect(stamped('2026-11-21 03:22:51,102 x', '-0130', now)?.time).toBe(Date.parse('2026-11-21T04:52:51.102Z'));
	});

	test.each([
		'Traceback (most recent call last):',
		'',
		'2026-13-45 99:99:99 x',
		'Foo 21 03:00:00 x',
		'[99/Xyz/2026:03:23:59 +0000] x',
	])('none in %j', line => expect(stamped(line, '+0000', now)).toBeUndefined());
});

const app: LogSource = {kind: 'app', label: 'microblog', from: {file: '/a'}};
const nginx: LogSource = {kind: 'nginx', label: 'nginx', from: {file: '/b'}};

test('lines of several logs become one, tracebacks whole', () => {
	const reader = new LogReader([app, nginx], () => now);
	const lines = [
		reader.read(0, '  File "cut off", line 1'),
		reader.read(0, '2026-11-21 03:00:02,000 ERROR x'),
		reader.read(0, 'Traceback (most recent call last):'),
		reader.read(1, '2026/11/21 03:00:01 first'),
		reader.read(1, '2026/11/21 03:00:03 last'),
		reader.read(9, 'of no source'),
	].flatMap(line => line ?? []);
	expect(merged(lines, now).map(({text}) => text)).toEqual([
		'first',
		'  File "cut off", line 1',
		'ERROR x',
		'Traceback (most recent call last):',
		'last',
	]);
});

test('filters', () => {
	const line = {time: now, source: app, text: 'An ERROR'};
	expect(passes(line, {grep: 'error'})).toBe(true);
	expect(passes(line, {grep: 'MICROBLOG'})).toBe(true);
	expect(passes(line, {grep: 'other'})).toBe(false);
	expect(passes(line, {since: now + 1})).toBe(false);
	expect(sinceOf('90m', now)).toBe(now - 5_400_000);
	expect(sinceOf('2d', now)).toBe(now - 172_800_000);
	expect(sinceOf('2026-11-21T10:00Z', now)).toBe(Date.parse('2026-11-21T10:00:00Z'));
	for (const wrong of ['', '5', '1 hour', 'x', '-3h', '2026-99-99']) expect(sinceOf(wrong, now)).toBeUndefined();
});

/** What the script of sources really prints on this machine, with `folder` in the place of the box's own ones. */
function printedBy(folder: string, sources: readonly LogSource[], wish: Partial<LogWish> = {}): string[] {
	const script = logScript(sources, {lines: 2, follow: false, ...wish})
		.replaceAll('/run/', `${folder}/`)
		.replaceAll('/etc/systemd/system', folder);
	const env = {...process.env, PATH: `${folder}/bin:${process.env.PATH}`};
	const printed = execFileSync('bash', {input: script, encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024}).split('\n');
	expect(printed[0]).toMatch(/^zone [+-]\d{4}$/);
	expect(printed.slice(-2)).toEqual([backlogEnds, '']);
	return printed.slice(1, -2);
}

describe('the script', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'boxwizard-logs-'));
	});
	afterEach(() => rmSync(folder, {recursive: true, force: true}));

	const write = (name: string, content: string | Buffer, hoursAgo = 0) => {
		writeFileSync(join(folder, name), content);
		const moment = Date.now() / 1000 - hoursAgo * 3600;
		utimesSync(join(folder, name), moment, moment);
	};
	const from = (name: string): LogSource => ({...app, from: {file: join(folder, name)}});

	test('prints the ends of files, numbered, and passes over what is not there', () => {
		write('one log', 'a\nb\nc\n');
		write('one log.1', 'of yesterday\n');
		expect(printedBy(folder, [from('one log'), from('absent')])).toEqual(['0 b', '0 c']);
	});

	test('of a span of time it prints what was rotated away as well, the oldest first', () => {
		write('log.4.gz', gzipSync('newer, but beyond a gap\n'));
		write('log.3.gz', gzipSync('before the span\n'), 50);
		write('log.2.gz', gzipSync('two\n'), 20);
		write('log.1', 'three\n', 1);
		write('log', 'four\n');
		const since = Date.now() - 24 * 3_600_000;
		const wish = {lines: 100, since};
		expect(printedBy(folder, [from('log')], wish)).toEqual(['0 two', '0 three', '0 four']);
		expect(printedBy(folder, [from('log')], {lines: 2, since})).toEqual(['0 three', '0 four']);
		// Rotated a moment ago, and nothing came since.
		write('log', '');
		expect(printedBy(folder, [from('log')], wish)).toEqual(['0 two', '0 three']);
		rmSync(join(folder, 'log'));
		expect(printedBy(folder, [from('log')], wish)).toEqual(['0 two', '0 three']);
	});

	test('reads no more of them than of one log', () => {
		const mebibyte = `${'x'.repeat(1023)}\n`.repeat(1024);
		write('log', mebibyte);
		write('log.1', mebibyte.repeat(7));
		write('log.2.gz', gzipSync('older\n'));
		write('other', mebibyte);
		write('other.1.gz', gzipSync(mebibyte.repeat(20)));
		const printed = (name: string) => printedBy(folder, [from(name)], {lines: 1_000_000, since: 0});
		expect(printed('log').length).toBe(8 * 1024);
		expect(printed('log')).not.toContain('0 older');
		expect(printed('other').length).toBe(8 * 1024);
	});

	test('of the system it leaves out what systemd journals for the app, and nothing else of its user', () => {
		mkdirSync(join(folder, 'bin'));
		for (const [name, says] of Object.entries({
			journalctl: 'if [ "$1" = --field=_UID ]; then printf "0\\n990\\n61500\\n"; else echo "$*"; fi',
			getent: 'printf "root:x:0:0::/:\\nmysql:x:101:1::/:\\nmicroblog:x:990:1::/:\\n"',
			id: 'echo 990',
		})) {
			writeFileSync(join(folder, 'bin', name), `#!/bin/bash\n${says}\n`);
			chmodSync(join(folder, 'bin', name), 0o755);
		}

		for (const unit of ['microblog', 'microblog-second', 'microblog-worker', 'microblog-reminders'])
			write(`${unit}.service`, '[Service]\nUser=microblog\n');
		write('shop.service', '[Service]\nUser=shop\n');
		const answers = {app: 'microblog', queue: 'rq', mail: 'none'};
		const asked = (supervisor: 'supervisor' | 'systemd') =>
			printedBy(folder, logSources({...answers, supervisor}).slice(-1)).join('\n');
		expect(asked('systemd')).toMatch(
			/ SYSLOG_FACILITY=10 _UID=0 _UID=101 _UID=61500 \+ _TRANSPORT=kernel \+ _SYSTEMD_UNIT=microblog-reminders\.service$/,
		);
		expect(asked('supervisor')).toMatch(/ SYSLOG_FACILITY=10$/);
		// Its --lines would be the first of the span.
		const ofSpan = printedBy(folder, logSources({...answers, supervisor: 'systemd'}).slice(-1), {since: 5000});
		expect(ofSpan.join('\n')).toContain('--since=@5 ');
		expect(ofSpan.join('\n')).not.toContain('--lines');
	});
});

test('after a lost connection it goes on, and doubles no line', async () => {
	const connections = [
		[
			'zone +0000',
			'0 2026-11-21 03:00:01,000 one',
			'0 2026-11-21 03:00:02,000 two',
			backlogEnds,
			'0 2026-11-21 03:00:03,000 three',
		],
		[
			'zone +0000',
			'0 2026-11-21 03:00:02,000 two',
			'0 2026-11-21 03:00:03,000 three',
			'0 2026-11-21 03:00:03,000 at the same moment',
			'0 2026-11-21 03:00:04,000 four',
			backlogEnds,
			'= alive',
			'0 2026-11-21 03:00:05,000 five',
		],
	];
	let reconnected = 0;
	const box = {
		async *follow() {
			for (const line of connections.shift() ?? []) yield line;
			throw connections.length === 0 && reconnected > 0 ? new Error('over') : new Disconnected('gone');
		},
		reconnect: async () => {
			reconnected += 1;
		},
	} as unknown as Box;
	const seen: string[] = [];
	await expect(
		(async () => {
			for await (const event of streamLogs(box, [app], {lines: 9, follow: true}))
				seen.push('text' in event ? event.text : `again ${event.reconnecting}`);
		})(),
	).rejects.toThrow('over');
	expect(seen).toEqual(['one', 'two', 'three', 'again 1', 'at the same moment', 'four', 'five']);
});
