import {setTimeout as pause} from 'node:timers/promises';
import {perform, performGuarded, undoOperations} from './apply.ts';
import type {Action, Event, Reply} from './events.ts';
import {reboot} from './reboot.ts';
import {record} from './recorder.ts';
import {type Known, look, note, type Outcome, type Run, remember, setAnswers} from './run.ts';
import type {Step} from './step.ts';
import {asTrouble, Trouble} from './trouble.ts';
import {undoStep} from './undo.ts';

/** Brings one step about: looked at, applied, awaited, proven; a failure asks what to do. */
export async function* oneStep(run: Run, step: Step, known: Known | undefined): AsyncGenerator<Event, Outcome, Reply> {
	const started = Date.now();
	for (let first = known; ; first = undefined) {
		try {
			yield {type: 'checking', step: step.id};
			if (first && 'trouble' in first) throw first.trouble;
			const facts = first ? first.facts : yield* look(run, step);
			if (step.done(facts, run.answers as never)) {
				yield {type: 'skipped', step: step.id, reason: 'in place'};
				return 'in place';
			}

			yield* bring(run, step, facts);
			const seconds = (Date.now() - started) / 1000;
			await note(run, step, {state: 'done', seconds});
			yield {type: 'verified', step: step.id, seconds};
			return 'changed';
		} catch (error) {
			const trouble = asTrouble(error);
			await note(run, step, {state: 'failed', seconds: (Date.now() - started) / 1000});
			const reply: Reply = yield {
				type: 'failed',
				step: step.id,
				trouble: trouble.toJSON(),
				actions: actions(step, trouble),
			};
			if (reply?.action === 'skip') return 'failed';
			if (reply?.action === 'undo') return yield* undoStep(run, step);
			if (reply?.action !== 'retry' && reply?.action !== 'edit') return 'quit';
			if (reply.answers) setAnswers(run, {...run.answers, ...reply.answers});
		}
	}
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
async function* bring(run: Run, step: Step, facts: unknown): AsyncGenerator<Event, void, Reply> {
	const {work, means, answers} = run;
	remember(run, step, facts);
	const operations = record(hand => step.apply(hand, facts, answers as never));
	if (step.hazard === 'reboot') yield* reboot(work, step.id, operations);
	else if (step.hazard === 'lockout') yield* bringGuarded(run, step, facts);
	else yield* perform(means, step, operations);
	yield* awaitOthers(run, step);
	if (step.verify && step.hazard !== 'lockout') {
		yield {type: 'proving', step: step.id, what: step.title};
		yield* work.steadily(async () => step.verify?.(work.probe, answers as never));
	}

	if (step.done(yield* look(run, step), answers as never)) return;
	throw new Trouble({
		what: `“${step.title}” ran through, but the box does not look as it should.`,
		means: 'Something on the box changes it back, or another program is at work on it.',
		next: 'Retry; if it stays, look at the log of this step.',
		code: 'not-in-place',
	});
}

async function* bringGuarded(run: Run, step: Step, facts: unknown): AsyncGenerator<Event, void, Reply> {
	const {work, means, answers} = run;
	const user = String(answers.user ?? work.box.user);
	const {sshPort} = answers;
	const operations = record(hand => step.apply(hand, facts, answers as never));
	const portBefore = work.box.port;
	if (typeof sshPort === 'number') work.box.setPort(sshPort);
	try {
		yield* performGuarded(means, step, operations, undoOperations(step, facts, answers), {
			user,
			verify: async () => step.verify?.(work.probe, answers as never),
		});
	} catch (error) {
		work.box.setPort(portBefore);
		throw error;
	}

	if (work.box.user !== user) await work.reconnect(user);
}

async function* awaitOthers(run: Run, step: Step): AsyncGenerator<Event, void, Reply> {
	if (!step.wait) return;
	for (;;) {
		const wait = yield* run.work.steadily(async () => step.wait?.(run.work.probe, run.answers as never));
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
