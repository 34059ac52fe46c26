import type {StepList} from '../../contract/kind.ts';
import {completeToLook} from './complete.ts';
import {isOfOther, type Plan, type Run} from './run.ts';

/** The steps of a plan that go by its own answers, not by those of another app. */
export function inHand(plan: Plan): StepList {
	return {...plan, steps: plan.steps.filter(step => !isOfOther(plan, step))};
}

/** Completes the answers of the other apps, with the secrets that vault and box have: all of them are looked up at once. */
export async function lookUpOthers(run: Run): Promise<void> {
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
