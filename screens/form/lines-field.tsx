import {Box} from 'ink';
import {useState} from 'react';
import {useKeys, usePasted} from '../parts/key-focus.ts';
import {useTheme} from '../parts/theme.ts';
import {textOf, valueFrom} from './draft.ts';
import {type Edit, edited, editOf, insert, moveLine, pastedLines} from './edit.ts';
import type {FieldProps} from './text-field.tsx';
import {TextLine} from './text-line.tsx';

/** Rows a field of many lines has on the screen. */
export const linesHeight = 5;

/** A field of many lines. Enter makes a line, Enter on an empty last line goes on. */
export function LinesField({field, focused, width, onChange, onMove, onDone}: FieldProps) {
	const [edit, setEdit] = useState(() => editOf(textOf(field.value, field.kind)));
	const change = (next: Edit) => {
		setEdit(next);
		if (next.text !== edit.text) onChange(valueFrom(next.text.trimEnd(), field.kind));
	};
	useKeys((input, key) => {
		if (key.return) return endsOnEmptyLine(edit) ? onDone() : change(insert(edit, '\n'));
		if (key.tab) return onMove(key.shift ? -1 : 1);
		if (key.upArrow || key.downArrow) {
			const by = key.upArrow ? -1 : 1;
			const next = moveLine(edit, by);
			return next ? setEdit(next) : onMove(by);
		}

		const next = edited(edit, input, key);
		if (next) change(next);
	}, focused);
	usePasted(text => change(insert(edit, pastedLines(text))), focused);
	return (
		<Lines
			edit={edit}
			focused={focused}
			width={width}
			placeholder={field.placeholder}
			secret={field.kind === 'secret'}
		/>
	);
}

const endsOnEmptyLine = ({text, cursor}: Edit): boolean =>
	cursor === text.length && (text === '' || text.endsWith('\n'));

type LinesProps = {
	readonly edit: Edit;
	readonly focused: boolean;
	readonly width: number;
	readonly placeholder?: string;
	readonly secret: boolean;
};

function Lines({edit, focused, width, placeholder, secret}: LinesProps) {
	const {marks} = useTheme();
	const lines = edit.text.split('\n').map(line => (secret ? hiddenValue(line, marks.bullet) : line));
	const row = edit.text.slice(0, edit.cursor).split('\n').length - 1;
	const column = edit.text.slice(0, edit.cursor).split('\n').at(-1)?.length ?? 0;
	const top = Math.max(0, Math.min(row - linesHeight + 1, lines.length - linesHeight));
	return (
		<Box flexDirection="column" height={linesHeight} aria-role="textbox" aria-state={{multiline: true}}>
			{lines.slice(top, top + linesHeight).map((line, index) => (
				<TextLine
					// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
					key={top + index}
					edit={top + index === row ? {text: line, cursor: column} : editOf(line)}
					focused={focused && top + index === row}
					width={width}
					placeholder={edit.text === '' ? placeholder : ''}
				/>
			))}
		</Box>
	);
}

/** NAME=value with dots for the value, one for each unit of the text, so that the cursor keeps its place. */
export const hiddenValue = (line: string, dot: string): string => {
	const start = line.indexOf('=') + 1;
	return line.slice(0, start) + dot.repeat(line.length - start);
};
