import {execFileSync, spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {plainText, Secret} from '../../../source/contract/secret.ts';
import {dotenvLine, dotenvRefuses, parseDotenv} from '../../../steps/reading/dotenv.ts';

/** Texts, and what python-dotenv 1.2.2 read of them (dotenv_values). */
type Case = {
	readonly name: string;
	readonly text: string;
	readonly variables: Readonly<Record<string, string>>;
	readonly wrong: readonly number[];
};

const cases: readonly Case[] = JSON.parse(readFileSync(new URL('../../fixtures/dotenv.json', import.meta.url), 'utf8'));

const read = (text: string) =>
	Object.fromEntries(parseDotenv(text).variables.map(({name, value}) => [name, value] as const));

test.each(cases)('$name', ({text, variables, wrong}) => {
	expect(read(text)).toEqual(variables);
	expect(parseDotenv(text).wrong).toEqual(wrong);
});

test('any value comes back byte for byte', () => {
	const value = fc.string({unit: 'binary'}).filter(text => dotenvRefuses(text) === undefined);
	fc.assert(
		fc.property(fc.array(value), values => {
			const lines = values.map((text, index) => plainText(dotenvLine(`V_${index}`, text)));
			expect(Object.values(read(`${lines.join('\n')}\n`))).toEqual(values);
		}),
	);
});

test('only the value of a secret is hidden, and escaped all the same', () => {
	const line = dotenvLine('KEY', new Secret("it's"));
	expect(String(line)).toBe("KEY='••••••'");
	expect(plainText(line)).toBe("KEY='it\\'s'");
});

test.each(['1A=b', 'no equals', 'A="open', "A='x' y", 'A-B=1', '=x'])('%s is none', line => {
	expect(parseDotenv(`${line}\nB=2`)).toEqual({variables: [{name: 'B', value: '2'}], wrong: [1]});
});

test('what a line above does not set stays, and is refused', () => {
	const [variable] = parseDotenv('A=${B}\nB=1').variables;
	expect(variable?.value).toBe('${B}');
	expect(dotenvRefuses(variable?.value ?? '')).toContain('${NAME}');
});

test('a long run of spaces or open quotes takes no longer than the text is', () => {
	const size = 300_000;
	for (const text of [
		`A=x${' '.repeat(size)}y`,
		`A=x${' \t'.repeat(size)}`,
		`A="\n${'"\\"'.repeat(size)}`,
		'A="'.repeat(size),
	]) {
		expect(parseDotenv(text).variables.length + parseDotenv(text).wrong.length).toBeGreaterThan(0);
	}
});

const python = `import io, json, sys
from dotenv.main import DotEnv
def read(text):
    stream = io.StringIO(text.replace("\\r\\n", "\\n").replace("\\r", "\\n"))
    return DotEnv(None, stream=stream, interpolate=True, override=False).dict()
json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
`;

describe.skipIf(spawnSync('python3', ['-c', 'import dotenv']).status !== 0)('python-dotenv itself', () => {
	/** What it reads of each text, in an environment that has nothing; names without a value left out. */
	function readByPython(texts: readonly string[]): Record<string, string>[] {
		const output = execFileSync('python3', ['-c', python], {
			input: JSON.stringify(texts),
			encoding: 'utf8',
			env: {PATH: process.env.PATH, HOME: process.env.HOME},
			stdio: ['pipe', 'pipe', 'ignore'],
			maxBuffer: 1e8,
		});
		return JSON.parse(output);
	}

	test('reads the cases as they say', () => {
		expect(readByPython(cases.map(({text}) => text.replace(/^\ufeff/, '')))).toEqual(
			cases.map(({variables}) => variables),
		);
	});

	test('reads what is written byte for byte', () => {
		const value = fc
			.oneof(fc.string({unit: 'binary'}), fc.stringMatching(/^[\\"'`$#{} \t\nab=]{0,12}$/))
			.filter(text => dotenvRefuses(text) === undefined);
		const files = fc.sample(fc.array(value), 3000);
		const texts = files.map(values =>
			values.map((text, index) => `${plainText(dotenvLine(`V_${index}`, text))}\n`).join(''),
		);
		expect(readByPython(texts).map(found => Object.values(found))).toEqual(files);
	});

	test('reads what people write as it is read here', () => {
		const piece = fc.constantFrom(
			...[
				'A',
				'B',
				'C',
				'export ',
				'=',
				'=',
				'=',
				"'",
				"'",
				'"',
				'"',
				'\\',
				'#',
				' ',
				'\t',
				'\n',
				'\n',
				'\r\n',
				'$',
				'${A}',
				'${A:-b}',
				'x',
				'\\n',
				'\x1c',
				'\xa0',
				'é',
			],
		);
		// No property: to make a counterexample small would start Python a thousand times.
		const texts = fc.sample(fc.array(piece, {maxLength: 30}), 10_000).map(pieces => pieces.join(''));
		const found = readByPython(texts);
		for (const [index, text] of texts.entries()) {
			const here = read(text);
			// What is set nowhere is empty there, and refused here, as is a name without a value; names of other letters no shell knows.
			const there = Object.entries(found[index] ?? {}).filter(([name]) => /^[A-Za-z_]\w*$/.test(name));
			const isRefused =
				Object.values(here).some(value => value.includes('${')) ||
				there.some(([, value]) => value === null) ||
				(text.includes('${') && parseDotenv(text).wrong.length > 0);
			if (isRefused) continue;
			expect({text, variables: here}).toEqual({text, variables: Object.fromEntries(there)});
		}
	});
});
