import {Box, Text} from 'ink';
import type {Finding} from '../../source/contract/diagnosis/examination.ts';
import type {Room} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {broken, Line} from '../parts/scroll.tsx';
import {Accent, Bad, Quiet} from '../parts/text.tsx';
import {type Theme, useTheme} from '../parts/theme.ts';

/** The findings, as many as fit around the one under the hand. */
export function FindingList({findings, at, rows}: {findings: readonly Finding[]; at: number; rows: number}) {
	const {marks} = useTheme();
	const first = Math.max(0, Math.min(at - Math.floor(rows / 2), findings.length - rows));
	return (
		<Box flexDirection="column" height={rows} flexShrink={0}>
			{findings.slice(first, first + rows).map((finding, index) => {
				const selected = first + index === at;
				const title = `${selected ? marks.pointer : ' '} `;
				return (
					<Box key={finding.id} aria-role="option" aria-state={{selected}}>
						<Text wrap="truncate">
							{selected ? <Accent bold>{title}</Accent> : title}
							<Mark finding={finding} />
							{selected ? <Accent bold>{finding.title}</Accent> : finding.title}
							<Quiet>{finding.fix ? `  ${marks.enter}` : ''}</Quiet>
						</Text>
					</Box>
				);
			})}
		</Box>
	);
}

/** How bad it is: by a mark, for those who listen by a word. */
function Mark({finding: {severity}}: {finding: Finding}) {
	const theme = useTheme();
	const mark = `${markOf(severity, theme)} `;
	return severity === 'bad' ? <Bad>{mark}</Bad> : mark;
}

function markOf(severity: Finding['severity'], {marks}: Theme): string {
	if (severity === 'note') return marks.todo;
	return severity === 'bad' ? marks.failed : marks.attention;
}

/** What it means, the lines that prove it, and what to do about it. */
export function FindingDetails({finding, room}: {finding: Finding; room: Room}) {
	const {marks} = useTheme();
	const {means, evidence, fix, next} = finding;
	const last = fix ? `${marks.enter} ${fix.title}` : (next ?? '');
	const taken = wrapWords(means, room.width).length + (last === '' ? 0 : wrapWords(last, room.width).length + 1) + 1;
	const lines = broken(
		evidence.map(text => ({text: `${marks.bar} ${text}`, tone: 'quiet' as const})),
		room.width,
	);
	return (
		<Box flexDirection="column" marginTop={1}>
			<Paragraph>{means}</Paragraph>
			{lines.slice(0, Math.max(1, room.height - taken)).map((line, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
				<Line key={index} line={line} />
			))}
			{last === '' ? null : <Box marginTop={1}>{fix ? <Accent>{last}</Accent> : <Paragraph>{last}</Paragraph>}</Box>}
		</Box>
	);
}
