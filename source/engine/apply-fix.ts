import type {Event, Reply} from '../contract/events.ts';
import type {Fix} from '../contract/fix.ts';
import {record} from '../remote/recorder.ts';
import {keepFix} from './journaled-fixes.ts';
import {describe, type Preview} from './preview.ts';
import {look, type Outcome, type Run} from './run.ts';
import {oneStep} from './run-step.ts';

/** What a fix would do, as the box is now: every command and file change. Touches nothing. */
export async function previewFix(run: Run, {step}: Fix): Promise<Preview> {
	const facts = await step.check(run.work.probe, run.answers as never);
	const nothing = {step: step.id, commands: [], files: [], packages: []};
	if (step.done(facts, run.answers as never)) return {...nothing, state: 'in place'};
	const operations = record(hand => step.apply(hand, facts, run.answers as never));
	const description = await describe(run.work.box, operations);
	return {step: step.id, state: 'to do', ...description, ...(step.keeps && {keeps: step.keeps})};
}

/** Brings a fix about as a step of the road is: recorded, run as a job, journaled, proven. The run holds the lock. */
export async function* mend(run: Run, fix: Fix): AsyncGenerator<Event, Outcome, Reply> {
	const {step} = fix;
	const facts = yield* look(run, step);
	const ofRecipe = run.plan.recipe.steps.some(({id}) => id === step.id);
	if (!ofRecipe && !step.done(facts, run.answers as never)) keepFix(run.work.session.journal, fix, facts, run.answers);
	return yield* oneStep(run, step, {facts});
}
