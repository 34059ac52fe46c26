import {execFileSync} from 'node:child_process';
import {appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {buildCommand} from '../../../source/contract/command.ts';
import type {Argument, Probe} from '../../../source/contract/step.ts';
import {markVisits, visitsSince} from '../../../steps/web/visits.ts';

let folder: string;
let log: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-visits-'));
	log = join(folder, 'blog_access.log');
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

/** What the box runs, run here, with its log in this folder. */
const probe = Object.assign(
	async (pieces: TemplateStringsArray, ...values: readonly Argument[]) =>
		execFileSync('bash', ['-c', buildCommand(pieces, values).replaceAll('/var/log/nginx', folder)], {
			encoding: 'utf8',
			stdio: 'pipe',
		}).trim(),
	{file: async () => null},
) as unknown as Probe;

const line = (status: number, request = 'GET / HTTP/1.1') =>
	`203.0.113.9 - - [28/Nov/2026:13:00:00 +0000] "${request}" ${status} 153 "-" "curl/8 502 "\n`;

test('requests and failures since the mark, whatever stands in a request', async () => {
	writeFileSync(log, line(502) + line(200));
	const mark = await markVisits(probe, 'blog');
	expect(await visitsSince(probe, 'blog', mark)).toEqual({requests: 0, failures: 0});
	appendFileSync(log, line(200) + line(500, 'GET /\\x22 200 1 HTTP/1.1') + line(404, 'GET /500 HTTP/1.1') + line(503));
	expect(await visitsSince(probe, 'blog', mark)).toEqual({requests: 4, failures: 2});
});

test('a log that is turned over meanwhile is read on, and one that came only then is read whole', async () => {
	const none = await markVisits(probe, 'blog');
	writeFileSync(log, line(200));
	expect(await visitsSince(probe, 'blog', none)).toEqual({requests: 1, failures: 0});
	const mark = await markVisits(probe, 'blog');
	appendFileSync(log, line(502));
	renameSync(log, `${log}.1`);
	writeFileSync(log, line(200) + line(201));
	expect(await visitsSince(probe, 'blog', mark)).toEqual({requests: 3, failures: 1});
});
