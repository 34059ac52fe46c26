import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {readFolder} from '../../source/detection/folder.ts';
import {readGitFolder} from '../../source/detection/git-folder.ts';

let folder: string;
const git = (...words: string[]) =>
	execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', '-C', folder, ...words], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});

beforeEach(() => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'boxwizard-git-')));
	mkdirSync(join(folder, 'shop/deep'), {recursive: true});
	for (const [path, text] of Object.entries({
		'app.py': 'x',
		'shop/__init__.py': 'x',
		'shop/deep/a.py': 'x',
		'shop/deep/ab.py': 'x',
		'.env': 'A=1',
		'.gitignore': '.env\n',
		'große datei.py': 'x',
	}))
		writeFileSync(join(folder, path), text);
});

afterEach(() => {
	rmSync(folder, {recursive: true, force: true});
});

const tracked = ['.gitignore', 'app.py', 'große datei.py', 'shop/__init__.py', 'shop/deep/a.py', 'shop/deep/ab.py'];

it.each([
	['2', 'sha1'],
	['3', 'sha1'],
	['4', 'sha1'],
	['2', 'sha256'],
	['4', 'sha256'],
])('reads what git tracks: an index of version %s, ids of %s', (version, format) => {
	git('init', '-q', `--object-format=${format}`, '-b', 'trunk');
	git('add', '-A');
	// An entry with more flags makes it version 3.
	if (version === '3') git('update-index', '--skip-worktree', 'app.py');
	else git('update-index', '--index-version', version);
	const found = readGitFolder(folder);
	expect([...(found?.tracked ?? [])].sort()).toEqual(tracked);
	expect(found?.branch).toBe('trunk');
	expect(readFolder(folder).paths).toEqual(tracked);
});

it('takes all files where nothing is tracked, and of a folder below only its own', () => {
	expect(readFolder(folder).paths).toContain('.env');
	git('init', '-q');
	expect(readFolder(folder).paths).toContain('.env');
	git('add', '-A');
	expect([...(readGitFolder(join(folder, 'shop'))?.tracked ?? [])]).toEqual(['__init__.py', 'deep/a.py', 'deep/ab.py']);
	expect(readFolder(join(folder, 'shop')).paths).toEqual(['__init__.py', 'deep/a.py', 'deep/ab.py']);
});

it('knows the remote without the password in it, also from a second work tree', () => {
	git('init', '-q', '-b', 'main');
	git('add', '-A');
	git('commit', '-q', '-m', 'x');
	git('remote', 'add', 'other', 'https://example.com/other.git');
	git('remote', 'add', 'origin', 'https://me:hunter2@example.com/me/shop.git');
	expect(readGitFolder(folder)).toMatchObject({remote: 'https://example.com/me/shop.git', branch: 'main'});
	git('worktree', 'add', '-q', join(folder, 'second'), '-b', 'feature');
	expect(readGitFolder(join(folder, 'second'))).toMatchObject({
		remote: 'https://example.com/me/shop.git',
		branch: 'feature',
	});
	expect([...(readGitFolder(join(folder, 'second'))?.tracked ?? [])].sort()).toEqual(tracked);
});

it('notes a file that matters and is not committed', () => {
	git('init', '-q');
	git('add', '-A');
	writeFileSync(join(folder, 'requirements.txt'), 'flask\n');
	expect(readFolder(folder).notes).toEqual([{path: 'requirements.txt', why: 'untracked'}]);
});
