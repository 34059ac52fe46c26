import type {Cause} from '../contract/diagnosis/cause.ts';
import type {Probe} from '../contract/step.ts';
import type {TroubleParts} from '../contract/trouble.ts';
import type {TroubleshootEvent, TroubleshootReply} from '../contract/ui/troubleshooting.ts';
import {complete, readOnly} from '../engine/run/complete.ts';
import {type Plan, type Run, setAnswers} from '../engine/run/run.ts';
import type {Mode} from './foreground-unit.ts';
import type {KnownApp} from './look.ts';

/** What troubleshooting works with. */
export type TroubleshootPlan = {
	readonly plan: Plan;
	readonly causes: readonly Cause[];
	/** The app that is meant; that of the journal, or the one that fails, where none is named. */
	readonly name?: string;
	readonly known: KnownApp;
	/** Looks at the site as its visitors do: what is wrong with it, in words. */
	readonly site: ($: Probe, domain: string) => Promise<readonly string[]>;
};

export type Telling<Value> = AsyncGenerator<TroubleshootEvent, Value, TroubleshootReply>;

/** One session: what its rounds share. */
export type TroubleshootSession = {
	readonly input: TroubleshootPlan;
	readonly run: Run;
	/** The plan's steps may be done again: their answers are all there. */
	readonly answered: boolean;
	readonly fixed: string[];
	readonly causes: Set<string>;
	/** So many of the fixes were there when the app was last started under its process manager. */
	handedBack: number;
	mode: Mode | undefined;
	since: string | undefined;
	trouble: TroubleParts | undefined;
};

/** The answers of the whole plan. Who only looks makes no secret that lasts. False where some are missing. */
export async function* withAnswers(run: Run, onlyLooks: boolean): Telling<boolean> {
	const {plan} = run;
	const {vault} = run.work.session;
	const completion = yield* steadily(run, () =>
		complete(plan, plan.answers, onlyLooks ? readOnly(vault) : vault, run.work.probe),
	);
	setAnswers(run, completion);
	return completion.problems.length === 0;
}

/** Does what may be done twice, again after each loss of the connection. */
export async function* steadily<Value>(run: Run, task: () => Promise<Value>): Telling<Value> {
	const events = run.work.steadily(task);
	for (let next = await events.next(); ; next = await events.next()) {
		if (next.done) return next.value;
		if (next.value.type === 'reconnecting') yield next.value;
	}
}
