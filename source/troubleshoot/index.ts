import type {TroubleshootSummary} from '../contract/ui/troubleshooting.ts';
import {recoverInterrupted} from '../engine/reattach.ts';
import {newRun} from '../engine/run/run.ts';
import type {Session} from '../engine/session.ts';
import {round, told} from './round.ts';
import {type Telling, type TroubleshootPlan, type TroubleshootSession, withAnswers} from './session.ts';

export type {TroubleshootPlan} from './session.ts';

/**
 * Runs the app in the foreground, says what is wrong with it, puts right what is asked for, and runs it again, until it
 * is well; then it is given back to its process manager, and proven from outside. `diagnosis` takes a reply. However it ends, the
 * app is under its process manager again.
 * @throws Trouble where nothing can be done: no such app, the lock is held
 */
export async function* troubleshoot(input: TroubleshootPlan, session: Session): Telling<TroubleshootSummary> {
	const started = performance.now();
	const run = newRun(input.plan, session, false);
	yield {type: 'looking'};
	await run.work.begin();
	try {
		const answered = yield* withAnswers(run, true);
		// What an earlier run left at work may be what is wrong, and no fix could go beside it.
		yield* told(recoverInterrupted(run));
		const session: TroubleshootSession = {
			input,
			run,
			answered,
			fixed: [],
			causes: new Set(),
			handedBack: 0,
			mode: undefined,
			since: undefined,
			trouble: undefined,
		};
		for (;;) {
			const end = yield* round(session);
			if (!end) continue;
			const summary: TroubleshootSummary = {
				...end,
				causes: [...session.causes],
				fixes: session.fixed,
				seconds: (performance.now() - started) / 1000,
			};
			yield {type: 'done', summary};
			return summary;
		}
	} finally {
		await run.work.end();
	}
}
