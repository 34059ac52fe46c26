import {Box, Text, useIsScreenReaderEnabled} from 'ink';
import {useState} from 'react';
import type {Problem} from '../../source/contract/ui/events.ts';
import type {Preview} from '../../source/contract/ui/preview.ts';
import type {Resumable, StepForm} from '../../source/contract/ui/setup.ts';
import {about} from '../../source/render/wording.ts';
import {Working} from '../parts/activity.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page, type Room} from '../parts/page.tsx';
import {Paragraph} from '../parts/paragraph.tsx';
import {windowOf} from '../parts/rail.tsx';
import {Bad, Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';
import {TroublePanel} from '../parts/trouble.tsx';
import {PreviewScreen} from './preview.tsx';
import {ReviewRow, stateOfRow} from './review-row.tsx';
import {type Looked, useLooked} from './review-state.ts';

type Props = {
	readonly forms: readonly StepForm[];
	/** The id of the step to begin at. */
	readonly start?: string;
	/** How far a set-up came that was begun before. */
	readonly stopped?: Pick<Resumable, 'done' | 'total' | 'stoppedAt' | 'running'>;
	readonly leftOut: readonly string[];
	/** What is still missing, before anything can run. */
	readonly problems: readonly Problem[];
	readonly load: () => Promise<readonly Preview[]>;
	/** Absent, as `onEdit` and `onRun`, where the plan is only looked at. */
	readonly onToggle?: (step: string) => void;
	readonly onEdit?: (step: string) => void;
	/** Takes back what a step did, where one did something. */
	readonly onUndo?: (step: string) => void;
	readonly onRun?: () => void;
	readonly onBack: () => void;
};

/** The whole plan before anything is touched. */
export function Review(props: Props) {
	const {forms, start, stopped, leftOut, problems, load, onToggle, onEdit, onUndo, onRun, onBack} = props;
	const {marks} = useTheme();
	const wanted = forms.filter(form => form.wanted);
	const [row, setRow] = useState(() =>
		Math.max(
			0,
			wanted.findIndex(form => form.summary.id === start),
		),
	);
	const [opened, setOpened] = useState<StepForm>();
	const looked = useLooked(load, leftOut, problems.length === 0);
	const here = wanted[row];
	const taken = looked.previews?.filter(({step}) => !leftOut.includes(step)) ?? [];
	const concerns = taken.flatMap(({concern}) => concern ?? []);
	const faulty = problems[0] ?? concerns[0];
	const withFault = faulty && wanted.find(form => form.fields.some(field => field.name === faulty.option));
	const go = () => (withFault ? onEdit?.(withFault.summary.id) : onRun?.());
	useKeys((input, key) => {
		if (key.escape) onBack();
		else if (key.upArrow || input === 'k') setRow(Math.max(0, row - 1));
		else if (key.downArrow || input === 'j') setRow(Math.min(wanted.length - 1, row + 1));
		else if (key.home) setRow(0);
		else if (key.end) setRow(wanted.length - 1);
		else if (input === ' ' && here) onToggle?.(here.summary.id);
		else if (input === 'e' && here) onEdit?.(here.summary.id);
		else if ((input === 'p' || key.rightArrow || key.return) && here) setOpened(here);
		else if (input === 'u' && here) onUndo?.(here.summary.id);
		else if (input === 'r') go();
	}, opened === undefined);
	if (opened) {
		const {title, id} = opened.summary;
		const back = () => setOpened(undefined);
		return <PreviewScreen title={title} step={id} load={looked.again} onBack={back} />;
	}

	const hints = [
		...(onRun ? ([['r', withFault ? 'fill in' : stopped ? 'go on' : 'run']] as const) : []),
		[marks.enter, 'open'],
		...(onToggle ? ([['space', 'skip']] as const) : []),
		...(onEdit ? ([['e', 'edit']] as const) : []),
		...(onUndo ? ([['u', 'undo']] as const) : []),
		...(stopped ? ([[':', 'all commands']] as const) : []),
		['?', 'help'],
		['esc', 'back'],
		['^C', 'leave'],
	] as const;
	return (
		<Page
			title={onRun ? titleOf(stopped) : 'The plan of the box and all its apps'}
			wide
			hints={hints}
			activity={<Verdict problems={problems} concerns={concerns} looked={looked} forms={wanted} {...{leftOut}} />}
		>
			{room =>
				looked.trouble ? (
					<TroublePanel trouble={looked.trouble} room={room} />
				) : (
					<Rows {...{forms: wanted, leftOut, row, room}} previews={looked.previews} />
				)
			}
		</Page>
	);
}

/** Whoever comes back to it reads where it stopped. */
function titleOf(stopped: Props['stopped']): string {
	if (!stopped) return 'The plan';
	const {done, total, stoppedAt, running} = stopped;
	const far = `The plan: ${done} of ${total} done`;
	if (running) return `${far}, and a job is still running on the box`;
	return stoppedAt === undefined ? far : `${far}, stopped at “${stoppedAt}”`;
}

type RowsProps = {
	readonly forms: readonly StepForm[];
	readonly leftOut: readonly string[];
	readonly previews: readonly Preview[] | undefined;
	readonly row: number;
	readonly room: Room;
};

/** What the step under the hand is for. */
const whyLines = 3;

function Rows({forms, leftOut, previews, row, room}: RowsProps) {
	const {marks} = useTheme();
	const height = room.height - 3 - whyLines;
	const listens = useIsScreenReaderEnabled();
	const {from, to} = windowOf(forms.length, row, Math.max(3, height));
	const here = forms[row];
	if (listens) return <SpokenRow {...{forms, leftOut, previews, row}} />;
	return (
		<Box flexDirection="column">
			<Quiet>{from > 0 ? `  ${marks.up} ${from} more` : ' '}</Quiet>
			{forms.slice(from, to).map((form, index) => (
				<ReviewRow
					key={form.summary.id}
					form={form}
					preview={previews?.find(one => one.step === form.summary.id)}
					leftOut={leftOut.includes(form.summary.id)}
					here={from + index === row}
					width={room.width}
					titles={Math.max(20, ...forms.map(({summary}) => summary.title.length + 2))}
				/>
			))}
			<Quiet>{to < forms.length ? `  ${marks.down} ${forms.length - to} more` : ' '}</Quiet>
			<Box marginTop={1}>
				<Paragraph quiet most={whyLines}>
					{here?.summary.why ?? ''}
				</Paragraph>
			</Box>
		</Box>
	);
}

/** One step at a time, with its place among them. */
function SpokenRow({forms, leftOut, previews, row}: Omit<RowsProps, 'room'>) {
	const {marks} = useTheme();
	const form = forms[row];
	if (form === undefined) return null;
	const preview = previews?.find(one => one.step === form.summary.id);
	const state = stateOfRow(form, preview, leftOut.includes(form.summary.id), marks);
	const title = `${form.summary.title}${state === '' ? '' : `, ${state}`}`;
	return <Text>{`${row + 1} of ${forms.length}: ${title}. ${form.summary.why}`}</Text>;
}

type VerdictProps = {
	readonly problems: readonly Problem[];
	/** What was found on the box that has to be decided first. */
	readonly concerns: readonly Problem[];
	readonly looked: Looked;
	readonly forms: readonly StepForm[];
	readonly leftOut: readonly string[];
};

function Verdict({problems, concerns, looked, forms, leftOut}: VerdictProps) {
	const {marks} = useTheme();
	const [first] = problems;
	const [concern] = concerns;
	if (first) return <Bad>{`! Still missing: ${first.message}`}</Bad>;
	if (looked.trouble) return null;
	if (concern) return <Bad>{`! ${concern.message}`}</Bad>;
	if (looked.previews === undefined) {
		return <Working words="Looking at the box: what is there, what differs" since={looked.since} />;
	}

	const stateOf = (form: StepForm) => looked.previews?.find(one => one.step === form.summary.id)?.state;
	const todo = forms.filter(form => !leftOut.includes(form.summary.id) && stateOf(form) !== 'in place');
	const seconds = todo.reduce((sum, form) => sum + (form.seconds ?? 0), 0);
	const parts = [
		`${todo.length} to do`,
		`${forms.filter(form => stateOf(form) === 'in place').length} in place`,
		...(seconds > 0 ? [about(seconds)] : []),
	];
	return <Text>{parts.join(` ${marks.dot} `)}</Text>;
}
