import type {FileEdit} from '../contract/ui/found-app.ts';

/** A file's text with a change in it; undefined where the change does not fit the text that is there now. Line ends stay as they are. Pure. */
export function editedText(text: string | undefined, edit: FileEdit): string | undefined {
	if (edit.type === 'write-file') return edit.content;
	if (text === undefined) return undefined;
	const lines = text.split('\n');
	const index = edit.line - 1;
	const before = lines[index];
	if (before === undefined) return undefined;
	if (edit.type === 'remove-line') return lines.toSpliced(index, 1).join('\n');
	const end = before.endsWith('\r') ? '\r' : '';
	return lines.with(index, `${edit.to.replaceAll('\n', `${end}\n`)}${end}`).join('\n');
}
