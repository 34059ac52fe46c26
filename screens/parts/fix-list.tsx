import {Box, Text} from 'ink';
import type {FixOffer} from '../../source/contract/ui/troubleshooting.ts';
import {Accent} from './text.tsx';

/** Fixes with the number of their key; nothing where there are none. */
export function FixList({fixes}: {fixes: readonly FixOffer[]}) {
	if (fixes.length === 0) return null;
	return (
		<Box flexDirection="column">
			{fixes.map((fix, index) => (
				<Text key={fix.id} wrap="truncate">
					<Accent bold>{`${index + 1}`}</Accent>
					{`  ${fix.title}`}
				</Text>
			))}
		</Box>
	);
}
