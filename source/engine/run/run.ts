import {type Answers, isDeclined, isWanted} from '../../answers/answers.ts';
import {Disconnected} from '../../contract/box.ts';
import type {Cause} from '../../contract/cause.ts';
import {quote} from '../../contract/command.ts';
import {Secret} from '../../contract/secret.ts';
import type {Concern, Kind, Step, StepList} from '../../contract/step.ts';
import {instanceOf, recordId} from '../../contract/step-id.ts';
import type {Event, Reply, Summary} from '../../contract/ui/events.ts';
import {redactor} from '../../remote/explain.ts';
import {guardWindow} from '../../remote/guard.ts';
import {stateFolder} from '../../remote/script.ts';
import {type JournalState, type Json, type StepRecord, stepRecord, withSection} from '../../state/journal.ts';
import type {ApplyContext, SendRecords} from '../apply.ts';
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
export type Known = {readonly facts: unknown} | {readonly trouble: unknown};

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

/** The answers that a step goes by: those of its own app where it is another one than that in hand. */
export function answersOf({answers, appAnswers}: Pick<Run, 'answers' | 'appAnswers'>, {app}: Step): Answers {
	return (app === undefined ? undefined : appAnswers[app]) ?? answers;
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

export function leftOutFor(run: Run, step: Step): 'not wanted' | 'left out' | undefined {
	if (!isWanted(step, answersOf(run, step))) return 'not wanted';
	if (isLeftOut(run, step) || run.lacking.has(step.id)) return 'left out';
	return isBlocked(run, step) ? 'left out' : undefined;
}

/** Whether the person left a step out, by its name or by an answer. */
function isLeftOut(run: Run, step: Step): boolean {
	return run.plan.leftOut.includes(step.id) || isDeclined(step, answersOf(run, step));
}

/** Whether a step it needs has failed in this run, or is left out and not in place; or one that this one needs in its turn. */
export function isBlocked(run: Run, step: Step): boolean {
	return obstacle(run, step) !== undefined;
}

function obstacle(run: Run, step: Step): string | undefined {
	const failed = ['failed', 'blocked', 'quit'];
	return step.needs?.find(id => run.lacking.has(id) || failed.includes(run.outcomes.get(id) ?? ''));
}

/** Says that a step is left alone, and why. */
export function leftAlone(run: Run, step: Step, reason: 'not wanted' | 'left out'): Event {
	const needed = reason === 'left out' && !isLeftOut(run, step) ? obstacle(run, step) : undefined;
	const title = run.plan.steps.find(({id}) => id === needed)?.title;
	return {
		type: 'skipped',
		step: step.id,
		reason,
		...(title !== undefined && {because: `it needs “${title}”, which is not in place`}),
	};
}

/**
 * The facts of all wanted steps: their probes travel together. A left-out one that others need is looked at too: those
 * that would stand on nothing are left out with it.
 */
export async function* lookAtAll(
	run: Run,
	among: readonly Step[] = run.plan.steps,
): AsyncGenerator<Event, [Step, Known][], Reply> {
	const needed = new Set(among.filter(step => !isLeftOut(run, step)).flatMap(step => step.needs ?? []));
	const steps = among.filter(
		step => isWanted(step, answersOf(run, step)) && (!isLeftOut(run, step) || needed.has(step.id)),
	);
	const looked = yield* run.work.steadily(() =>
		Promise.all(steps.map(async step => [step, await knownOf(run, step)] satisfies [Step, Known])),
	);
	run.lacking.clear();
	for (const [step, known] of looked) {
		const isInPlace = 'facts' in known && step.done(known.facts, answersOf(run, step) as never);
		if (!isInPlace && (isLeftOut(run, step) || isBlocked(run, step))) run.lacking.add(step.id);
	}

	return looked.filter(([step]) => leftOutFor(run, step) === undefined);
}

/** What the person must answer for before the step may touch the box. */
export function concernOf(run: Run, step: Step, facts: unknown): Concern | undefined {
	const before = stepRecord(run.work.session.journal.read(), recordId(step))?.before;
	return step.concern?.(facts, answersOf(run, step) as never, before);
}

async function knownOf(run: Run, step: Step): Promise<Known> {
	try {
		return {facts: await step.check(run.work.probe, answersOf(run, step) as never)};
	} catch (error) {
		if (error instanceof Disconnected) throw error;
		return {trouble: error};
	}
}

export function remember(run: Run, step: Step, facts: unknown): void {
	updateRecord(run, step, old => ({
		state: 'started',
		at: new Date().toISOString(),
		seconds: 0,
		before: beforeOf(step, old, facts) as Json,
		by: run.work.session.holder.split(',')[0] ?? '',
	}));
}

function beforeOf(step: Step, old: StepRecord | undefined, facts: unknown): unknown {
	if (old?.before === undefined) return step.before ? step.before(facts) : facts;
	return step.beforeAgain ? step.beforeAgain(old.before, facts) : old.before;
}

export async function note(run: Run, step: Step, outcome: Pick<StepRecord, 'state' | 'seconds'>): Promise<void> {
	updateRecord(run, step, old => (old ? {...old, ...outcome, at: new Date().toISOString()} : undefined));
	if (outcome.state === 'done')
		run.work.session.journal.update(state => withSeconds(state, instanceOf(step.id).id, outcome.seconds));
	noteProgress(run);
	await copyJournal(run);
}

/** How far the set-up came: what the list of boxes shows of it. */
export function noteProgress(run: Run): void {
	if (run.plan.isPart || !run.isWhole) return;
	const wanted = run.plan.steps.filter(step => leftOutFor(run, step) === undefined);
	const inPlace = wanted.filter(step => ['in place', 'changed'].includes(run.outcomes.get(step.id) ?? ''));
	const {app} = run.plan.answers;
	run.work.session.journal.update(state => ({
		...state,
		progress: {inPlace: inPlace.length, wanted: wanted.length, ...(typeof app === 'string' && {app})},
	}));
}

function withSeconds(state: JournalState, id: string, seconds: number): JournalState {
	return {...state, seconds: {...state.seconds, [id]: seconds}};
}

export function updateRecord(
	run: Run,
	step: Step,
	change: (old: StepRecord | undefined) => StepRecord | undefined,
): void {
	run.work.session.journal.update(state => {
		const {app, id} = instanceOf(recordId(step));
		return withSection(
			state,
			app,
			section => {
				const {[id]: old, ...others} = section.steps;
				const changed = change(old);
				return {...section, steps: changed ? {...others, [id]: changed} : others};
			},
			run.plan.name,
		);
	});
}

/** A copy on the box, for a colleague's laptop. Without it nothing is lost here. */
export async function copyJournal(run: Run): Promise<void> {
	const text = JSON.stringify(run.work.session.journal.read(), undefined, '\t');
	const write = run.work.box.run(`umask 077; mkdir -p ${stateFolder}
printf '%s\\n' ${quote(text)} > ${stateFolder}/journal.new && mv ${stateFolder}/journal.new ${stateFolder}/journal.json`);
	await write.catch(() => undefined);
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
