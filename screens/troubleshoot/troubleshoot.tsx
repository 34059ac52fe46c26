import {useState} from 'react';
import type {
	FixOffer,
	TroubleshootEvent,
	TroubleshootReply,
	TroubleshootSummary,
} from '../../source/contract/ui/troubleshooting.ts';
import {Working} from '../parts/activity.tsx';
import type {KeyHint} from '../parts/key-bar.tsx';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {type Marks, useTheme} from '../parts/theme.ts';
import {TroublePanel} from '../parts/trouble.tsx';
import {FixScreen} from './fix.tsx';
import {DiagnosisBody} from './troubleshoot-diagnosis.tsx';
import {TroubleshootEnd} from './troubleshoot-end.tsx';
import {TroubleshootLog} from './troubleshoot-log.tsx';
import {RunningBody} from './troubleshoot-running.tsx';
import {fixKey, offersOf, type TroubleshootState, useTroubleshoot} from './troubleshoot-state.ts';

type Props = {
	readonly source: () => AsyncGenerator<TroubleshootEvent, TroubleshootSummary, TroubleshootReply>;
	readonly host: string;
	readonly onEnd: (summary: TroubleshootSummary) => void;
	/** Ends the work of an earlier run that is waited for. */
	readonly onStopJob: () => void;
	/** Asks whether to leave while something runs. */
	readonly onLeave: () => void;
	readonly onBack: () => void;
};

/** An app that does not work: run in the foreground, explained, put right. */
export function TroubleshootScreen({source, host, onEnd, onStopJob, onLeave, onBack}: Props) {
	const {marks} = useTheme();
	const [view, setView] = useState<'now' | 'log' | FixOffer>('now');
	// What works for another run is ended only by who connection it.
	const [endsJob, setEndsJob] = useState(false);
	const {state, trouble, reply} = useTroubleshoot(source, onEnd);
	const {diagnosis, summary} = state;
	const offers = offersOf(diagnosis);
	useKeys((input, key) => {
		const offer = key.return ? offers[0] : offers[Number(input) - 1];
		if (input === 'l') setView('log');
		else if (summary || trouble) {
			if (key.escape || key.return) onBack();
		} else if (!diagnosis) {
			if (key.escape) onLeave();
			else if (input === 'x' && state.attached) {
				if (endsJob) onStopJob();
				setEndsJob(!endsJob);
			}
		} else if (offer) setView(offer);
		else if (input === 'r') reply({action: 'again'});
		else if (input === 'x') reply({action: 'again', mode: diagnosis.otherMode});
		else if (key.escape) reply({action: 'quit'});
	}, view === 'now');
	if (view === 'log') return <TroubleshootLog state={state} onBack={() => setView('now')} />;
	if (view !== 'now') {
		const apply: Parameters<typeof FixScreen>[0]['onApply'] = typed => {
			setView('now');
			reply({action: 'fix', fix: view.id, ...(typed && {typed})});
		};
		return <FixScreen offer={view} onApply={apply} onBack={() => setView('now')} />;
	}

	return (
		<Page
			title={state.app ? `Troubleshoot ${state.app.name}` : 'Troubleshoot'}
			hints={hintsOf(state, trouble !== undefined, endsJob, marks)}
			activity={state.activity && !trouble ? <Working {...state.activity} /> : null}
			wide
		>
			{room => {
				if (trouble) return <TroublePanel trouble={trouble} room={room} />;
				if (summary) return <TroubleshootEnd summary={summary} host={host} />;
				if (diagnosis) return <DiagnosisBody diagnosis={diagnosis} state={state} room={room} />;
				return <RunningBody state={state} room={room} />;
			}}
		</Page>
	);
}

function hintsOf(state: TroubleshootState, broken: boolean, endsJob: boolean, marks: Marks): KeyHint[] {
	const {diagnosis, summary} = state;
	const log = ['l', 'log'] as const;
	const help = ['?', 'help'] as const;
	if (summary || broken) return [[marks.enter, 'back'], log, help, ['^C', 'leave']];
	if (!diagnosis && state.attached) return [['x', endsJob ? 'again to end it' : 'end it'], log, help, ['^C', 'leave']];
	if (!diagnosis) return [log, help, ['^C', 'leave; the app is given back']];
	const offers = offersOf(diagnosis);
	return [
		...fixKey(offers),
		['r', 'run again'],
		['x', diagnosis.otherMode === 'beside' ? 'run it beside' : 'run it in its place'],
		log,
		help,
		['esc', 'stop here'],
	];
}
