import {Box, Text} from 'ink';
import {useEffect, useState} from 'react';
import type {Finding, Health} from '../../source/contract/diagnosis/examination.ts';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {Wizard} from '../../source/contract/ui/wizard.ts';
import {duration} from '../../source/render/wording.ts';
import type {Navigation} from '../navigation/navigation.ts';
import {useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {Quiet, Spinner} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {TroublePanel} from '../parts/trouble.tsx';
import {RunScreen} from '../run/run.tsx';
import {FindingDetails, FindingList} from './doctor-finding.tsx';
import {FindingFix} from './doctor-fix.tsx';

type Props = {
	readonly wizard: Pick<Wizard, 'examine' | 'previewFix'>;
	/** The person has seen what the fix does, and wants it. */
	readonly onFix: (finding: Finding) => void;
	readonly onBack: () => void;
};

/** What the doctor finds, the worst first; under the hand its evidence, and its fix on one key. */
export function Doctor({wizard, onFix, onBack}: Props) {
	const {marks} = useTheme();
	const {health, trouble, again} = useHealth(wizard);
	const [at, setAt] = useState(0);
	const [shows, setShows] = useState(false);
	const findings = health?.findings ?? [];
	const finding = findings[Math.min(at, findings.length - 1)];
	useKeys((input, key) => {
		if (key.upArrow || input === 'k') setAt(Math.max(0, at - 1));
		else if (key.downArrow || input === 'j') setAt(Math.max(0, Math.min(findings.length - 1, at + 1)));
		else if ((key.return || input === 'f') && finding?.fix) setShows(true);
		else if (input === 'r' && (health || trouble)) again();
		else if (key.escape) onBack();
	}, !shows);
	if (shows && finding) {
		return (
			<FindingFix
				finding={finding}
				load={() => wizard.previewFix(finding.id)}
				onFix={() => onFix(finding)}
				onBack={() => setShows(false)}
			/>
		);
	}

	const hints = [
		...(findings.length > 1 ? ([[marks.arrows, 'move']] as const) : []),
		...(finding?.fix ? ([[marks.enter, 'see its fix']] as const) : []),
		...(health || trouble ? ([['r', 'look again']] as const) : []),
		['?', 'help'] as const,
		['esc', 'back'] as const,
	];
	return (
		<Page title={titleOf(health)} hints={hints} activity={<Counted health={health} at={at} />} wide>
			{room => <Body {...{health, trouble, finding, at, room}} />}
		</Page>
	);
}

type BodyProps = {
	readonly health: Health | undefined;
	readonly trouble: TroubleParts | undefined;
	readonly finding: Finding | undefined;
	readonly at: number;
	readonly room: Room;
};

function Body({health, trouble, finding, at, room}: BodyProps) {
	const {marks} = useTheme();
	if (trouble) return <TroublePanel trouble={trouble} room={room} />;
	if (!health) {
		return (
			<Box gap={1} marginTop={1}>
				<Spinner />
				<Quiet>Looking at the box</Quiet>
			</Box>
		);
	}

	const unknown = health.unknown.slice(0, 4);
	const rows = Math.max(3, Math.min(health.findings.length, Math.floor(room.height / 2)));
	return (
		<Box flexDirection="column" marginTop={1}>
			{finding ? (
				<>
					<FindingList findings={health.findings} at={at} rows={rows} />
					<FindingDetails finding={finding} room={{...room, height: room.height - rows - 2}} />
				</>
			) : (
				<>
					<Paragraph>{`${marks.done} Nothing is wrong.`}</Paragraph>
					{unknown.length > 0 ? <Text> </Text> : null}
					{unknown.map(({id, title, reason}) => (
						<Paragraph key={id}>{`${marks.todo} Not known: ${title}. ${reason}`}</Paragraph>
					))}
				</>
			)}
		</Box>
	);
}

function titleOf(health: Health | undefined): string {
	if (!health) return 'The doctor';
	const {length} = health.findings;
	return length === 0 ? 'The box is well' : `The doctor has found ${length === 1 ? 'one thing' : `${length} things`}`;
}

function Counted({health, at}: {health: Health | undefined; at: number}) {
	if (!health) return null;
	const {length} = health.findings;
	const place = length > 1 ? `${Math.min(at, length - 1) + 1} of ${length}, ` : '';
	const unknown = health.unknown.length === 0 ? '' : `, ${health.unknown.length} not known`;
	return <Quiet>{`${place}looked in ${duration(health.seconds)}${unknown}; nothing was touched`}</Quiet>;
}

/** Looks when it appears, and whenever it is asked again. */
function useHealth(wizard: Pick<Wizard, 'examine'>) {
	const [times, setTimes] = useState(0);
	const [health, setHealth] = useState<Health>();
	const [trouble, setTrouble] = useState<TroubleParts>();
	// biome-ignore lint/correctness/useExhaustiveDependencies: once for every look
	useEffect(() => {
		let gone = false;
		setHealth(undefined);
		setTrouble(undefined);
		wizard.examine().then(
			found => gone || setHealth(found),
			(error: unknown) => gone || setTrouble(asTrouble(error)),
		);
		return () => {
			gone = true;
		};
	}, [times]);
	return {health, trouble, again: () => setTimes(times + 1)};
}

type CureProps = {
	readonly wizard: Wizard;
	readonly navigation: Navigation;
	readonly finding: Finding;
	readonly onLeave: () => void;
};

/** A fix at work; afterwards the doctor looks again. */
export function CureRoute({wizard, navigation, finding, onLeave}: CureProps) {
	const {forms, go} = navigation;
	const {fix} = finding;
	const own = fix ? [{summary: {id: fix.id, title: fix.title, why: fix.why}, fields: [], wanted: true}] : [];
	const known = forms.filter(form => form.summary.id === fix?.id);
	return (
		<RunScreen
			title={fix?.title ?? finding.title}
			source={() => wizard.fix([finding.id])}
			forms={known.length > 0 ? known : own}
			previews={[]}
			onChange={navigation.answer}
			answers={() => navigation.current().answers}
			onEnd={() => go({at: 'doctor'})}
			onProgress={() => undefined}
			onStopJob={() => wizard.stopJob()}
			onLeave={onLeave}
			onBroken={() => go({at: 'doctor'})}
		/>
	);
}
