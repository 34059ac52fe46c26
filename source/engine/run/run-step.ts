import {setTimeout as pause} from 'node:timers/promises';
import type {Answers} from '../../answers/answers.ts';
import type {Fix} from '../../contract/diagnosis/fix.ts';
import {Secret} from '../../contract/secret.ts';
import type {Concern, Step} from '../../contract/step.ts';
import {recordId} from '../../contract/step-id.ts';
import {asTrouble, Trouble} from '../../contract/trouble.ts';
import type {Action, Event, Reply} from '../../contract/ui/events.ts';
import {revertOfApply} from '../../remote/guard.ts';
import {type Operation, record} from '../../remote/recorder.ts';
import {stepRecord} from '../../state/journal-state.ts';
import {perform, performGuarded, undoOperations} from '../apply.ts';
import {explained, type Failure, listening} from '../fixes/failure.ts';
import {journalFix} from '../fixes/journaled-fixes.ts';
import type {AnyFix} from '../fixes/offers.ts';
import {inPlan} from '../fixes/preview-fix.ts';
import {awaitEarlierJob} from '../reattach.ts';
import {reboot} from '../reboot.ts';
import {undoStep} from '../undo.ts';
import {answered} from './asking.ts';
import {secretName} from './complete.ts';
import {note, remember} from './journaling.ts';
import {concernOf, type Known, knownOf} from './obstacles.ts';
import {answersOf, look, type Outcome, type Run, tellSudoPassword} from './run.ts';

/** The step that has its turn after another one, and how the box was found for it, once that other one was looked at for the last time. */
export type Following = {readonly step: Step; known?: Known | undefined};

/**
 * Brings one step about: looked at, applied, awaited, proven; a failure asks what to do.
 * @param following is looked at together with this one, at the end: a round trip for both
 */
export async function* runStep(
	run: Run,
	step: Step,
	known: Known | undefined,
	following?: Following,
): AsyncGenerator<Event, Outcome, Reply> {
	const heard: string[] = [];
	const started = performance.now();
	const secondsSince = () => (performance.now() - started) / 1000;
	for (let first = known; ; first = undefined) {
		if (following) following.known = undefined;
		try {
			yield {type: 'checking', step: step.id};
			if ((yield* listening(ensureInPlace(run, step, first, following), heard)) === 'in place') {
				yield {type: 'skipped', step: step.id, reason: 'in place'};
				return 'in place';
			}

			const seconds = secondsSince();
			note(run, step, {state: 'done', seconds});
			yield {type: 'verified', step: step.id, seconds};
			return 'changed';
		} catch (error) {
			const trouble = asTrouble(error);
			note(run, step, {state: 'failed', seconds: secondsSince()});
			const failure = yield* explained(run, step, trouble, heard.splice(0));
			const {findings} = failure;
			const reply: Reply = yield {
				type: 'failed',
				step: step.id,
				trouble: failure.trouble,
				actions: actions(step, trouble),
				...(findings.length > 0 && {findings}),
			};
			const outcome = yield* replied(run, step, reply, failure);
			if (outcome) return outcome;
		}
	}
}

/** What a reply to a failure leads to; undefined to try again. A step that was taken back is not in place. */
async function* replied(
	run: Run,
	step: Step,
	reply: Reply,
	{fixes}: Failure,
): AsyncGenerator<Event, Outcome | undefined, Reply> {
	const fix = reply?.fix === undefined ? undefined : fixes.get(reply.fix);
	if (fix) return yield* fixed(run, fix, reply?.typed);
	switch (reply?.action) {
		case 'skip':
			return 'failed';
		case 'undo':
			return (yield* undoStep(run, step)) === 'quit' ? 'quit' : 'failed';
		case 'edit':
			return (yield* answered(run, {...run.answers, ...reply.answers})) ? undefined : 'quit';
		case 'retry':
			return undefined;
		default:
			return 'quit';
	}
}

/** Brings a fix about, and keeps what was typed for it among the answers; undefined to try the step again. */
async function* fixed(
	run: Run,
	chosen: AnyFix,
	typed: Secret | undefined,
): AsyncGenerator<Event, 'quit' | undefined, Reply> {
	const fix = 'asks' in chosen ? typed && chosen.with(typed) : chosen;
	if (!fix) return undefined;
	if ((yield* applyFix(run, fix)) === 'quit') return 'quit';
	const answers = typed && (await typedAnswers(run, chosen, typed));
	if (!answers) return undefined;
	return (yield* answered(run, {...run.answers, ...answers})) ? undefined : 'quit';
}

/** Brings a fix about as a step of the plan is: recorded, run as a job, journaled, proven. The run holds the lock. */
export async function* applyFix(run: Run, fix: Fix): AsyncGenerator<Event, Outcome, Reply> {
	const own = inPlan(run, fix);
	const step = own ?? fix.step;
	const facts = yield* look(run, step);
	if (!own && !step.done(facts, run.answers as never)) journalFix(run.work.session.journal, fix, facts, run.answers);
	return yield* runStep(run, step, {facts});
}

/**
 * The answers that hold what was typed for a fix, if any do. A secret among them that the vault keeps is kept anew: the old one
 * would be written to the box again. What only the box keeps is recalled from there.
 */
