import {execFileSync} from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	rmSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {Trouble} from '../../source/contract/trouble.ts';
import {chooseApp} from '../../source/detection/choose.ts';
import {readRepository} from '../../source/detection/clone.ts';
import {readFolder} from '../../source/detection/folder.ts';
import {treeOfTexts} from '../../source/detection/tree.ts';
import {detectionLines} from '../../source/render/detection.ts';
import {detectors} from '../../steps/detectors.ts';

let place: string;
let folder: string;
/** Made by whatever a repository gets to run. */
let mark: string;

beforeEach(() => {
	place = mkdtempSync(join(tmpdir(), 'boxwizard-hostile-'));
	folder = join(place, 'shop');
	mark = join(place, 'ran');
	mkdirSync(folder);
	vi.stubEnv('GIT_CONFIG_GLOBAL', join(place, 'gitconfig'));
	vi.stubEnv('TMPDIR', place);
	writeFileSync(
		join(place, 'gitconfig'),
		'[user]\n\tname = x\n\temail = x@example.com\n[init]\n\tdefaultBranch = main\n[safe]\n\tdirectory = *\n',
	);
});

afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(place, {recursive: true, force: true});
});

function write(files: Readonly<Record<string, string>>): void {
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(join(folder, path, '..'), {recursive: true});
		writeFileSync(join(folder, path), text);
	}
}

