import {useIsScreenReaderEnabled} from 'ink';
import {useState} from 'react';
import type {Action, Event, Reply, Summary} from '../../source/contract/ui/events.ts';
import type {FieldValue} from '../../source/contract/ui/field.ts';
import type {Preview} from '../../source/contract/ui/preview.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import type {FixOffer} from '../../source/contract/ui/troubleshooting.ts';

import {isOver, type Progress} from '../../source/render/progress.ts';
import {duration, words} from '../../source/render/wording.ts';
import {Working} from '../parts/activity.tsx';
import {CopyScreen} from '../parts/copy.tsx';
import type {KeyHint} from '../parts/key-bar.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {type Marks, useTheme} from '../parts/theme.ts';
import {TroublePanel} from '../parts/trouble.tsx';
import {StepScreen} from '../plan/step.tsx';
import {FixScreen} from '../troubleshoot/fix.tsx';
import {fixKey, offersOf} from '../troubleshoot/troubleshoot-state.ts';
import {RunBody} from './run-body.tsx';
import {RunLog} from './run-log.tsx';
import {type Run, useRun} from './run-state.ts';
import {SpokenRun} from './spoken-run.tsx';

type Props = {
	/** Before its first event: 'Flask app', 'Checking'. */
	readonly title: string;
	/** Before the title of each step: 'Taking back: '. */
	readonly prefix?: string;
	readonly source: () => AsyncGenerator<Event, Summary, Reply>;
	readonly forms: readonly StepForm[];
	readonly previews: readonly Preview[];
	readonly onChange: (name: string, value: FieldValue) => void;
	/** All answers as they stand now, for a reply. */
	readonly answers: () => Readonly<Record<string, unknown>>;
	readonly onEnd: (summary: Summary) => void | Promise<void>;
	readonly onProgress: (progress: Progress) => void;
	/** The person wants to go while it runs. */
	readonly onLeave: () => void;
	/** The person will not wait for what an earlier run left at work. */
	readonly onStopJob: () => void;
	/** The person wants to know why the app fails: called before the run is ended. Absent where no app is being set up. */
	readonly onTroubleshoot?: () => void;
	/** It broke off. */
	readonly onBroken: () => void;
};

/** All steps, one after the other: what is done now, its output, what it waits for, what went wrong. */
export function RunScreen(props: Props) {
	const {marks} = useTheme();
	const listens = useIsScreenReaderEnabled();
	const [endsJob, setEndsJob] = useState(false);
	const [view, setView] = useState<'now' | 'log' | 'copy' | 'edit' | FixOffer>('now');
	const run = useRun(props.source, props.onEnd, props.onProgress);
	const {progress} = run;
	const form = props.forms.find(one => one.summary.id === stepOf(progress));
	const offers = offersOf(progress.failure);
	const act = (action: Action) => {
		if (action === 'edit') setView('edit');
		else run.reply({action});
	};
	useKeys(
		(input, key) => {
			const offer = offers[Number(input) - 1];
			if (input === 'l') setView('log');
			else if (offer) setView(offer);
			else if (input === 'c' && progress.wait) setView('copy');
			else if (input === 's' && progress.wait) run.stopWaiting();
			else if (input === 'x' && progress.attached) {
				if (endsJob) props.onStopJob();
				setEndsJob(!endsJob);
			} else if (run.trouble && (key.return || key.escape)) props.onBroken();
			else if (key.escape) props.onLeave();
			else if (input === 't' && props.onTroubleshoot && concernsApp(progress)) {
				props.onTroubleshoot();
				run.reply({action: 'quit'});
			} else if (progress.failure) {
				const action = progress.failure.actions.find(one => keyOf[one] === input || (one === 'retry' && key.return));
				if (action) act(action);
			}
		},
		view === 'now' && progress.asking === undefined,
	);
	if (view === 'log')
		return <RunLog progress={progress} activity={<Doing run={run} />} onBack={() => setView('now')} />;
	if (typeof view === 'object') {
		const apply: Parameters<typeof FixScreen>[0]['onApply'] = typed => {
			setView('now');
			run.reply({fix: view.id, ...(typed && {typed})});
		};
		return <FixScreen offer={view} onApply={apply} onBack={() => setView('now')} />;
	}

	if (view === 'copy' && progress.wait) {
		const {show, notes = []} = progress.wait;
		return <CopyScreen lines={show} notes={notes} onBack={() => setView('now')} />;
	}

	if (form && (view === 'edit' || progress.asking)) {
		return <ExaminationFix {...props} form={form} run={run} onEnd={() => setView('now')} />;
	}

	const broken = run.trouble ?? progress.failure?.trouble;
	const hints = hintsOf(progress, broken !== undefined, props.onTroubleshoot !== undefined, endsJob, marks);
	if (listens)
		return <SpokenRun {...{progress, form, broken, hints}} title={props.title} doing={<Doing run={run} />} />;
	const preview = props.previews.find(one => one.step === form?.summary.id);
	return (
		<Page
			title={form ? `${props.prefix ?? ''}${form.summary.title}` : props.title}
			hints={hints}
			activity={<Doing run={run} />}
		>
			{room =>
				broken ? (
					<TroublePanel trouble={broken} fixes={offers} room={room} />
				) : (
					<RunBody {...{progress, form, room, preview}} />
				)
			}
		</Page>
	);
}

