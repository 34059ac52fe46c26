import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {Fragment} from 'react';
import stringWidth from 'string-width';
import {useTold} from './spoken.tsx';
import {Accent, Quiet} from './text.tsx';

/** A key and what it does: ['↵', 'run']. */
export type KeyHint = readonly [key: string, does: string];

/** Blanks between two hints; the narrower one where that saves a line. */
const gaps = {wide: 3, narrow: 2} as const;

/** The hints in as few lines as the width allows, and the blanks between them. */
export function packHints(hints: readonly KeyHint[], width: number): {lines: KeyHint[][]; gap: number} {
	const wide = packedWith(hints, width, gaps.wide);
	const narrow = packedWith(hints, width, gaps.narrow);
	return narrow.length < wide.length ? {lines: narrow, gap: gaps.narrow} : {lines: wide, gap: gaps.wide};
}

function packedWith(hints: readonly KeyHint[], width: number, gap: number): KeyHint[][] {
	const lines: KeyHint[][] = [];
	let left = 0;
	for (const hint of hints) {
		const needs = stringWidth(`${hint[0]} ${hint[1]}`) + gap;
		const line = lines.at(-1);
		if (line === undefined || needs - gap > left) {
			lines.push([hint]);
			left = width - needs;
		} else {
			line.push(hint);
			left -= needs;
		}
	}

	return lines;
}

/** Every key that does something here, at the foot of the screen. */
export function KeyBar({hints, width}: {hints: readonly KeyHint[]; width: number}) {
	const listens = useIsScreenReaderEnabled();
	useTold(`Keys: ${hints.map(([key, does]) => `${spoken(key)} ${does}`).join(', ')}`, 'keys');
	if (listens) return null;
	const {lines, gap} = packHints(hints, width);
	return (
		<Box flexDirection="column" flexShrink={0}>
			{lines.map(line => (
				<Text key={line[0]?.[0]} wrap="truncate">
					{line.map(([key, does], index) => (
						<Fragment key={key}>
							{index > 0 ? ' '.repeat(gap) : ''}
							<Accent>{key}</Accent> <Quiet>{does}</Quiet>
						</Fragment>
					))}
				</Text>
			))}
		</Box>
	);
}

const names: Readonly<Record<string, string>> = {
	'?': 'question mark',
	esc: 'Escape',
};

function spoken(key: string): string {
	return names[key] ?? key.replace(/^\^/, 'Control ');
}
