import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import {createProbe} from '../../../source/remote/probe.ts';
import {record} from '../../../source/remote/recorder.ts';
import {script} from '../../../source/remote/script.ts';
import {dependencies} from '../../../steps/python/packages/dependencies.ts';
import {packagesAnswers as options} from '../../fixtures/packages-answers.ts';
import {ToyBox} from '../../fixtures/toy-box.ts';

type Files = Readonly<Record<string, string>>;
type Facts = Awaited<ReturnType<typeof dependencies.check>>;

let box: ToyBox;

beforeAll(async () => {
	box = await ToyBox.open();
});
afterAll(async () => await box.close());
beforeEach(async () => void (await box.run('rm -rf /srv/shop')));

const look = (given: Partial<typeof options> = {}): Promise<Facts> =>
	dependencies.check(createProbe(box), {...options, ...given});

/** A release that is made ready, with these files. */
async function next(name: string, files: Files): Promise<void> {
	const release = `/srv/shop/releases/${name}`;
	const lines = Object.entries(files).flatMap(([path, text]) => {
		const content = Buffer.from(text).toString('base64');
		return [`mkdir -p "$(dirname ${release}/${path})"`, `base64 -d <<< '${content}' > ${release}/${path}`];
	});
	await runs([`mkdir -p ${release}`, ...lines, `ln -sfn ${release} /srv/shop/next`].join('\n'));
}

/** What a finished installation leaves: an environment, and the step's own note of what it was made from. */
async function installed(facts: Facts, linked: Files = {}, python = ''): Promise<void> {
	const {release} = facts;
	const packages = `${release}/venv/lib/python3.11/site-packages`;
	const notes = Object.entries(linked).map(
		([folder, info]) =>
			`mkdir -p ${packages}/own-1.dist-info; echo '{"url":"file://${release}${folder}","dir_info":${info}}' > ${packages}/own-1.dist-info/direct_url.json`,
	);
	await runs(
		[
			`mkdir -p ${release}/venv/bin ${packages}`,
			`cp /bin/true ${release}/venv/bin/python`,
			`echo 'version_info = ${python}' > ${release}/venv/pyvenv.cfg`,
			...notes,
		].join('\n'),
	);
	const noting = record(hand => dependencies.apply(hand, facts, options)).slice(-1);
	await runs(script('shop:app/dependencies', noting, '/run/none').text);
	await runs('ln -sfn "$(readlink -e /srv/shop/next)" /srv/shop/current; rm /srv/shop/next');
}

async function runs(text: string): Promise<void> {
	const {code, stderr} = await box.run(text);
	expect(code === 0 ? '' : stderr).toBe('');
}

const setup = 'from setuptools import setup\nsetup(name="own", install_requires=["flask"])\n';
const project = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask"]\n';
const lock = '[[package]]\nname = "flask"\nversion = "3.1.0"\n';
const hashed = 'flask==3.1.0 \\\n    --hash=sha256:aa # via shop\n';

const apps: readonly {
	readonly from: string;
	readonly files: Files;
	/** The file of those that says another thing in the end. */
	readonly changed: string;
	readonly linked?: Files;
}[] = [
	{from: 'requirements.txt', files: {'requirements.txt': hashed}, changed: 'requirements.txt'},
	{
		from: 'Pipfile.lock',
		files: {Pipfile: '[packages]\nflask = "*"\n', 'Pipfile.lock': '{"default": {"flask": {"version": "==3.1.0"}}}'},
		changed: 'Pipfile.lock',
	},
	{from: 'Pipfile', files: {Pipfile: '[packages]\nflask = "*"\n'}, changed: 'Pipfile'},
	{from: 'uv.lock', files: {'pyproject.toml': project, 'uv.lock': lock}, changed: 'uv.lock'},
	{from: 'poetry.lock', files: {'pyproject.toml': project, 'poetry.lock': lock}, changed: 'poetry.lock'},
	{from: 'pdm.lock', files: {'pyproject.toml': project, 'pdm.lock': lock}, changed: 'pdm.lock'},
	{
		from: 'pyproject.toml',
		files: {'pyproject.toml': `${project}[tool.hatch.version]\npath = "shop.py"\n`},
		changed: 'pyproject.toml',
	},
	{
		from: 'setup.py',
		files: {'setup.py': `${setup}(""\n    .strip())\n`},
		changed: 'setup.py',
		linked: {'': '{"editable":true}'},
	},
	{
		from: 'requirements.txt',
		files: {
			'requirements.txt': '-r deps/base.txt\n',
			'deps/base.txt': 'flask\n-c ../pins/all.txt\n',
			'pins/all.txt': '',
		},
		changed: 'pins/all.txt',
	},
	{
		from: 'requirements/prod.txt',
		files: {
			'requirements/prod.txt': '-r base.txt\n-e ./own\n',
			'requirements/base.txt': 'flask\n',
			'own/setup.py': setup,
		},
		changed: 'own/setup.py',
		linked: {'/own': '{"editable": true}'},
	},
];

