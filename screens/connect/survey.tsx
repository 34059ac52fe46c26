import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useContext} from 'react';
import stringWidth from 'string-width';
import type {Survey} from '../../source/contract/ui/survey.ts';
import type {Opened} from '../../source/contract/ui/wizard.ts';
import {duration} from '../../source/render/wording.ts';
import {bytes, Fact} from '../parts/facts.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph, WidthContext} from '../parts/paragraph.tsx';
import {Bad} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';

const factWidth = 15;

type Props = {
	readonly opened: Opened;
	readonly onGoOn: () => void;
	readonly onBack: () => void;
};

/** What a box is that was never set up from here. */
export function SurveyScreen({opened, onGoOn, onBack}: Props) {
	const {marks} = useTheme();
	const {survey} = opened;
	const refused = !survey.os.supported;
	useKeys((_, key) => {
		if (key.escape) onBack();
		else if (key.return && !refused) onGoOn();
	});
	const hints = [
		...(refused ? [] : ([[marks.enter, 'go on']] as const)),
		['?', 'help'] as const,
		['esc', 'back'] as const,
		['^C', 'leave'] as const,
	];
	return (
		<Page title={refused ? 'This box can not be set up' : 'Your box'} hints={hints}>
			{() => (
				<Box flexDirection="column">
					<Paragraph>{refused ? refusal(survey) : 'This is what was found. Nothing was touched.'}</Paragraph>
					<Box flexDirection="column" marginTop={1}>
						<Facts survey={survey} />
					</Box>
				</Box>
			)}
		</Page>
	);
}

function refusal({os}: Survey): string {
	return `It runs ${os.name}. boxwizard knows Debian 12 and 13 and Ubuntu 22.04, 24.04 and 26.04, and leaves others alone: nothing was touched. Most providers can reinstall a server with one of these in a minute.`;
}

function Facts({survey}: {survey: Survey}) {
	const {marks} = useTheme();
	const {os, memory, swap, disk, addresses} = survey;
	const join = (parts: readonly string[]) => parts.join(` ${marks.dot} `);
	return (
		<>
			<Fact title="System">{os.name}</Fact>
			<Fact title="Kernel">{join([survey.kernel, survey.architecture])}</Fact>
			<Fact title="Size">
				{join([
					`${survey.cores} ${survey.cores === 1 ? 'core' : 'cores'}`,
					`${bytes(memory)} memory`,
					swap > 0 ? `${bytes(swap)} swap` : 'no swap',
				])}
			</Fact>
			<Fact title="Disk">
				{disk.enough ? (
					`${bytes(disk.free)} free of ${bytes(disk.size)}`
				) : (
					<Bad>{`! ${bytes(disk.free)} free of ${bytes(disk.size)}: too little`}</Bad>
				)}
			</Fact>
			<Several
				title="Addresses"
				parts={[...addresses.v4, ...addresses.v6]}
				between={` ${marks.dot} `}
				none="none of its own"
			/>
			<Fact title="Name">{survey.hostname}</Fact>
			<Fact title="Up for">{duration(survey.uptime)}</Fact>
			<Several title="Runs already" parts={survey.running} between={` ${marks.dot} `} none="nothing but ssh" />
			<Several
				title="Open ports"
				parts={survey.listening.map(({port, process}) => `${port} ${process}`)}
				between=", "
				none="none"
			/>
			{survey.pastFirewall.length > 0 ? (
				<Several
					title="Containers"
					parts={[`Docker keeps ${survey.pastFirewall.join(', ')} open`, 'a firewall does not shut them']}
					between=", "
					none=""
				/>
			) : null}
			{survey.rebootPending ? (
				<Fact title="Restart">
					<Bad>! pending; the road sees to it</Bad>
				</Fact>
			) : null}
		</>
	);
}

type SeveralProps = {title: string; parts: readonly string[]; between: string; none: string};

/** What may be many: on two lines where one is too short. */
function Several({title, parts, between, none}: SeveralProps) {
	const lines = packed(parts, between, useContext(WidthContext) - factWidth);
	if (useIsScreenReaderEnabled()) return <Fact title={title}>{parts.join(', ') || none}</Fact>;
	return (
		<Fact title={title} width={factWidth}>
			<Text wrap="truncate">{parts.length === 0 ? none : lines}</Text>
		</Fact>
	);
}

/** In lines that are broken between the parts: two at most, the second one cut where more is left. */
function packed(parts: readonly string[], between: string, width: number): string {
	const whole = parts.join(between);
	if (stringWidth(whole) <= width) return whole;
	const fits = parts.findIndex((_, index) => stringWidth(parts.slice(0, index + 1).join(between)) > width);
	const first = Math.max(1, fits);
	return [parts.slice(0, first), parts.slice(first)].map(some => some.join(between)).join('\n');
}
