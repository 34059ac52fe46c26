import {Box, Text, useIsScreenReaderEnabled, useWindowSize} from 'ink';
import {createContext, type ReactNode, useContext, useMemo} from 'react';
import {KeyBar, type KeyHint, packHints} from './key-bar.tsx';
import {WidthContext} from './paragraph.tsx';
import {Rail, RailLine, type Station, whereOn} from './rail.tsx';
import {useTold} from './spoken.tsx';
import {Accent, Quiet} from './text.tsx';
import {useLook} from './theme.ts';

/** What stands around every screen. */
export type Surroundings = {
	/** Where one is: 'microblog.example.com', 'root@203.0.113.7', 'Debian 12', '1 GB'. */
	readonly facts: readonly string[];
	readonly stations: readonly Station[];
	/** Below the road: '4 of 11 · about 3 min'. */
	readonly foot: string;
};

export const SurroundingsContext = createContext<Surroundings>({facts: [], stations: [], foot: ''});

/** The room a screen's body has, in cells. */
export type Room = {readonly width: number; readonly height: number};

const railWidth = 25;
const narrow = 70;
const widest = 100;

/** Where everything has its place, from the size of the terminal. */
export function placesOf(columns: number, rows: number, hints: readonly KeyHint[], hasRoad: boolean) {
	const inner = Math.max(20, columns - 3);
	const road: 'rail' | 'line' | 'none' = hasRoad ? (columns < narrow ? 'line' : 'rail') : 'none';
	const keys = packHints(hints, inner).lines.length;
	const tight = rows < 20;
	const head = (tight ? 1 : 2) + (road === 'line' ? 1 : 0);
	const main = Math.max(6, rows - head - keys - 1);
	const width = Math.min(widest, road === 'rail' ? inner - railWidth - 1 : inner - 1);
	return {road, main, tight, inner, room: {width, height: Math.max(3, main - (tight ? 2 : 3))}};
}

type PageProps = {
	readonly title: string;
	readonly hints: readonly KeyHint[];
	/** The line at the foot of the body: what is going on. */
	readonly activity?: ReactNode;
	/** At the right end of the first line. */
	readonly aside?: string;
	/** Screens before the road have no rail. */
	readonly wide?: boolean;
	readonly children: (room: Room) => ReactNode;
};

/** One page: header, road, title, body, activity and keys, each always in the same place. */
export function Page({title, hints, activity, aside = '', wide = false, children}: PageProps) {
	const {columns, rows} = useWindowSize();
	const {stations, foot, facts} = useContext(SurroundingsContext);
	const places = placesOf(columns, rows, hints, !wide && stations.length > 0);
	if (useIsScreenReaderEnabled()) return <SpokenPage {...{title, hints, activity, children}} />;
	return (
		<Box flexDirection="column" width={columns} height={rows} paddingLeft={1} overflow="hidden">
			<Header facts={facts} aside={aside} width={places.inner} />
			{places.road === 'line' ? <RailLine stations={stations} foot={foot} /> : null}
			{places.tight ? null : <Text> </Text>}
			<Box height={places.main} flexShrink={0} paddingLeft={1}>
				{places.road === 'rail' ? (
					<Box width={railWidth} flexShrink={0}>
						<Rail stations={stations} foot={foot} height={places.main} />
					</Box>
				) : null}
				<WidthContext value={places.room.width}>
					<Box flexDirection="column" width={places.room.width}>
						<Text bold wrap="truncate">
							{title}
						</Text>
						<Box flexDirection="column" height={places.room.height} overflow="hidden" flexShrink={0}>
							{/* What is too much is cut at the foot; nothing is squeezed into something else. */}
							<Box flexDirection="column" flexShrink={0}>
								{children(places.room)}
							</Box>
						</Box>
						<Box flexGrow={1} />
						<Box height={1} flexShrink={0}>
							{activity}
						</Box>
					</Box>
				</WidthContext>
			</Box>
			<Text> </Text>
			<KeyBar hints={hints} width={places.inner} />
		</Box>
	);
}

/** The same for those who listen: no columns, nothing cut; what does not change is said once, and the keys last. */
function SpokenPage({title, hints, activity, children}: PageProps) {
	const {stations, facts, foot} = useContext(SurroundingsContext);
	// Where one is goes with a title: a run tells of its steps by itself.
	// biome-ignore lint/correctness/useExhaustiveDependencies: as it is when the title comes
	const place = useMemo(() => [['boxwizard', ...facts].join(', '), whereOn(stations, foot)], [title]);
	useTold(place.filter(line => line !== '').join('\n'), 'place');
	useTold(title, 'title');
	return (
		<Box flexDirection="column">
			{children({width: 200, height: 400})}
			<Box>{activity}</Box>
			<KeyBar hints={hints} width={200} />
		</Box>
	);
}

function Header({facts, aside, width}: {facts: readonly string[]; aside: string; width: number}) {
	const {marks} = useLook();
	return (
		<Box width={width} flexShrink={0}>
			<Box flexShrink={0} marginRight={3}>
				<Accent bold>boxwizard</Accent>
			</Box>
			<Box flexGrow={1} flexShrink={1}>
				<Text wrap="truncate">
					<Quiet>{facts.join(` ${marks.dot} `)}</Quiet>
				</Text>
			</Box>
			<Box flexShrink={0} marginLeft={aside === '' ? 0 : 2}>
				<Quiet>{aside}</Quiet>
			</Box>
		</Box>
	);
}