const git = (...words: string[]) =>
	execFileSync('git', ['-C', folder, ...words], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']});
const flask = {'app.py': 'from flask import Flask\napp = Flask(__name__)\n', 'requirements.txt': 'flask\n'};

function commit(files: Readonly<Record<string, string>>): void {
	write(files);
	git('init', '-q');
	git('add', '-A');
	git('commit', '-q', '-m', 'x');
}

/** What a repository can say that git would run, were it let. */
function arm(): void {
	const run = `touch ${mark}`;
	for (const hook of [
		'post-checkout',
		'post-index-change',
		'reference-transaction',
		'pre-auto-gc',
		'fsmonitor-watchman',
	]) {
		writeFileSync(join(folder, '.git/hooks', hook), `#!/bin/sh\n${run}\n`, {mode: 0o755});
	}

	for (const [name, value] of [
		['core.fsmonitor', run],
		['core.pager', run],
		['core.sshCommand', run],
		['core.gitProxy', run],
		['filter.evil.smudge', run],
		['filter.evil.clean', run],
		['filter.evil.process', run],
		['diff.external', run],
		['uploadpack.packObjectsHook', run],
		['remote.origin.uploadpack', run],
		['remote.origin.url', 'ext::sh -c touch% ran'],
	] as const)
		git('config', name, value);
}

describe('a folder', () => {
	it('gives no file that a link leads to outside of it, and goes round in no circle', () => {
		writeFileSync(join(place, 'secret.py'), 'import flask\nsecret = flask.Flask("x")\n');
		mkdirSync(join(place, 'beside'));
		writeFileSync(join(place, 'beside/wsgi.py'), 'x = 1');
		write(flask);
		symlinkSync('/etc/passwd', join(folder, '.env.example'));
		symlinkSync('../secret.py', join(folder, 'wsgi.py'));
		symlinkSync('app.py', join(folder, 'inside.py'));
		symlinkSync('../beside', join(folder, 'lib'));
		symlinkSync('.', join(folder, 'loop'));
		symlinkSync('nowhere', join(folder, 'broken.py'));
		const tree = readFolder(folder);
		expect(tree.paths).toEqual(['app.py', 'inside.py', 'requirements.txt']);
		expect(tree.text('wsgi.py')).toBeUndefined();
		expect(tree.text('../secret.py')).toBeUndefined();
		expect(tree.notes.filter(({why}) => why === 'outside').map(({path}) => path)).toEqual([
			'.env.example',
			'lib',
			'wsgi.py',
		]);
		expect(chooseApp(tree, detectors).app?.warnings.map(({code}) => code)).toContain('link-outside');
	});

	it('does not read a file of 100 MB, nor wait for a pipe', () => {
		write({...flask, 'settings.py': ''});
		truncateSync(join(folder, 'settings.py'), 100_000_000);
		execFileSync('mkfifo', [join(folder, 'pipe.py')]);
		const tree = readFolder(folder);
		expect(tree.paths).toContain('settings.py');
		expect(tree.paths).not.toContain('pipe.py');
		expect(tree.text('settings.py')).toBeUndefined();
		expect(chooseApp(tree, detectors).app?.answers.entry).toBe('app:app');
	});

	it('looks at the first 100,000 files, the nearest to the top', {timeout: 600_000}, () => {
		write(flask);
		for (let part = 0; part < 101; part += 1) {
			mkdirSync(join(folder, `data${part}`));
			for (let index = 0; index < 1000; index += 1) writeFileSync(join(folder, `data${part}/${index}`), '');
		}

		const tree = readFolder(folder);
		expect(tree.paths.length).toBeLessThanOrEqual(100_000);
		expect(tree.notes.map(({why}) => why)).toEqual(['too-many']);
		expect(chooseApp(tree, detectors).app).toMatchObject({kind: 'python', answers: {entry: 'app:app'}});
	});

	it('leaves out names that could drive a terminal, and tells of them cleaned', () => {
		write({...flask, 'a\u001b[2J.py': 'x = 1', 'b\u202e.py': 'x = 1'});
		const tree = readFolder(folder);
		expect(tree.paths).toEqual(['app.py', 'requirements.txt']);
		expect(tree.notes).toEqual([
			{path: 'a\ufffd[2J.py', why: 'odd-name'},
			{path: 'b\ufffd.py', why: 'odd-name'},
		]);
	});

	it('runs nothing that its .git names', () => {
		commit({...flask, '.gitattributes': '* filter=evil\n'});
		arm();
		write({'requirements.txt': 'flask\nrq\n'});
		const {app} = chooseApp(readFolder(folder), detectors);
		expect(app?.answers.entry).toBe('app:app');
		expect(existsSync(mark)).toBe(false);
		// The trap is one: git itself falls into it. Whether it stumbles over what it ran depends on which of them ends first.
		try {
			git('status');
		} catch {
			// The mark tells.
		}

		expect(existsSync(mark)).toBe(true);
	});
});

describe('a repository', () => {
	const submodules =
		'[submodule "a"]\n\tpath = a\n\turl = ext::sh -c touch% ran\n[submodule "b"]\n\tpath = b\n\turl = file:///etc\n';

	it('is cloned without its hooks, filters, submodules and settings, and leaves nothing behind', async () => {
		commit({...flask, '.gitattributes': '* filter=evil\n', '.gitmodules': submodules});
		symlinkSync('/etc/passwd', join(folder, 'link.py'));
		git('add', '-A');
		git('update-index', '--add', '--cacheinfo', `160000,${git('rev-parse', 'HEAD').trim()},a`);
		git('commit', '-q', '-m', 'link');
		arm();
		const {tree} = await readRepository({address: folder});
		expect(tree.paths).toEqual(['.gitattributes', '.gitmodules', 'app.py', 'requirements.txt']);
		expect(chooseApp(tree, detectors).app?.answers.entry).toBe('app:app');
		expect(existsSync(mark)).toBe(false);
		expect(readdirSync(place).sort()).toEqual(['gitconfig', 'shop']);
	});

	it('has no filter of the person run over its files', async () => {
		commit({...flask, '.gitattributes': '* filter=evil\n'});
		writeFileSync(
			join(place, 'gitconfig'),
			`[filter "evil"]\n\tsmudge = touch ${mark}\n\tprocess = touch ${mark}\n[safe]\n\tdirectory = *\n`,
		);
		expect((await readRepository({address: folder})).tree.paths).toContain('app.py');
		expect(existsSync(mark)).toBe(false);
	});

	it('gives the texts that matter, of the branch that is asked for, and none that is too large', async () => {
		commit({...flask, 'big.py': `x = "${'y'.repeat(1_200_000)}"\n`, 'photo.jpg': 'x'});
		git('checkout', '-q', '-b', 'next');
		write({'app.py': 'from flask import Flask\nnewer = Flask(__name__)\n'});
		git('commit', '-q', '-a', '-m', 'next');
		git('checkout', '-q', 'main');
		const [first, next] = [
			(await readRepository({address: folder})).tree,
			(await readRepository({address: folder, branch: 'next'})).tree,
		];
		expect(first.text('app.py')).toBe(flask['app.py']);
		expect(next.text('app.py')).toContain('newer');
		expect(first.paths).toContain('photo.jpg');
		expect(first.text('photo.jpg')).toBeUndefined();
		expect(first.text('big.py')).toBeUndefined();
	});

	it('is fetched without the texts that don’t matter, where its side can do that', async () => {
		commit({...flask, 'photo.jpg': 'x'});
		git('config', 'uploadpack.allowFilter', 'true');
		git('config', 'uploadpack.allowAnySHA1InWant', 'true');
		const {tree} = await readRepository({address: folder});
		expect(tree.text('app.py')).toBe(flask['app.py']);
		expect(chooseApp(tree, detectors).app?.answers.entry).toBe('app:app');
	});

	it.each([
		'ext::sh -c touch% ran',
		'file:///etc',
		'http://example.com/x',
		'git://example.com/x',
		'--upload-pack=touch ran',
		'fd::7',
		'ssh://-oProxyCommand=touch/x',
		'-x@example.com:a/b',
	])('refuses %s', async address => {
		const trouble = await readRepository({address}).catch((error: unknown) => error);
		expect(trouble).toBeInstanceOf(Trouble);
		expect((trouble as Trouble).code).toBe('repository-address');
	});

	it('says in words that there is none, without the password that stood in its address', async () => {
		const trouble = await readRepository({address: 'https://me:hunter2@127.0.0.1:1/none.git'}).catch(
			(error: unknown) => error,
		);
		expect(trouble).toBeInstanceOf(Trouble);
		expect(JSON.stringify((trouble as Trouble).toJSON())).not.toContain('hunter2');
	});
});

describe('texts', () => {
	const detectOf = (files: Readonly<Record<string, string>>) =>
		chooseApp(treeOfTexts('shop', {...flask, ...files}), detectors).app;

	it.each([
		['one line without an end', 'x = '.repeat(4_900)],
		['open brackets', `${'a(\n'.repeat(9_000)}`],
		['open and closed brackets', `${'a(\n'.repeat(4_500)}${')\n'.repeat(4_500)}`],
		['quotes that never close', `x = """${"'\\\n".repeat(9_000)}`],
		['ever deeper lines', Array.from({length: 400}, (_, depth) => `${' '.repeat(depth)}if x:\n`).join('')],
		['nothing but newlines', '\n'.repeat(9_000)],
		['spaces', `${' '.repeat(900)}\n`.repeat(160)],
		['binary zeros', '\0'.repeat(140_000)],
	])('are read to their end: %s', (_name, text) => {
		for (const path of [
			'settings.py',
			'server.js',
			'config/runtime.exs',
			'Procfile',
			'Dockerfile',
			'.env.example',
			'pyproject.toml',
			'setup.cfg',
			'package.json',
			'mix.exs',
			'render.yaml',
			'main.go',
		])
			expect(detectOf({[path]: text})?.kind, path).toBeDefined();
	});

	it('of a file in YAML that grows by its aliases is not followed', () => {
		const lines = [
			'a: &a [x,x,x,x,x,x,x,x,x]',
			...'bcdefghi'
				.split('')
				.map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(',')}]`),
		];
		expect(detectOf({'render.yaml': `${lines.join('\n')}\nservices: *i\n`})?.answers.entry).toBe('app:app');
	});

	it('can’t drive the terminal, nor break a line of the note', () => {
		const app = detectOf({
			'.env.example': 'TITLE=\u001b[2Jx\u202e\n',
			Procfile: 'web: gunicorn app:app \u001b]0;x\u0007\n',
		});
		const lines = detectionLines('shop', 4, {app, others: [], questions: []}, []);
		expect(lines.every(line => !line.includes('\n'))).toBe(true);
	});
});
