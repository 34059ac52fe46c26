import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import type {ReactNode} from 'react';
import {useTold} from './spoken.tsx';
import {Quiet} from './text.tsx';

/** A label and what belongs to it, in two columns. */
export function Fact({title, width = 15, children}: {title: string; width?: number; children: ReactNode}) {
	const listens = useIsScreenReaderEnabled();
	const text = typeof children === 'string' ? `${title}: ${children}` : undefined;
	useTold(text);
	if (listens && text !== undefined) return null;
	return (
		<Box>
			<Box width={width} flexShrink={0}>
				<Quiet>{title}</Quiet>
			</Box>
			<Box flexGrow={1} flexShrink={1}>
				{typeof children === 'string' ? <Text wrap="truncate">{children}</Text> : children}
			</Box>
		</Box>
	);
}

/** Memory as it is sold: '1 GB' for the 977 MB that a box of that size sees. */
export function memorySize(count: number): string {
	const mega = count / 1024 ** 2;
	return mega < 800 ? `${Math.ceil(mega / 256) * 256} MB` : `${Math.max(1, Math.round(mega / 1024))} GB`;
}

/** Bytes as a person says them: '512 MB', '24.6 GB' (of 1024). */
export function bytes(count: number): string {
	const mega = count / 1024 ** 2;
	if (mega < 1000) return `${Math.round(mega)} MB`;
	const giga = mega / 1024;
	return `${giga < 10 && Math.abs(giga - Math.round(giga)) >= 0.05 ? giga.toFixed(1) : Math.round(giga)} GB`;
}
