import type {Key} from 'ink';

/** A text under the cursor. The cursor is an offset in UTF-16 units, always between two characters as a person sees them. */
export type Edit = {readonly text: string; readonly cursor: number};

export const editOf = (text: string): Edit => ({text, cursor: text.length});

const segmenter = new Intl.Segmenter();

const before = ({text, cursor}: Edit): number => [...segmenter.segment(text.slice(0, cursor))].at(-1)?.index ?? 0;

const after = ({text, cursor}: Edit): number => {
	const next = segmenter.segment(text.slice(cursor))[Symbol.iterator]().next();
	return next.done ? cursor : cursor + next.value.segment.length;
};

const cut = (edit: Edit, from: number, to: number): Edit => ({
	text: edit.text.slice(0, from) + edit.text.slice(to),
	cursor: from,
});

/** Puts text at the cursor. */
export function insert({text, cursor}: Edit, added: string): Edit {
	return {text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length};
}

/** What was pasted, as a field of one line takes it: without the line's end, and without the blanks around it. */
export function pastedLine(text: string): string {
	return text.replace(/[\r\n]+/g, ' ').trim();
}

/** What was pasted, as a field of many lines takes it. */
export function pastedLines(text: string): string {
	return text.replace(/\r\n?/g, '\n').replace(/\n+$/, '');
}

/** The start and the end of the line the cursor is in. */
function lineAround({text, cursor}: Edit): {start: number; end: number} {
	const end = text.indexOf('\n', cursor);
	const start = cursor === 0 ? 0 : text.lastIndexOf('\n', cursor - 1) + 1;
	return {start, end: end === -1 ? text.length : end};
}

/** The cursor one line up or down, in the same column; undefined where there is no such line. */
export function moveLine(edit: Edit, by: 1 | -1): Edit | undefined {
	const here = lineAround(edit);
	const column = edit.cursor - here.start;
	const target = by === -1 ? here.start - 1 : here.end + 1;
	if (target < 0 || target > edit.text.length) return undefined;
	const there = lineAround({text: edit.text, cursor: target});
	return {text: edit.text, cursor: Math.min(there.start + column, there.end)};
}

const wordStart = ({text, cursor}: Edit): number => text.slice(0, cursor).search(/\S+\s*$/);

const controls: Readonly<Record<string, (edit: Edit) => Edit>> = {
	a: edit => ({text: edit.text, cursor: lineAround(edit).start}),
	e: edit => ({text: edit.text, cursor: lineAround(edit).end}),
	b: edit => ({text: edit.text, cursor: before(edit)}),
	f: edit => ({text: edit.text, cursor: after(edit)}),
	u: edit => cut(edit, lineAround(edit).start, edit.cursor),
	k: edit => cut(edit, edit.cursor, lineAround(edit).end),
	w: edit => cut(edit, Math.max(0, wordStart(edit)), edit.cursor),
};

/** What a key makes of the text, with the keys of readline(3); undefined when the key is not one of a text's. */
export function edited(edit: Edit, input: string, key: Key): Edit | undefined {
	if (key.leftArrow) return controls.b?.(edit);
	if (key.rightArrow) return controls.f?.(edit);
	if (key.home) return controls.a?.(edit);
	if (key.end) return controls.e?.(edit);
	if (key.backspace) return cut(edit, before(edit), edit.cursor);
	if (key.delete) return cut(edit, edit.cursor, after(edit));
	if (key.ctrl) return controls[input]?.(edit);
	if (key.meta || input === '' || /[\u0000-\u001f\u007f]/.test(input)) return undefined;
	return insert(edit, input);
}
