import {spawnSync} from 'node:child_process';
import {closeSync, mkdtempSync, openSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, expect, test} from 'vitest';
import {closeTerminals, openTerminal} from '../fixtures/terminal.ts';

afterEach(closeTerminals);

test('a question stands on the terminal while it waits for its answer', async () => {
	const {see, type, lines, exited} = openTerminal(fileURLToPath(new URL('asking-program.ts', import.meta.url)), []);
	await see('Write it? (yes/no)');
	type('yes\r');
	await see(/^Write it\? \(yes\/no\) yes *$/m);
	await see('heard true');
	await see('Forget it? Type “blog” to do it:');
	type('shop\r');
	await see('heard false');
	await see('Password:');
	type('s3same\r');
	await see('heard 6 letters');
	expect(lines().join('\n')).not.toContain('s3same');
	expect(await exited).toBe(0);
});

test('what is run in an app gets each key, also where the screens had the terminal before', async () => {
	const {see, type, exited} = openTerminal(fileURLToPath(new URL('passing-program.ts', import.meta.url)), []);
	await see('ready');
	type('a');
	await see('<a>');
	type('q');
	expect(await exited).toBe(3);
});

test('and what stands in a file or comes through a pipe', () => {
	const program = fileURLToPath(new URL('passing-program.ts', import.meta.url));
	const folder = mkdtempSync(join(tmpdir(), 'boxwizard-passing-'));
	writeFileSync(join(folder, 'input'), 'from a file, q');
	const file = openSync(join(folder, 'input'), 'r');
	for (const given of [{stdio: [file, 'pipe', 'inherit'] as [number, 'pipe', 'inherit']}, {input: 'from a file, q'}]) {
		const {status, stdout} = spawnSync(process.execPath, [program], {...given, encoding: 'utf8'});
		expect({status, stdout}).toEqual({status: 3, stdout: 'ready <from a file, q>'});
	}

	closeSync(file);
	rmSync(folder, {recursive: true});
});
