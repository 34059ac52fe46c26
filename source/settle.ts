import {attach, settleGuard} from './apply.ts';
import type {Event, Reply} from './events.ts';
import {jobState} from './jobs.ts';
import {bootEnd} from './reboot.ts';
import type {Run} from './run.ts';

/** What an earlier run left behind: a box that is just coming up again, a job still at work, a guard still armed. */
export async function* settle(run: Run): AsyncGenerator<Event, void, Reply> {
	yield* settleBoot(run);
	yield* settleJob(run);
	yield* settleGuard(run.work, typeof run.answers.user === 'string' ? run.answers.user : undefined);
}

/**
 * A box that boots has not yet started all that it will: what is looked at too early would be brought about again. Of a new
 * box nothing is ours yet, and what it does at first is waited for by a step.
 */
async function* settleBoot({work}: Run): AsyncGenerator<Event, void, Reply> {
	if (Object.keys(work.session.journal.read().steps).length === 0) return;
	yield* work.steadily(() => work.box.run(bootEnd));
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
