import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useState} from 'react';
import stringWidth from 'string-width';
import type {Field, FieldValue} from '../../source/contract/ui/field.ts';
import {useKeys, useTyping} from '../parts/key-focus.ts';
import type {Room} from '../parts/page.tsx';
import {wrapWords} from '../parts/paragraph.tsx';
import {Accent, Bad, Quiet} from '../parts/text.tsx';
import {type Marks, useTheme} from '../parts/theme.ts';
import {ChoiceField} from './choice-field.tsx';
import {isEmpty, isLines, isTyped, problemOf} from './draft.ts';
import {fitting, focusOf, handIn, isTold, move, shownOf, startOf} from './form-state.ts';
import {KeysField} from './keys-field.tsx';
import {LinesField, linesHeight} from './lines-field.tsx';
import {TextField} from './text-field.tsx';

type Props = {
	readonly fields: readonly Field[];
	readonly room: Room;
	readonly onChange: (name: string, value: FieldValue) => void;
	/** All fields are well. */
	readonly onSubmit: () => void;
	/** Faults found elsewhere (by the engine), by option name: told until the field is changed. */
	readonly faults?: Readonly<Record<string, string>>;
};

/** A form: labels in a column, a line below each field for what it is or what is wrong with it. */
export function Form({fields, room, onChange, onSubmit, faults = {}}: Props) {
	const {marks} = useTheme();
	const [state, setState] = useState(() => startOf(fields, faults));
	const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
	const shown = shownOf(fields, state);
	const focus = focusOf(shown, state);
	const here = shown[focus];
	useTyping(here !== undefined && isTyped(here));
	const faultOf = (field: Field) => (changed.has(field.name) ? undefined : faults[field.name]);
	const submit = () => {
		const wrong = handIn(fields, state, field => field.value);
		if (wrong) setState(wrong);
		else onSubmit();
	};
	const done = () => (focus === shown.length - 1 ? submit() : setState(move(shown, state, 1)));
	useKeys(
		(input, key) => {
			if (key.ctrl && input === 'd') setState({...state, details: !state.details});
		},
		fields.some(field => field.detail),
	);
	const labels = Math.min(20, Math.max(...shown.map(field => stringWidth(field.title)), 0) + 2);
	const faultTold = (field: Field) => faultOf(field) ?? told(field, state);
	const rowsOf = (field: Field, focused: boolean) => {
		const note = noteOf(field, focused, faultTold(field), marks);
		return note === '' ? 0 : wrapWords(note, room.width - labels - 2).length;
	};
	const heights = heightsOf(shown, focus, rowsOf, room.height);
	// Those who listen hear the field under their hands: more would be read anew with every letter.
	const one = {from: focus, to: Math.min(shown.length, focus + 1)};
	const {from, to} = useIsScreenReaderEnabled() ? one : windowOf(heights, focus, room.height);
	return (
		<Box flexDirection="column">
			{shown.slice(from, to).map((field, index) => (
				<FieldRow
					key={field.name}
					field={field}
					focused={from + index === focus}
					labels={labels}
					room={{width: room.width, height: heights[from + index] ?? 2}}
					problem={faultTold(field)}
					onChange={value => {
						setChanged(new Set([...changed, field.name]));
						onChange(field.name, value);
					}}
					onMove={by => setState(move(shown, state, by))}
					onDone={done}
				/>
			))}
			{from > 0 || to < shown.length ? (
				<Quiet>{`${' '.repeat(labels + 2)}${moreOf(from, shown.length - to, marks)}`}</Quiet>
			) : null}
		</Box>
	);
}

/** The fields that fit, with a line kept for how many do not. */
function windowOf(heights: readonly number[], focus: number, room: number): {from: number; to: number} {
	const all = heights.reduce((sum, height) => sum + height, 0);
	return all <= room ? {from: 0, to: heights.length} : fitting(heights, focus, room - 1);
}

function moreOf(above: number, below: number, marks: Marks): string {
	return [
		...(above > 0 ? [`${marks.up} ${above} more`] : []),
		...(below > 0 ? [`${marks.down} ${below} more`] : []),
	].join('  ');
}

