import {useState} from 'react';
import type {Field, FieldValue} from '../../source/contract/ui/field.ts';
import {useKeys, usePasted} from '../parts/key-focus.ts';
import {textOf, valueFrom} from './draft.ts';
import {edited, editOf, insert, pastedLine} from './edit.ts';
import {TextLine} from './text-line.tsx';

export type FieldProps = {
	readonly field: Field;
	readonly focused: boolean;
	readonly width: number;
	readonly onChange: (value: FieldValue) => void;
	/** To the field before or after it. */
	readonly onMove: (by: 1 | -1) => void;
	/** Enter: the field is done. */
	readonly onDone: () => void;
};

/** A field of one line: text, number, list or secret. */
export function TextField({field, focused, width, onChange, onMove, onDone}: FieldProps) {
	const [edit, setEdit] = useState(() => editOf(textOf(field.value, field.kind)));
	const change = (next: typeof edit) => {
		setEdit(next);
		if (next.text !== edit.text) onChange(valueFrom(next.text, field.kind));
	};
	useKeys((input, key) => {
		if (key.return) return onDone();
		if (key.upArrow || (key.tab && key.shift)) return onMove(-1);
		if (key.downArrow || key.tab) return onMove(1);
		const next = edited(edit, input, key);
		if (next) change(next);
	}, focused);
	usePasted(text => change(insert(edit, pastedLine(text))), focused);
	return (
		<TextLine
			edit={edit}
			focused={focused}
			width={width}
			placeholder={placeholderOf(field)}
			secret={field.kind === 'secret'}
		/>
	);
}

function placeholderOf(field: Field): string {
	if (field.generated) return 'generated when left empty';
	return field.placeholder ?? (field.optional ? 'none' : '');
}
