import {Box, Text} from 'ink';
import {useState} from 'react';
import type {Summary} from '../../source/contract/ui/events.ts';
import type {Outcome, Wizard} from '../../source/contract/ui/wizard.ts';
import {sumUp} from '../../source/render/wording.ts';
import {Fact} from '../parts/facts.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {useTold} from '../parts/spoken.tsx';
import {Accent, Bad, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {type Ran, useRunInApp} from '../parts/use-run-in-app.ts';

type Props = {
	readonly wizard: Wizard;
	readonly outcome: Outcome;
	readonly summary: Summary;
	/** To the page of the box. */
	readonly onBox: () => void;
	/** To the commands that were run. */
	readonly onLog: () => void;
	readonly onHome: () => void;
	readonly onQuit: () => void;
};

/** The set-up is done: where the app is, how to get in, what to know from now on. */
export function Done({wizard, outcome, summary, onBox, onLog, onHome, onQuit}: Props) {
	const {marks} = useTheme();
	const [revealed, setRevealed] = useState(false);
	const runInApp = useRunInApp(wizard);
	const [ran, setRan] = useState<Ran>();
	useTold(ran?.text);
	const some = outcome.secrets.length > 0;
	useKeys((input, key) => {
		const first = outcome.firstThings[Number(input) - 1];
		if (input === 's' && some) setRevealed(!revealed);
		else if (first !== undefined) void runInApp(first.app, first.words, first.words.join(' ')).then(setRan);
		else if (input === 'b') onBox();
		else if (input === 'l') onLog();
		else if (input === 'h') onHome();
		else if (input === 'q' || key.return || key.escape) onQuit();
	});
	const hints = [
		[marks.enter, 'finish'] as const,
		...(some ? ([['s', revealed ? 'hide passwords' : 'show passwords']] as const) : []),
		...(outcome.firstThings.length > 0 ? ([[numbers(outcome.firstThings.length), 'do it now']] as const) : []),
		['b', 'the box'] as const,
		['l', 'log'] as const,
		['h', 'your boxes'] as const,
		['?', 'help'] as const,
	];
	const failed = summary.failed.length > 0;
	return (
		<Page
			title={failed ? 'Done, but not all of it' : outcome.url ? 'Your app is on the air' : 'Your box is ready'}
			hints={hints}
			wide
			activity={ran?.bad ? <Bad>{`! ${ran.text}`}</Bad> : <Quiet>{ran?.text ?? sumUp(summary)}</Quiet>}
		>
			{room => <Body {...{outcome, revealed, room}} />}
		</Page>
	);
}

function Body({outcome, revealed, room}: {outcome: Outcome; revealed: boolean; room: Room}) {
	const {url, login, commands, firstThings, next, secrets} = outcome;
	const width = Math.min(
		24,
		Math.max(9, ...commands.map(one => one.title.length + 2), ...secrets.map(one => one.title.length + 2)),
	);
	const rows = 4 + commands.length + secrets.length + (firstThings.length > 0 ? firstThings.length + 1 : 0);
	return (
		<Box flexDirection="column">
			<Box flexDirection="column" marginTop={1}>
				{url ? (
					<Fact title="Open" width={width}>
						<Accent bold>{url}</Accent>
					</Fact>
				) : null}
				<Fact title="Log in" width={width}>
					<Text>{login}</Text>
				</Fact>
			</Box>
			{secrets.length > 0 ? (
				<Box flexDirection="column" marginTop={1}>
					{secrets.map(({title, secret, where}) => (
						<Fact key={title} title={title} width={width}>
							{revealed ? <Text wrap="hard">{secret.reveal()}</Text> : <Text wrap="truncate">{kept[where]}</Text>}
						</Fact>
					))}
				</Box>
			) : null}
			{commands.length > 0 ? (
				<Box flexDirection="column" marginTop={1}>
					{commands.map(({title, command}) => (
						<Fact key={title} title={title} width={width}>
							<Text>{command}</Text>
						</Fact>
					))}
				</Box>
			) : null}
			{firstThings.length > 0 ? (
				<Box flexDirection="column" marginTop={1}>
					{firstThings.map(({title}, index) => (
						<Fact key={title} title={String(index + 1)} width={width}>
							<Text>{title}</Text>
						</Fact>
					))}
				</Box>
			) : null}
			{next.length > 0 && room.height - rows > 3 ? (
				<Box flexDirection="column" marginTop={1}>
					{next.map(text => (
						<Text key={text}>{text}</Text>
					))}
				</Box>
			) : null}
		</Box>
	);
}

/** '1', '1-3' */
const numbers = (count: number): string => (count === 1 ? '1' : `1-${count}`);

const kept: Readonly<Record<Outcome['secrets'][number]['where'], string>> = {
	keychain: 'in this machine’s keychain',
	file: 'in a private file of this machine',
	box: 'on the box itself',
	memory: '! kept nowhere: press s and write it down',
};
