import {afterAll, beforeAll, expect, test} from 'vitest';
import {newPerson, type Person} from './visitors/person.ts';

let person: Person;

beforeAll(() => {
	person = newPerson();
});

afterAll(() => person.leave());

test('practice without a terminal takes every default to a Flask app over HTTPS, on Debian 13', async () => {
	const {code, stdout} = await person.run(['practice', 'lines', '--yes', '--release', 'trixie']);
	expect(stdout).toContain('https://lines.practice.test');
	expect(code).toBe(0);
	// It is gone afterwards, since nobody asked to keep it.
	expect((await person.run(['practice', 'list'])).stdout).not.toContain('lines');
});
