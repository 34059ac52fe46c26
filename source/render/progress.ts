import type {Visits, Wait} from '../contract/step.ts';
import type {Event, Problem, StepSummary, Summary} from '../contract/ui/events.ts';
import {cleanLine, words} from './wording.ts';

export type StepState =
	| 'to do'
	| 'checking'
	| 'running'
	| 'proving'
	| 'waiting'
	| 'rebooting'
	| 'in place'
	| 'done'
	| 'not wanted'
	| 'left out'
	| 'differs'
	| 'failed'
	| 'reverted'
	| 'undone';

export type StepProgress = {
	readonly summary: StepSummary;
	readonly state: StepState;
	/** Seconds it took, once it is over. */
	readonly seconds?: number;
};

export type LogLine = {readonly step: string; readonly text: string};

/** Lines in chunks, oldest first: a busy step prints thousands a second, and each leaves all chunks but the last as they were. */
export type Log = readonly (readonly LogLine[])[];

/** What is going on at this moment, and since when (milliseconds as Date.now() counts). */
export type Activity = {readonly words: string; readonly since: number};

/** A run as a person sees it. */
export type Progress = {
	readonly name: string;
	readonly steps: readonly StepProgress[];
	/** The id of the step that is worked on. */
	readonly current?: string;
	readonly activity?: Activity;
	/** When the current step began, milliseconds. */
	readonly stepSince?: number;
	/** The revert that is armed: seconds until the box takes the change back. */
	readonly armed?: number;
	readonly wait?: Wait;
	/** What runs was found running: an earlier run left it. */
	readonly attached?: boolean;
	/** The last lines of output, of all steps: see `loggedLines`. */
	readonly log: Log;
	readonly failure?: Omit<Extract<Event, {type: 'failed'}>, 'type'>;
	readonly asking?: {readonly step: string; readonly problems: readonly Problem[]};
	/** Which version serves visitors, once a deploy has told it. */
	readonly live?: Live;
	/** What visitors met while it ran, at the end of a deploy. */
	readonly visits?: Visits;
	readonly summary?: Summary;
};

export type Live = Omit<Extract<Event, {type: 'live'}>, 'type' | 'step'>;

export const noProgress: Progress = {name: '', steps: [], log: []};

const chunkLength = 100;
const mostChunks = 50;

/** The last 5000 lines of output, or up to a hundred fewer. */
export const loggedLines = ({log}: Progress): readonly LogLine[] => log.flat();

/** States in which nothing more is to be done for a step. */
const overStates: ReadonlySet<StepState> = new Set([
	'in place',
	'done',
	'not wanted',
	'left out',
	'reverted',
	'undone',
]);

export const isOver = (state: StepState): boolean => overStates.has(state);

/** How many steps are over and how many there are, without those that nobody wants. */
export function count(progress: Progress): {over: number; total: number} {
	const wanted = progress.steps.filter(step => step.state !== 'not wanted' && step.state !== 'left out');
	return {over: wanted.filter(step => isOver(step.state)).length, total: wanted.length};
}

/**
 * Seconds that are left, from what each step took earlier; undefined where too few are known to say.
 * @param now milliseconds, as Date.now() counts
 */
export function timeLeft(
	progress: Progress,
	seconds: Readonly<Record<string, number | undefined>>,
	now: number,
): number | undefined {
	const left = progress.steps.filter(step => !isOver(step.state));
	const known = left.map(step => seconds[step.summary.id]).filter(value => value !== undefined);
	if (left.length === 0 || known.length * 2 < left.length) return undefined;
	const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
	const spent = progress.stepSince === undefined ? 0 : (now - progress.stepSince) / 1000;
	const current = progress.current === undefined ? 0 : (seconds[progress.current] ?? mean);
	const whole = left.reduce((sum, step) => sum + (seconds[step.summary.id] ?? mean), 0);
	return Math.max(0, whole - Math.min(spent, current));
}

/** The state of a step while it is worked on, by what is told of it. */
export const stateOf = {
	checking: 'checking',
	arming: 'running',
	running: 'running',
	waiting: 'waiting',
	proving: 'proving',
	rebooting: 'rebooting',
} as const;

