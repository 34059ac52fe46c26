import {cpSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Scheduler} from '../../reminders/schedule/index.ts';
import {ownFolder} from '../../renewals/memory.ts';

/** Where a copy of the program lies, when the program itself does not stay. */
const copyFolder = (): string => join(ownFolder(), 'program');

/** What a scheduler runs: this very Node with this very program, whatever PATH it knows. */
export function scheduledWords({name}: Pick<Scheduler, 'name'>): string[] {
	const home = process.env.BOXWIZARD_HOME;
	return [
		process.execPath,
		programPath(),
		'reminders',
		'check',
		'--from',
		name.replace(' ', '-').toLowerCase(),
		...(home ? ['--home', ownFolder()] : []),
	];
}

/** npx keeps what it runs in a cache that may be emptied any day: there, the program is copied. */
function programPath(): string {
	const own = realpathSync(process.argv[1] ?? '');
	if (!/[\\/]_npx[\\/]/.test(own)) return own;
	const copy = copyFolder();
	rmSync(copy, {recursive: true, force: true});
	cpSync(dirname(own), copy, {recursive: true});
	writeFileSync(join(copy, 'package.json'), '{"type": "module"}\n');
	return join(copy, 'boxwizard.js');
}

export function forgetProgram(): void {
	rmSync(copyFolder(), {recursive: true, force: true});
}
