import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {knownBoxes} from '../../source/cli/boxes/known-boxes.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {listJournals, openJournal, unreadableJournals} from '../../source/state/journal.ts';
import type {JournalState} from '../../source/state/journal-state.ts';
import {upToDate} from '../../source/state/journal-versions.ts';

let folder: string;
/** What undoes the faults of a test, last one first. */
const mend: (() => void)[] = [];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-state-'));
});

afterEach(() => {
	for (const task of mend.splice(0).reverse()) task();
	rmSync(folder, {recursive: true});
});

const run = (command: string, ...words: string[]) => execFileSync(command, words, {stdio: 'pipe'});
const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;

/** A file system of its own, of so many kilobytes. */
function mountSmall(kilobytes: number): string {
	const place = join(folder, 'small');
	mkdirSync(place);
	run('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', place);
	mend.push(() => run('umount', '-l', place));
	return place;
}

function troubleOf(task: () => unknown): Trouble {
	try {
		task();
	} catch (error) {
		if (error instanceof Trouble) return error;
		throw error;
	}

	throw new Error('nothing was thrown');
}

const large = (state: JournalState): JournalState => ({
	...state,
	box: {...state.box, answers: {text: 'x'.repeat(100_000)}},
});

describe.runIf(canMount)('what can’t be written', () => {
	it('a full disk: the old file stays whole, no rest is left, and what to do is said', () => {
		const place = mountSmall(64);
		const journal = openJournal('box', 22, place);
		journal.update(state => ({...state, resolver: '203.0.113.53'}));
		const before = readFileSync(journal.path);
		const trouble = troubleOf(() => journal.update(large));
		expect(trouble).toMatchObject({
			code: 'journal-unwritable',
			evidence: [journal.path, expect.stringContaining('ENOSPC')],
		});
		expect(trouble.next).toContain(place);
		expect(readFileSync(journal.path)).toEqual(before);
		expect(readdirSync(place)).toEqual(['box_22.json']);
		journal.update(state => ({...state, os: 'Debian'}));
		expect(openJournal('box', 22, place).read()).toMatchObject({resolver: '203.0.113.53', os: 'Debian'});
	});

	it('a disk without one free byte, from the first write on', () => {
		const place = mountSmall(16);
		const rest = join(place, 'rest');
		expect(() => writeFileSync(rest, Buffer.alloc(1024 * 1024))).toThrow('ENOSPC');
		const trouble = troubleOf(() => openJournal('box', 22, place).update(state => state));
		expect(trouble.code).toBe('journal-unwritable');
		expect(readdirSync(place)).toEqual(['rest']);
	});

	it('a read-only home: it is read, nothing is written, and the way out is named', () => {
		const journal = openJournal('box', 22, folder);
		journal.update(state => ({...state, resolver: '203.0.113.53'}));
		const before = readFileSync(journal.path);
		run('mount', '--bind', folder, folder);
		mend.push(() => run('umount', '-l', folder));
		run('mount', '-o', 'remount,ro,bind', folder);
		const again = openJournal('box', 22, folder);
		expect(again.read().resolver).toBe('203.0.113.53');
		expect(listJournals(folder)).toHaveLength(1);
		const trouble = troubleOf(() => again.update(state => ({...state, os: 'Debian'})));
		expect(trouble).toMatchObject({
			code: 'journal-unwritable',
			evidence: [journal.path, expect.stringContaining('EROFS')],
		});
		expect(trouble.next).toContain('BOXWIZARD_HOME');
		expect(troubleOf(() => openJournal('other', 22, folder).update(state => state)).code).toBe('journal-unwritable');
		expect(readFileSync(journal.path)).toEqual(before);
	});

	it('a folder that is not ours, not even root’s', () => {
		const place = mountSmall(64);
		const journal = openJournal('box', 22, place);
		journal.update(state => state);
		run('chown', '-R', 'nobody', place);
		run('chmod', '0500', place);
		// As anyone but root: the mode counts.
		const script = `
			import {openJournal} from ${JSON.stringify(join(import.meta.dirname, '../../source/state/journal.ts'))};
			process.setuid('daemon');
			try { openJournal('box', 22, ${JSON.stringify(place)}).update(state => state); }
			catch (error) { console.log(JSON.stringify(error)); }`;
		const {stdout} = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {encoding: 'utf8'});
		expect(JSON.parse(stdout)).toMatchObject({
			code: 'journal-unwritable',
			evidence: [journal.path, expect.stringContaining('EACCES')],
		});
	});
});

