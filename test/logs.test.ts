import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Box} from '../source/box.ts';
import {Disconnected} from '../source/box.ts';
import {LogReader, merged, passes, sinceOf} from '../source/log-merge.ts';
import {backlogEnds, logScript} from '../source/log-script.ts';
import type {LogSource} from '../source/log-source.ts';
import {streamLogs} from '../source/log-stream.ts';
import {stamped} from '../source/log-time.ts';

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

test('the script prints the ends of files, numbered, and passes over what is not there', () => {
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-logs-'));
	try {
		writeFileSync(join(folder, 'one log'), 'a\nb\nc\n');
		const sources = ['one log', 'absent'].map(name => ({...app, from: {file: join(folder, name)}}));
		const script = logScript(sources, {lines: 2, follow: false}).replaceAll('/run/', `${folder}/`);
		const printed = execFileSync('bash', {input: script, encoding: 'utf8'}).split('\n');
		expect(printed[0]).toMatch(/^zone [+-]\d{4}$/);
		expect(printed.slice(1)).toEqual(['0 b', '0 c', backlogEnds, '']);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
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
