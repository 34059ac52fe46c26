import {Box, Text} from 'ink';
import {useContext} from 'react';
import {WidthContext} from './paragraph.tsx';
import {Elapsed, Spinner} from './text.tsx';

/** What is going on, with movement, and since when. */
export function Working({words, since}: {words: string; since?: number}) {
	return (
		<Box gap={1} width={useContext(WidthContext)}>
			<Spinner />
			<Box flexGrow={1} flexShrink={1} flexBasis={0}>
				<Text wrap="truncate">{words}</Text>
			</Box>
			{since === undefined ? null : (
				<Box flexShrink={0}>
					<Elapsed since={since} />
				</Box>
			)}
		</Box>
	);
}
