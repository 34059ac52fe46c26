import {createHash} from 'node:crypto';
import {plainText, Secret} from './secret.ts';
import type {FileFact, FileOptions, Text} from './step.ts';

/** Whether a file is what `hand.file` with the same arguments would write. */
export function fileIs(fact: FileFact | null, content: Text, options: FileOptions = {}): boolean {
	const mode = options.mode ?? (content instanceof Secret ? '0600' : '0644');
	return (
		fact !== null &&
		fact.digest === digest(content) &&
		fact.mode === mode &&
		fact.owner === (options.owner ?? 'root:root')
	);
}

/** SHA-256 in hex, as `FileFact` has it. */
export function digest(content: Text): string {
	return createHash('sha256').update(plainText(content)).digest('hex');
}
