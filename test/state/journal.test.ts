import {spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {Secret} from '../../source/contract/secret.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {listJournals, openJournal} from '../../source/state/journal.ts';
import type {Json} from '../../source/state/journal-state.ts';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-journal-'));
});

afterEach(() => {
	rmSync(folder, {recursive: true});
});

it('starts empty, keeps what is written, and only its owner may read it', () => {
	const journal = openJournal('203.0.113.7', 22, folder);
	expect(journal.read()).toEqual({
		version: 5,
		host: '203.0.113.7',
		port: 22,
		user: 'root',
		box: {answers: {}, leftOut: [], steps: {}},
		apps: {},
	});
	journal.update(state => ({...state, box: {...state.box, answers: {email: 'me@example.com'}}, os: 'Debian'}));
	const again = openJournal('203.0.113.7', 22, folder);
	expect(again.read()).toMatchObject({os: 'Debian', box: {answers: {email: 'me@example.com'}}});
	expect(statSync(again.path).mode & 0o777).toBe(0o600);
});

it('drops a key that is taken away', () => {
	const journal = openJournal('box', 22, folder);
	journal.update(state => ({...state, job: {id: 'j', step: 's', startedAt: '2026-01-01T00:00:00Z'}}));
	journal.update(({job: _job, ...state}) => state);
	expect(openJournal('box', 22, folder).read()).not.toHaveProperty('job');
});

it('never holds a secret, however deep', () => {
	const journal = openJournal('box', 22, folder);
	const answers = {user: 'jessica', sudoPassword: new Secret('hunter2'), list: [new Secret('hunter2')]};
	journal.update(state => ({...state, box: {...state.box, answers: answers as unknown as Record<string, Json>}}));
	expect(readFileSync(journal.path, 'utf8')).not.toMatch(/hunter2|•|sudoPassword/);
	expect(journal.read().box.answers).toEqual({user: 'jessica', list: []});
});

it('gives every host and port a file of its own, also on Windows, and lists them last seen first', () => {
	for (const [host, port, lastSeen] of [
		['2001:db8::1', 22, '2026-01-02'],
		['box', 22, '2026-01-03'],
		['box', 2222, '2026-01-01'],
	] as const) {
		openJournal(host, port, folder).update(state => ({...state, lastSeen}));
	}

	const listed = listJournals(folder);
	expect(listed.map(journal => `${journal.read().host} ${journal.read().port}`)).toEqual([
		'box 22',
		'2001:db8::1 22',
		'box 2222',
	]);
	expect(listed.some(journal => journal.path.slice(folder.length).includes(':'))).toBe(false);
	expect(listJournals(join(folder, 'nothing here'))).toEqual([]);
});

it('keeps a damaged file as it is and says where it is', () => {
	const {path, update} = openJournal('box', 22, folder);
	update(state => state);
	for (const text of ['{"version": 1, "host"', '', '{}', 'null', '[]', '{"version": 1, "steps": []}']) {
		writeFileSync(path, text);
		const open = () => openJournal('box', 22, folder);
		expect(open).toThrow(Trouble);
		expect(open).toThrow(expect.objectContaining({code: 'journal-damaged', evidence: expect.arrayContaining([path])}));
		expect(readFileSync(path, 'utf8')).toBe(text);
		expect(listJournals(folder)).toEqual([]);
	}
});

it('loses no change of two processes that write at once', async () => {
	openJournal('box', 22, folder).update(state => state);
	const writer = (name: string) => `
		import {openJournal} from ${JSON.stringify(join(import.meta.dirname, '../../source/state/journal.ts'))};
		const journal = openJournal('box', 22, ${JSON.stringify(folder)});
		for (let i = 0; i < 40; i++) journal.update(state => ({...state, box: {...state.box, answers: {...state.box.answers, ['${name}' + i]: i}}}));
	`;
	const run = (name: string) =>
		new Promise<void>((resolve, reject) => {
			const child = spawn(process.execPath, ['--input-type=module', '--eval', writer(name)], {stdio: 'inherit'});
			child.on('exit', code => (code === 0 ? resolve() : reject(new Error(`exit ${code}`))));
		});
	await Promise.all([run('a'), run('b')]);
	expect(Object.keys(openJournal('box', 22, folder).read().box.answers)).toHaveLength(80);
});
