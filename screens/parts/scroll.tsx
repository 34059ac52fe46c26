import {Box, Text} from 'ink';
import {useState} from 'react';
import stringWidth from 'string-width';
import {useKeys} from './key-focus.ts';
import type {Room} from './page.tsx';
import {Accent, Bad, Quiet} from './text.tsx';
import {useTheme} from './theme.ts';

/** A line and how it is shown. */
export type ScrollLine = {readonly text: string; readonly tone?: 'plain' | 'quiet' | 'head' | 'added' | 'removed'};

type Props = {
	readonly lines: readonly ScrollLine[];
	readonly room: Room;
	/** Keeps to the end as lines come, until one scrolls up. */
	readonly follow?: boolean;
	/** Letters belong to a field on the same page. */
	readonly typing?: boolean;
};

/** More lines than fit: arrows, page up and down, home (g) and end (G) move through them. */
export function Scroll({lines, room, follow = false, typing = false}: Props) {
	const {marks} = useTheme();
	const height = Math.max(1, room.height - 1);
	const most = Math.max(0, lines.length - height);
	const [top, setTop] = useState<number | 'end'>(follow ? 'end' : 0);
	const at = top === 'end' ? most : Math.min(top, most);
	const go = (to: number) => setTop(follow && to >= most ? 'end' : Math.max(0, Math.min(most, to)));
	useKeys((letter, key) => {
		const input = typing ? '' : letter;
		if (key.upArrow || input === 'k') go(at - 1);
		else if (key.downArrow || input === 'j') go(at + 1);
		else if (key.pageUp || input === 'b') go(at - height);
		else if (key.pageDown || input === ' ') go(at + height);
		else if (key.home || input === 'g') go(0);
		else if (key.end || input === 'G') go(most);
	});
	const end = Math.min(lines.length, at + height);
	return (
		<Box flexDirection="column">
			<Box flexDirection="column" height={height}>
				{lines.slice(at, end).map((line, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
					<Line key={at + index} line={line} />
				))}
			</Box>
			<Quiet>
				{most > 0
					? `${at > 0 ? marks.up : ' '} ${at < most ? marks.down : ' '} ${at + 1}-${end} of ${lines.length}`
					: ' '}
			</Quiet>
		</Box>
	);
}

/** Lines of at most `width` cells: a longer one goes on below, two cells further in, so that all of it can be read. */
export function broken(lines: readonly ScrollLine[], width: number): ScrollLine[] {
	return lines.flatMap(({text, tone}) => {
		const indent = ' '.repeat(text.length - text.trimStart().length + 2);
		const rest = [...text];
		const pieces: string[] = [];
		while (rest.length > 0) pieces.push(pieceOf(rest, pieces.length === 0 ? '' : indent, width));
		return (pieces.length === 0 ? [''] : pieces).map(piece => ({text: piece, tone}));
	});
}

/** Takes one line's worth of characters, after a space or a comma where one is near. */
function pieceOf(rest: string[], indent: string, width: number): string {
	let piece = indent;
	let taken = 0;
	for (; taken < rest.length && stringWidth(`${piece}${rest[taken]}`) <= width; taken += 1) piece += rest[taken];
	if (taken < rest.length) {
		const gap = rest.slice(0, taken).findLastIndex(character => /[ ,]/.test(character));
		if (gap > taken / 2) taken = gap + 1;
	}

	return indent + rest.splice(0, Math.max(1, taken)).join('').trimEnd();
}

/** More than any terminal shows of a line: measuring thousands of characters for each frame would hold up the keys. */
const widest = 500;

export function Line({line}: {line: ScrollLine}) {
	// An empty text would have no height.
	const text = line.text === '' ? ' ' : line.text.slice(0, widest);
	return (
		<Text wrap="truncate">
			<Toned tone={line.tone ?? 'plain'}>{text}</Toned>
		</Text>
	);
}

function Toned({tone, children}: {tone: NonNullable<ScrollLine['tone']>; children: string}) {
	const {good} = useTheme();
	if (tone === 'quiet') return <Quiet>{children}</Quiet>;
	if (tone === 'head') return <Accent bold>{children}</Accent>;
	if (tone === 'removed') return <Bad>{children}</Bad>;
	if (tone === 'added') return <Text color={good}>{children}</Text>;
	return children;
}
