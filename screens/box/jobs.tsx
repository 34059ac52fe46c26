import {Box, Text} from 'ink';
import type {JobStatus} from '../../source/contract/status.ts';
import {Bad, Quiet} from '../parts/text.tsx';
import {type Marks, useTheme} from '../parts/theme.ts';
import {span} from './rows.ts';

/** Jobs of an app that are shown at once. */
export const shownJobs = 4;

const urgency = {failed: 0, off: 1, running: 2, waiting: 3} as const;

/** Those that want somebody first. */
export const byUrgency = (jobs: readonly JobStatus[]): readonly JobStatus[] =>
	jobs.toSorted((one, other) => urgency[one.state] - urgency[other.state]);

/** What is said of a job beside its name: how its last run went, and when it runs next. @param now milliseconds */
export function jobWords({state, next, last}: JobStatus, now: number, {dot}: Pick<Marks, 'dot'>): string {
	const ago = last === undefined ? '' : ` ${span(Math.max(0, now - Date.parse(last)))} ago`;
	const ran = {
		waiting: ago === '' ? 'not run yet' : `ran${ago}`,
		running: 'runs now',
		failed: `failed${ago}`,
		off: 'nothing starts it',
	}[state];
	return next === undefined ? ran : `${ran} ${dot} next in ${span(Math.max(0, Date.parse(next) - now))}`;
}

type Props = {
	readonly jobs: readonly JobStatus[];
	/** How many there is room for. */
	readonly most: number;
	/** Milliseconds, as Date.now() counts. */
	readonly now: number;
};

/** What the app under the hand does at fixed times. */
export function Jobs({jobs, most, now}: Props) {
	const {marks} = useTheme();
	const mark = ({state, last}: JobStatus) =>
		({failed: marks.failed, off: marks.attention, running: marks.current, waiting: last ? marks.done : marks.todo})[
			state
		];
	const shown = byUrgency(jobs).slice(0, most);
	const width = Math.max(...shown.map(({name}) => name.length));
	return (
		<Box flexDirection="column">
			{shown.map(job => {
				const text = `  ${mark(job)} ${job.name.padEnd(width)}  ${jobWords(job, now, marks)}`;
				const isBad = job.state === 'failed' || job.state === 'off';
				return (
					<Text key={job.name} wrap="truncate">
						{isBad ? <Bad>{text}</Bad> : <Quiet>{text}</Quiet>}
					</Text>
				);
			})}
			{shown.length < jobs.length ? <Quiet>{`  and ${jobs.length - shown.length} more`}</Quiet> : null}
		</Box>
	);
}
