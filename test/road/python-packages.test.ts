import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {type BareBox, bareBox} from './boxes/bare-box.ts';
import {visit} from './visitors/visitor.ts';

type Files = Readonly<Record<string, string>>;

/** Milliseconds that one version may take on a slow machine. */
const longWork = 10 * 60_000;

/** Its page says which version of its one package it runs with. */
const app = `from importlib.metadata import version


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [("itsdangerous " + version("itsdangerous")).encode()]
`;

const setup = (needs: string) =>
	`from setuptools import setup\nsetup(name="shop", version="1", py_modules=["app"], install_requires=[${needs}])\n`;

const project = `[project]
name = "shop"
version = "1"
requires-python = ">=3.10"
dependencies = ["itsdangerous>=2.1"]
`;

/** 2.1.2 is not the newest: who does not go by the lock file installs another. */
const locked = `[[package]]
name = "itsdangerous"
version = "2.1.2"
description = "Safely pass data to untrusted environments and back."
optional = false
python-versions = ">=3.7"
groups = ["main"]
files = [
    {file = "itsdangerous-2.1.2-py3-none-any.whl", hash = "sha256:2c2349112351b88699d8d4b6b075022c0808887cb7ad10069318a8b0bc88db44"},
    {file = "itsdangerous-2.1.2.tar.gz", hash = "sha256:5dbbc68b317e5e42f327f9021763545dc3fc3bfe22e6deb96aaf1fc38874156a"},
]
`;

const editable: Files = {
	'requirements/prod.txt': '-r base.txt\n',
	'requirements/base.txt': '-e .\n-c ../pins/all.txt\n',
	'setup.py': setup('"itsdangerous"'),
};

/** The same app, as its packages are named in other files: each version with what its page says. */
const versions: readonly {readonly named: string; readonly files: Files; readonly runs: string}[] = [
	{
		named: 'a file that only -c names has changed',
		files: {...editable, 'pins/all.txt': 'itsdangerous==2.1.2\n'},
		runs: '2.1.2',
	},
	{
		named: 'poetry.lock',
		files: {
			'pyproject.toml': `${project}\n[tool.poetry]\npackage-mode = false\n`,
			'poetry.lock': `${locked}\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.10"\ncontent-hash = "24a8860d8f7ea46dc50790c659ed6a364d6ba9dd2cb77a72bef866abcb8fb72d"\n`,
		},
		runs: '2.1.2',
	},
	{named: 'Pipfile without a lock file', files: {Pipfile: '[packages]\nitsdangerous = "==2.1.1"\n'}, runs: '2.1.1'},
	{
		named: 'pdm.lock',
		files: {'pyproject.toml': project, 'pdm.lock': `${locked}\n[metadata]\nlock_version = "4.5.0"\n`},
		runs: '2.1.2',
	},
	{named: 'setup.py alone', files: {'setup.py': setup('"itsdangerous==2.1.1"')}, runs: '2.1.1'},
	{
		named: 'pyproject.toml without a lock file',
		files: {'pyproject.toml': project.replace('>=2.1', '==2.1.2')},
		runs: '2.1.2',
	},
];

let bare: BareBox;

beforeAll(async () => {
	bare = await bareBox('packages');
	const repository = publish({...editable, 'pins/all.txt': 'itsdangerous==2.1.1\n'});
	// Each version is read by itself: the files change.
	const {code, stdout, stderr} = await bare.setUp(repository, ['--set', 'entry=app:app', '--set', 'dependencyFile=']);
	expect(code === 0 ? '' : `${stdout.slice(-4000)}${stderr}`).toBe('');
	expect(await page()).toBe('itsdangerous 2.1.1');
}, longWork);
afterAll(async () => await bare?.remove());

/** The whole repository anew. @returns its address */
function publish(files: Files): string {
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-packages-'));
	try {
		for (const [path, text] of Object.entries({'app.py': app, ...files})) {
			mkdirSync(dirname(join(folder, path)), {recursive: true});
			writeFileSync(join(folder, path), text);
		}

		return bare.publish('shop', folder);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

const page = async () => (await visit(bare.box, '/')).text;

/** Which file on the disk its package is: an environment that is taken over has the same. */
const installedFile = () =>
	bare.box.console('stat -c %i /srv/*/current/venv/lib/python3*/site-packages/itsdangerous/__init__.py');

async function deploys(files: Files): Promise<void> {
	publish(files);
	const {code, stdout, stderr} = await bare.run('deploy', ['--yes']);
	expect(code === 0 ? '' : `${stdout.slice(-4000)}${stderr}`).toBe('');
}

test.for(versions)('$named: what it names is installed', {timeout: longWork}, async ({files, runs}) => {
	await deploys(files);
	expect(await page()).toBe(`itsdangerous ${runs}`);
});

test.for(['a file that only -c names has changed', 'Pipfile without a lock file'])(
	'%s: nothing is installed anew where it says the same, and the doctor is content',
	{timeout: longWork},
	async name => {
		const {files = {}, runs} = versions.find(({named}) => named === name) ?? {};
		await deploys({...files, 'app.py': `${app}# one\n`});
		const file = await installedFile();
		await deploys({...files, 'app.py': `${app}# two\n`});
		expect(await installedFile()).toBe(file);
		expect(await page()).toBe(`itsdangerous ${runs}`);
		const {stdout} = await bare.run('doctor', ['--json']);
		expect(stdout).toContain('"event":"health"');
		expect(stdout).not.toContain('"id":"app/packages"');
	},
);

test('a Python whose download can’t be reached is said, and what runs runs on', {timeout: longWork}, async () => {
	await bare.box.console(`mkdir -p /etc/uv && echo 'python-install-mirror = "http://127.0.0.1:9"' > /etc/uv/uv.toml`);
	publish({'requirements.txt': 'itsdangerous==2.1.1\n', '.python-version': '3.14\n'});
	const {code, stdout, stderr} = await bare.run('deploy', ['--yes']);
	expect(code).not.toBe(0);
	expect(`${stdout}${stderr}`).toMatch(
		/asks for Python 3\.14, and the box has 3\.11[\s\S]*can’t be reached[\s\S]*127\.0\.0\.1/,
	);
	expect(await page()).toBe('itsdangerous 2.1.1');
});

test('where there is no uv for the processor, pip does what pip can', {timeout: longWork}, async () => {
	await bare.box.console(
		`rm -rf /usr/local/lib/uv-*; printf '#!/bin/sh\\necho riscv64\\n' > /usr/local/bin/uname; chmod 0755 /usr/local/bin/uname`,
	);
	await deploys({'requirements.txt': 'itsdangerous==2.1.2\n'});
	expect(await bare.box.console('ls -d /usr/local/lib/uv-* 2> /dev/null || true')).toBe('');
	expect(await page()).toBe('itsdangerous 2.1.2');
	publish({Pipfile: '[packages]\nitsdangerous = "==2.1.1"\n'});
	const {code, stdout, stderr} = await bare.run('deploy', ['--yes']);
	expect({code: code === 0, said: `${stdout}${stderr}`}).toEqual({
		code: false,
		said: expect.stringContaining('there is no uv for this processor'),
	});
});
