import {Box, Text} from 'ink';
import {Accent, Bad, Quiet} from './text.tsx';
import {type Marks, useTheme} from './theme.ts';

export type RailState = 'done' | 'current' | 'todo' | 'off' | 'failed' | 'attention';

/** A step as the rail shows it. */
export type RailStep = {readonly id: string; readonly title: string; readonly state: RailState};

const spoken: Record<RailState, string> = {
	done: 'done',
	current: 'now',
	todo: 'to do',
	off: 'left out',
	failed: 'failed',
	attention: 'needs you',
};

const markOf = (state: RailState, marks: Marks) => marks[state];

/** The part of the rail that fits: the current step kept in sight, with one line of what was and as much as fits of what comes. */
export function windowOf(length: number, current: number, room: number): {from: number; to: number} {
	if (length <= room) return {from: 0, to: length};
	const from = Math.min(Math.max(0, current - Math.floor(room / 2)), length - room);
	return {from, to: from + room};
}

/** Whoever looks at it knows where they are, what is done and what is left. */
export function Rail({railSteps, foot, height}: {railSteps: readonly RailStep[]; foot: string; height: number}) {
	const {marks} = useTheme();
	const room = Math.max(3, height - 3);
	const current = Math.max(0, currentOf(railSteps));
	const {from, to} = windowOf(railSteps.length, current, room);
	const above = from > 0;
	const below = to < railSteps.length;
	return (
		<Box flexDirection="column" height={height} overflow="hidden">
			<Quiet>The plan</Quiet>
			{above ? <Quiet>{`${marks.up} ${from + 1} more`}</Quiet> : null}
			{railSteps.slice(from + (above ? 1 : 0), to - (below ? 1 : 0)).map(railStep => (
				<RailStepLine key={railStep.id} railStep={railStep} />
			))}
			{below ? <Quiet>{`${marks.down} ${railSteps.length - to + 1} more`}</Quiet> : null}
			<Box flexGrow={1} />
			<Text wrap="truncate" dimColor>
				{foot}
			</Text>
		</Box>
	);
}

/** The step that is worked on: the one that needs the person, else the current one, else the first that is left. */
export function currentOf(railSteps: readonly RailStep[]): number {
	const index = railSteps.findIndex(railStep => ['current', 'failed', 'attention'].includes(railStep.state));
	return index === -1 ? railSteps.findIndex(railStep => railStep.state === 'todo') : index;
}

function RailStepLine({railStep}: {railStep: RailStep}) {
	const {marks} = useTheme();
	const mark = markOf(railStep.state, marks);
	const text = `${mark} ${railStep.title}`;
	return (
		<Text wrap="truncate">
			<Coloured state={railStep.state}>{text}</Coloured>
		</Text>
	);
}

function Coloured({state, children}: {state: RailState; children: string}) {
	if (state === 'current') return <Accent bold>{children}</Accent>;
	if (state === 'failed' || state === 'attention') return <Bad bold>{children}</Bad>;
	if (state === 'done') return <Text>{children}</Text>;
	return <Quiet>{children}</Quiet>;
}

/** Where one is, in words: '2 of 6: Your box, now. question 1 of 9' */
export function whereOn(railSteps: readonly RailStep[], foot: string): string {
	const index = currentOf(railSteps);
	const railStep = railSteps[index];
	if (railStep === undefined) return foot;
	const words = `${index + 1} of ${railSteps.length}: ${railStep.title}, ${spoken[railStep.state]}`;
	return foot === '' ? words : `${words}. ${foot}`;
}

/** The same in one line, for narrow terminals. */
export function RailLine({railSteps, foot}: {railSteps: readonly RailStep[]; foot: string}) {
	const {marks} = useTheme();
	const index = currentOf(railSteps);
	const railStep = railSteps[index];
	if (railStep === undefined) return <Quiet>{foot}</Quiet>;
	return (
		<Text wrap="truncate">
			<Coloured state={railStep.state}>{`${markOf(railStep.state, marks)} ${railStep.title}`}</Coloured>
			<Quiet>{`  ${foot === '' ? `${index + 1} of ${railSteps.length}` : foot}`}</Quiet>
		</Text>
	);
}
