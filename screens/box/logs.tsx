import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useEffect, useState} from 'react';
import type {LogEvent} from '../../source/contract/log-source.ts';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import {type Edit, edited, editOf, insert, pastedLine} from '../form/edit.ts';
import {TextLine} from '../form/text-line.tsx';
import {Working} from '../parts/activity.tsx';
import {useKeys, usePasted, useTyping} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {broken, Scroll} from '../parts/scroll.tsx';
import {Accent, Bad, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {TroublePanel} from '../parts/trouble.tsx';
import {afterEvents, type Logs, lineText, logsOf, shownLines, withNextApp, withNextKind} from './logs-state.ts';

type Props = {
	readonly source: (signal: AbortSignal) => AsyncGenerator<LogEvent, void, void>;
	readonly apps: readonly string[];
	/** The app whose lines are shown first. */
	readonly app: string | undefined;
	readonly onBack: () => void;
};

/** Milliseconds in which lines are gathered: a busy app prints hundreds a second. */
const frame = 60;

/** The logs of the box as they come: of one app or all, of one kind or all, and only the lines with a text. */
export function LogsScreen({source, apps, app, onBack}: Props) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	const [logs, setLogs] = useState(() => logsOf(app));
	const [typed, setTyped] = useState<Edit>();
	const trouble = useStream(source, events => setLogs(known => afterEvents(known, events)));
	const change = (text: Edit | undefined, search: string) => {
		setTyped(text);
		setLogs({...logs, search});
	};
	useTyping(typed !== undefined);
	usePasted(text => {
		if (typed === undefined) return;
		const next = insert(typed, pastedLine(text));
		change(next, next.text);
	});
	useKeys((input, key) => {
		if (typed !== undefined) {
			const next = edited(typed, input, key);
			if (key.escape) change(undefined, '');
			else if (key.return) setTyped(undefined);
			else if (next) change(next, next.text);
		} else if (key.escape && logs.search !== '') change(undefined, '');
		else if (key.escape || input === 'q') onBack();
		else if (input === '/') setTyped(editOf(logs.search));
		else if (key.tab) setLogs(withNextApp(logs, apps));
		else if (input === 'f') setLogs(withNextKind(logs));
	});
	const lines = shownLines(logs);
	const labels = Math.max(3, ...lines.map(({label}) => label.length));
	return (
		<Page
			title={titleOf(logs)}
			hints={hintsOf(typed !== undefined, apps.length, logs, marks)}
			activity={<Foot {...{logs, typed, shown: lines.length}} />}
			wide
		>
			{room => {
				if (trouble) return <TroublePanel trouble={trouble} room={room} />;
				if (listens) return <Text>{lines.slice(-1).map(line => lineText(line, 0))}</Text>;
				return (
					<Scroll
						lines={broken(
							lines
								.slice(-2000)
								.map(line => ({text: lineText(line, labels), ...(line.kind !== 'app' && {tone: 'quiet' as const})})),
							room.width,
						)}
						room={room}
						typing={typed !== undefined}
						follow
					/>
				);
			}}
		</Page>
	);
}

const titleOf = ({app, kind}: Logs): string =>
	`Logs of ${app ?? 'the whole box'}${kind === undefined ? '' : `, ${kind} only`}`;

function hintsOf(
	typing: boolean,
	apps: number,
	{search}: Logs,
	{arrows, enter, tab}: ReturnType<typeof useTheme>['marks'],
) {
	if (typing) return [[enter, 'keep it'] as const, ['esc', 'all lines'] as const];
	return [
		[arrows, 'scroll'] as const,
		['G', 'follow'] as const,
		...(apps > 0 ? [[tab, 'next app, or all'] as const] : []),
		['f', 'kind'] as const,
		['/', 'search'] as const,
		['?', 'help'] as const,
		['esc', search === '' ? 'back' : 'all lines'] as const,
	];
}

function Foot({logs, typed, shown}: {readonly logs: Logs; readonly typed: Edit | undefined; readonly shown: number}) {
	const {marks} = useTheme();
	if (typed !== undefined) {
		return (
			<Box>
				<Accent bold>/ </Accent>
				<TextLine edit={typed} focused width={50} placeholder="error" />
			</Box>
		);
	}

	if (logs.reconnecting !== undefined)
		return <Bad>{`${marks.attention} The connection was lost; connecting again.`}</Bad>;
	if (logs.search !== '') return <Quiet>{`${shown} ${shown === 1 ? 'line' : 'lines'} with “${logs.search}”`}</Quiet>;
	return <Working words={logs.lines.length === 0 ? 'Reading what is there' : 'Listening'} />;
}

/** Follows the logs for as long as the screen is there; what comes within a frame comes together. */
function useStream(source: Props['source'], tell: (events: readonly LogEvent[]) => void): TroubleParts | undefined {
	const [trouble, setTrouble] = useState<TroubleParts>();
	// biome-ignore lint/correctness/useExhaustiveDependencies: one stream for the life of the screen
	useEffect(() => {
		const end = new AbortController();
		let waiting: LogEvent[] = [];
		let timer: NodeJS.Timeout | undefined;
		const flush = () => {
			timer = undefined;
			const events = waiting;
			waiting = [];
			if (!end.signal.aborted) tell(events);
		};
		const follow = async () => {
			for await (const event of source(end.signal)) {
				waiting.push(event);
				timer ??= setTimeout(flush, frame);
			}
		};
		follow().catch((error: unknown) => end.signal.aborted || setTrouble(asTrouble(error)));
		return () => {
			end.abort();
			clearTimeout(timer);
		};
	}, []);
	return trouble;
}
