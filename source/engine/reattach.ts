import type {Event, Reply} from '../contract/events.ts';
import {jobState} from '../remote/jobs.ts';
import {attach, settleGuard} from './apply.ts';
import type {Run} from './run.ts';

/** What an earlier run left behind: a job still at work, a guard still armed. */
export async function* settle(run: Run): AsyncGenerator<Event, void, Reply> {
	yield* settleJob(run);
	yield* settleGuard(run.work, typeof run.answers.user === 'string' ? run.answers.user : undefined);
}

/** Waits for a job that a run, or an attempt that lost the box for good, left at work: two at once could undo each other. */
export async function* settleJob(run: Run): AsyncGenerator<Event, void, Reply> {
	const {journal, box} = run.work.session;
	const {job} = journal.read();
	if (!job) return;
	const state = yield* run.work.steadily(() => jobState(box, job));
	if (state === 'running') yield* attach(run.means, job);
	journal.update(({job: _ended, ...rest}) => rest);
}
