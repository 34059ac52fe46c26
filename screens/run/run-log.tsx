import type {ReactNode} from 'react';
import {useState} from 'react';
import {loggedLines, type Progress} from '../../source/render/progress.ts';
import {useKeys} from '../parts/key-focus.ts';
import {Page} from '../parts/page.tsx';
import {broken, Scroll, type ScrollLine} from '../parts/scroll.tsx';
import {Quiet} from '../parts/text.tsx';
import {useTheme} from '../parts/theme.ts';

type Props = {
	readonly progress: Progress;
	/** What is going on, while it runs. */
	readonly activity?: ReactNode;
	readonly onBack: () => void;
};

/** What a run has really done: each command, with what it printed, or the commands alone. */
export function RunLog({progress, activity, onBack}: Props) {
	const {marks} = useTheme();
	const [only, setOnly] = useState(false);
	useKeys((input, key) => {
		if (key.escape || input === 'l' || input === 'q') onBack();
		else if (input === 'c') setOnly(!only);
	});
	const hints = [
		['c', only ? 'all output' : 'only commands'],
		[marks.arrows, 'scroll'],
		['space', 'page'],
		['g G', 'start, end'],
		['esc', 'back'],
	] as const;
	return (
		<Page title={only ? 'Log: the commands that were run' : 'Log'} hints={hints} activity={activity} wide>
			{room =>
				progress.log.length === 0 ? (
					<Quiet>Nothing was run yet.</Quiet>
				) : (
					<Scroll key={String(only)} lines={broken(logLines(progress, only), room.width)} room={room} follow />
				)
			}
		</Page>
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
