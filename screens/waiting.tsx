import {Box, Text} from 'ink';
import type {Wait} from '../source/step.ts';
import {useLook} from './look.ts';
import {Paragraph} from './paragraph.tsx';
import {Accent, Quiet} from './text.tsx';

/** What others must do: the lines to copy, each whole and with nothing around it, and how it stands. */
export function Waiting({wait}: {wait: Wait}) {
	const {marks} = useLook();
	return (
		<Box flexDirection="column">
			<Paragraph>{`Waiting for ${wait.what}.`}</Paragraph>
			<Box marginTop={1} flexDirection="column">
				{wait.show.map((line, index) => (
					// `hard`: a long key fills its lines to the edge, so that a copy has no blanks in it.
					// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
					<Text key={index} wrap="hard">
						<Accent bold>{line === '' ? ' ' : line}</Accent>
					</Text>
				))}
			</Box>
			<Box marginTop={1} flexDirection="column">
				{wait.seen.map((line, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
					<Text key={index} wrap="truncate">
						<Quiet>{`${marks.dot} ${line}`}</Quiet>
					</Text>
				))}
			</Box>
		</Box>
	);
}
