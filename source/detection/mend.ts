import type {FileMend} from '../contract/ui/found-app.ts';

/** A file's text with a change in it; undefined where the change does not fit the text that is there now. Line ends stay as they are. Pure. */
export function mendedText(text: string | undefined, mend: FileMend): string | undefined {
	if (mend.type === 'write-file') return mend.content;
	if (text === undefined) return undefined;
	const lines = text.split('\n');
	const index = mend.line - 1;
	const before = lines[index];
	if (before === undefined) return undefined;
	if (mend.type === 'remove-line') return lines.toSpliced(index, 1).join('\n');
	const end = before.endsWith('\r') ? '\r' : '';
	return lines.with(index, `${mend.to}${end}`).join('\n');
}
