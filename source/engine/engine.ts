import {quote} from '../contract/command.ts';
import type {Event, Reply, Summary} from '../contract/events.ts';
import type {Preview} from '../contract/preview.ts';
import type {Step, StepList} from '../contract/step.ts';
import {asTrouble} from '../contract/trouble.ts';
import {record} from '../remote/recorder.ts';
import {stateFolder} from '../remote/script.ts';
import {stepRecords} from '../state/journal.ts';
import {answered, askingStep} from './asking.ts';
import {complete, completeToLook, readOnly} from './complete.ts';
import {keptFixes} from './journaled-fixes.ts';
import {describe} from './preview.ts';
import {settle} from './reattach.ts';
import {
	answersOf,
	finished,
	isOfOther,
	type Known,
	leftAlone,
	leftOutFor,
	lookAtAll,
	newRun,
	noteRoad,
	type Plan,
	planned,
	type Run,
	setAnswers,
} from './run.ts';
import {walk} from './sequence.ts';
import type {Session} from './session.ts';
import {undoOrder, undoStep} from './undo.ts';

export type {Plan} from './run.ts';
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
			yield* settle(run);
			yield* walk(run);
			noteRoad(run);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
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
		const completion = yield* run.work.steadily(() =>
			complete(inHand(plan), plan.answers, readOnly(session.vault), run.work.probe),
		);
		setAnswers(run, completion);
		yield* run.work.steadily(() => lookUpOthers(run));
		yield* settle(run);
		session.journal.update(({progress: _made, ...state}) => state);
		for (const step of steps) {
			run.outcomes.set(step.id, yield* undoStep(run, step));
			if (run.outcomes.get(step.id) === 'quit') break;
		}
		if (Object.keys(stepRecords(session.journal.read())).length === 0) {
			await run.work.box.run(`rm -rf ${stateFolder} /run/boxwizard`).catch(() => undefined);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

/** Takes an app off the box: its steps, and those of services that no other app wants. What it kept in the journal goes with it. */
export async function* removeApp(
	plan: Plan,
	session: Session,
	ids: readonly string[],
	app: string,
): AsyncGenerator<Event, Summary, Reply> {
	const summary = yield* undo(plan, session, ids);
	if (summary.failed.length > 0) return summary;
	session.journal.update(({apps: {[app]: _gone, ...apps}, ...state}) => ({...state, apps}));
	const folder = `${stateFolder}/apps/${app}`;
	await session.box.run(`rm -rf ${quote(folder)}`).catch(() => undefined);
	return summary;
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
	return {step: step.id, state: 'to do', ...description, ...(step.keeps && {keeps: step.keeps})};
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
