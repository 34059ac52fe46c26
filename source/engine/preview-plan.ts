import type {Step} from '../contract/step.ts';
import type {Event, Reply} from '../contract/ui/events.ts';
import type {Preview} from '../contract/ui/preview.ts';
import {record} from '../remote/recorder.ts';
import {describe} from './preview.ts';
import {completeToLook} from './run/complete.ts';
import {concernOf, type Known, leftOutFor, lookAtAll} from './run/obstacles.ts';
import {inHand, lookUpOthers} from './run/other-apps.ts';
import {answersOf, newRun, type Plan, type Run, setAnswers} from './run/run.ts';
import type {Session} from './session.ts';

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
