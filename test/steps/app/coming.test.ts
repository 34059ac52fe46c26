import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {buildCommand} from '../../../source/contract/command.ts';
import type {Argument, Probe} from '../../../source/contract/step.ts';
import {comingLines} from '../../../source/render/wording.ts';
import {comingOf, isRef, packageChanges, readComing} from '../../../steps/app/coming.ts';
import {fetchVersion} from '../../../steps/app/release.ts';

describe('names that git knows', () => {
	test.each(['main', 'release/2.1', 'v1.4.0', '88b0e12', 'größe', 'a@b', "it's", '$(touch x)'])('%s', ref => {
		// Parentheses and quotes are git's own business: nothing reads them as a command.
		expect(isRef(ref)).toBe(!ref.includes(' '));
	});
	test.each([
		'',
		'-d',
		'--upload-pack=x',
		'a b',
		'a..b',
		'a~1',
		'a^',
		'a:b',
		'a?',
		'a*',
		'a[',
		'a\\b',
		'a.lock',
		'a/',
		'/a',
		'.a',
		'a@{1}',
		'@',
		'a\nb',
		'a\u001bb',
	])('not %j', ref => expect(isRef(ref)).toBe(false));
});

describe('packages that differ', () => {
	test('of requirements', () => {
		const diff =
			'--- a/requirements.txt\n+++ b/requirements.txt\n@@ -1,3 +1,4 @@\n-flask==3.0.0\n+flask==3.1.0\n gunicorn\n+redis>=5  # jobs\n-celery[redis]==5.1 ; python_version > "3"\n+# a word\n+-r other.txt';
		expect(packageChanges(diff.split('\n'))).toEqual([
			{name: 'flask', before: '3.0.0', now: '3.1.0'},
			{name: 'redis', before: '', now: '>=5'},
			{name: 'celery[redis]', before: '5.1', now: ''},
		]);
	});
	test('of locks, by the name that stands above', () => {
		const diff =
			' name = "flask"\n-version = "3.0.0"\n+version = "3.1.0"\n@@\n+name = "new"\n+version = "1"\n@@\n     "node_modules/left-pad": {\n-      "version": "1.0.0",\n+      "version": "1.1.0",\n@@\n-  "phoenix": {:hex, :phoenix, "1.7.0", "abc"\n+  "phoenix": {:hex, :phoenix, "1.7.1", "def"';
		expect(packageChanges(diff.split('\n'))).toEqual([
			{name: 'flask', before: '3.0.0', now: '3.1.0'},
			{name: 'new', before: '', now: '1'},
			{name: 'left-pad', before: '1.0.0', now: '1.1.0'},
			{name: 'phoenix', before: '1.7.0', now: '1.7.1'},
		]);
	});
});

test('a host that says nothing is told with what it said', () => {
	expect(() =>
		comingOf('\nXX silent\nPermission denied', 'XX', {repository: 'git@example.com:me/blog.git', ref: 'main'}),
	).toThrow('could not ask git@example.com:me/blog.git for its newest commit');
});