test.each(apps)(
	'$from is installed once, until $changed says something else',
	async ({from, files, changed, linked}) => {
		await next('one', files);
		const first = await look();
		expect(first).toMatchObject({file: from, reuse: '', installed: ''});
		await installed(first, linked);
		expect(dependencies.done(await look(), options)).toBe(true);

		await next('two', files);
		expect(await look()).toMatchObject({file: from, reuse: '/srv/shop/releases/one'});

		await next('three', {...files, [changed]: `${files[changed]}# changed\n`});
		expect(await look()).toMatchObject({reuse: ''});
	},
);

test('a folder of the repository that is copied as it is installed is not taken over: the copy is of an older release', async () => {
	const files = {'requirements.txt': './own\n', 'own/setup.py': setup};
	await next('one', files);
	await installed(await look(), {'/own': '{}'});
	await next('two', files);
	expect(await look()).toMatchObject({reuse: ''});
});

test('an environment of another Python than is asked for is not taken over, and not the app’s own', async () => {
	const [, own = ''] = /(\d+\.\d+)/.exec(await box.peek('python3 --version')) ?? [];
	const files = {'requirements.txt': 'flask\n'};
	await next('one', files);
	await installed(await look(), {}, '3.1');
	expect(dependencies.done(await look(), options)).toBe(true);
	expect(dependencies.done(await look({pythonVersion: own}), {...options, pythonVersion: own})).toBe(false);
	await next('two', files);
	expect(await look()).toMatchObject({reuse: '/srv/shop/releases/one'});
	expect(await look({pythonVersion: own})).toMatchObject({reuse: '', uvPython: ''});
});

test('a Python that nobody has is said before anything is built', async () => {
	await next('one', {'requirements.txt': 'flask\n', '.python-version': '3.7.4\n'});
	await expect(look()).rejects.toMatchObject({
		code: 'python-version',
		means: expect.stringContaining('.python-version says so. The distribution has no other Python, and uv has none'),
	});
});

test('names of packages are those that this box installs', async () => {
	const lines = [
		'colorama==0.4.6 ; python_version >= "3.9" and platform_system == "Windows"',
		"pywin32==306 ; sys_platform == 'win32' \\\n    --hash=sha256:aaaa",
		'importlib-metadata>=3.6 ; python_version < "3.9"',
		"backports.zoneinfo==0.2.1;python_full_version<'3.9.1'",
		'uvloop ; sys_platform == "linux"',
		'tzdata ; python_version < "3.9" or sys_platform == "linux"',
		'name[a,b] == 1.0 # only ; sys_platform == "win32"',
		'--no-binary :all:',
		'Flask_SQLAlchemy[asyncio]>=3 ; python_version > "3"',
	];
	await next('one', {'requirements.txt': lines.join('\n')});
	expect((await look()).names).toEqual(['uvloop', 'tzdata', 'name', 'Flask_SQLAlchemy']);
});

test('files that a repository names outside of it are not read', async () => {
	await runs('mkdir -p /srv/outside; echo secret > /srv/outside/other.txt');
	await next('one', {'requirements.txt': '-r ../../../outside/other.txt\n-r linked/other.txt\nflask\n'});
	await runs('ln -s /srv/outside /srv/shop/releases/one/linked');
	expect((await look()).names).toEqual(['flask']);
});
