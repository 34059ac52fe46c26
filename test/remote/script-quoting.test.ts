import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterAll, describe, expect, test} from 'vitest';
import {buildCommand, quote} from '../../source/contract/command.ts';
import {mask, Secret, secretly} from '../../source/contract/secret.ts';
import type {Argument} from '../../source/contract/step.ts';
import {record} from '../../source/remote/recorder.ts';
import {body, script, verbs} from '../../source/remote/script.ts';

const folder = mkdtempSync(join(tmpdir(), 'boxwizard-script-'));
afterAll(() => rmSync(folder, {recursive: true}));

const run = (shell: string, input: string) => execFileSync(shell, {input, maxBuffer: 64 * 1024 * 1024}).toString();
const command = (pieces: TemplateStringsArray, ...values: readonly Argument[]) => buildCommand(pieces, values);

const odd = [
	...'\'"\\$`!*?[]{}()<>|&;#~^=%-\n\r\t é漢😀',
	'$(id)',
	'$' + '{HOME}',
	'\\n',
	"'\\''",
	'\u001b[31m',
	'\u0001',
];
/** What shells stumble over, more often than chance would have it; and anything at all but NUL. */
const word = fc
	.array(fc.oneof(fc.constantFrom(...odd), fc.string({unit: 'binary', maxLength: 3})), {maxLength: 8})
	.map(parts => parts.join('').replaceAll('\0', '').toWellFormed());
const endings = ['END', 'END_', 'END__', 'END\r', ' END', 'END ', '', '\r', '  ', '\\'];
const text = fc.array(fc.oneof(word, fc.constantFrom(...endings)), {maxLength: 6}).map(lines => lines.join('\n'));

describe('buildCommand', () => {
	test.each(['bash', 'dash'])('ten thousand arguments arrive in %s as they are', shell => {
		const batch = fc.array(word, {minLength: 2500, maxLength: 2500});
		fc.assert(
			fc.property(batch, words => {
				const commands = words.map((value, index) =>
					index % 2 === 0 ? command`printf ${'%s\\0'} ${value}` : command`printf ${'%s\\0'} ${[value, value]}`,
				);
				const expected = words.map((value, index) => `${value}\0`.repeat((index % 2) + 1));
				expect(run(shell, commands.join('\n'))).toBe(expected.join(''));
			}),
			{numRuns: 4, endOnFailure: true},
		);
	});

	test('no argument, an empty one, and a number', () => {
		expect(command`a ${[]} ${''} ${42} b`).toBe("a  '' 42 b");
	});

	test.each([
		['a Secret', new Secret('hunter2')],
		['a Secret in an array', ['user', new Secret('hunter2')]],
		['a text with a Secret', secretly`x${new Secret('hunter2')}`],
	])('refuses %s', (_, value) => {
		expect(() => command`useradd ${value as never}`).toThrow('A secret cannot be an argument');
	});

	test('refuses NUL', () => {
		expect(() => command`echo ${'a\0b'}`).toThrow('NUL');
		expect(() => quote('\0')).toThrow('NUL');
	});
});

describe('a recorded text', () => {
	test('files arrive byte for byte: odd line ends, blanks, no newline at the end, ends of here-documents', () => {
		fc.assert(
			fc.property(fc.array(text, {minLength: 25, maxLength: 25}), texts => {
				const paths = texts.map((_, index) => join(folder, `it's ${index}`));
				const operations = record($ => {
					for (const [index, content] of texts.entries()) $.file(paths[index] ?? '', content);
				});
				run(
					'bash',
					`set -euo pipefail\nstep_state=${folder}/state\n${verbs()}\nsync() { :; }\n${body(operations).join('\n')}`,
				);
				expect(paths.map(path => readFileSync(path, 'utf8'))).toEqual(texts);
			}),
			{numRuns: 8, endOnFailure: true},
		);
	});

	test('input arrives byte for byte, with a newline at its end where it had none', () => {
		fc.assert(
			fc.property(fc.array(text, {minLength: 100, maxLength: 100}), texts => {
				const operations = record($ => {
					for (const [index, input] of texts.entries())
						$.input(input)`${index % 2 ? ['cat'] : ['cat', '-']}; printf ${'\\0'}`;
				});
				const expected = texts.map(input => (input === '' || input.endsWith('\n') ? input : `${input}\n`));
				expect(run('bash', body(operations).join('\n'))).toBe(expected.map(input => `${input}\0`).join(''));
			}),
			{numRuns: 4, endOnFailure: true},
		);
	});

	test('refuses what would arrive as something else', () => {
		expect(() => record($ => $.file('/a', 'a\0b'))).toThrow('NUL');
		expect(() => record($ => $.file('/a', new Secret('a\0b')))).toThrow('NUL');
		expect(() => record($ => $.input('a\0b')`cat`)).toThrow('NUL');
		expect(() => record($ => $.line('/a', 'one\ntwo'))).toThrow('A line is one line');
	});
});

describe('script', () => {
	const secret = new Secret('hunter2-hunter2');

	test('holds no secret, names the files that do, and says each command before it runs', () => {
		const {text: lines, secrets} = script(
			'a/b',
			record($ => {
				$.input(secretly`jessica:${secret}`)`chpasswd`;
				$.file('/etc/app.env', secretly`KEY=${secret}\n`);
				$`echo ${'it is'}\n\techo more`;
			}),
			'/run/boxwizard/job',
		);
		expect(lines).not.toContain('hunter2');
		expect(lines).toContain(`printf '%s\\n' '$ chpasswd'\nchpasswd < /run/boxwizard/job/1`);
		expect(lines).toContain(`put_file 0600 root:root /etc/app.env < /run/boxwizard/job/2`);
		expect(lines).toContain(`printf '%s\\n' '$ echo '\\''it is'\\'''`);
		expect(Object.values(secrets).map(value => value.reveal())).toEqual([
			'jessica:hunter2-hunter2',
			'KEY=hunter2-hunter2\n',
		]);
	});

	test('what is shown masks it', () => {
		expect(body(record($ => $.file('/etc/app.env', secretly`KEY=${secret}\n`)))).toEqual([
			`put_file 0600 root:root /etc/app.env <<'END'\nKEY=${mask}\nEND`,
		]);
	});
});
