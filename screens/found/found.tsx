import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useState} from 'react';
import type {FoundApp} from '../../source/contract/ui/found-app.ts';
import {useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {windowOf} from '../parts/rail.tsx';
import {Accent, Bad, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {type FoundRow, noteOf, titleOf} from './found-rows.ts';

type Props = {
	readonly found: FoundApp;
	readonly rows: readonly FoundRow[];
	/** Where the hand was before something was opened. */
	readonly start: number;
	readonly onOpen: (row: FoundRow, index: number) => void;
	readonly onAgain: () => void;
	readonly onBack: () => void;
};

/** What was found in an app's repository: what it is, what will be done with it, what is wrong; each line can be opened. */
export function FoundScreen({found, rows, start, onOpen, onAgain, onBack}: Props) {
	const {marks} = useTheme();
	const [at, setAt] = useState(start);
	const row = Math.min(at, rows.length - 1);
	useKeys((input, key) => {
		const here = rows[row];
		if (key.escape) onBack();
		else if (key.upArrow || input === 'k') setAt(Math.max(0, row - 1));
		else if (key.downArrow || input === 'j') setAt(Math.min(rows.length - 1, row + 1));
		else if (key.home) setAt(0);
		else if (key.end) setAt(rows.length - 1);
		else if (key.return && here?.kind === 'fact') setAt(Math.min(rows.length - 1, row + 1));
		else if (key.return && here) onOpen(here, row);
		else if (input === 'r') onAgain();
	});
	const hints = [
		[marks.enter, enterDoes(rows[row])],
		[marks.arrows, 'move'],
		['r', 'read again'],
		['?', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page title={titleOf(found)} hints={hints} wide>
			{room => <Body {...{found, rows, row, room}} />}
		</Page>
	);
}

function enterDoes(row: FoundRow | undefined): string {
	switch (row?.kind) {
		case undefined:
		case 'go':
			return 'go on';
		case 'warning':
		case 'variables':
			return 'open';
		case 'question':
			return 'choose';
		case 'answer':
		case 'kind':
			return 'change';
		case 'fact':
			return 'next line';
		default:
			return row satisfies never;
	}
}

type BodyProps = {
	readonly found: FoundApp;
	readonly rows: readonly FoundRow[];
	readonly row: number;
	readonly room: Room;
};

/** Rows of the note and of what is said of the line under the hand, at most. */
const mostNote = 6;
const mostAbout = 2;

function Body({found, rows, row, room}: BodyProps) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	const note = noteOf(found);
	const noteRows = Math.min(mostNote, wrapWords(note, room.width).length);
	const height = Math.max(3, room.height - noteRows - mostAbout - 4);
	const {from, to} = windowOf(rows.length, row, height);
	const titles = Math.min(20, Math.max(...rows.map(({title}) => title.length)) + 2);
	const here = rows[row];
	return (
		<Box flexDirection="column">
			<Paragraph most={mostNote}>{note}</Paragraph>
			{listens ? (
				<Text>{here ? `${row + 1} of ${rows.length}: ${heard(here)}` : ''}</Text>
			) : (
				<>
					<Quiet>{from > 0 ? `  ${marks.up} ${from} more` : ' '}</Quiet>
					{rows.slice(from, to).map((one, index) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
						<Row key={from + index} row={one} here={from + index === row} {...{titles}} width={room.width} />
					))}
					<Quiet>{to < rows.length ? `  ${marks.down} ${rows.length - to} more` : ' '}</Quiet>
					<Paragraph quiet most={mostAbout}>
						{here ? aboutRow(here) : ''}
					</Paragraph>
				</>
			)}
		</Box>
	);
}

/** A line as it is read out: whole sentences, none with two ends. */
function heard(row: FoundRow): string {
	const said = [row.title, row.text].filter(Boolean).join(': ');
	return `${said.replace(/[.?]$/, '')}${said.endsWith('?') ? '?' : '.'} ${aboutRow(row)}`;
}

function aboutRow(row: FoundRow): string {
	switch (row.kind) {
		case 'go':
			return 'Only what its files don’t say is asked next; all of it can be changed in the plan.';
		case 'warning':
			return row.warning.next;
		case 'question':
			return `One of ${row.question.choices.join(', ')}`;
		case 'answer':
			return row.field.description ?? '';
		case 'kind':
			return 'What it is set up as.';
		case 'fact':
			return 'As its files say it.';
		case 'variables':
			return 'What its code reads from the environment.';
		default:
			return row satisfies never;
	}
}

function Row({row, here, titles, width}: {row: FoundRow; here: boolean; titles: number; width: number}) {
	const {marks} = useTheme();
	const mark = row.kind === 'warning' ? (row.warning.severity === 'fails' ? marks.failed : marks.attention) : ' ';
	const title = `${here ? marks.pointer : ' '} ${mark} ${row.title.padEnd(titles)}`;
	const isBad = row.kind === 'warning' && row.warning.severity === 'fails';
	return (
		<Box width={width}>
			<Text wrap="truncate">
				{here ? <Accent bold>{title}</Accent> : isBad ? <Bad>{title}</Bad> : title}
				{row.kind === 'go' ? <Quiet>{row.text}</Quiet> : row.text}
			</Text>
		</Box>
	);
}
