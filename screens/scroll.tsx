import {Box, Text} from 'ink';
import {useState} from 'react';
import {useKeys} from './front.ts';
import {useLook} from './look.ts';
import type {Room} from './page.tsx';
import {Accent, Bad, Quiet} from './text.tsx';

/** A line and how it is shown. */
export type ScrollLine = {readonly text: string; readonly tone?: 'plain' | 'quiet' | 'head' | 'added' | 'removed'};

type Props = {
	readonly lines: readonly ScrollLine[];
	readonly room: Room;
	/** Keeps to the end as lines come, until one scrolls up. */
	readonly follow?: boolean;
};

/** More lines than fit: arrows, page up and down, home (g) and end (G) move through them. */
export function Scroll({lines, room, follow = false}: Props) {
	const {marks} = useLook();
	const height = Math.max(1, room.height - 1);
	const most = Math.max(0, lines.length - height);
	const [top, setTop] = useState<number | 'end'>(follow ? 'end' : 0);
	const at = top === 'end' ? most : Math.min(top, most);
	const go = (to: number) => setTop(follow && to >= most ? 'end' : Math.max(0, Math.min(most, to)));
	useKeys((input, key) => {
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

export function Line({line}: {line: ScrollLine}) {
	// An empty text would have no height.
	const text = line.text === '' ? ' ' : line.text;
	return (
		<Text wrap="truncate">
			<Toned tone={line.tone ?? 'plain'}>{text}</Toned>
		</Text>
	);
}

function Toned({tone, children}: {tone: NonNullable<ScrollLine['tone']>; children: string}) {
	const {good} = useLook();
	if (tone === 'quiet') return <Quiet>{children}</Quiet>;
	if (tone === 'head') return <Accent bold>{children}</Accent>;
	if (tone === 'removed') return <Bad>{children}</Bad>;
	if (tone === 'added') return <Text color={good}>{children}</Text>;
	return children;
}
