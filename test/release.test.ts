import {execFileSync, spawnSync} from 'node:child_process';
import {cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {released} from '../.ci/release/changelog.ts';

describe('the changelog', () => {
	const before = '# Changelog\n\nWords.\n\n## Unreleased\n\n### Added\n\n- Much.\n\n## 0.1.0 - 2026-01-02\n\n- All.\n';

	test('has what was unreleased under the version and its day', () => {
		expect(released(before, '0.2.0', '2026-03-04')).toBe(
			'# Changelog\n\nWords.\n\n## Unreleased\n\n## 0.2.0 - 2026-03-04\n\n### Added\n\n- Much.\n\n## 0.1.0 - 2026-01-02\n\n- All.\n',
		);
	});

	test('is refused where nothing is new, and where the version is there already', () => {
		const after = released(before, '0.2.0', '2026-03-04');
		expect(() => released(after, '0.3.0', '2026-03-05')).toThrow('nothing under “## Unreleased”');
		expect(() => released('# Changelog\n', '0.3.0', '2026-03-05')).toThrow('nothing under “## Unreleased”');
		expect(() => released(before, '0.1.0', '2026-03-05')).toThrow('has a section 0.1.0 already');
	});
});

describe('npm run release', () => {
	const root = resolve(import.meta.dirname, '..');
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-release-'));
	const clone = join(folder, 'clone');
	const person = {GIT_AUTHOR_NAME: 'Me', GIT_AUTHOR_EMAIL: 'me@example.com'};
	const environment = {
		...process.env,
		...person,
		GIT_COMMITTER_NAME: 'Me',
		GIT_COMMITTER_EMAIL: 'me@example.com',
		GIT_CONFIG_GLOBAL: '/dev/null',
		PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
		NODE_OPTIONS: '',
		// A registry that answers nobody: what is tried dry needs none.
		npm_config_registry: 'http://127.0.0.1:9',
		npm_config_fetch_retries: '0',
	};
	const git = (...words: string[]) =>
		execFileSync('git', words, {cwd: clone, env: environment, encoding: 'utf8'}).trim();
	const release = (...words: string[]) => {
		const ran = spawnSync('npm', ['run', '--silent', 'release', '--', ...words], {
			cwd: clone,
			env: environment,
			encoding: 'utf8',
		});
		return {code: ran.status, stdout: ran.stdout, stderr: ran.stderr};
	};
	const fileIn = (name: string) => readFileSync(join(clone, name), 'utf8');
	const versions = () => {
		const {version, packages} = JSON.parse(fileIn('package-lock.json'));
		return [JSON.parse(fileIn('package.json')).version, version, packages[''].version];
	};

	/** Commits other scripts of package.json. */
	function commitScripts(scripts: Readonly<Record<string, string>>): void {
		const before = JSON.parse(fileIn('package.json'));
		const changed = {...before, scripts: {...before.scripts, ...scripts}};
		writeFileSync(join(clone, 'package.json'), `${JSON.stringify(changed, undefined, '\t')}\n`);
		git('commit', '--quiet', '--all', '--message', 'Other scripts');
	}

	let start: string;

	beforeAll(() => {
		const own = /^(node_modules|dist|\.git)$/;
		cpSync(root, clone, {recursive: true, filter: from => !own.test(from.slice(root.length + 1))});
		symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
		writeFileSync(join(clone, 'CHANGELOG.md'), '# Changelog\n\n## Unreleased\n\n- Much.\n');
		git('init', '--quiet', '--initial-branch', 'main');
		git('add', '--all');
		git('commit', '--quiet', '--message', 'All');
		// The suite that runs now is not run in itself.
		commitScripts({'test:quick': 'echo the quick suite'});
		start = git('rev-parse', 'HEAD');
	});

	beforeEach(() => {
		git('checkout', '--quiet', 'main');
		git('reset', '--quiet', '--hard', start);
		for (const tag of git('tag').split('\n').filter(Boolean)) git('tag', '--delete', tag);
	});

	afterAll(() => rmSync(folder, {recursive: true}));

	test('sets version and changelog, packs, commits and tags, and says what is next', () => {
		const {code, stdout, stderr} = release('7.8.9');
		expect({code, stderr}).toEqual({
			code: 0,
			stderr: expect.stringMatching(/dist\/boxwizard\.js[\s\S]*total files: \d+/),
		});
		expect(stdout.indexOf('the quick suite')).toBeGreaterThanOrEqual(0);
		expect(versions()).toEqual(['7.8.9', '7.8.9', '7.8.9']);
		expect(fileIn('CHANGELOG.md')).toMatch(/^## Unreleased\n\n## 7\.8\.9 - \d{4}-\d\d-\d\d\n\n- Much\.\n$/m);
		expect(git('log', '--format=%s', `${start}..`)).toBe('Release 7.8.9');
		expect(git('rev-parse', 'v7.8.9^{commit}')).toBe(git('rev-parse', 'HEAD'));
		expect(git('cat-file', '-t', 'v7.8.9')).toBe('tag');
		expect(git('status', '--porcelain')).toBe('');
		expect(stdout).toContain('git push origin main v7.8.9');
		expect(execFileSync(process.execPath, ['dist/boxwizard.js', '--version'], {cwd: clone}).toString()).toBe('7.8.9\n');
	});

	/** Refused with these words: nothing has changed but what was there before. */
	function expectRefused(words: string | RegExp, version = '7.8.9', tree = ''): void {
		const {code, stderr} = release(version);
		expect({code, stderr}).toEqual({code: 1, stderr: expect.stringMatching(words)});
		expect(git('rev-parse', 'main')).toBe(git('rev-parse', 'HEAD'));
		expect(git('status', '--porcelain')).toBe(tree);
	}

	test('refuses a tree with changes', () => {
		writeFileSync(join(clone, 'README.md'), 'changed');
		expectRefused('not committed', '7.8.9', 'M README.md');
	});

	test('refuses another branch', () => {
		git('checkout', '--quiet', '-B', 'other');
		expectRefused('of main, and this is other');
	});

	test('refuses what is not new, before any test has run', () => {
		writeFileSync(join(clone, 'CHANGELOG.md'), '# Changelog\n\n## Unreleased\n');
		git('commit', '--quiet', '--all', '--message', 'Nothing new');
		expectRefused(/^CHANGELOG\.md has nothing under/);
	});

	test('refuses red tests', () => {
		commitScripts({'test:quick': 'exit 1'});
		expectRefused('The quick tests fail');
		expect(git('tag')).toBe('');
	});

	test('refuses a version that is none, and one that is there', () => {
		expectRefused('takes no version “soon”', 'soon');
		git('tag', 'v7.8.9');
		expectRefused('There is a tag v7.8.9 already');
	});

	test('puts all back where the build fails', () => {
		commitScripts({build: 'exit 1'});
		expectRefused('The build fails');
		expect(git('tag')).toBe('');
	});
});
