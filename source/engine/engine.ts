import {quote} from '../contract/command.ts';
import type {Step, StepList} from '../contract/step.ts';
import {asTrouble} from '../contract/trouble.ts';
import type {Event, Reply, Summary} from '../contract/ui/events.ts';
import type {Preview} from '../contract/ui/preview.ts';
import {record} from '../remote/recorder.ts';
import {stateFolder} from '../remote/script.ts';
import {stepRecords} from '../state/journal-state.ts';
import {keptFixes} from './fixes/journaled-fixes.ts';
import {describe} from './preview.ts';
import {recoverInterrupted} from './reattach.ts';
import {answered, askingStep} from './run/asking.ts';
import {complete, completeToLook, readOnly} from './run/complete.ts';
import {copyJournal, noteProgress} from './run/journaling.ts';
import {concernOf, type Known, leftAlone, leftOutFor, lookAtAll} from './run/obstacles.ts';
import {answersOf, finished, isOfOther, newRun, type Plan, planned, type Run, setAnswers} from './run/run.ts';
import {runSteps} from './run/sequence.ts';
import type {Session} from './session.ts';
import {undoOrder, undoStep} from './undo.ts';

export type {Plan} from './run/run.ts';
export type {Session} from './session.ts';

/**
 * Brings a box to what a plan asks for, step by step. Told in events; `asking` and `failed` take a reply. Stopped at any
 * moment, a next run looks at the box and goes on. One wizard at a time: the lock is held throughout.
 * @throws Trouble where nothing can be done: the lock is held, the box is gone for good
 */
