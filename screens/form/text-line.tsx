import {Text} from 'ink';
import stringWidth from 'string-width';
import {Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import type {Edit} from './edit.ts';

const segmenter = new Intl.Segmenter();
const characters = (text: string): string[] => [...segmenter.segment(text)].map(({segment}) => segment);

/** The part of a line around the cursor that fits into `width` cells. */
export function viewOf({text, cursor}: Edit, width: number): {before: string; at: string; after: string} {
	const ahead = characters(text.slice(cursor));
	const at = ahead.shift() ?? ' ';
	let room = Math.max(1, width) - stringWidth(at);
	const take = (source: string[], next: () => string | undefined, limit: number) => {
		let taken = limit;
		for (let character = next(); character !== undefined; character = next()) {
			if (stringWidth(character) > taken) break;
			taken -= stringWidth(character);
			source.push(character);
		}

		return taken;
	};
	const behind = characters(text.slice(0, cursor));
	const before: string[] = [];
	// A few cells are kept for what comes after the cursor, when something does.
	const kept = Math.min(8, ahead.length, Math.floor(room / 3));
	room = take(before, () => behind.pop(), room - kept) + kept;
	const after: string[] = [];
	take(after, () => ahead.shift(), room);
	return {
		before: cutOff(before, behind.length > 0)
			.reverse()
			.join(''),
		at,
		after: cutOff(after, ahead.length > 0).join(''),
	};
}

const ellipsis = '…';

/** With an ellipsis for its last character where more follows that has no room. */
function cutOff(shown: readonly string[], more: boolean): string[] {
	const last = shown.at(-1);
	if (!more || last === undefined) return [...shown];
	return [...shown.slice(0, -1), ellipsis.padStart(stringWidth(last))];
}

/** The start of a text that has no cursor. */
function startOf(text: string, width: number): string {
	if (stringWidth(text) <= width) return text;
	const {before, at, after} = viewOf({text, cursor: 0}, width);
	return `${before}${at}${after}`;
}

type Props = {
	readonly edit: Edit;
	readonly focused: boolean;
	readonly width: number;
	readonly placeholder?: string;
	readonly secret?: boolean;
};

/** One line of text with its cursor: a secret shows dots and its length. */
export function TextLine({edit, focused, width, placeholder = '', secret = false}: Props) {
	const {marks} = useTheme();
	if (edit.text === '') {
		return (
			<Text wrap="truncate" aria-label={placeholder === '' ? 'empty' : `empty (${placeholder})`}>
				{focused ? <Text inverse>{placeholder.slice(0, 1) || ' '}</Text> : null}
				<Quiet>{placeholder.slice(focused ? 1 : 0)}</Quiet>
			</Text>
		);
	}

	const length = secret ? `  ${characters(edit.text).length}` : '';
	const shown = secret ? hidden(edit, marks.bullet) : edit;
	if (!focused) {
		return (
			<Text wrap="truncate" aria-label={secret ? `${characters(edit.text).length} hidden characters` : edit.text}>
				{startOf(shown.text, width - length.length)}
				<Quiet>{length}</Quiet>
			</Text>
		);
	}

	const {before, at, after} = viewOf(shown, width - length.length);
	return (
		<Text wrap="truncate" aria-label={secret ? `${characters(edit.text).length} hidden characters` : edit.text}>
			{before}
			<Text inverse>{at}</Text>
			{after}
			<Quiet>{length}</Quiet>
		</Text>
	);
}

function hidden(edit: Edit, dot: string): Edit {
	return {
		text: dot.repeat(characters(edit.text).length),
		cursor: characters(edit.text.slice(0, edit.cursor)).length * dot.length,
	};
}
