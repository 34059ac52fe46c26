import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {fields, missingSecrets, resolve} from '../../source/answers/answers.ts';
import type {OptionShape} from '../../source/contract/option.ts';
import {Secret} from '../../source/contract/secret.ts';
import {defineStep, type Step} from '../../source/contract/step.ts';
import {secret} from '../../steps/options/secret.ts';
import {options} from '../../steps/options/shared.ts';
import {flaskAppOption} from '../../steps/python/flaskApp.ts';

function step<Shape extends OptionShape>(id: string, shape: Shape, wanted?: Step['wanted']): Step {
	return defineStep({
		id,
		title: id,
		why: 'It is for a test.',
		options: z.object(shape),
		...(wanted && {wanted}),
		check: async () => ({}),
		done: () => true,
		apply: () => undefined,
	}) as unknown as Step;
}

const app = step('app', {
	app: options.app,
	aliases: options.aliases,
	database: options.database,
	databasePassword: options.databasePassword,
	environment: z.record(z.string(), z.string()).default({}).meta({title: 'Variables'}),
	workers: z.number().int().min(1).max(64).optional(),
});

describe('resolve', () => {
	it('takes what is given, then the kind’s default, then the schema’s', () => {
		const {answers, problems} = resolve([app], {app: 'blog', database: 'sqlite'}, {database: 'postgresql'});
		expect(problems).toEqual([]);
		expect(answers).toMatchObject({app: 'blog', database: 'postgresql', aliases: []});
	});

	it('names each missing and wrong answer in words', () => {
		const {problems} = resolve([app], {}, {aliases: ['www.example.com', 'no_name'], workers: 900, database: 'oracle'});
		expect(problems).toEqual([
			{option: 'app', message: '“App name” has no answer yet'},
			{option: 'aliases', message: expect.stringMatching(/^“no_name”: A domain such as/)},
			{option: 'database', message: 'One of: mysql, postgresql, sqlite'},
			{option: 'workers', message: 'At most 64'},
		]);
	});

	it('refuses an answer that must be unlike another one', () => {
		const both = step('both', {app: options.app, user: options.user});
		const problem = {option: 'app', message: '“Your user” has this one already: take another'};
		expect(resolve([both], {}, {app: 'jessica', user: 'jessica'}).problems).toEqual([problem]);
		expect(resolve([both], {}, {app: 'blog', user: 'jessica'}).problems).toEqual([]);
		const field = fields(both, {user: 'jessica'}).find(({name}) => name === 'app');
		expect(field?.problem('jessica')).toBe(problem.message);
		expect(field?.problem('blog')).toBeUndefined();
	});

	it.each([
		['app', options.app, ['root', 'www-data', 'mysql', 'postgres', 'all', 'sudo'], ['blog', 'roots']],
		['user', options.user, ['root', 'www-data', 'postgres'], ['jessica', 'ubuntu']],
		[
			'flaskApp',
			flaskAppOption,
			['../../etc', '/etc/passwd', 'app/../../x.py', '..', 'app//x.py'],
			['', 'microblog.py', './microblog.py', 'src/app', 'app:create_app()', 'a.b:app'],
		],
	])('refuses as %s what would reach beyond it', (name, schema, wrong, right) => {
		const one = step('one', {[name]: schema});
		const refused = (value: string) => resolve([one], {}, {[name]: value}).problems.length > 0;
		expect([...wrong, ...right].filter(refused)).toEqual(wrong);
	});

	it('takes a blank and an emptied answer for none', () => {
		expect(resolve([app], {}, {app: '', workers: null}).problems).toEqual([
			{option: 'app', message: '“App name” has no answer yet'},
		]);
	});

	it('makes up a secret that is called for, once, and says so', () => {
		const {answers, generated} = resolve(
			[app, step('other', {databasePassword: options.databasePassword})],
			{},
			{app: 'blog'},
		);
		expect(generated).toEqual(['databasePassword']);
		const password = answers.databasePassword as Secret;
		expect(password.reveal()).toMatch(/^[a-km-np-zA-HJ-NP-Z2-9]{32}$/);
		expect(resolve([app], {}, answers).answers.databasePassword).toBe(password);
	});

	it('leaves alone what `when` does not call for', () => {
		const {answers, generated, problems} = resolve([app], {}, {app: 'blog', database: 'sqlite'});
		expect({generated, problems}).toEqual({generated: [], problems: []});
		expect(answers).not.toHaveProperty('databasePassword');
	});

	it('does not ask what only unwanted steps take', () => {
		const mail = step('mail', {relay: z.string()}, answers => answers.app !== 'blog');
		expect(resolve([app, mail], {}, {app: 'blog'}).problems).toEqual([]);
		expect(resolve([app, mail], {}, {app: 'shop'}).problems).toEqual([
			{option: 'relay', message: '“relay” has no answer yet'},
		]);
	});

	it('takes lines of NAME=value for a record', () => {
		expect(resolve([app], {}, {app: 'blog', environment: ['A=1', 'B=x=y']}).answers.environment).toEqual({
			A: '1',
			B: 'x=y',
		});
		expect(resolve([app], {}, {app: 'blog', environment: ['nonsense']}).problems).toEqual([
			{option: 'environment', message: 'Needs lines of NAME=value'},
		]);
	});
});

describe('missingSecrets', () => {
	it('tells which are to be looked up, with the way to recall them', () => {
		const [missing, ...rest] = missingSecrets([app], {app: 'blog'}, {});
		expect(rest).toEqual([]);
		expect(missing?.name).toBe('databasePassword');
		expect(missing?.meta.recall?.({app: 'blog'})).toContain('/srv/blog/shared/.env');
		expect(missingSecrets([app], {}, {database: 'sqlite'})).toEqual([]);
		expect(missingSecrets([app], {}, {databasePassword: new Secret('given')})).toEqual([]);
	});
});

describe('fields', () => {
	const kinds = (answers: Record<string, unknown>): Record<string, string> =>
		Object.fromEntries(fields(app, answers).map(field => [field.name, field.kind]));

	it('gives each option the kind its schema calls for, and hides what `when` rules out', () => {
		expect(kinds({})).toEqual({
			app: 'text',
			aliases: 'list',
			database: 'choice',
			databasePassword: 'secret',
			environment: 'lines',
			workers: 'number',
		});
		expect(kinds({database: 'sqlite'})).not.toHaveProperty('databasePassword');
	});

	it('fills in answers and defaults, and says what is wrong as one types', () => {
		const byName = new Map(fields(app, {app: 'blog', environment: {A: '1'}}).map(field => [field.name, field]));
		expect(byName.get('app')?.value).toBe('blog');
		expect(byName.get('database')?.value).toBe('mysql');
		expect(byName.get('environment')?.value).toEqual(['A=1']);
		expect(byName.get('app')?.problem('Blog!')).toContain('Small letters');
		expect(byName.get('app')?.problem('')).toBe('“App name” has no answer yet');
		expect(byName.get('workers')?.problem(Number.NaN)).toBe('Needs a number');
		expect(byName.get('workers')?.problem(undefined)).toBeUndefined();
		expect(byName.get('databasePassword')?.problem(undefined)).toBeUndefined();
		expect(byName.get('databasePassword')).toMatchObject({generated: true, optional: true, detail: true});
	});

	it('finds the meta of a schema that got its default afterwards', () => {
		const [field] = fields(step('late', {token: secret({title: 'Token'}).optional()}), {});
		expect(field).toMatchObject({kind: 'secret', title: 'Token', optional: true, generated: false});
	});
});
