import {describe, expect, it} from 'vitest';
import {parseDocument} from 'yaml';
import {z} from 'zod';
import {answersSchema, readAnswersFile, writeAnswersFile} from '../../source/answers/answers-file.ts';
import type {Catalogue, Kind} from '../../source/contract/kind.ts';
import type {Step} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {options} from '../../steps/options/shared.ts';

const step = {
	id: 'app',
	title: 'App',
	why: 'For a test.',
	options: z.object({
		app: options.app,
		aliases: options.aliases,
		database: options.database,
		databasePassword: options.databasePassword,
		sshPort: options.sshPort,
		upgrade: z.boolean().default(true),
		token: z.string().meta({when: {database: ['sqlite']}, placeholder: 'abc'}),
	}),
	check: async () => ({}),
	done: () => true,
	apply: () => undefined,
} as unknown as Step;

const kind: Kind = {
	name: 'python',
	formerNames: ['flask'],
	title: 'Flask app',
	description: '',
	steps: [step],
	defaults: {app: 'blog'},
	inside: {script: () => '', isLive: () => ''},
	services: () => [],
	deploy: [],
	rollback: [],
	settings: [],
};
const catalogue: Catalogue = {box: [], afterApps: [], kinds: [kind]};
const read = (text: string) => readAnswersFile(text, 'a.yml', catalogue);

function faults(text: string): readonly string[] {
	try {
		read(text);
	} catch (error) {
		if (error instanceof Trouble) return error.evidence;
		throw error;
	}

	return [];
}

describe('reading', () => {
	it('takes options by name, with a list, a yes and a blank', () => {
		expect(read('kind: python\napp: shop\naliases: [www.example.com]\nupgrade: no\nsshPort:\n')).toEqual({
			kind: 'python',
			answers: {app: 'shop', aliases: ['www.example.com'], upgrade: false, sshPort: null},
		});
		expect(read('# nothing\n')).toEqual({answers: {}});
	});

	it('reads a file of version 0.1, with its name for the kind', () => {
		expect(read('recipe: flask\napp: shop\n')).toEqual({kind: 'python', answers: {app: 'shop'}});
	});

	it.each([
		['app: shop\ndatabse: mysql\n', 'a.yml:2:1 There is no option “databse”. Did you mean “database”?'],
		['database: oracle', 'a.yml:1:11 database: One of: mysql, postgresql, sqlite'],
		['sshPort: "22"', 'a.yml:1:10 sshPort: Needs a number'],
		['app: 12', 'a.yml:1:6 app: Needs text: put it in quotes'],
		['aliases:\n  - www.example.com\n  - not_a_name\n', 'a.yml:2:3 aliases: “not_a_name”: A domain'],
		['databasePassword: hunter2', 'a.yml:1:1 “databasePassword” is a secret and never stands in a file'],
		['recipe: flasc', 'a.yml:1:9 There is no kind of app “flasc”. There are: python.'],
		['kind: pyhton', 'a.yml:1:7 There is no kind of app “pyhton”. Did you mean “python”?'],
		['app: one\napp: two', 'a.yml:2:1 Map keys must be unique'],
		['app: "open', 'a.yml:1:11 Missing closing'],
		['- a\n- b', 'a.yml:1:1 Needs lines of “option: value”'],
	])('%j is told with its place', (text, fault) => {
		expect(faults(text)).toHaveLength(1);
		expect(faults(text)[0]).toContain(fault);
	});

	it('names every fault at once', () => {
		expect(faults('app: A\nsshPort: 0\nnope: 1\n')).toHaveLength(3);
	});

	it('refuses what only an attack needs: references, towers, great size', () => {
		expect(faults('app: &a shop\naliases: [*a, *a]\n').join()).toContain('References (*name) are not taken');
		const bomb = [
			'a: &a [x]',
			...[...'bcdefgh'].map((name, index) => `${name}: &${name} [*${'abcdefgh'[index]}, *${'abcdefgh'[index]}]`),
		];
		expect(faults(bomb.join('\n')).length).toBeGreaterThan(0);
		expect(faults(`app: ${'['.repeat(30_000)}`).length).toBeGreaterThan(0);
		expect(faults(`# ${'x'.repeat(70_000)}`)).toEqual(['a.yml:1:1 It is larger than 64 KB']);
	});
});

describe('writing', () => {
	const text = writeAnswersFile(catalogue, kind, 'a.schema.json');

	it('gives a file that reads back, with every option but secrets, and defaults as comments', () => {
		expect(read(text)).toEqual({kind: 'python', answers: {}});
		expect(text).toContain('# yaml-language-server: $schema=./a.schema.json');
		expect(text).toContain('# app: "blog"');
		expect(text).toContain('# One of: mysql, postgresql, sqlite\n# database: "mysql"');
		expect(text).toContain('# Only where database is sqlite\n# token: abc');
		expect(text).not.toContain('databasePassword');
	});

	it('gives a JSON Schema of the same options', () => {
		const schema = answersSchema(catalogue, kind);
		const properties = schema.properties as Record<string, unknown>;
		expect(Object.keys(properties)).toEqual([
			'kind',
			'host',
			'app',
			'aliases',
			'database',
			'sshPort',
			'upgrade',
			'token',
		]);
		expect(properties.sshPort).toMatchObject({
			type: 'integer',
			minimum: 1,
			maximum: 65_535,
			default: 22,
			title: 'SSH port',
		});
		expect(properties.token).toEqual({type: 'string', examples: ['abc']});
		expect(schema.additionalProperties).toBe(false);
		expect(parseDocument(text).errors).toEqual([]);
	});
});