export async function typedAnswers(run: Run, chosen: AnyFix, typed: Secret): Promise<Answers | undefined> {
	const answers = 'asks' in chosen ? chosen.answers?.(typed, run.answers) : undefined;
	const {vault} = run.work.session;
	for (const [name, answer] of Object.entries(answers ?? {})) {
		const kept = secretName(run.plan.steps, name);
		if (answer instanceof Secret && (await vault.get(kept))) await vault.set(kept, answer);
	}

	return answers;
}

/** What was applied but never proven, because the run broke off or the proof failed, is proven before it counts as in place. */
async function* ensureInPlace(
	run: Run,
	step: Step,
	known: Known | undefined,
	following: Following | undefined,
): AsyncGenerator<Event, 'in place' | 'changed', Reply> {
	if (known && 'trouble' in known) throw known.trouble;
	// Not at the first try: the run began with it.
	if (!known) yield* awaitEarlierJob(run);
	const facts = known ? known.facts : yield* look(run, step);
	if (!step.done(facts, answersOf(run, step) as never)) {
		yield* applyAndProve(run, step, facts, following);
		return 'changed';
	}

	const state = stepRecord(run.work.session.journal.read(), recordId(step))?.state;
	if (state !== 'started' && state !== 'failed') return 'in place';
	yield* prove(run, step);
	return 'changed';
}

function actions(step: Step, trouble: Trouble): Action[] {
	if (trouble.code === 'unsupported-system') return ['quit'];
	const hasOptions = Object.keys(step.options.shape).length > 0;
	return [
		'retry',
		...(hasOptions ? (['edit'] as const) : []),
		'skip',
		...(step.undo ? (['undo'] as const) : []),
		'quit',
	];
}

/** Applies a step, waits for others where it must, and proves it. */
async function* applyAndProve(
	run: Run,
	step: Step,
	facts: unknown,
	following: Following | undefined,
): AsyncGenerator<Event, void, Reply> {
	const {work, context} = run;
	const answers = answersOf(run, step);
	const concern = concernOf(run, step, facts);
	if (concern) throw undecided(step, concern);
	remember(run, step, facts);
	const operations = record(hand => step.apply(hand, facts, answers as never));
	if (step.hazard === 'reboot') yield* reboot(work, step.id, operations);
	else if (step.hazard === 'lockout') yield* applyGuarded(run, step, facts, operations);
	else yield* perform(context, step, operations);
	if ('sudoPassword' in step.options.shape) tellSudoPassword(run);
	// The guard has proven already what it guards.
	yield* step.hazard === 'lockout' ? awaitOthers(run, step) : prove(run, step);
	if (step.done(yield* lookAtBoth(run, step, following), answers as never)) return;
	throw new Trouble({
		what: `“${step.title}” ran through, but the box does not look as it should.`,
		means: 'Something on the box changes it back, or another program is at work on it.',
		next: 'Retry; if it stays, look at the log of this step.',
		code: 'not-in-place',
	});
}

/** The facts of a step; what is found for the following one is noted there. */
async function* lookAtBoth(
	run: Run,
	step: Step,
	following: Following | undefined,
): AsyncGenerator<Event, unknown, Reply> {
	return yield* run.work.steadily(async () => {
		const [facts, known] = await Promise.all([
			step.check(run.work.probe, answersOf(run, step) as never),
			following && knownOf(run, following.step),
		]);
		if (following) following.known = known;
		return facts;
	});
}

/** What was found, or asked for, only on the way. */
function undecided({title}: Step, {message}: Concern): Trouble {
	return new Trouble({
		what: message,
		means: `“${title}” has not touched the box: this is yours to decide.`,
		next: 'Edit the answers of this step.',
		code: 'undecided',
	});
}

/** Waits for others where the step must, and proves it from outside. */
async function* prove(run: Run, step: Step): AsyncGenerator<Event, void, Reply> {
	yield* awaitOthers(run, step);
	if (!step.verify) return;
	yield {type: 'proving', step: step.id, what: step.title};
	yield* run.work.steadily(async () => step.verify?.(run.work.probe, answersOf(run, step) as never));
}

async function* applyGuarded(
	run: Run,
	step: Step,
	facts: unknown,
	operations: readonly Operation[],
): AsyncGenerator<Event, void, Reply> {
	const {work, context} = run;
	const answers = answersOf(run, step);
	const user = String(answers.user ?? work.box.user);
	const {sshPort} = answers;
	yield* performGuarded(context, step, {
		operations,
		revert: revertOfApply(undoOperations(step, facts, answers)),
		proofs: [{user, port: typeof sshPort === 'number' ? sshPort : work.box.port}],
		verify: async () => step.verify?.(work.probe, answers as never),
	});
	if (work.box.user !== user) await work.reconnect({user});
}

async function* awaitOthers(run: Run, step: Step): AsyncGenerator<Event, void, Reply> {
	if (!step.wait) return;
	for (;;) {
		const wait = yield* run.work.steadily(async () => step.wait?.(run.work.probe, answersOf(run, step) as never));
		if (!wait) return;
		const reply: Reply = yield {type: 'waiting', step: step.id, wait};
		if (reply?.action) {
			throw new Trouble({
				what: `Still waiting for ${wait.what}.`,
				means: 'Others have not done their part yet; nothing is lost.',
				next: 'Retry when it is done.',
				evidence: wait.seen,
				code: 'still-waiting',
			});
		}

		// Others do this in their own time and send no word: asking again is all there is.
		await pause(wait.every);
	}
}
