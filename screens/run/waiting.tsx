import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import stringWidth from 'string-width';
import type {Wait} from '../../source/contract/step.ts';
import type {Room} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {useTold} from '../parts/spoken.tsx';
import {Accent, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';

/** What others must do: the lines to copy, each whole and with nothing around it, how it stands, and what else to know. */
export function Waiting({wait, room}: {wait: Wait; room: Room}) {
	const {marks} = useTheme();
	const what = `Waiting for ${wait.what}.`;
	const notes = (wait.notes ?? []).flatMap(note => wrapWords(note, room.width));
	useTold([...wait.show, ...(wait.notes ?? [])].join('\n'));
	const listens = useIsScreenReaderEnabled();
	const above = rowsOf([...wrapWords(what, room.width), ...wait.show, ...wait.seen], room.width) + 3;
	return (
		<Box flexDirection="column">
			<Paragraph>{what}</Paragraph>
			{wait.show.length > 0 && !listens ? (
				<Box marginTop={1} flexDirection="column">
					{wait.show.map((line, index) => (
						// `hard`: a long key fills its lines to the edge, so that a copy has no blanks in it.
						// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
						<Text key={index} wrap="hard">
							<Accent bold>{line === '' ? ' ' : line}</Accent>
						</Text>
					))}
				</Box>
			) : null}
			<Box marginTop={1} flexDirection="column">
				{wait.seen.map((line, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
					<Text key={index} wrap="truncate">
						<Quiet>{listens ? line.replace(/ {2,}/g, ', ') : `${marks.dot} ${line}`}</Quiet>
					</Text>
				))}
			</Box>
			{notes.length > 0 && !listens ? (
				<Box marginTop={1}>
					<Text>{notesThatFit(notes, room.height - above)}</Text>
				</Box>
			) : null}
		</Box>
	);
}

const rowsOf = (lines: readonly string[], width: number): number =>
	lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / width)), 0);

/** The notes that have room; all of them stand where the lines are copied. */
function notesThatFit(notes: readonly string[], rows: number): string {
	if (notes.length <= rows) return notes.join('\n');
	return [...notes.slice(0, Math.max(0, rows - 1)), 'c shows the rest.'].join('\n');
}