type MendingProps = Pick<Props, 'onChange' | 'answers' | 'onLeave'> & {
	readonly form: StepForm;
	readonly run: Run;
	readonly onEnd: () => void;
};

/** The form of a step that failed, or that misses an answer: handed in, the step is tried again. */
function ExaminationFix({form, run, answers, onChange, onLeave, onEnd}: MendingProps) {
	const {asking} = run.progress;
	return (
		<StepScreen
			form={form}
			submits="try again"
			faults={Object.fromEntries((asking?.problems ?? []).map(one => [one.option, one.message]))}
			onChange={onChange}
			onSubmit={() => {
				onEnd();
				run.reply({action: 'edit', answers: answers()});
			}}
			onBack={asking ? onLeave : onEnd}
		/>
	);
}

const stepOf = (progress: Progress) => progress.asking?.step ?? progress.failure?.step ?? progress.current;

const keyOf: Readonly<Record<Action, string>> = {retry: 'r', edit: 'e', skip: 's', undo: 'u', quit: 'q'};
const does: Readonly<Record<Action, string>> = {
	retry: 'try again',
	edit: 'edit',
	skip: 'skip',
	undo: 'undo',
	quit: 'stop',
};

/** Steps after which the app is there, and may be run by itself to hear what is wrong. */
const concernsApp = ({failure}: Progress): boolean => /^(app|process)\//.test(failure?.step ?? '');

function hintsOf(
	progress: Progress,
	broken: boolean,
	troubleshoots: boolean,
	endsJob: boolean,
	marks: Marks,
): readonly KeyHint[] {
	const actions = progress.failure?.actions ?? [];
	return [
		...(troubleshoots && concernsApp(progress) ? ([['t', 'find out why']] as const) : []),
		...fixKey(offersOf(progress.failure)),
		...actions.map(action => [keyOf[action], does[action]] as const),
		...(broken && actions.length === 0 ? ([[marks.enter, 'back to the plan']] as const) : []),
		...(progress.attached ? ([['x', endsJob ? 'again to end it' : 'end it']] as const) : []),
		...(progress.wait
			? ([
					['c', progress.wait.show.length > 0 ? 'copy' : 'read all'],
					['s', 'stop waiting'],
				] as const)
			: []),
		['l', 'log'],
		['?', 'help'],
		['^C', broken ? 'leave' : 'leave, safe to resume'],
	];
}

/** What is going on, with movement and the time it takes. */
function Doing({run: {progress, trouble, stopping}}: {run: Run}) {
	const {activity} = progress;
	const [since] = useState(() => Date.now());
	if (trouble || progress.failure || progress.summary) return null;
	// Before the first event of a step, and between two of them, the box is looked at.
	if (!activity) {
		const begun = progress.steps.some(({state}) => isOver(state));
		return <Working words="Looking at the box" since={begun ? undefined : since} />;
	}

	const waiting = stopping ? 'Asking a last time' : askingAgain(progress);
	return <Working words={waiting ?? activity.words} since={activity.since} />;
}

/** What is waited for stands above: below it, how often one looks. Undefined while the box is away. */
function askingAgain({wait, activity}: Progress): string | undefined {
	const waits = wait && activity?.words === words({type: 'waiting', step: '', wait});
	return waits ? `Asking again every ${duration(wait.every / 1000)}` : undefined;
}
