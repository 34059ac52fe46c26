import {$} from 'zx/core';
import {Secret} from './secret.ts';
import type {Argument} from './step.ts';

/** Quotes one word for any POSIX shell (XCU 2.2.2): zx's own `$'…'` is a syntax error in dash. */
export function quote(word: string): string {
	if (word.includes('\0')) throw new TypeError('A command cannot hold a NUL character');
	return /^[\w%+,./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Halted: zx builds a command, and never starts a shell. */
const shell = $({halt: true, shell: 'bash', prefix: '', postfix: '', quote});

/**
 * The command that a zx template builds, quoted, and not run.
 * @throws TypeError for a Secret (arguments are seen by `ps`), and for a NUL
 */
export function buildCommand(pieces: TemplateStringsArray, values: readonly Argument[]): string {
	if (values.flat().some(value => (value as unknown) instanceof Secret))
		throw new TypeError('A secret cannot be an argument: `ps` shows it. Give it on stdin or in a file.');
	return shell(pieces, ...values).cmd.trim();
}
