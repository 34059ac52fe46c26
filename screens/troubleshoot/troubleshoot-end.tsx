import {Box, Text} from 'ink';
import {endWords, type TroubleshootSummary, undoCommands} from '../../source/contract/ui/troubleshooting.ts';
import {duration} from '../../source/render/wording.ts';
import {Paragraph} from '../parts/paragraph.tsx';
import {Accent, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {readonly summary: TroubleshootSummary; readonly host: string};

/** How it ended. */
export function TroubleshootEnd({summary, host}: Props) {
	const {marks} = useTheme();
	const {outcome, app, url, log, seconds} = summary;
	const well = outcome === 'well' || outcome === 'mended';
	const undo = undoCommands(summary, host);
	return (
		<Box flexDirection="column">
			<Paragraph>{`${well ? marks.done : marks.attention} ${endWords(summary)}`}</Paragraph>
			{well && url !== undefined ? (
				<Box marginTop={1}>
					<Accent bold>{url}</Accent>
				</Box>
			) : null}
			{undo.length > 0 ? (
				<Box flexDirection="column" marginTop={1}>
					<Quiet>To take it back:</Quiet>
					{undo.map(command => (
						<Text key={command}>{command}</Text>
					))}
				</Box>
			) : null}
			<Box marginTop={1}>
				<Quiet>{`${well ? `${app} runs under its process manager again` : `Its log: ${log}`} ${marks.dot} ${duration(seconds)}`}</Quiet>
			</Box>
		</Box>
	);
}