describe('a repository', () => {
	let folder: string;
	const git = (...words: string[]) =>
		execFileSync(
			'git',
			['-C', join(folder, 'work'), '-c', 'user.name=Jessica', '-c', 'user.email=j@example.com', ...words],
			{
				encoding: 'utf8',
			},
		).trim();
	const commit = (title: string, files: Readonly<Record<string, string>> = {}) => {
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(folder, 'work', path)), {recursive: true});
			writeFileSync(join(folder, 'work', path), text);
		}

		git('add', '--all');
		git('commit', '--quiet', '--allow-empty', '-m', title);
		return git('rev-parse', 'HEAD');
	};
	/** What the box runs, run here: as this user. */
	const probe = Object.assign(
		async (pieces: TemplateStringsArray, ...values: readonly Argument[]) => {
			const command = buildCommand(pieces, values).replace(/^runuser -u \S+ -- env -C \S+ HOME=\S+ /, '');
			return execFileSync('bash', ['-c', command], {
				cwd: folder,
				env: {...process.env, TMPDIR: folder},
				encoding: 'utf8',
			}).replace(/\n+$/, '');
		},
		{file: async () => null},
	) as unknown as Probe;
	let live: string;
	const coming = (ref: string, from = live) =>
		readComing(probe, {app: 'blog', user: 'me', repository: `file://${join(folder, 'work')}`}, ref, {
			id: from,
			title: 'as it is',
		});

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'boxwizard-coming-'));
		mkdirSync(join(folder, 'work'));
		git('init', '--quiet', '-b', 'main');
		live = commit('Begin', {'requirements.txt': 'flask==3.0.0\n', 'app.py': ''});
	});
	afterEach(() => rmSync(folder, {recursive: true, force: true}));

	test('the newest of a branch, with its commits, migrations and packages', async () => {
		commit('A form', {'migrations/versions/0001_form.py': 'x', 'migrations/env.py': 'x'});
		const newest = commit('Newer \u001b[31mflask', {'requirements.txt': 'flask==3.1.0\n'});
		const found = await coming('main');
		expect(found).toMatchObject({
			version: {id: newest, title: 'Newer [31mflask'},
			commits: 2,
			dropped: 0,
			newest: [{id: newest, author: 'Jessica'}, {title: 'A form'}],
			migrations: ['migrations/versions/0001_form.py'],
			dependencyFiles: ['requirements.txt'],
			packages: [{name: 'flask', before: '3.0.0', now: '3.1.0'}],
		});
		expect(found.unknown).toBeUndefined();
		expect(comingLines(found).map(({title, text}) => `${title}: ${text}`)).toEqual([
			`Brings: ${newest.slice(0, 8)} Newer [31mflask`,
			'New: 2 commits',
			`: ${newest.slice(0, 8)} Newer [31mflask (Jessica)`,
			expect.stringMatching(/^: [0-9a-f]{8} A form \(Jessica\)$/),
			'Migrations: migrations/versions/0001_form.py',
			'Packages: flask 3.0.0 → 3.1.0',
		]);
	});

	test('of more than twenty commits the newest are told, and how many there are beside', async () => {
		for (let number = 1; number <= 23; number++) commit(`Number ${number}`);
		const found = await coming('main');
		expect(found.newest).toHaveLength(20);
		const lines = comingLines(found).filter(({title}) => title === '');
		expect(lines).toHaveLength(20);
		expect(lines.at(0)?.text).toMatch(/Number 23 \(Jessica\)$/);
		expect(lines.at(-1)?.text).toBe('and 4 more');
	});

	test('a tag, a whole commit and the beginning of one, which need not be a tip', async () => {
		const second = commit('Second');
		git('tag', '-a', 'v1', '-m', 'one');
		commit('Third');
		for (const ref of ['v1', second, second.slice(0, 8)])
			expect(await coming(ref)).toMatchObject({version: {id: second, title: 'Second'}, commits: 1});
	});

	test.each(['0', '2'])(
		'an older commit is fetched by its id, on a branch of the answers’ name (protocol %s)',
		protocol => {
			const second = commit('Second');
			git('checkout', '--quiet', '-b', 'other');
			commit('Third');
			const env = {
				...process.env,
				GIT_CONFIG_COUNT: '1',
				GIT_CONFIG_KEY_0: 'protocol.version',
				GIT_CONFIG_VALUE_0: protocol,
			};
			const [incoming, repository] = [join(folder, 'incoming'), `file://${join(folder, 'work')}`];
			const words = [incoming, repository, 'main', second, ''];
			execFileSync('bash', ['-ec', fetchVersion, 'bash', ...words], {env, stdio: 'pipe'});
			const inside = (...words: string[]) => execFileSync('git', ['-C', incoming, ...words], {encoding: 'utf8'}).trim();
			expect(inside('rev-parse', 'HEAD')).toBe(second);
			expect(inside('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
			expect(inside('status', '--porcelain')).toBe('');
		},
	);

	test('the one that is live is as before', async () => {
		const found = await coming('main');
		expect(found).toMatchObject({commits: 0, dropped: 0, migrations: []});
		expect(comingLines(found)).toEqual([{title: 'Brings', text: `${live.slice(0, 8)} Begin, as before`}]);
	});

	test('an older one takes commits back, and a rewritten branch says so', async () => {
		const second = commit('Second');
		expect(await coming(live.slice(0, 10), second)).toMatchObject({version: {id: live}, commits: 0, dropped: 1});
		git('commit', '--quiet', '--allow-empty', '--amend', '-m', 'Otherwise');
		expect(await coming('main', second)).toMatchObject({commits: 1, dropped: 1});
	});

	test('of a live commit that the host has no more it is said, and no more than that', async () => {
		const found = await coming('main', '0123456789012345678901234567890123456789');
		expect(found).toMatchObject({version: {id: live}, unknown: 'the git host has the live commit no more', commits: 0});
	});

	test.each(['nowhere', 'abcdef1', '$(touch${IFS}ran)', '`touch${IFS}ran`', "';touch${IFS}ran;'"])(
		'%s is not there, and runs nothing',
		async ref => {
			await expect(coming(ref)).rejects.toMatchObject({code: 'no-ref'});
			expect(execFileSync('ls', [folder], {encoding: 'utf8'})).toBe('work\n');
		},
	);
});
