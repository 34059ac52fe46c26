import {$} from 'zx/core';
import {Secret} from './secret.ts';
import type {Argument} from './step.ts';

/** Quotes one word for any POSIX shell (XCU 2.2.2): zx's own `$'…'` is a syntax error in dash. */
export function quote(word: string): string {
	if (word.includes('\0')) throw new TypeError('A command cannot hold a NUL character');
	return /^[\w%+,./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The command that a zx template builds, quoted, and not run: zx hands it to `spawnSync`, which here only keeps it.
 * @throws TypeError for a Secret (arguments are seen by `ps`), and for a NUL
 */
export function buildCommand(pieces: TemplateStringsArray, values: readonly Argument[]): string {
	if (values.flat().some(value => (value as unknown) instanceof Secret))
		throw new TypeError('A secret cannot be an argument: `ps` shows it. Give it on stdin or in a file.');
	let command = '';
	const keep = (built: string) => {
		command = built;
		return {pid: 0, output: [], stdout: '', stderr: '', status: 0, signal: null};
	};
	const shell = $({sync: true, shell: 'bash', prefix: '', postfix: '', quote, spawnSync: keep as never});
	shell(pieces, ...values);
	return command.trim();
}
