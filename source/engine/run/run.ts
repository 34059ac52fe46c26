import type {Answers} from '../../answers/answers.ts';
import type {Cause} from '../../contract/diagnosis/cause.ts';
import type {Kind, StepList} from '../../contract/kind.ts';
import {Secret} from '../../contract/secret.ts';
import type {Step} from '../../contract/step.ts';
import type {Event, Reply, Summary} from '../../contract/ui/events.ts';
import {redactor} from '../../remote/explain.ts';
import {guardWindow} from '../../remote/guard.ts';
import type {ApplyContext, SendRecords} from '../apply.ts';
import {calledFor, packagesOf} from '../called-for.ts';
import {type Session, Work} from '../session.ts';
import type {Completion} from './complete.ts';

/** What is to be done: steps with their answers, less those the person left out. */
export type Plan = StepList & {
	/** What is told of it: the kind of its app, or what else it does. */
	readonly name: string;
	/** Of the box, and of the app in hand. */
	readonly answers: Answers;
	/** Of other apps of the box whose steps are in the plan, over those of the box. By the app's name. */
	readonly apps?: Readonly<Record<string, Answers>>;
	/** Ids of steps. */
	readonly leftOut: readonly string[];
	readonly sendRecords: SendRecords;
	/** The app in hand as the box has it by now, for the causes of its failures. */
	readonly appOnBox?: Kind['app'];
	/** Only some of the steps: they say nothing of how far the set-up came. */
	readonly isPart?: true;
	/** Seconds until the box takes an unproven change of the door back; 60 where nothing is said. */
	readonly guardWindow?: number;
	/** What is known to go wrong with apps: looked for in what a failed step's app has said. */
	readonly causes?: readonly Cause[];
	/** Names that the person has typed: what an undo may drop. */
	readonly confirmed?: readonly string[];
};

/** 'blocked': a step it needs is not in place. */
export type Outcome = 'changed' | 'in place' | 'skipped' | 'blocked' | 'failed' | 'quit';

/** One run of a plan: what its steps share. */
export type Run = {
	readonly plan: Plan;
	readonly work: Work;
	readonly context: ApplyContext;
	answers: Answers;
	/** Completed, of the other apps. By the app's name. */
	appAnswers: Readonly<Record<string, Answers>>;
	readonly outcomes: Map<string, Outcome>;
	/** Steps that were left out, or for want of one that was, and that the box was seen to lack. By id. */
	readonly lacking: Set<string>;
	/** It runs the whole plan, so that how far it came says how the box stands; a fix is a step aside. */
	readonly isWhole: boolean;
};

export function newRun(plan: Plan, session: Session, isWhole = true): Run {
	const work = new Work(session);
	const context: ApplyContext = {
		work,
		sendRecords: plan.sendRecords,
		redact: line =>
			[run.answers, ...Object.values(run.appAnswers)].reduce((text, answers) => redactor(answers)(text), line),
		now: () => new Date(),
		guardWindow: plan.guardWindow ?? guardWindow,
	};
	const run: Run = {
		plan,
		work,
		context,
		answers: plan.answers,
		appAnswers: plan.apps ?? {},
		outcomes: new Map(),
		lacking: new Set(),
		isWhole,
	};
	return run;
}

export function planned(plan: Plan, steps: readonly Step[]): Event {
	return {
		type: 'planned',
		name: plan.name,
		steps: steps.map(({id, title, why, hazard, app}) => ({
			id,
			title,
			why,
			...(hazard && {hazard}),
			...(app !== undefined && {app}),
		})),
	};
}

/**
 * The answers that a step goes by: those of its own app where it is another one than that in hand. The one that installs
 * for all gets what all of them want, as they are answered now.
 */
export function answersOf(run: Pick<Run, 'plan' | 'answers' | 'appAnswers'>, step: Step): Answers {
	const own = ({app}: Step) => (app === undefined ? undefined : run.appAnswers[app]) ?? run.answers;
	if (step.installs === undefined) return own(step);
	const {steps, leftOut} = run.plan;
	return {...own(step), [step.installs]: packagesOf(calledFor(steps, leftOut, own), own)};
}

/** Whether a step is of another app than the one in hand. */
export function isOfOther({apps}: Plan, {app}: Step): boolean {
	return app !== undefined && apps?.[app] !== undefined;
}

/** From now on the run works with these. A sudo password that was just made up is not the box's yet. */
export function setAnswers(run: Run, {answers, generated}: Pick<Completion, 'answers' | 'generated'>): void {
	run.answers = answers;
	if (!generated.includes('sudoPassword')) tellSudoPassword(run);
}

/** Tells the transport the admin user's sudo password, as the answers have it. */
export function tellSudoPassword(run: Run): void {
	const {user, sudo, sudoPassword} = run.answers;
	if (typeof user !== 'string') return;
	if (sudo === 'passwordless') run.work.box.setSudoPassword(user, undefined);
	else if (sudoPassword instanceof Secret) run.work.box.setSudoPassword(user, sudoPassword);
}

export async function* finished(run: Run, started: number): AsyncGenerator<Event, Summary, Reply> {
	const ids = (outcome: Outcome) => [...run.outcomes].filter(([, value]) => value === outcome).map(([id]) => id);
	const summary: Summary = {
		changed: ids('changed'),
		inPlace: ids('in place'),
		skipped: [...ids('skipped'), ...ids('blocked')],
		failed: [...ids('failed'), ...ids('quit')],
		seconds: (performance.now() - started) / 1000,
	};
	yield {type: 'done', summary};
	return summary;
}

export async function* look(run: Run, step: Step): AsyncGenerator<Event, unknown, Reply> {
	return yield* run.work.steadily(() => step.check(run.work.probe, answersOf(run, step) as never));
}