function told(field: Field, state: Parameters<typeof isTold>[1]): string | undefined {
	return isTold(field, state, isEmpty(field.value)) ? problemOf(field, field.value) : undefined;
}

/**
 * Rows of each field with the note below it: two for the note, one or none where the room is short for the longest of
 * them, so that none is cut as one goes through the form. The note of the field under the hands has all its rows.
 */
function heightsOf(
	fields: readonly Field[],
	focus: number,
	rowsOf: (field: Field, focused: boolean) => number,
	room: number,
): readonly number[] {
	const heightOf = (field: Field, note: number) => {
		if (field.kind === 'keys') return Math.max(8, Math.min(14, room));
		return note + (isLines(field) ? linesHeight : 1);
	};
	const longest = Math.max(0, ...fields.map(field => rowsOf(field, true)));
	const heightsAt = (note: number) => fields.map(field => heightOf(field, Math.max(note, rowsOf(field, false))));
	const roomy = [2, 1].find(note => {
		const whole = heightsAt(note).reduce((sum, height) => sum + height, 0);
		return whole + Math.max(0, longest - note) <= room;
	});
	return heightsAt(roomy ?? 0).map((height, index) => {
		const field = fields[index];
		if (index !== focus || field === undefined) return height;
		return Math.max(height, heightOf(field, rowsOf(field, true)));
	});
}

type RowProps = {
	readonly field: Field;
	readonly focused: boolean;
	readonly labels: number;
	readonly room: Room;
	readonly problem: string | undefined;
	readonly onChange: (value: FieldValue) => void;
	readonly onMove: (by: 1 | -1) => void;
	readonly onDone: () => void;
};

function FieldRow({field, focused, labels, room, problem, onChange, onMove, onDone}: RowProps) {
	const {marks} = useTheme();
	// A list of keys has its own marks and takes the whole width.
	const whole = field.kind === 'keys';
	const width = room.width - (whole ? 0 : labels + 2);
	const control = {field, focused, width, onChange, onMove, onDone};
	return (
		<Box flexDirection="column" height={room.height} flexShrink={0}>
			<Box flexGrow={whole ? 1 : 0} flexShrink={0} aria-role="textbox" aria-state={{selected: focused}}>
				{whole ? null : (
					<Box width={labels + 2} flexShrink={0}>
						<Text wrap="truncate">
							{focused ? <Accent bold>{`${marks.pointer} ${field.title}`}</Accent> : `  ${field.title}`}
						</Text>
					</Box>
				)}
				<Box width={width} flexShrink={0}>
					<Control {...control} height={room.height - 1} />
				</Box>
			</Box>
			<Box paddingLeft={whole ? 2 : labels + 2} flexGrow={1} overflow="hidden">
				<Note field={field} focused={focused} problem={problem} width={whole ? width - 2 : width} />
			</Box>
		</Box>
	);
}

function Control(props: Parameters<typeof TextField>[0] & {height: number}) {
	if (isLines(props.field)) return <LinesField {...props} />;
	switch (props.field.kind) {
		case 'choice':
		case 'yes-no':
			return <ChoiceField {...props} />;
		case 'keys':
			return <KeysField {...props} />;
		default:
			return <TextField {...props} />;
	}
}

/** One line below a field. What is wrong says so in words, not only in colour. */
type NoteProps = Pick<RowProps, 'field' | 'focused' | 'problem'> & {width: number};

function Note({field, focused, problem, width}: NoteProps) {
	const {marks} = useTheme();
	const text = wrapWords(noteOf(field, focused, problem, marks), width).join('\n');
	if (problem) return <Bad>{text}</Bad>;
	return text === '' ? null : <Quiet>{text}</Quiet>;
}

function noteOf(field: Field, focused: boolean, problem: string | undefined, {attention}: Marks): string {
	if (problem !== undefined) return `${attention} ${problem}`;
	// A list of keys says by itself what it is.
	if (!focused || field.kind === 'keys') return '';
	const chosen = field.choices?.find(choice => choice.value === field.value)?.description;
	return chosen ?? field.description ?? '';
}
