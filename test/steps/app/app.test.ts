import {execFileSync} from 'node:child_process';
import {describe, expect, test} from 'vitest';
import {buildCommand} from '../../../source/contract/command.ts';
import {plainText, Secret} from '../../../source/contract/secret.ts';
import type {Argument, Probe} from '../../../source/contract/step.ts';
import {type FillingAnswers, fill} from '../../../steps/app/fillings.ts';
import {deployKeyPage, gitHost} from '../../../steps/app/gitHost.ts';
import {environment, secretKey} from '../../../steps/app/secretOptions.ts';
import {environment as environmentStep} from '../../../steps/python/environment.ts';
import {chooseFlaskApp, entries, readFlaskApp} from '../../../steps/python/flaskApp.ts';
import {loadCheck} from '../../../steps/python/loadCheck.ts';
import {debianPackage} from '../../../steps/python/packages/distribution.ts';

/** A box whose release has this .flaskenv, read by the step's own command, and nothing else. */
function boxWith(flaskenv: string): Probe {
	const run = async (pieces: TemplateStringsArray, ...values: readonly Argument[]) => {
		const command = buildCommand(pieces, values);
		if (!command.includes('.flaskenv')) return '';
		const script = command.replace(/^.* exit; /, '').replace(' .flaskenv', '');
		return execFileSync('bash', ['-c', script], {input: flaskenv, encoding: 'utf8'}).replace(/\n+$/, '');
	};
	return Object.assign(run, {file: async () => null}) as unknown as Probe;
}

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

	test.each([
		['DATABASE_URL', 'DATABASE_URL comes from the field “Database”: leave it out here'],
		['FLASK_APP', 'FLASK_APP comes from the field “FLASK_APP”: leave it out here'],
	])('more variables: the refusal of %s says where it comes from', (name, message) => {
		expect(environment.safeParse(new Secret(`${name}=x`)).error?.issues).toMatchObject([{message}]);
	});

	const free = {app: 'microblog', user: 'jessica', flaskApp: '', mail: 'none', queue: ''};
	test.each([
		['MAIL_SERVER', {mail: 'direct'}, 'answer “Outgoing mail” with none'],
		['MAIL_PORT', {mail: 'relay'}, 'answer “Outgoing mail” with none'],
		['REDIS_URL', {queue: 'tasks'}, 'leave “Job queue” empty'],
	])('%s is the person’s own, unless %j writes it', async (name, written, next) => {
		const variables = environment.parse(new Secret(`${name}=x`));
		const check = (answers: object) =>
			environmentStep.check(boxWith(''), {...free, ...answers, environment: variables} as never);
		await expect(check({})).resolves.toBeDefined();
		await expect(check(written)).rejects.toMatchObject({
			what: expect.stringContaining(name),
			next: expect.stringContaining(next),
			code: 'variable-twice',
		});
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
		['', "pkg:create_app('dev')", "pkg:create_app('dev')", "pkg:create_app('dev')"],
		['', 'app:create_app', 'app:create_app', 'app:create_app()'],
		['', 'pkg/web.py:make_app', 'pkg/web.py:make_app', 'pkg.web:make_app()'],
		['', 'wsgi:application', 'wsgi:application', 'wsgi:application'],
		['', 'wsgi:created_by_create_app', 'wsgi:created_by_create_app', 'wsgi:created_by_create_app'],
		['', '', 'microblog.py', 'microblog:app'],
	])('%j, chosen %j', (found, chosen, flaskApp, wsgi) => {
		expect(chooseFlaskApp('microblog', chosen, entries(found))).toEqual({flaskApp, wsgi});
	});

	test.each([
		['FLASK_APP=tool.py', 'tool.py'],
		['FLASK_APP=tool.py  # main', 'tool.py'],
		['FLASK_APP=tool.py\r\nFLASK_DEBUG=0\r\n', 'tool.py'],
		['# FLASK_APP=old.py\n  export FLASK_APP = "tool.py" # main', 'tool.py'],
		["FLASK_APP=old.py\nFLASK_APP='tool.py'", 'tool.py'],
		['FLASK_APP=', 'microblog.py'],
		['FLASK_APP_NAME=tool.py', 'microblog.py'],
	])('.flaskenv %j', async (flaskenv, flaskApp) => {
		expect(await readFlaskApp(boxWith(flaskenv), 'microblog', '')).toMatchObject({flaskApp});
	});

	test.each(["app:create_app('dev')", 'tool.py; reboot', '--reload'])(
		'%s in .flaskenv is told, and the answer of the person counts before it',
		async value => {
			const box = boxWith(`FLASK_APP=${value}`);
			await expect(readFlaskApp(box, 'microblog', '')).rejects.toMatchObject({
				code: 'flask-app-refused',
				evidence: [value],
			});
			expect(await readFlaskApp(box, 'microblog', 'tool.py')).toEqual({flaskApp: 'tool.py', wsgi: 'tool:app'});
		},
	);
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

test('the Debian packages of requirements', () => {
	expect(
		['Flask', 'Flask_SQLAlchemy', 'PyJWT', 'psycopg[binary]', 'Flask>=3.0,<4', 'redis == 5'].map(debianPackage),
	).toEqual([
		'python3-flask',
		'python3-flask-sqlalchemy',
		'python3-jwt',
		'python3-psycopg',
		'python3-flask',
		'python3-redis',
	]);
});

test('a version that hangs while it is loaded is told as that, and not as one that died', () => {
	const explained = loadCheck.explain?.(['$ runuser …', 'It had not come to an end after 5 minutes, and was ended.']);
	expect(explained).toMatchObject({code: 'release-hangs', what: expect.stringContaining('after 5 minutes')});
	expect(loadCheck.explain?.(["KeyError: 'KEY'"])).toMatchObject({code: 'release-not-loading'});
});

test('each variable that holds a random value has its own, the same in every run: 32 bytes in base64, as Fernet takes a key', () => {
	const answers = {secretKey: new Secret('k'.repeat(48)), aliases: []} as unknown as FillingAnswers;
	const made = (name: string) => plainText(fill(name, 'random', answers) ?? '');
	expect(made('JWT_SECRET')).not.toBe(made('CSRF_SECRET'));
	expect(made('JWT_SECRET')).toBe(made('JWT_SECRET'));
	expect(made('JWT_SECRET')).toMatch(/^[\w-]{43}=$/);
	expect(String(fill('JWT_SECRET', 'random', answers))).toBe('••••••');
});
