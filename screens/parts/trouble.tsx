import {Box, useIsScreenReaderEnabled} from 'ink';
import type {TroubleParts} from '../../source/contract/trouble.ts';
import type {FixOffer} from '../../source/contract/ui/troubleshooting.ts';
import {FixList} from './fix-list.tsx';
import type {Room} from './page.tsx';
import {Paragraph, wrapWords} from './paragraph.tsx';
import {broken, Line} from './scroll.tsx';
import {useTold} from './spoken.tsx';
import {Bad, Quiet} from './text.tsx';
import {useTheme} from './theme.ts';

type Props = {
	readonly trouble: TroubleParts;
	/** What one key each can put right. */
	readonly fixes?: readonly FixOffer[];
	readonly room: Room;
};

/** What happened, what it means, what to do next, and the lines that prove it. */
export function TroublePanel({trouble, fixes = [], room}: Props) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	useTold(
		[
			`Failed: ${trouble.what}`,
			trouble.means,
			`Next: ${trouble.next}`,
			...fixes.map(({title}, index) => `${index + 1}: ${title}`),
			...(trouble.evidence ?? []),
		].join('\n'),
	);
	if (listens) return null;
	const proof = broken(
		(trouble.evidence ?? []).map(text => ({text})),
		room.width - 2,
	);
	const rows = (text: string) => wrapWords(text, room.width - 7).length + 1;
	const left =
		room.height -
		rows(trouble.what) -
		rows(trouble.means) -
		rows(trouble.next) -
		2 -
		(fixes.length > 0 ? fixes.length + 1 : 0);
	const kept = Math.max(1, left);
	return (
		<Box flexDirection="column" marginTop={1}>
			<Box marginBottom={1}>
				<Bad bold>{wrapWords(`${marks.failed} ${trouble.what}`, room.width).join('\n')}</Bad>
			</Box>
			<Part title="Means" text={trouble.means} />
			<Part title="Next" text={trouble.next} />
			{fixes.length > 0 ? (
				<Box marginBottom={1}>
					<FixList fixes={fixes} />
				</Box>
			) : null}
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
