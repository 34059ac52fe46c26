import {existsSync, lstatSync, readFileSync, realpathSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve, sep} from 'node:path';
import {createTwoFilesPatch} from 'diff';
import {Trouble} from '../../contract/trouble.ts';
import type {FileEdit} from '../../contract/ui/found-app.ts';
import {decode} from '../../detection/decode.ts';
import {editedText} from '../../detection/edit.ts';

/** Bytes; a file that a person changes by hand is smaller. */
const largest = 1_000_000;

/** What a change would do to a file of the person's, as a unified diff. @param folder the app's, absolute. @throws Trouble where it does not fit */
export function previewEdit(folder: string, edit: FileEdit): string {
	const {before, after} = textsOf(folder, edit);
	return createTwoFilesPatch(edit.path, edit.path, before ?? '', after, undefined, undefined, {context: 2});
}

/** Writes the change into the person's folder, and nothing else: no git runs. @throws Trouble where it does not fit, or can't be written */
export function writeEdit(folder: string, edit: FileEdit): void {
	const {path, after} = textsOf(folder, edit);
	try {
		writeFileSync(path, after);
	} catch (error) {
		throw unfit(edit.path, error instanceof Error ? error.message : String(error));
	}
}

/** The file as it is, and as it is to be. No link leads out of the folder, or to another file in it. */
function textsOf(folder: string, edit: FileEdit) {
	const path = resolve(folder, edit.path);
	const above = dirname(path);
	const isInside = existsSync(above) && `${realpathSync(above)}${sep}`.startsWith(`${realpathSync(folder)}${sep}`);
	const about = lstatSync(join(path), {throwIfNoEntry: false});
	if (!isInside || (about && !about.isFile())) throw unfit(edit.path, 'It is no file of this folder.');
	if (about && statSync(path).size > largest) throw unfit(edit.path, 'It is larger than 1 MB.');
	const bytes = about && readFileSync(path);
	// PowerShell writes UTF-16: it is shown as text, and written in UTF-8.
	const encoding = (bytes && decode(bytes)?.encoding) ?? 'utf-8';
	const before = bytes && new TextDecoder(encoding, {ignoreBOM: encoding === 'utf-8'}).decode(bytes);
	const after = editedText(before, edit);
	if (after === undefined) throw unfit(edit.path, 'It has changed since it was read.');
	return {path, before, after};
}

function unfit(path: string, evidence: string): Trouble {
	return new Trouble({
		what: `${path} can’t be changed from here.`,
		means: 'Nothing was written.',
		next: 'Change it by hand, as it is shown, then read the app again.',
		evidence: [evidence],
		code: 'edit-unfit',
	});
}
