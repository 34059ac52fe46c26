import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {previewEdit, writeEdit} from '../../../source/cli/detection/write-edit.ts';
import type {FileEdit} from '../../../source/contract/ui/found-app.ts';

let place = '';
let folder = '';

beforeEach(() => {
	place = mkdtempSync(join(tmpdir(), 'boxwizard-edit-'));
	folder = join(place, 'shop');
	mkdirSync(folder);
});

afterEach(() => rmSync(place, {recursive: true, force: true}));

const change: FileEdit = {type: 'change-line', path: 'requirements.txt', line: 2, to: 'redis==5'};
const inFolder = (path: string) => join(folder, path);

it('shows the change as a diff, and writes nothing by that', () => {
	writeFileSync(inFolder('requirements.txt'), 'flask\nredis==2\n');
	const diff = previewEdit(folder, change);
	expect(diff).toContain('-redis==2\n+redis==5');
	expect(readFileSync(inFolder('requirements.txt'), 'utf8')).toBe('flask\nredis==2\n');
});

it('writes it into the file, and leaves git’s index and history alone', () => {
	const git = (...words: string[]) =>
		execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@example.org', ...words], {
			encoding: 'utf8',
		});
	writeFileSync(inFolder('requirements.txt'), 'flask\nredis==2\n');
	git('init', '-q');
	git('add', '-A');
	git('commit', '-q', '-m', 'First');
	const before = git('rev-parse', 'HEAD');
	writeEdit(folder, change);
	expect(readFileSync(inFolder('requirements.txt'), 'utf8')).toBe('flask\nredis==5\n');
	expect(git('rev-parse', 'HEAD')).toBe(before);
	expect(git('status', '--porcelain').trimEnd()).toBe(' M requirements.txt');
});

it('makes a file that is not there yet', () => {
	const edit: FileEdit = {type: 'write-file', path: 'requirements.txt', content: 'Flask\n'};
	expect(previewEdit(folder, edit)).toContain('+Flask');
	writeEdit(folder, edit);
	expect(readFileSync(inFolder('requirements.txt'), 'utf8')).toBe('Flask\n');
});

it.each([
	['little', Buffer.from('\ufeffflask\r\nredis\r\n', 'utf16le')],
	['big', Buffer.from('\ufeffflask\r\nredis\r\n', 'utf16le').swap16()],
])('shows a file in UTF-16 (%s end first) as text, and writes it in UTF-8', (_, bytes) => {
	writeFileSync(inFolder('requirements.txt'), bytes);
	expect(previewEdit(folder, change)).toContain('-redis');
	writeEdit(folder, change);
	expect(readFileSync(inFolder('requirements.txt'), 'utf8')).toBe('flask\r\nredis==5\r\n');
});

const other = () => writeFileSync(join(place, 'other.txt'), 'theirs\nkept\n');

it.each<[string, FileEdit, () => void]>([
	['a file above the folder', {...change, path: '../other.txt'}, other],
	[
		'a link out of the folder',
		change,
		() => {
			other();
			symlinkSync(join(place, 'other.txt'), inFolder('requirements.txt'));
		},
	],
	[
		'a file behind a folder that is a link',
		{...change, path: 'inside/other.txt'},
		() => {
			other();
			symlinkSync(place, inFolder('inside'));
		},
	],
	['a line that is gone', {...change, line: 7}, () => writeFileSync(inFolder('requirements.txt'), 'flask\n')],
	[
		'a file that is too large to be one',
		change,
		() => writeFileSync(inFolder('requirements.txt'), 'x\n'.repeat(600_000)),
	],
	['a folder', change, () => mkdirSync(inFolder('requirements.txt'))],
])('refuses %s, and writes nothing', (_, edit, plant) => {
	plant();
	expect(() => previewEdit(folder, edit)).toThrow('can’t be changed from here');
	expect(() => writeEdit(folder, edit)).toThrow('can’t be changed from here');
	if (plant !== other) return;
	expect(readFileSync(join(place, 'other.txt'), 'utf8')).toBe('theirs\nkept\n');
});
