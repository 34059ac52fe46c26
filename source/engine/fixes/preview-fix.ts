import {isWanted} from '../../answers/answers.ts';
import type {Fix} from '../../contract/diagnosis/fix.ts';
import type {Step} from '../../contract/step.ts';
import type {Preview} from '../../contract/ui/preview.ts';
import {record} from '../../remote/recorder.ts';
import {describe} from '../preview.ts';
import type {Run} from '../run/run.ts';

/** What a fix would do, as the box is now: every command and file change. Touches nothing. */
export async function previewFix(run: Run, fix: Fix): Promise<Preview> {
	const step = inPlan(run, fix) ?? fix.step;
	const facts = await step.check(run.work.probe, run.answers as never);
	const nothing = {step: step.id, commands: [], files: [], packages: []};
	if (!isWanted(step, run.answers)) return {...nothing, state: 'not wanted'};
	if (step.done(facts, run.answers as never)) return {...nothing, state: 'in place'};
	const operations = record(hand => step.apply(hand, facts, run.answers as never));
	const description = await describe(run.work.box, operations);
	return {step: step.id, state: 'to do', ...description, ...(step.notUndone && {notUndone: step.notUndone})};
}

/** The plan's own step of a fix, which knows its app; undefined for a fix made on the spot. */
export function inPlan({plan}: Run, {id}: Fix): Step | undefined {
	return plan.steps.find(step => step.id === id);
}