export async function* run(plan: Plan, session: Session): AsyncGenerator<Event, Summary, Reply> {
	const started = performance.now();
	const run = newRun(plan, session);
	yield planned(plan, plan.steps);
	yield* run.work.steadily(() => run.work.begin());
	try {
		if (yield* answered(run, plan.answers)) {
			yield* recoverInterrupted(run);
			yield* runSteps(run);
			noteProgress(run);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

/** The same for some of the steps, by id: it says nothing of how far the set-up came. @throws Trouble as `run` does */
export function runPart(plan: Plan, ids: readonly string[], session: Session): AsyncGenerator<Event, Summary, Reply> {
	return run({...plan, steps: plan.steps.filter(({id}) => ids.includes(id)), isPart: true}, session);
}

/** Looks whether a plan is in place; touches nothing. What differs is in `failed`. */
export async function* check(plan: Plan, session: Session): AsyncGenerator<Event, Summary, Reply> {
	const started = performance.now();
	const run = newRun(plan, session);
	yield planned(plan, plan.steps);
	const answers = yield* checkable(run);
	if (answers) {
		const known = yield* lookAtAll(run);
		yield* passedOver(run);
		for (const [step, found] of known) {
			const event = seen(run, step, found);
			run.outcomes.set(step.id, event.type === 'differs' ? 'failed' : 'in place');
			yield event;
		}
	}

	return yield* finished(run, started);
}

/** Takes steps back, last first; `ids` name them. What was never applied from here is left alone. */
export async function* undo(
	plan: Plan,
	session: Session,
	ids: readonly string[],
): AsyncGenerator<Event, Summary, Reply> {
	const started = performance.now();
	const run = newRun(plan, session);
	const known = [...plan.steps, ...keptFixes(session.journal.read())];
	const steps = undoOrder(known.filter(step => ids.includes(step.id)));
	yield planned(plan, steps);
	yield* run.work.steadily(() => run.work.begin());
	try {
		yield* takeBack(run, steps);
		if (Object.keys(stepRecords(session.journal.read())).length === 0) {
			await run.work.box.run(`rm -rf ${stateFolder} /run/boxwizard`).catch(() => undefined);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

/** An app that is to go: its name, and what goes with it. */
export type Removal = {
	readonly app: string;
	/** Ids of its steps in the plan, and of those of services that no other app wants. */
	readonly ids: readonly string[];
	/** The box without it: the steps that look after all apps, as they are to be then. */
	readonly rest: Plan;
};

/** Takes an app off the box, and what is remembered of it; the steps that look after all apps then see to those that are left. */
export async function* removeApp(
	plan: Plan,
	session: Session,
	{app, ids, rest}: Removal,
): AsyncGenerator<Event, Summary, Reply> {
	const started = performance.now();
	const run = newRun({...plan, isPart: true}, session);
	const steps = undoOrder(plan.steps.filter(step => ids.includes(step.id)));
	const others = rest.steps.filter(({id}) => !ids.includes(id));
	yield planned(plan, [...steps, ...others]);
	yield* run.work.steadily(() => run.work.begin());
	try {
		yield* takeBack(run, steps);
		if (![...run.outcomes.values()].some(outcome => outcome === 'failed' || outcome === 'quit')) {
			session.journal.update(({apps: {[app]: _gone, ...apps}, ...state}) => ({...state, apps}));
			await run.work.box.run(`rm -rf ${quote(`${stateFolder}/apps/${app}`)}`).catch(() => undefined);
			const after = {...run, plan: {...rest, isPart: true as const}, outcomes: new Map()};
			if (yield* answered(after, rest.answers)) yield* runSteps(after, others);
			for (const [id, outcome] of after.outcomes) run.outcomes.set(id, outcome);
			await copyJournal(run);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

/** Takes steps back in this order, with the answers that vault and box know. */
async function* takeBack(run: Run, steps: readonly Step[]): AsyncGenerator<Event, void, Reply> {
	const {journal, vault} = run.work.session;
	const completion = yield* run.work.steadily(() =>
		complete(inHand(run.plan), run.plan.answers, readOnly(vault), run.work.probe),
	);
	setAnswers(run, completion);
	yield* run.work.steadily(() => lookUpOthers(run));
	yield* recoverInterrupted(run);
	journal.update(({progress: _made, ...state}) => state);
	for (const step of steps) {
		run.outcomes.set(step.id, yield* undoStep(run, step));
		if (run.outcomes.get(step.id) === 'quit') return;
	}
}

/** What a plan would do, step by step, as the box is now; touches nothing. Answers with problems are left as they are. */
export async function preview(plan: Plan, session: Session): Promise<Preview[]> {
	const run = newRun(plan, session);
	const {work} = run;
	const steadily = <Value>(task: () => Promise<Value>) => last(work.steadily(task));
	setAnswers(run, await steadily(() => completeToLook(inHand(plan), plan.answers, session.vault, work.probe)));
	await steadily(() => lookUpOthers(run));
	const known = new Map(await last(lookAtAll(run)));
	const previews = await steadily(() => Promise.all(plan.steps.map(step => previewStep(run, step, known.get(step)))));
	return stillOpen(plan.steps, previews);
}

/** What looks in place but stands on what has yet to be done is looked at again in its turn: nobody knows it now. */
function stillOpen(steps: readonly Step[], previews: readonly Preview[]): Preview[] {
	const open = new Set<string>();
	return previews.map((preview, index) => {
		const unsure = preview.state === 'in place' && (steps[index]?.needs?.some(id => open.has(id)) ?? false);
		if (unsure || preview.state === 'to do' || preview.state === 'unknown') open.add(preview.step);
		return unsure ? {...preview, state: 'unknown'} : preview;
	});
}

async function previewStep(run: Run, step: Step, known: Known | undefined): Promise<Preview> {
	const nothing = {step: step.id, commands: [], files: [], packages: []};
	const reason = leftOutFor(run, step);
	if (reason) return {...nothing, state: reason};
	if (!known || 'trouble' in known) return {...nothing, state: 'unknown'};
	if (step.done(known.facts, answersOf(run, step) as never)) return {...nothing, state: 'in place'};
	const operations = record(hand => step.apply(hand, known.facts, answersOf(run, step) as never));
	const description = await describe(run.work.box, operations);
	const concern = concernOf(run, step, known.facts);
	return {
		step: step.id,
		state: 'to do',
		...description,
		...(step.notUndone && {notUndone: step.notUndone}),
		...(concern && {concern}),
	};
}

/** The value a generator returns, its events unheard. */
async function last<Value>(events: AsyncGenerator<Event, Value, Reply>): Promise<Value> {
	for (;;) {
		const next = await events.next();
		if (next.done) return next.value;
	}
}

/** The steps of a plan that go by its own answers, not by those of another app. */
function inHand(plan: Plan): StepList {
	return {...plan, steps: plan.steps.filter(step => !isOfOther(plan, step))};
}

/** Completes the answers of the other apps, with the secrets that vault and box have: all of them are looked up at once. */
async function lookUpOthers(run: Run): Promise<void> {
	const {steps, apps = {}, defaults} = run.plan;
	const {session, probe} = run.work;
	const found = await Promise.all(
		Object.entries(apps).map(async ([app, answers]) => {
			const list = {steps: steps.filter(step => step.app === app), defaults};
			return [app, {...answers, ...(await completeToLook(list, answers, session.vault, probe)).answers}] as const;
		}),
	);
	run.appAnswers = Object.fromEntries(found);
}

/** Says which steps a check passes over. */
async function* passedOver(run: Run): AsyncGenerator<Event, void, Reply> {
	for (const step of run.plan.steps) {
		const reason = leftOutFor(run, step);
		if (!reason) continue;
		run.outcomes.set(step.id, 'skipped');
		yield leftAlone(run, step, reason);
	}
}

/** How a check found a step. One that can't be looked at is named, and the others are told all the same. */
function seen(run: Run, step: Step, known: Known): Event {
	if ('trouble' in known) return {type: 'differs', step: step.id, trouble: asTrouble(known.trouble).toJSON()};
	const isInPlace = step.done(known.facts, answersOf(run, step) as never);
	return isInPlace ? {type: 'skipped', step: step.id, reason: 'in place'} : {type: 'differs', step: step.id};
}

async function* checkable(run: Run): AsyncGenerator<Event, boolean, Reply> {
	const {answers: given, leftOut} = run.plan;
	const list = inHand(run.plan);
	const [completion] = yield* run.work.steadily(() =>
		Promise.all([completeToLook(list, given, run.work.session.vault, run.work.probe), lookUpOthers(run)]),
	);
	const steps = list.steps.filter(step => !leftOut.includes(step.id));
	const problems = completion.problems.filter(problem => askingStep(steps, problem) !== '');
	const [first] = problems;
	if (first) {
		yield {type: 'asking', step: askingStep(steps, first), problems};
		return false;
	}

	setAnswers(run, completion);
	return true;
}
