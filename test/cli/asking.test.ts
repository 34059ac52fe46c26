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
