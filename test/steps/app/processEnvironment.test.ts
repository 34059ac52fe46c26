import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {plainText, Secret} from '../../../source/contract/secret.ts';
import {processLine} from '../../../steps/app/processEnvironment.ts';
import {dotenvRefuses} from '../../../steps/reading/dotenv.ts';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'boxwizard-environment-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** What a program that the box's shell starts with this file finds under NAMES. */
function readByShell(lines: readonly string[]): Record<string, string> {
	const file = join(folder, 'environment');
	writeFileSync(file, lines.map(line => `${line}\n`).join(''));
	const output = execFileSync('/bin/sh', ['-c', `set -a; . ${file}; set +a; exec env -0`], {env: {}, encoding: 'utf8'});
	return Object.fromEntries(
		output.split('\0').map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
	);
}

const awkward = fc.stringMatching(/^[\\"'`$!#%{}()&;|<>~*?[\] \t\n\r\x01\x1b\x7f\u0081\u0085é€😀ab=]{0,12}$/u);

test('a POSIX shell reads any value byte for byte', () => {
	const value = fc.oneof(awkward, fc.string({unit: 'binary'})).filter(text => dotenvRefuses(text) === undefined);
	fc.assert(
		fc.property(fc.array(value, {maxLength: 40}), values => {
			const found = readByShell(values.map((text, index) => plainText(processLine(`V_${index}`, text))));
			expect(values.map((_, index) => found[`V_${index}`])).toEqual(values);
		}),
	);
});

test('only the value of a secret is hidden, and escaped all the same', () => {
	const line = processLine('KEY', new Secret('a"$b'));
	expect(String(line)).toBe('KEY="••••••"');
	expect(plainText(line)).toBe('KEY="a\\"\\$b"');
});