/** A run after one more event. Pure: `now` is the event's time in milliseconds. */
export function advance(progress: Progress, event: Event, now: number): Progress {
	switch (event.type) {
		case 'planned':
			return {
				...noProgress,
				name: event.name,
				steps: event.steps.map(summary => ({summary, state: 'to do'})),
			};
		case 'output':
			return {...progress, log: withLine(progress.log, {step: event.step, text: cleanLine(event.line)})};
		case 'checking':
		case 'arming':
		case 'running':
		case 'waiting':
		case 'proving':
		case 'rebooting':
			return underway(progress, event, now);
		case 'reconnecting':
			return restarts(progress) ? progress : {...progress, activity: activityOf(progress, words(event) ?? '', now)};
		case 'skipped':
			return over(progress, event.step, event.reason);
		case 'differs':
			return over(progress, event.step, 'differs');
		case 'verified':
			return over(progress, event.step, 'done', event.seconds);
		case 'undone':
			return over(progress, event.step, 'undone', event.seconds);
		case 'reverted':
			return {...progress, armed: undefined, steps: withState(progress.steps, event.step, 'reverted')};
		case 'asking':
			return {...still(progress, event.step), asking: {step: event.step, problems: event.problems}};
		case 'failed':
			return {
				...still(progress, event.step),
				steps: withState(progress.steps, event.step, 'failed'),
				failure: failureOf(event),
			};
		case 'live':
			return {...progress, live: {id: event.id, title: event.title, isNew: event.isNew, seconds: event.seconds}};
		case 'visited':
			return {...progress, visits: {requests: event.requests, failures: event.failures}};
		case 'done':
			return {...still(progress, progress.current), current: undefined, summary: event.summary};
	}
}

function withLine(log: Log, line: LogLine): Log {
	const last = log.at(-1);
	if (last && last.length < chunkLength) return log.with(-1, [...last, line]);
	return [...log.slice(log.length < mostChunks ? 0 : 1), [line]];
}

function failureOf({type: _, ...failure}: Extract<Event, {type: 'failed'}>): NonNullable<Progress['failure']> {
	return failure;
}

type Underway = Extract<Event, {type: keyof typeof stateOf}>;

function underway(progress: Progress, event: Underway, now: number): Progress {
	const same = progress.current === event.step && progress.failure === undefined;
	return {
		...progress,
		steps: withState(progress.steps, event.step, stateOf[event.type]),
		current: event.step,
		stepSince: same ? progress.stepSince : now,
		activity: activityOf(progress, words(event) ?? '', now),
		armed: event.type === 'arming' ? event.window : same ? progress.armed : undefined,
		wait: event.type === 'waiting' ? event.wait : undefined,
		attached: event.type === 'running' && event.attached,
		failure: undefined,
		asking: undefined,
	};
}

/** A box that restarts is expected to be away: knocking until it answers is part of the wait. */
const restarts = ({steps, current}: Progress): boolean =>
	steps.some(({summary, state}) => summary.id === current && state === 'rebooting');

/** The same words go on counting: a wait that is asked again has not begun anew. */
function activityOf(progress: Progress, text: string, now: number): Activity {
	return progress.activity?.words === text ? progress.activity : {words: text, since: now};
}

function still(progress: Progress, step: string | undefined): Progress {
	return {...progress, current: step, activity: undefined, wait: undefined, attached: false, armed: undefined};
}

function over(progress: Progress, step: string, state: StepState, seconds?: number): Progress {
	const ends = progress.current === step || progress.current === undefined;
	return {
		...(ends ? {...still(progress, undefined), stepSince: undefined, failure: undefined, asking: undefined} : progress),
		steps: withState(progress.steps, step, state, seconds),
	};
}

function withState(
	steps: readonly StepProgress[],
	id: string,
	state: StepState,
	seconds?: number,
): readonly StepProgress[] {
	return steps.map(step => (step.summary.id === id ? {summary: step.summary, state, seconds} : step));
}