describe('what can’t be read', () => {
	const write = (name: string, text: string) => writeFileSync(join(folder, name), text, {mode: 0o600});

	it('is listed with its reason, and the others are as they were', () => {
		openJournal('203.0.113.7', 22, folder).update(state => ({...state, resolver: '203.0.113.53'}));
		write('203.0.113.8_22.json', '{"version": 1, "host"');
		write('2001%3Adb8%3A%3A1_2222.json', JSON.stringify({version: 9, host: '2001:db8::1'}));
		write('notes.json', 'not ours');
		write('%E0%A4%A_22.json', 'no name of ours either');
		expect(listJournals(folder).map(journal => journal.read().host)).toEqual(['203.0.113.7']);
		const found = unreadableJournals(folder).sort((one, other) => one.host.localeCompare(other.host));
		expect(found.map(({host, port, trouble}) => [host, port, trouble.code])).toEqual([
			['2001:db8::1', 2222, 'journal-newer'],
			['203.0.113.8', 22, 'journal-damaged'],
		]);
	});

	it('stands among the known boxes, after those that can be', () => {
		process.env.BOXWIZARD_HOME = folder;
		mend.push(() => delete process.env.BOXWIZARD_HOME);
		mkdirSync(join(folder, 'hosts'));
		write('hosts/a_22.json', '{');
		openJournal('b', 22).update(state => state);
		const [good, bad] = knownBoxes({box: [], afterApps: [], kinds: []});
		expect(good).toMatchObject({host: 'b'});
		expect(bad).toMatchObject({
			host: 'a',
			target: 'root@a',
			unreadable: expect.stringContaining(join(folder, 'hosts/a_22.json')),
		});
	});

	it('of a newer boxwizard: is kept, and the newest one is what to take', () => {
		const text = JSON.stringify({version: 6, host: 'box', answers: 'of another form'});
		write('box_22.json', text);
		const trouble = troubleOf(() => openJournal('box', 22, folder));
		expect(trouble).toMatchObject({code: 'journal-newer', means: expect.stringContaining('version 6')});
		expect(trouble.next).toContain('npx boxwizard@latest');
		expect(trouble.next).toContain(join(folder, 'box_22.json'));
		expect(readFileSync(join(folder, 'box_22.json'), 'utf8')).toBe(text);
	});
});

describe('journals of an older version', () => {
	const old = {host: 'box', port: 2222, domain: 'blog.example.com', answers: {app: 'blog'}};

	it('are read at once, and kept beside the new form from the first change on', () => {
		const path = join(folder, 'box_2222.json');
		writeFileSync(path, JSON.stringify(old), {mode: 0o600});
		const journal = openJournal('box', 2222, folder);
		expect(journal.read()).toMatchObject({
			version: 5,
			host: 'box',
			port: 2222,
			user: 'root',
			box: {answers: {hostname: 'blog.example.com'}, leftOut: [], steps: {}},
			apps: {blog: {answers: {domain: 'blog.example.com', app: 'blog'}, leftOut: [], steps: {}}},
		});
		expect(readdirSync(folder)).toEqual(['box_2222.json']);
		journal.update(state => ({...state, os: 'Debian'}));
		journal.update(state => ({...state, os: 'Debian 12'}));
		expect(JSON.parse(readFileSync(`${path}.version-0`, 'utf8'))).toEqual(old);
		expect(statSync(`${path}.version-0`).mode & 0o777).toBe(0o600);
		expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
			version: 5,
			apps: {blog: {answers: {domain: 'blog.example.com'}}},
			os: 'Debian 12',
		});
		expect(listJournals(folder)).toHaveLength(1);
	});

	it('go through every version in between, in order', () => {
		const ways = [1, 2, 3].map(version => (raw: object) => ({
			...raw,
			version,
			trail: [...('trail' in raw ? (raw.trail as number[]) : []), version],
		}));
		const whole = {...old, user: 'root', box: {answers: {}, leftOut: [], steps: {}}, apps: {}};
		expect(upToDate(whole, 'x', ways)).toMatchObject({version: 3, trail: [1, 2, 3]});
		expect(upToDate({...whole, version: 2}, 'x', ways)).toMatchObject({version: 3, trail: [3]});
		expect(upToDate({...whole, version: 3}, 'x', ways)).not.toHaveProperty('trail');
		expect(() => upToDate({...whole, version: 4}, 'x', ways)).toThrow('newer');
		for (const version of [-1, 0.5, 'one', null, Number.NaN]) {
			expect(() => upToDate({...whole, version}, 'x', ways)).toThrow('version is no whole number');
		}
	});

	it('that are damaged are not mended into something else', () => {
		for (const raw of [
			{},
			{host: 'box'},
			{...old, port: 'ssh'},
			{...old, answers: []},
			{...old, steps: {a: 1}},
			{...old, leftOut: [1]},
		]) {
			expect(() => upToDate(raw as never, 'x')).toThrow(SyntaxError);
		}
	});
});

describe('a clock that jumps', () => {
	it('a lock file of the future, left by a crash, holds nobody up for ever', () => {
		const journal = openJournal('box', 22, folder);
		journal.update(state => state);
		const lock = `${journal.path}.lock`;
		writeFileSync(lock, '4711');
		const future = Date.now() / 1000 + 365 * 86_400;
		utimesSync(lock, future, future);
		journal.update(state => ({...state, os: 'Debian'}));
		expect(readdirSync(folder)).toEqual(['box_22.json']);
		expect(journal.read().os).toBe('Debian');
	});

	it('a box last seen in the future is one among the others', () => {
		openJournal('a', 22, folder).update(state => ({...state, lastSeen: '2999-01-01T00:00:00.000Z'}));
		openJournal('b', 22, folder).update(state => ({...state, lastSeen: 'never'}));
		openJournal('c', 22, folder).update(state => state);
		expect(listJournals(folder)).toHaveLength(3);
	});
});
