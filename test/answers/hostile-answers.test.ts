import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, describe, expect, it} from 'vitest';
import {readAnswersFile} from '../../source/answers/answers-file.ts';
import {fromFlags} from '../../source/cli/given/from-flags.ts';
import {stepsFor} from '../../source/cli/given/kinds.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {catalogue} from '../../steps/index.ts';
import {fuzz, patience, seed} from '../fixtures/fuzz.ts';
import {attack} from '../transport/hostile-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxwizard-answers-'));
afterAll(() => rmSync(folder, {recursive: true}));

function faults(text: string): readonly string[] {
	try {
		readAnswersFile(text, 'a.yml', catalogue);
		return [];
	} catch (error) {
		if (error instanceof Trouble) return error.evidence;
		throw error;
	}
}

const placed = /^a\.yml:\d+:\d+ \S/;
const names = [
	...new Set(
		catalogue.kinds.flatMap(kind => stepsFor(catalogue, kind).flatMap(step => Object.keys(step.options.shape))),
	),
];

describe('an answer that a command would read as an option of its own', () => {
	it.each([
		['email', '-x@example.com'],
		['email', '--config@example.com'],
		['flaskApp', '--reload'],
		['branch', '--upload-pack'],
		['repository', '-u@git.example.com:shop.git'],
		['repository', 'ssh://-oProxyCommand=x/shop.git'],
		['repository', 'git@-oProxyCommand.x:shop.git'],
		['domain', '-a.example.com'],
		['app', '-shop'],
		['user', '-jessica'],
		['queue', '-q'],
	])('is refused: %s %s', (name, value) => {
		expect(faults(`${name}: ${JSON.stringify(value)}`)).toHaveLength(1);
	});

	it('a hyphen elsewhere is none', () => {
		const text =
			'email: jess-ica@ex-ample.com\nrepository: git@git-host.example.com:jess-ica/my-shop.git\nflaskApp: my-app.py';
		expect(faults(text)).toEqual([]);
	});
});

describe('an answers file of anybody', () => {
	it(
		'is taken, or refused with line and column for each fault',
		() => {
			const name = fc.oneof(
				fc.constantFrom(...names, 'kind', '__proto__', 'constructor', 'toString', '<<', '? x'),
				fc.string(),
			);
			const scalar = fc.oneof(
				fc.string({unit: 'binary', maxLength: 20}).map(text => JSON.stringify(text)),
				fc.constantFrom(
					'~',
					'yes',
					'1e999',
					'0x1F',
					'!!binary aGk=',
					'!!js/function x',
					'|\n  two\n  lines',
					'&a x',
					'*a',
					'2026-01-01',
				),
				fc.string({maxLength: 20}),
			);
			const value = fc.oneof(
				scalar,
				fc.array(scalar, {maxLength: 3}).map(items => `[${items.join(', ')}]`),
				fc.tuple(name, scalar).map(([key, item]) => `{${key}: ${item}}`),
				scalar.map(item => `\n  - ${item}`),
				fc.tuple(name, scalar).map(([key, item]) => `\n  ${key}: ${item}`),
			);
			const file = fc
				.array(
					fc.tuple(name, value).map(([key, item]) => `${key}: ${item}`),
					{maxLength: 5},
				)
				.map(lines => lines.join('\n'));
			fc.assert(
				fc.property(fc.oneof(file, fc.string({unit: 'binary', maxLength: 60})), text => {
					for (const fault of faults(text)) expect(fault).toMatch(placed);
					expect({}).not.toHaveProperty('polluted');
				}),
				{numRuns: 1500 * fuzz, ...seed},
			);
		},
		patience,
	);

	it.each([
		[
			'a bomb of aliases',
			[
				'a: &a [x, x]',
				...[...'bcdefghij'].map((key, at) => `${key}: &${key} [${`*${'abcdefghi'[at]}, `.repeat(9)}]`),
			].join('\n'),
		],
		['a merge key', 'x: &x {app: blog}\n<<: *x'],
		['two documents', 'app: one\n---\napp: two'],
		['a list where a text belongs', 'domain: [a.example.com]'],
		['a map where a list belongs', 'aliases: {a: b}'],
		['a number where a text belongs', 'user: 12'],
		['a name of JavaScript’s own', '__proto__: {polluted: true}'],
		['another one', 'constructor: {prototype: {polluted: true}}'],
		['a tag that makes something', 'domain: !!js/function "x"'],
		['bytes', 'domain: !!binary aGk='],
		['a NUL', 'domain: "a\\0b.example.com"'],
		['great size', `domain: ${'x'.repeat(70_000)}`],
		['a tower', '['.repeat(30_000)],
		['a tower of maps', '{a: '.repeat(10_000)],
		[
			'what drives a terminal',
			`"${attack.replaceAll(/[\u0000-\u001f"\\]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}": 1`,
		],
	])('%s is told with its place', (_, text) => {
		const found = faults(text);
		expect(found.length).toBeGreaterThan(0);
		for (const fault of found) expect(fault).toMatch(placed);
		expect({}).not.toHaveProperty('polluted');
	});

	it('is not read to its end where it has none', async () => {
		await expect(fromFlags({answers: '/dev/zero'})).rejects.toMatchObject({
			code: 'answers-file',
			evidence: [expect.stringContaining('/dev/zero:1:1 It is larger than 64 KB')],
		});
		const huge = join(folder, 'huge.yml');
		writeFileSync(huge, `# ${'x'.repeat(5_000_000)}\n`);
		await expect(fromFlags({answers: huge})).rejects.toMatchObject({code: 'answers-file'});
	});
});
