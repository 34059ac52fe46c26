import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useContext} from 'react';
import stringWidth from 'string-width';
import type {Survey} from '../../source/contract/survey.ts';
import type {Opened, Resumable} from '../../source/contract/wizard.ts';
import {duration} from '../../source/render/wording.ts';
import {Choose, type ChooseItem} from '../parts/choose.tsx';
import {bytes, Fact} from '../parts/facts.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {Paragraph, WidthContext} from '../parts/paragraph.tsx';
import {Bad} from '../parts/text.tsx';
import {useLook} from '../parts/theme.ts';

const factWidth = 15;
/** Rows below which what one can do has to stand without what the box is. */
const roomForFacts = 15;

export type SurveyChoice = 'troubleshoot' | 'resume' | 'review' | 'check' | 'doctor' | 'undo' | 'new';

type Props = {
	readonly opened: Opened;
	readonly onChoose: (choice: SurveyChoice) => void;
	readonly onBack: () => void;
};

/** What the box is, and for one that is known: where the road stands. */
export function SurveyScreen({opened, onChoose, onBack}: Props) {
	const {marks} = useLook();
	const {survey, resumable} = opened;
	const refused = !survey.os.supported;
	useKeys((_, key) => {
		if (key.escape) onBack();
		else if (key.return && !resumable && !refused) onChoose('new');
	});
	const hints = [
		...(refused ? [] : ([[marks.enter, resumable ? 'choose' : 'go on']] as const)),
		['?', 'help'] as const,
		['esc', 'back'] as const,
		['^C', 'leave'] as const,
	];
	return (
		<Page title={refused ? 'This box can not be set up' : 'Your box'} hints={hints}>
			{({height}) => (
				<Box flexDirection="column">
					<Paragraph>{refused ? refusal(survey) : 'This is what was found. Nothing was touched.'}</Paragraph>
					{resumable && height < roomForFacts ? null : (
						<Box flexDirection="column" marginTop={1}>
							<Facts survey={survey} short={Boolean(resumable) && height < 19} />
						</Box>
					)}
					{resumable && !refused ? (
						<Box flexDirection="column" marginTop={1}>
							<Paragraph>{standing(resumable)}</Paragraph>
							<Choose items={itemsOf(resumable)} onChoose={value => onChoose(value as SurveyChoice)} />
						</Box>
					) : null}
				</Box>
			)}
		</Page>
	);
}

function refusal({os}: Survey): string {
	return `It runs ${os.name}. boxwizard knows Debian 12 and 13 and Ubuntu 22.04, 24.04 and 26.04, and leaves others alone: nothing was touched. Most providers can reinstall a server with one of these in a minute.`;
}

function Facts({survey, short}: {survey: Survey; short: boolean}) {
	const {marks} = useLook();
	const {os, memory, swap, disk, addresses} = survey;
	const join = (parts: readonly string[]) => parts.join(` ${marks.dot} `);
	return (
		<>
			<Fact title="System">{os.name}</Fact>
			{short ? null : <Fact title="Kernel">{join([survey.kernel, survey.architecture])}</Fact>}
			<Fact title="Size">
				{join([
					`${survey.cores} ${survey.cores === 1 ? 'core' : 'cores'}`,
					`${bytes(memory)} memory`,
					swap > 0 ? `${bytes(swap)} swap` : 'no swap',
				])}
			</Fact>
			<Fact title="Disk">{`${bytes(disk.free)} free of ${bytes(disk.size)}`}</Fact>
			<Several
				title="Addresses"
				parts={[...addresses.v4, ...addresses.v6]}
				between={` ${marks.dot} `}
				none="none of its own"
			/>
			{short ? null : <Fact title="Name">{survey.hostname}</Fact>}
			{short ? null : <Fact title="Up for">{duration(survey.uptime)}</Fact>}
			<Several title="Runs already" parts={survey.running} between={` ${marks.dot} `} none="nothing but ssh" />
			{short ? null : (
				<Several
					title="Open ports"
					parts={survey.listening.map(({port, process}) => `${port} ${process}`)}
					between=", "
					none="none"
				/>
			)}
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

function standing(road: Resumable): string {
	if (road.running) return `${road.title}: ${road.done} of ${road.total}, and a job is still running on the box.`;
	if (road.done >= road.total) return `${road.title}: all ${road.total} steps were done.`;
	return `${road.title}: ${road.done} of ${road.total}${road.stoppedAt ? `, stopped at ${road.stoppedAt}` : ''}.`;
}

function itemsOf(road: Resumable): ChooseItem[] {
	const whole = road.done >= road.total;
	const go: ChooseItem = {value: 'resume', title: 'Go on', hint: 'from where it stopped'};
	return [
		...(whole ? [] : [go]),
		{value: 'check', title: 'Check', hint: 'is all as it should be? only looks'},
		{value: 'doctor', title: 'Doctor', hint: 'what has gone wrong since? only looks'},
		{value: 'troubleshoot', title: 'Troubleshoot', hint: 'the app fails? find out why, and mend it'},
		{value: 'review', title: 'Plan', hint: 'see and change what is done'},
		...(road.done > 0 ? [{value: 'undo', title: 'Undo', hint: 'take back what was done'}] : []),
		{value: 'new', title: 'Start over', hint: 'with another kind of app or other answers'},
	];
}
