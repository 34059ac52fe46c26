import type {ReactNode} from 'react';
import {useState} from 'react';
import {loggedLines, type Progress} from '../../source/render/progress.ts';
import {LogPage} from '../parts/log-page.tsx';
import type {ScrollLine} from '../parts/scroll.tsx';

type Props = {
	readonly progress: Progress;
	/** What is going on, while it runs. */
	readonly activity?: ReactNode;
	readonly onBack: () => void;
};

/** What a run has really done: each command, with what it printed, or the commands alone. */
export function RunLog({progress, activity, onBack}: Props) {
	const [only, setOnly] = useState(false);
	return (
		<LogPage
			title={only ? 'Log: the commands that were run' : 'Log'}
			lines={logLines(progress, only)}
			empty="Nothing was run yet."
			activity={activity}
			choice={{words: only ? 'all output' : 'only commands', onChoose: () => setOnly(!only)}}
			onBack={onBack}
		/>
	);
}

/** Output, under the titles of the steps it belongs to: all of it, or the commands that were run. */
function logLines(progress: Progress, only: boolean): ScrollLine[] {
	const {steps} = progress;
	const wanted = loggedLines(progress).filter(({text}) => !only || text.startsWith('$ '));
	return wanted.flatMap((line, index, log) => {
		if (log[index - 1]?.step === line.step) return [{text: line.text}];
		const title = steps.find(({summary}) => summary.id === line.step)?.summary.title ?? line.step;
		return [{text: title, tone: 'head' as const}, {text: line.text}];
	});
}
