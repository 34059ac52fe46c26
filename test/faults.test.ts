import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';

/** The faults of the field, and the tests that make each of them happen: titles by file. */
type Fault = {
	readonly fault: number;
	readonly symptom: string;
	readonly tests: Readonly<Record<string, readonly string[]>>;
};

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const faults: readonly Fault[] = JSON.parse(read('faults.json'));

test('there are 29 of them', () => {
	expect(faults.map(({fault}) => fault)).toEqual(Array.from({length: 29}, (_, index) => index + 1));
});

test.each(faults)('fault $fault ($symptom) is made to happen', ({tests}) => {
	const titles = Object.entries(tests).flatMap(([file, names]) => names.map(name => [file, name] as const));
	expect(titles).not.toEqual([]);
	for (const [file, name] of titles) expect(`${file}: ${titlesIn(file).includes(name)}`).toBe(`${file}: true`);
});

/** What stands between quotes in a file of tests, or as the name of a case. */
function titlesIn(file: string): string[] {
	const text = read(`../${file}`);
	if (file.endsWith('.json')) return [...text.matchAll(/"name": "(.*)"/g)].map(([, name = '']) => name);
	return [...text.matchAll(/(?:\b(?:test|it)(?:\.each\(.*?\))?\(|\[)\s*(['"`])(.*?)\1,/g)].map(
		([, , name = '']) => name,
	);
}
