import {expect, it} from 'vitest';
import {variableFields, withVariables} from '../../../source/cli/detection/variables.ts';
import {Secret} from '../../../source/contract/secret.ts';
import {parseDotenv} from '../../../steps/reading/dotenv.ts';
import {flask} from '../../screens/fake/fake-wizard.ts';

const variable = (name: string, more: object = {}) => ({
	name,
	required: false,
	secret: false,
	where: 'app.py:3',
	...more,
});

const found = (...variables: ReturnType<typeof variable>[]) => ({
	repository: 'https://example.org/shop.git',
	name: 'shop',
	files: 3,
	app: {...flask, variables},
	others: [],
	questions: [],
	obstacles: [],
	notes: [],
	answers: {},
	isRead: 'at the address' as const,
});

const revealed = (answers: {environment?: unknown}) =>
	answers.environment instanceof Secret ? answers.environment.reveal() : undefined;

it('asks for what only the person knows: first what the app fails without, the rest as details', () => {
	const fields = variableFields(
		found(
			variable('SITE_TITLE', {default: 'Shop'}),
			variable('API_KEY', {required: true, secret: true}),
			variable('SECRET_KEY', {required: true, secret: true, filledWith: 'random'}),
			variable('REGION', {required: true, default: 'eu'}),
		),
		{},
	);
	expect(fields.map(({name, detail}) => [name, detail])).toEqual([
		['API_KEY', false],
		['SITE_TITLE', true],
		['REGION', true],
	]);
	expect(fields[0]?.description).toContain('app.py:3');
	expect(fields[1]?.description).toContain('Shop');
});

it('shows what stands among the settings already, and refuses what a line can’t hold', () => {
	const environment = new Secret('API_KEY=abc\n');
	const [field] = variableFields(found(variable('API_KEY', {required: true})), {environment});
	expect(field?.value instanceof Secret && field.value.reveal()).toBe('abc');
	expect(field?.problem(new Secret('a\0b'))).toBeDefined();
	expect(field?.problem(new Secret('plain'))).toBeUndefined();
});

it('puts values among the settings: a new one at the end, a known one in its place, an empty one nowhere', () => {
	const environment = new Secret('# mine\nAPI_KEY=old\nOTHER=1\n');
	const values = {API_KEY: new Secret('new "one" # $x'), EMPTY: new Secret(''), LAST: new Secret('z')};
	const text = revealed(withVariables({environment}, values)) ?? '';
	expect(parseDotenv(text).variables.map(({name, value}) => [name, value])).toEqual([
		['OTHER', '1'],
		['API_KEY', 'new "one" # $x'],
		['LAST', 'z'],
	]);
	expect(text).toContain('# mine');
	expect(withVariables({database: 'sqlite'}, {EMPTY: new Secret('')})).toEqual({database: 'sqlite'});
});
