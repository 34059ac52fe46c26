import {quote} from '../contract/command.ts';
import type {Step} from '../contract/step.ts';
import type {Event, Reply, Summary} from '../contract/ui/events.ts';
import {stateFolder} from '../remote/script.ts';
import {stepRecords} from '../state/journal-state.ts';
import {keptFixes} from './fixes/journaled-fixes.ts';
import {recoverInterrupted} from './reattach.ts';
import {answered} from './run/asking.ts';
import {complete, readOnly} from './run/complete.ts';
import {copyJournal, noteUndone, progressWithout} from './run/journaling.ts';
import {inHand, lookUpOthers} from './run/other-apps.ts';
import {finished, newRun, type Plan, planned, type Run, setAnswers} from './run/run.ts';
import {runSteps} from './run/sequence.ts';
import type {Session} from './session.ts';
import {undoOrder, undoStep} from './undo.ts';

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
			session.journal.update(({progress: _made, ...state}) => state);
			yield* run.work.steadily(() => run.work.box.run(`rm -rf ${stateFolder} /run/boxwizard`));
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

/**
 * Takes an app off the box; the steps that look after all apps then see to those that are left. Last of all it is forgotten: whoever
 * is cut off before can name it again, and go on.
 */
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
		if (allWell(run) && (yield* putInOrder(run, rest, others))) {
			yield* run.work.steadily(() => run.work.box.run(`rm -rf ${quote(`${stateFolder}/apps/${app}`)}`));
			const made = progressWithout(run, app, steps);
			session.journal.update(({apps: {[app]: _gone, ...apps}, ...state}) => ({...state, ...made, apps}));
			await copyJournal(run);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

/** Whether no step of a run so far has failed, or was left because the person did. */
function allWell({outcomes}: Run): boolean {
	return ![...outcomes.values()].some(outcome => outcome === 'failed' || outcome === 'quit');
}

/** Runs steps of the box as it is to be without the app. @returns whether all is well */
async function* putInOrder(run: Run, rest: Plan, steps: readonly Step[]): AsyncGenerator<Event, boolean, Reply> {
	const after = {...run, plan: {...rest, isPart: true as const}, outcomes: new Map()};
	const isAnswered = yield* answered(after, rest.answers);
	if (isAnswered) yield* runSteps(after, steps);
	for (const [id, outcome] of after.outcomes) run.outcomes.set(id, outcome);
	return isAnswered && allWell(after);
}

/** Takes steps back in this order, with the answers that vault and box know. */
async function* takeBack(run: Run, steps: readonly Step[]): AsyncGenerator<Event, void, Reply> {
	const {vault} = run.work.session;
	const completion = yield* run.work.steadily(() =>
		complete(inHand(run.plan), run.plan.answers, readOnly(vault), run.work.probe),
	);
	setAnswers(run, completion);
	yield* run.work.steadily(() => lookUpOthers(run));
	yield* recoverInterrupted(run);
	for (const step of steps) {
		const outcome = yield* undoStep(run, step);
		run.outcomes.set(step.id, outcome);
		if (outcome === 'changed') noteUndone(run, step);
		if (outcome === 'quit') return;
	}
}
