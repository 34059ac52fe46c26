import {Box} from 'ink';
import type {LogLine} from '../../source/render/progress.ts';
import {Line} from './scroll.tsx';

/** The last lines that came, quietly, at the foot of their room. */
export function LogTail({log, step, height}: {log: readonly LogLine[]; step?: string; height: number}) {
	const lines: string[] = [];
	for (let index = log.length - 1; index >= 0 && lines.length < height; index -= 1) {
		const line = log[index];
		if (line && (step === undefined || line.step === step)) lines.unshift(line.text);
	}

	return (
		<Box flexDirection="column" height={height} overflow="hidden" aria-hidden>
			{lines.map((text, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
				<Line key={index} line={{text, tone: 'quiet'}} />
			))}
		</Box>
	);
}
