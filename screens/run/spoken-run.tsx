import {type ReactNode, useState} from 'react';
import type {TroubleParts} from '../../source/contract/trouble.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import type {Progress, StepProgress} from '../../source/render/progress.ts';
import {liveWords, took} from '../../source/render/wording.ts';
import type {KeyHint} from '../parts/key-bar.tsx';
import {Page} from '../parts/page.tsx';
import {useTold} from '../parts/spoken.tsx';
import {TroublePanel} from '../parts/trouble.tsx';
import {Waiting} from './waiting.tsx';

type Props = {
	readonly title: string;
	readonly progress: Progress;
	readonly form: StepForm | undefined;
	readonly broken: TroubleParts | undefined;
	readonly hints: readonly KeyHint[];
	readonly doing: ReactNode;
};

/** A run for those who listen: what became of each step, said once; why, for those that are worked on. */
export function SpokenRun({title, progress, form, broken, hints, doing}: Props) {
	const works = progress.current !== undefined && ['running', 'waiting', 'rebooting'].includes(stateOf(progress));
	useTold(useNews(progress));
	useTold(progress.live?.isNew ? `Live: ${liveWords(progress.live)}` : undefined);
	useTold(works && form ? `${form.summary.title}. ${form.summary.why}` : undefined);
	return (
		<Page title={title} hints={hints} activity={doing}>
			{room => {
				if (broken) return <TroublePanel trouble={broken} room={room} />;
				return progress.wait ? <Waiting wait={progress.wait} room={room} /> : null;
			}}
		</Page>
	);
}

const stateOf = ({steps, current}: Progress): string => steps.find(({summary}) => summary.id === current)?.state ?? '';

const ends: ReadonlySet<StepProgress['state']> = new Set([
	'in place',
	'done',
	'left out',
	'differs',
	'reverted',
	'undone',
]);

/** The steps that came to an end since the last time, a line each. */
function useNews({steps}: Progress): string {
	const [told, setTold] = useState({lines: '', steps: new Set<string>()});
	const news = steps.filter(({summary, state}) => ends.has(state) && !told.steps.has(summary.id));
	if (news.length === 0) return told.lines;
	const lines = news
		.map(
			({summary, state, seconds}) =>
				`${summary.title}: ${state}${seconds === undefined ? '' : `, in ${took(seconds)}`}`,
		)
		.join('\n');
	setTold({lines, steps: new Set([...told.steps, ...news.map(({summary}) => summary.id)])});
	return lines;
}
