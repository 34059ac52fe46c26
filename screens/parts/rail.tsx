import {Box, Text} from 'ink';
import {Accent, Bad, Quiet} from './text.tsx';
import {type Marks, useLook} from './theme.ts';

export type RailState = 'done' | 'current' | 'todo' | 'off' | 'failed' | 'attention';

/** A station of the road. */
export type Station = {readonly id: string; readonly title: string; readonly state: RailState};

const spoken: Record<RailState, string> = {
	done: 'done',
	current: 'now',
	todo: 'to do',
	off: 'left out',
	failed: 'failed',
	attention: 'needs you',
};

const markOf = (state: RailState, marks: Marks) => marks[state];

/** The part of the road that fits: the current station kept in sight, with one line of what was and as much as fits of what comes. */
export function windowOf(length: number, current: number, room: number): {from: number; to: number} {
	if (length <= room) return {from: 0, to: length};
	const from = Math.min(Math.max(0, current - Math.floor(room / 2)), length - room);
	return {from, to: from + room};
}

/** Whoever looks at it knows where they are, what is done and what is left. */
export function Rail({stations, foot, height}: {stations: readonly Station[]; foot: string; height: number}) {
	const {marks} = useLook();
	const room = Math.max(3, height - 3);
	const current = Math.max(0, currentOf(stations));
	const {from, to} = windowOf(stations.length, current, room);
	const above = from > 0;
	const below = to < stations.length;
	return (
		<Box flexDirection="column" height={height} overflow="hidden">
			<Quiet>The road</Quiet>
			{above ? <Quiet>{`${marks.up} ${from + 1} more`}</Quiet> : null}
			{stations.slice(from + (above ? 1 : 0), to - (below ? 1 : 0)).map(station => (
				<StationLine key={station.id} station={station} />
			))}
			{below ? <Quiet>{`${marks.down} ${stations.length - to + 1} more`}</Quiet> : null}
			<Box flexGrow={1} />
			<Text wrap="truncate" dimColor>
				{foot}
			</Text>
		</Box>
	);
}

/** The station that is worked on: the one that needs the person, else the current one, else the first that is left. */
export function currentOf(stations: readonly Station[]): number {
	const index = stations.findIndex(station => ['current', 'failed', 'attention'].includes(station.state));
	return index === -1 ? stations.findIndex(station => station.state === 'todo') : index;
}

function StationLine({station}: {station: Station}) {
	const {marks} = useLook();
	const mark = markOf(station.state, marks);
	const text = `${mark} ${station.title}`;
	return (
		<Text wrap="truncate">
			<Coloured state={station.state}>{text}</Coloured>
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
export function whereOn(stations: readonly Station[], foot: string): string {
	const index = currentOf(stations);
	const station = stations[index];
	if (station === undefined) return foot;
	const words = `${index + 1} of ${stations.length}: ${station.title}, ${spoken[station.state]}`;
	return foot === '' ? words : `${words}. ${foot}`;
}

/** The same in one line, for narrow terminals. */
export function RailLine({stations, foot}: {stations: readonly Station[]; foot: string}) {
	const {marks} = useLook();
	const index = currentOf(stations);
	const station = stations[index];
	if (station === undefined) return <Quiet>{foot}</Quiet>;
	return (
		<Text wrap="truncate">
			<Coloured state={station.state}>{`${markOf(station.state, marks)} ${station.title}`}</Coloured>
			<Quiet>{`  ${foot === '' ? `${index + 1} of ${stations.length}` : foot}`}</Quiet>
		</Text>
	);
}
