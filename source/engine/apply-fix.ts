import type {Fix} from '../contract/fix.ts';
import {record} from '../remote/recorder.ts';
import {describe, type Preview} from './preview.ts';
import type {Run} from './run.ts';

/** What a fix would do, as the box is now: every command and file change. Touches nothing. */
export async function previewFix(run: Run, {step}: Fix): Promise<Preview> {
	const facts = await step.check(run.work.probe, run.answers as never);
	const nothing = {step: step.id, commands: [], files: [], packages: []};
	if (step.done(facts, run.answers as never)) return {...nothing, state: 'in place'};
	const operations = record(hand => step.apply(hand, facts, run.answers as never));
	const description = await describe(run.work.box, operations);
	return {step: step.id, state: 'to do', ...description, ...(step.keeps && {keeps: step.keeps})};
}
