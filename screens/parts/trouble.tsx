import {Box, useIsScreenReaderEnabled} from 'ink';
import type {TroubleParts} from '../../source/contract/trouble.ts';
import type {Room} from './page.tsx';
import {Paragraph, wrapWords} from './paragraph.tsx';
import {broken, Line} from './scroll.tsx';
import {useTold} from './spoken.tsx';
import {Bad, Quiet} from './text.tsx';
import {useLook} from './theme.ts';

/** What happened, what it means, what to do next, and the lines that prove it. */
export function TroublePanel({trouble, room}: {trouble: TroubleParts; room: Room}) {
	const {marks} = useLook();
	const listens = useIsScreenReaderEnabled();
	useTold([`Failed: ${trouble.what}`, trouble.means, `Next: ${trouble.next}`, ...(trouble.evidence ?? [])].join('\n'));
	if (listens) return null;
	const proof = broken(
		(trouble.evidence ?? []).map(text => ({text})),
		room.width - 2,
	);
	const rows = (text: string) => wrapWords(text, room.width - 7).length + 1;
	const left = room.height - rows(trouble.what) - rows(trouble.means) - rows(trouble.next) - 2;
	const kept = Math.max(1, left);
	return (
		<Box flexDirection="column" marginTop={1}>
			<Box marginBottom={1}>
				<Bad bold>{wrapWords(`${marks.failed} ${trouble.what}`, room.width).join('\n')}</Bad>
			</Box>
			<Part title="Means" text={trouble.means} />
			<Part title="Next" text={trouble.next} />
			{proof.slice(-kept).map(({text}, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
				<Line key={index} line={{text: `${marks.bar} ${text}`, tone: 'quiet'}} />
			))}
		</Box>
	);
}

function Part({title, text}: {title: string; text: string}) {
	return (
		<Box marginBottom={1}>
			<Box width={7} flexShrink={0}>
				<Quiet>{title}</Quiet>
			</Box>
			<Paragraph indent={7}>{text}</Paragraph>
		</Box>
	);
}
