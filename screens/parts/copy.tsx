import {Box, Text, useStdout, useWindowSize} from 'ink';
import {useEffect} from 'react';
import {useKeys} from './key-focus.ts';
import {Quiet} from './text.tsx';

/** Puts a text on the person's clipboard, where the terminal lets programs do so (OSC 52, xterm's control sequences). */
const clipboard = (text: string): string => `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`;

type Props = {
	readonly lines: readonly string[];
	/** What else there is to know, below them. */
	readonly notes?: readonly string[];
	readonly onBack: () => void;
};

/** The lines to copy with nothing beside them, from the first column on, so that a mouse takes them whole. */
export function CopyScreen({lines, notes = [], onBack}: Props) {
	const {stdout} = useStdout();
	const {columns, rows} = useWindowSize();
	const text = lines.join('\n');
	useEffect(() => {
		if (text !== '') stdout.write(clipboard(text));
	}, [stdout, text]);
	useKeys(() => onBack());
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<Quiet>
				{text === '' ? '' : 'Copied, if your terminal lets programs copy; else mark the lines. '}Any key: back.
			</Quiet>
			<Text> </Text>
			{lines.map((line, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
				<Text key={index} wrap="hard">
					{line === '' ? ' ' : line}
				</Text>
			))}
			{notes.map(note => (
				<Box key={note} marginTop={1}>
					<Text>{note}</Text>
				</Box>
			))}
		</Box>
	);
}
