import {Box, Text} from 'ink';
import {useState} from 'react';
import {type BoxDue, dayOf, daysWords, renewalWords, wantsAttention} from '../../source/contract/due.ts';
import type {TroubleParts} from '../../source/contract/trouble.ts';
import {Working} from '../parts/activity.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {broken, Line, type ScrollLine} from '../parts/scroll.tsx';
import {useTold} from '../parts/spoken.tsx';
import {Accent, Quiet} from '../parts/text.tsx';
import {type Marks, useTheme} from '../parts/theme.ts';
import {TroublePanel} from '../parts/trouble.tsx';

/** What tells the person before something ends. */
export type Reminders = {
	/** Whether anything does; undefined until it is known. */
	readonly isOn?: boolean;
	/** How, or what came of the last key, a sentence. */
	readonly words: string;
	readonly onRemind: (isWanted: boolean) => void;
	readonly onTry: () => void;
};

type Props = {
	/** Those that are known by now. */
	readonly boxes: readonly BoxDue[];
	/** Since when it looks (milliseconds); undefined when all have been looked at. */
	readonly since?: number;
	readonly trouble?: TroubleParts;
	readonly reminders: Reminders;
	readonly onRenew: (box: BoxDue) => void;
	readonly onAgain: () => void;
	readonly onBack: () => void;
};

/** All dates of all boxes, the most urgent box first; below the list what is known of the one under the hand. */
export function Renewals({boxes, since, trouble, reminders, onRenew, onAgain, onBack}: Props) {
	const {marks} = useTheme();
	const [at, setAt] = useState(0);
	const sorted = boxes.toSorted((one, other) => urgency(one) - urgency(other));
	const here = Math.min(at, Math.max(0, sorted.length - 1));
	const chosen = sorted[here];
	const {isOn} = reminders;
	useKeys((input, key) => {
		if (key.escape || input === 'q') onBack();
		else if (key.upArrow || input === 'k') setAt(Math.max(0, here - 1));
		else if (key.downArrow || input === 'j') setAt(Math.min(sorted.length - 1, here + 1));
		else if (chosen && (key.return || input === 'r')) onRenew(chosen);
		else if (input === 'a' && since === undefined) onAgain();
		else if (input === 'm' && isOn !== undefined) reminders.onRemind(!isOn);
		else if (input === 't' && isOn) reminders.onTry();
	});
	const hints = [
		...(sorted.length > 1 ? ([[marks.arrows, 'move']] as const) : []),
		...(chosen ? ([['r', 'renew now']] as const) : []),
		...(since === undefined ? ([['a', 'look again']] as const) : []),
		...(isOn === undefined ? [] : ([['m', isOn ? 'no reminders' : 'remind me']] as const)),
		...(isOn ? ([['t', 'try a reminder']] as const) : []),
		['?', 'help'],
		['esc', 'back'],
	] as const;
	useTold(reminders.words);
	const doing =
		since === undefined ? (
			<Quiet>{reminders.words}</Quiet>
		) : (
			<Working words="Looking at your boxes from here" since={since} />
		);
	return (
		<Page title="What ends when" hints={hints} activity={doing} wide>
			{room =>
				trouble ? (
					<TroublePanel trouble={trouble} room={room} />
				) : (
					<Box flexDirection="column" marginTop={1}>
						{sorted.length === 0 && since === undefined ? <Paragraph>No boxes yet.</Paragraph> : null}
						<List boxes={sorted} at={here} rows={listRows(room, sorted.length)} widest={Math.floor(room.width / 3)} />
						{chosen ? (
							<Details box={chosen} room={room} rows={room.height - listRows(room, sorted.length) - 2} />
						) : null}
					</Box>
				)
			}
		</Page>
	);
}

/** At most half of the room: the other half tells of one of them. */
const listRows = ({height}: Room, count: number): number => Math.min(count, Math.max(3, Math.floor(height / 2) - 1));

/** Days of what ends first; what is not seen well stands before it. */
function urgency(box: BoxDue): number {
	const [first] = box.dues;
	return (first?.days ?? 0) - (wantsAttention(box) ? 100_000 : 0);
}

type ListProps = {
	readonly boxes: readonly BoxDue[];
	readonly at: number;
	readonly rows: number;
	readonly widest: number;
};

function List({boxes, at, rows, widest}: ListProps) {
	const {marks} = useTheme();
	const top = Math.max(0, Math.min(at - Math.floor(rows / 2), boxes.length - rows));
	const width = Math.min(Math.max(18, widest), Math.max(12, ...boxes.map(({label}) => label.length)));
	return (
		<Box flexDirection="column" flexShrink={0}>
			{boxes.slice(top, top + rows).map((box, index) => {
				const here = top + index === at;
				const title = `${here ? marks.pointer : ' '} ${markOf(box, marks)} ${box.label.slice(0, width).padEnd(width + 2)}`;
				return (
					<Box key={`${box.target} ${box.label}`} aria-role="option" aria-state={{selected: here}}>
						<Text wrap="truncate">
							{here ? <Accent bold>{title}</Accent> : title}
							<Quiet>{summaryOf(box)}</Quiet>
						</Text>
					</Box>
				);
			})}
		</Box>
	);
}

const markOf = (box: BoxDue, marks: Marks): string => (wantsAttention(box) ? marks.attention : marks.done);

/** What ends first, or why nothing is known. */
function summaryOf({dues: [first], served}: BoxDue): string {
	const problem = served.find(one => one.problem !== undefined)?.problem;
	const what = first?.kind === 'certificate' ? 'certificate' : (first?.what ?? '');
	const words = first ? `${daysWords(first).padEnd(16)}${what}` : '';
	return [words, problem].filter(Boolean).join('  ! ');
}

function Details({box, room, rows}: {box: BoxDue; room: Room; rows: number}) {
	const {marks} = useTheme();
	const lines = broken(detailLines(box, marks), room.width);
	return (
		<Box flexDirection="column" marginTop={1}>
			{lines.slice(0, Math.max(1, rows)).map((line, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
				<Line key={index} line={line} />
			))}
		</Box>
	);
}

function detailLines(box: BoxDue, marks: Marks): ScrollLine[] {
	const issuers = new Set(box.served.flatMap(({certificate}) => certificate?.issuer ?? []));
	const renewal = renewalWords(box.renewal);
	return [
		{text: `${box.label} ${marks.dot} ${box.target}`, tone: 'head'},
		...box.dues.map(due => ({
			text: `${due.reminder === undefined ? ' ' : marks.attention} ${dayOf(due.on)}  ${due.what}, ${daysWords(due)}`,
		})),
		...box.served.flatMap(({name, problem, seen}) =>
			problem === undefined
				? []
				: [{text: `${marks.attention} ${name}: ${problem}${seen ? `, last seen ${dayOf(seen)}` : ''}`}],
		),
		...[...issuers].map(issuer => ({text: `  Issued by ${issuer}`, tone: 'quiet' as const})),
		...(renewal === '' ? [] : [{text: `  Renewal: ${renewal}`, tone: 'quiet' as const}]),
		...(box.silent === undefined
			? []
			: [{text: `  The box itself did not say more: ${box.silent}`, tone: 'quiet' as const}]),
		...box.unknown.map(text => ({text: `  ${text}`, tone: 'quiet' as const})),
	];
}
