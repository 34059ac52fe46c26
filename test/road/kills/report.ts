import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** Where the long runs write what they found. */
export const report = join(import.meta.dirname, '../../../bench/KILLS.md');

/** Writes one chapter of the report anew, or behind the others where it is not there yet. @param title its first line, '# …' */
export function replaceChapter(title: string, text: string): void {
	const chapters = readFileSync(report, 'utf8')
		.split(/^(?=# )/m)
		.map(chapter => `${chapter.trimEnd()}\n`);
	const place = chapters.findIndex(chapter => chapter.startsWith(`${title}\n`));
	chapters.splice(place < 0 ? chapters.length : place, 1, `${text.trimEnd()}\n`);
	writeFileSync(report, chapters.join('\n'));
}
