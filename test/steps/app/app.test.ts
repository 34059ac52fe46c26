import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {Secret} from '../../../source/secret.ts';
import {debianPackage, requirementNames} from '../../../steps/app/distribution.ts';
import {dotenvLine, dotenvRefuses, parseDotenv} from '../../../steps/app/dotenv.ts';
import {chooseFlaskApp, entries} from '../../../steps/app/flaskApp.ts';
import {deployKeyPage, gitHost} from '../../../steps/app/gitHost.ts';
import {headsOf} from '../../../steps/app/migrations.ts';
import {environment, secretKey} from '../../../steps/app/secretOptions.ts';

describe('.env lines', () => {
	test('any value on one line comes back byte for byte', () => {
		const oneLine = fc.string({unit: 'binary'}).filter(value => dotenvRefuses(value) === undefined);
		fc.assert(
			fc.property(oneLine, value => {
				expect(parseDotenv(String(dotenvLine('NAME', value)))).toEqual({variables: [{name: 'NAME', value}], wrong: []});
			}),
		);
	});

	test('only the value of a secret is hidden, and escaped all the same', () => {
		const line = dotenvLine('KEY', new Secret("it's"));
		expect(String(line)).toBe("KEY='••••••'");
		expect(line instanceof Secret && line.reveal()).toBe("KEY='it\\'s'");
	});

	test.each([
		['A=b', 'b'],
		['export A=b # note', 'b'],
		['A = "x \\"y\\" \\n z"', 'x "y" \n z'],
		["A='x \\n y' # note", 'x \\n y'],
		['A=a#b', 'a#b'],
		['A=', ''],
	])('%s', (line, value) => {
		expect(parseDotenv(line).variables).toEqual([{name: 'A', value}]);
	});

	test.each(['1A=b', 'no equals', 'A="open'])('%s is none', line => {
		expect(parseDotenv(line).wrong).toHaveLength(1);
	});
});

describe('secrets', () => {
	const refused = [
		'you-will-never-guess',
		'you will never guess',
		'changeme',
		'secret',
		'dev',
		'your_secret_key_goes_here',
		'<your_secret_key_goes_here>',
		'my-secret-key',
		'short',
		'long enough but ${HOME}',
	];
	test.each(refused)('SECRET_KEY %s is refused', text => {
		expect(secretKey.safeParse(new Secret(text)).success).toBe(false);
	});

	test('a good SECRET_KEY is taken', () => {
		expect(secretKey.safeParse(new Secret('k9Qm2vT7xW4pZ8rN')).success).toBe(true);
	});

	test.each(['SECRET_KEY=x', 'A=1\nA=2', 'A=${B}', 'A=" \\\\"', 'nothing'])('more variables: %s is refused', text => {
		expect(environment.safeParse(new Secret(text)).success).toBe(false);
	});

	test('a refusal never shows a value', () => {
		const result = environment.safeParse(new Secret('hunter2 is no line'));
		expect(JSON.stringify(result.error?.issues)).not.toContain('hunter2');
	});
});

describe('FLASK_APP and the WSGI target', () => {
	test.each([
		['microblog.py:app =', '', 'microblog.py', 'microblog:app'],
		[
			'app/__init__.py:def create_app(\nmicroblog.py:app =\nconfig.py:application =',
			'',
			'microblog.py',
			'microblog:app',
		],
		['app/__init__.py:def create_app(', '', 'app', 'app:create_app()'],
		['tool.py:app =\nwsgi.py:application =', '', 'wsgi.py', 'wsgi:application'],
		['tool.py:app =\nwsgi.py:application =', 'tool.py', 'tool.py', 'tool:app'],
		['', 'pkg.web:create_app()', 'pkg.web:create_app()', 'pkg.web:create_app()'],
		['', '', 'microblog.py', 'microblog:app'],
	])('%j, chosen %j', (found, chosen, flaskApp, wsgi) => {
		expect(chooseFlaskApp('microblog', chosen, entries(found))).toEqual({flaskApp, wsgi});
	});
});

describe('migrations', () => {
	test('the heads are what no other revision follows', () => {
		const lines = [
			"revision = '1'",
			'down_revision = None',
			"revision: str = '2'",
			"down_revision: Union[str, None] = '1'",
		];
		expect(headsOf(lines.join('\n'))).toEqual(['2']);
	});

	test('a merge follows several', () => {
		const lines = ["revision = 'a'", "revision = 'b'", "revision = 'm'", "down_revision = ('a', 'b')"];
		expect(headsOf(lines.join('\n'))).toEqual(['m']);
	});
});

describe('git hosts', () => {
	test.each([
		['git@github.com:jessica/microblog.git', {host: 'github.com', port: 22, path: 'jessica/microblog'}],
		[
			'ssh://git@git.example.com:2222/jessica/microblog',
			{host: 'git.example.com', port: 2222, path: 'jessica/microblog'},
		],
		['https://github.com/jessica/microblog.git', undefined],
	])('%s', (address, host) => {
		expect(gitHost(address)).toEqual(host);
	});

	test('a known host has a page of its own', () => {
		expect(deployKeyPage({host: 'github.com', port: 22, path: 'j/m'})).toBe('https://github.com/j/m/settings/keys/new');
	});
});

test('requirements and their Debian packages', () => {
	const text =
		'# the app\nFlask==3.0\nFlask_SQLAlchemy[asyncio]>=3 ; python_version > "3"\n-r more.txt\n--no-binary :all:\nPyJWT\n';
	expect(requirementNames(text)).toEqual(['Flask', 'Flask_SQLAlchemy', 'PyJWT']);
	expect(requirementNames(text).map(debianPackage)).toEqual([
		'python3-flask',
		'python3-flask-sqlalchemy',
		'python3-jwt',
	]);
});
