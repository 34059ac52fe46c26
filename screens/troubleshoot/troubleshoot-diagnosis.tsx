import {Box} from 'ink';
import type {Diagnosis, Finding, FixOffer} from '../../source/contract/ui/troubleshooting.ts';
import {cleanLine} from '../../source/render/wording.ts';
import {FixList} from '../parts/fix-list.tsx';
import type {Room} from '../parts/page.tsx';
import {Paragraph, wrapWords} from '../parts/paragraph.tsx';
import {Line} from '../parts/scroll.tsx';
import {Bad, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {offersOf, type TroubleshootState} from './troubleshoot-state.ts';

type Props = {readonly diagnosis: Diagnosis; readonly state: TroubleshootState; readonly room: Room};

/** What is wrong, the line that shows it, and what can be done about it. */
export function DiagnosisBody({diagnosis, state, room}: Props) {
	const {findings, trouble} = diagnosis;
	const [first, ...others] = findings;
	return (
		<Box flexDirection="column">
			{trouble ? <Failed what={trouble.what} next={trouble.next} /> : null}
			{first ? (
				<Found finding={first} fixes={offersOf(diagnosis)} room={room} />
			) : (
				<Unknown {...{diagnosis, state, room}} />
			)}
			{others.length > 0 ? (
				<Box flexDirection="column" marginTop={1}>
					{others.map(({cause, title}) => (
						<Line key={cause} line={{text: `Also: ${title}`, tone: 'quiet'}} />
					))}
				</Box>
			) : null}
		</Box>
	);
}

function Failed({what, next}: {what: string; next: string}) {
	const {marks} = useTheme();
	return (
		<Box flexDirection="column" marginBottom={1}>
			<Bad>{`${marks.attention} ${what}`}</Bad>
			<Paragraph quiet>{next}</Paragraph>
		</Box>
	);
}

function Found({finding, fixes, room}: {finding: Finding; fixes: readonly FixOffer[]; room: Room}) {
	const {marks} = useTheme();
	return (
		<Box flexDirection="column">
			<Bad bold>{wrapWords(`${marks.failed} ${finding.title}`, room.width).join('\n')}</Bad>
			<Box marginTop={1} flexDirection="column">
				{[...finding.before, finding.evidence.text].map((text, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
					<Line key={index} line={{text: `${marks.bar} ${cleanLine(text)}`, tone: 'quiet'}} />
				))}
			</Box>
			<Box marginTop={1}>
				<Paragraph>{finding.means}</Paragraph>
			</Box>
			<Box marginTop={1} flexDirection="column">
				<FixList fixes={fixes} />
				{fixes.length === 0 ? <Paragraph>{finding.next}</Paragraph> : null}
			</Box>
		</Box>
	);
}

/** Nothing known matches: the last lines speak for themselves. */
function Unknown({diagnosis, state, room}: Props) {
	const {marks} = useTheme();
	const words = diagnosis.well
		? 'By itself the app is well; why its visitors do not see it is not known.'
		: 'What it says matches nothing known. These are its last lines; the whole log is on l.';
	const faults = state.app?.faults ?? [];
	const said = diagnosis.well ? faults : state.lines.filter(({from}) => from !== 'nginx').map(({text}) => text);
	return (
		<Box flexDirection="column">
			<Paragraph>{`${marks.attention} ${words}`}</Paragraph>
			<Box flexDirection="column" marginTop={1}>
				{said.slice(-(room.height - 5)).map((text, index) => (
					// biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
					<Line key={index} line={{text: cleanLine(text)}} />
				))}
			</Box>
			<Box marginTop={1}>
				<Quiet>{`Its log on the box: ${state.app?.log ?? ''}`}</Quiet>
			</Box>
		</Box>
	);
}
