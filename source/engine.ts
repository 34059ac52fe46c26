import {optionsOf} from './answers.ts';
import {attach, settleGuard} from './apply.ts';
import {oneStep} from './bring.ts';
import {complete} from './complete.ts';
import type {Event, Problem, Reply, Summary} from './events.ts';
import {jobState} from './jobs.ts';
import {describe, type Preview} from './preview.ts';
import {record} from './recorder.ts';
import {
	finished,
	type Known,
	leftOutFor,
	lookAtAll,
	newRun,
	type Outcome,
	type Plan,
	planned,
	type Run,
	setAnswers,
} from './run.ts';
import {stateFolder} from './script.ts';
import type {Session} from './session.ts';
import type {Recipe, Step} from './step.ts';
import {undoOrder, undoStep} from './undo.ts';

export type {Plan} from './run.ts';
export type {Session} from './session.ts';

/**
 * Brings a box to what a plan asks for, step by step. Told in events; `asking` and `failed` take a reply. Stopped at any
 * moment, a next run looks at the box and goes on. One wizard at a time: the lock is held throughout.
 * @throws Trouble where nothing can be done: the lock is held, the box is gone for good
 */
export async function* run(plan: Plan, session: Session): AsyncGenerator<Event, Summary, Reply> {
	const started = Date.now();
	const run = newRun(plan, session);
	yield planned(plan, plan.recipe.steps);
	await run.work.begin();
	try {
		if (yield* answered(run)) {
			yield* settle(run);
			yield* allSteps(run);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

/** Looks whether a plan is in place; touches nothing. What differs is in `failed`. */
export async function* check(plan: Plan, session: Session): AsyncGenerator<Event, Summary, Reply> {
	const started = Date.now();
	const run = newRun(plan, session);
	yield planned(plan, plan.recipe.steps);
	const answers = yield* checkable(run);
	if (answers) {
		for (const [step, known] of yield* lookAtAll(run)) {
			if ('trouble' in known) throw known.trouble;
			const inPlace = step.done(known.facts, run.answers as never);
			run.outcomes.set(step.id, inPlace ? 'in place' : 'failed');
			yield inPlace ? {type: 'skipped', step: step.id, reason: 'in place'} : {type: 'differs', step: step.id};
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
	const started = Date.now();
	const run = newRun(plan, session);
	const steps = undoOrder(plan.recipe.steps.filter(step => ids.includes(step.id)));
	yield planned(plan, steps);
	await run.work.begin();
	try {
		const {answers} = yield* run.work.steadily(() =>
			complete(plan.recipe, plan.answers, session.vault, run.work.probe),
		);
		setAnswers(run, answers);
		yield* settle(run);
		for (const step of steps) {
			run.outcomes.set(step.id, yield* undoStep(run, step));
			if (run.outcomes.get(step.id) === 'quit') break;
		}
		if (Object.keys(session.journal.read().steps).length === 0) {
			await run.work.box.run(`rm -rf ${stateFolder} /run/boxwizard`).catch(() => undefined);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

/** What a plan would do, step by step, as the box is now; touches nothing. Answers with problems are left as they are. */
export async function preview(plan: Plan, session: Session): Promise<Preview[]> {
	const run = newRun(plan, session);
	const keep = {...session.vault, set: async () => {}};
	setAnswers(run, (await complete(plan.recipe, plan.answers, keep, run.work.probe)).answers);
	const known = new Map(await last(lookAtAll(run)));
	return Promise.all(plan.recipe.steps.map(step => previewStep(run, step, known.get(step))));
}

async function previewStep(run: Run, step: Step, known: Known | undefined): Promise<Preview> {
	const nothing = {step: step.id, commands: [], files: [], packages: []};
	const reason = leftOutFor(run, step);
	if (reason) return {...nothing, state: reason};
	if (!known || 'trouble' in known) return {...nothing, state: 'unknown'};
	if (step.done(known.facts, run.answers as never)) return {...nothing, state: 'in place'};
	const operations = record(hand => step.apply(hand, known.facts, run.answers as never));
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

/** Completes the answers, asking as long as something is missing or wrong; false when nobody answers. */
async function* answered(run: Run): AsyncGenerator<Event, boolean, Reply> {
	let given = run.plan.answers;
	for (;;) {
		const {recipe} = run.plan;
		const wanted = {...recipe, steps: recipe.steps.filter(step => !run.plan.leftOut.includes(step.id))};
		const {answers, problems} = yield* run.work.steadily(() =>
			complete(wanted, given, run.work.session.vault, run.work.probe),
		);
		const [first] = problems;
		if (!first) {
			setAnswers(run, answers);
			return true;
		}

		const step = recipe.steps.find(candidate => first.option in candidate.options.shape)?.id ?? '';
		const reply: Reply = yield {type: 'asking', step, problems: problemsOf(recipe, step, problems)};
		if (!reply?.answers) {
			run.outcomes.set(step, 'quit');
			return false;
		}

		given = {...given, ...reply.answers};
	}
}

function problemsOf(recipe: Recipe, id: string, problems: readonly Problem[]): Problem[] {
	const names = optionsOf(recipe.steps.filter(step => step.id === id)).map(option => option.name);
	return problems.filter(problem => names.includes(problem.option));
}

async function* checkable(run: Run): AsyncGenerator<Event, boolean, Reply> {
	const {recipe, answers: given} = run.plan;
	const {answers, problems} = yield* run.work.steadily(() =>
		complete(recipe, given, {...run.work.session.vault, set: async () => {}}, run.work.probe),
	);
	const [first] = problems;
	if (first) {
		yield {type: 'asking', step: recipe.steps.find(step => first.option in step.options.shape)?.id ?? '', problems};
		return false;
	}

	setAnswers(run, answers);
	return true;
}

/** What an earlier run left: a job still at work, a guard still armed. */
async function* settle(run: Run): AsyncGenerator<Event, void, Reply> {
	const {journal, box} = run.work.session;
	const {job} = journal.read();
	if (job) {
		const state = yield* run.work.steadily(() => jobState(box, job));
		if (state === 'running') yield* attach(run.means, job);
		journal.update(({job: _ended, ...rest}) => rest);
	}

	yield* settleGuard(run.work, typeof run.answers.user === 'string' ? run.answers.user : undefined);
}

async function* allSteps(run: Run): AsyncGenerator<Event, void, Reply> {
	const known = new Map(yield* lookAtAll(run));
	let changed = false;
	for (const step of run.plan.recipe.steps) {
		const reason = leftOutFor(run, step);
		if (reason) {
			run.outcomes.set(step.id, 'skipped');
			yield {type: 'skipped', step: step.id, reason};
			continue;
		}

		// Earlier steps change what later ones find: what was seen at the start counts only until then.
		const outcome: Outcome = yield* oneStep(run, step, changed ? undefined : known.get(step));
		run.outcomes.set(step.id, outcome);
		changed ||= outcome !== 'in place';
		if (outcome === 'quit') return;
	}
}
