import {afterAll, beforeAll, expect, test} from 'vitest';
import {createProbe} from '../../source/remote/probe.ts';
import {appPackages} from '../../steps/doctor/app/packages.ts';
import {packagesAnswers} from '../fixtures/packages-answers.ts';
import {ToyBox} from '../fixtures/toy-box.ts';

let box: ToyBox;

const answers = {...packagesAnswers, app: 'microblog'};
const packages = [
	'flask-3.0.0',
	'Flask_SQLAlchemy-3.1.1',
	'torch-2.0+cpu',
	'redis-5.0.1',
	'rq-2.0rc1',
	'psycopg2-2.9.9',
];

/** What a box finds that has these packages: judged by its real Python, with the pip that is on it. */
async function found(requirements: string, shared = false) {
	await box.peek(`rm -rf /srv/microblog; mkdir -p /srv/microblog/current; cd /srv/microblog/current
mkdir -p venv/lib/python3.99/site-packages/broken-1.0.dist-info
for package in ${packages.join(' ')}; do
	folder=venv/lib/python3.99/site-packages/$package.dist-info; mkdir "$folder"
	printf 'Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n' "\${package%-*}" "\${package##*-}" > "$folder/METADATA"
done
echo 'include-system-site-packages = ${shared}' > venv/pyvenv.cfg
cat > requirements.txt <<'END'
${requirements}
END`);
	const {missing, different, distribution} = await appPackages.look(createProbe(box), answers);
	expect(distribution).toBe(shared);
	return [...missing, ...different.map(({name, version}) => `${name} ${version}`)];
}

beforeAll(async () => {
	box = await ToyBox.open();
});
afterAll(async () => box.close());

test.each([
	['a marker that does not hold here', 'colorama==0.4.6 ; python_version >= "3.9" and platform_system == "Windows"'],
	['an extra that nobody asked for', 'colorama ; extra == "windows"'],
	['equal versions, written otherwise', 'Flask==3.0\nFlask==3\nflask==v3.0.0'],
	['a local version', 'torch==2.0\ntorch==2.0.0'],
	['any of a range, a pre-release as well', 'Flask>=2,<4\nrq>=1.16\nFlask==3.*\nFlask~=3.0'],
	['another way to write a name, and extras', 'flask.sqlalchemy [asyncio] == 3.1.1\nredis[hiredis]==5.0.1'],
	['comments', '# Nothing==1\nFlask==3.0.0 # Nothing\n  # Nothing'],
	[
		'hashes on lines of their own',
		'flask==3.0.0 \\\n    --hash=sha256:aaaa \\\n    --hash=sha256:bbbb\nredis==5.0.1 --hash=sha256:c',
	],
	[
		'options, paths and addresses',
		'-r other.txt\n-e .\n--no-binary :all:\n./wheels/a.whl\ngit+https://git.example/a.git#egg=a',
	],
	['an address for what is installed', 'redis @ https://git.example/redis.whl ; python_version > "3"'],
	['what no pip could read', 'Flask=>3\n${NAME}==1\n=='],
])('installed as it says: %s', async (_, requirements) => {
	expect(await found(requirements)).toEqual([]);
});

test.each([
	['never installed', 'Flask\nFlask-Babel==4.0.0', ['Flask-Babel']],
	['a marker that holds here', 'Flask-Babel ; python_version >= "3.9" and sys_platform == "linux"', ['Flask-Babel']],
	['an address', 'Flask-Babel @ https://git.example/babel.whl', ['Flask-Babel']],
	['half of a package, as a power cut leaves it', 'broken==1.0', ['broken']],
	['another version', 'Flask==3.0.1', ['Flask 3.0.1']],
	['another local version', 'torch==2.0+cu118', ['torch 2.0+cu118']],
	['out of its range', 'redis[hiredis]>=6,<7 ; python_version > "3"', ['redis <7,>=6']],
	['by hand with a hash', 'Flask==3.0.1 \\\n  --hash=sha256:aaaa', ['Flask 3.0.1']],
	['-binary is another package on PyPI', 'psycopg2-binary', ['psycopg2-binary']],
])('not as it says: %s', async (_, requirements, expected) => {
	expect(await found(requirements)).toEqual(expected);
});

const lock = '[[package]]\nname = "flask"\nversion = "3.0"\n\n[[package]]\nname = "rq"\nversion = "2.0"\n';

test.each([
	[
		'requirements that others include',
		{'requirements.txt': '-r deps/all.txt', 'deps/all.txt': 'Flask==3.0.1\nBabel'},
		['Babel', 'Flask 3.0.1'],
	],
	[
		'what a lock file pins',
		{'pyproject.toml': '[project]\nname = "a"\ndependencies = ["flask>=2", "babel"]', 'uv.lock': lock},
		['babel', 'rq 2.0'],
	],
	[
		'what poetry asks for, in its own words',
		{'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.8"\nflask = "^2"\nbabel = "*"', 'poetry.lock': lock},
		['babel', 'rq 2.0'],
	],
	[
		'Pipfile.lock',
		{
			Pipfile: '[packages]\nredis = ">=6"',
			'Pipfile.lock': '{"default": {"rq": {"version": "==2.0rc1"}, "redis": {"version": "==6.0"}}}',
		},
		['redis >=6', 'redis 6.0'],
	],
	['setup.py', {'setup.py': 'from setuptools import setup\nsetup(install_requires=["babel", "flask"])'}, ['babel']],
])('not as it says: %s', async (_, files, expected) => {
	await found('');
	const writes = Object.entries(files).map(
		([path, text]) =>
			`mkdir -p "$(dirname ${path})"; base64 -d <<< '${Buffer.from(text).toString('base64')}' > ${path}`,
	);
	await box.peek(['cd /srv/microblog/current; rm requirements.txt', ...writes].join('\n'));
	const {missing, different} = await appPackages.look(createProbe(box), answers);
	expect([...missing, ...different.map(({name, version}) => `${name} ${version}`)]).toEqual(expected);
});

test('of the distribution the names count, and Debian’s psycopg2 is the binary one', async () => {
	const requirements = 'Flask==1.0\npsycopg2-binary==2.9\npip\nFlask-Babel\ncolorama ; sys_platform == "win32"';
	expect(await found(requirements, true)).toEqual(['Flask-Babel']);
});

test('an app that is not there lacks nothing; a Python that says nothing is no health', async () => {
	await box.peek('rm -rf /srv/microblog');
	expect(await appPackages.look(createProbe(box), answers)).toMatchObject({missing: [], different: []});
	await box.peek('mkdir -p /srv/microblog/current; ln -s /bin/false /run/toy/bin/python3');
	await expect(appPackages.look(createProbe(box), answers)).rejects.toMatchObject({code: 'python-silent'});
});
