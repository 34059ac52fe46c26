import {Box, Text, useIsScreenReaderEnabled, useWindowSize} from 'ink';
import {createContext, type ReactNode, useContext, useMemo} from 'react';
import {KeyBar, type KeyHint, packHints} from './key-bar.tsx';
import {WidthContext} from './paragraph.tsx';
import {Rail, RailLine, type RailStep, whereOn} from './rail.tsx';
import {useTold} from './spoken.tsx';
import {Accent, Quiet} from './text.tsx';
import {useTheme} from './theme.ts';

/** What stands around every screen. */
export type Chrome = {
	/** Where one is: 'microblog.example.com', 'root@203.0.113.7', 'Debian 12', '1 GB'. */
	readonly facts: readonly string[];
	readonly railSteps: readonly RailStep[];
	/** Below the rail: '4 of 11 · about 3 min'. */
	readonly foot: string;
};

export const ChromeContext = createContext<Chrome>({facts: [], railSteps: [], foot: ''});

/** The room a screen's body has, in cells. */
export type Room = {readonly width: number; readonly height: number};

const railWidth = 25;
const narrow = 70;
const widest = 100;

/** Where everything has its place, from the size of the terminal. */
export function layoutOf(columns: number, rows: number, hints: readonly KeyHint[], hasRail: boolean) {
	const inner = Math.max(20, columns - 3);
	const rail: 'rail' | 'line' | 'none' = hasRail ? (columns < narrow ? 'line' : 'rail') : 'none';
	const keys = packHints(hints, inner).lines.length;
	const tight = rows < 20;
	const head = (tight ? 1 : 2) + (rail === 'line' ? 1 : 0);
	const main = Math.max(6, rows - head - keys - 1);
	const width = Math.min(widest, rail === 'rail' ? inner - railWidth - 1 : inner - 1);
	return {rail, main, tight, inner, room: {width, height: Math.max(3, main - (tight ? 2 : 3))}};
}

type PageProps = {
	readonly title: string;
	readonly hints: readonly KeyHint[];
	/** The line at the foot of the body: what is going on. */
	readonly activity?: ReactNode;
	/** At the right end of the first line. */
	readonly aside?: string;
	/** Screens before a set-up have no rail. */
	readonly wide?: boolean;
	readonly children: (room: Room) => ReactNode;
};

/** One page: header, rail, title, body, activity and keys, each always in the same place. */
export function Page({title, hints, activity, aside = '', wide = false, children}: PageProps) {
	const {columns, rows} = useWindowSize();
	const {railSteps, foot, facts} = useContext(ChromeContext);
	const layout = layoutOf(columns, rows, hints, !wide && railSteps.length > 0);
	if (useIsScreenReaderEnabled()) return <SpokenPage {...{title, hints, activity, children}} />;
	return (
		<Box flexDirection="column" width={columns} height={rows} paddingLeft={1} overflow="hidden">
			<Header facts={facts} aside={aside} width={layout.inner} />
			{layout.rail === 'line' ? <RailLine railSteps={railSteps} foot={foot} /> : null}
			{layout.tight ? null : <Text> </Text>}
			<Box height={layout.main} flexShrink={0} paddingLeft={1}>
				{layout.rail === 'rail' ? (
					<Box width={railWidth} flexShrink={0}>
						<Rail railSteps={railSteps} foot={foot} height={layout.main} />
					</Box>
				) : null}
				<WidthContext value={layout.room.width}>
					<Box flexDirection="column" width={layout.room.width}>
						<Text bold wrap="truncate">
							{title}
						</Text>
						<Box flexDirection="column" height={layout.room.height} overflow="hidden" flexShrink={0}>
							{/* What is too much is cut at the foot; nothing is squeezed into something else. */}
							<Box flexDirection="column" flexShrink={0}>
								{children(layout.room)}
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
			<KeyBar hints={hints} width={layout.inner} />
		</Box>
	);
}

/** The same for those who listen: no columns, nothing cut; what does not change is said once, and the keys last. */
function SpokenPage({title, hints, activity, children}: PageProps) {
	const {railSteps, facts, foot} = useContext(ChromeContext);
	// Where one is goes with a title: a run tells of its steps by itself.
	// biome-ignore lint/correctness/useExhaustiveDependencies: as it is when the title comes
	const place = useMemo(() => [['boxwizard', ...facts].join(', '), whereOn(railSteps, foot)], [title]);
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
	const {marks} = useTheme();
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
