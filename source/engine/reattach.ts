import {quote} from '../contract/command.ts';
import {instanceOf, recordId} from '../contract/step-id.ts';
import type {Event, Reply} from '../contract/ui/events.ts';
import {jobState} from '../remote/jobs.ts';
import {stateFolder} from '../remote/script.ts';
import type {Unmoved} from '../state/journal-state.ts';
import {attach, settleArmedGuard} from './apply.ts';
import type {Run} from './run/run.ts';

/** What an earlier run left behind: a job still at work, a guard still armed, and originals where version 1 kept them. */
export async function* recoverInterrupted(run: Run): AsyncGenerator<Event, void, Reply> {
	yield* awaitEarlierJob(run);
	const {user} = run.answers;
	yield* settleArmedGuard(run.work, typeof user === 'string' ? user : undefined, record => nameOf(run, record));
	yield* moveOriginals(run);
}

/** Waits for a job that a run, or an attempt that lost the box for good, left at work: two at once could undo each other. */
export async function* awaitEarlierJob(run: Run): AsyncGenerator<Event, void, Reply> {
	const {journal, box} = run.work.session;
	const {job} = journal.read();
	if (!job) return;
	const state = yield* run.work.steadily(() => jobState(box, job));
	if (state === 'running') yield* attach(run.context, job, nameOf(run, job.step));
	journal.update(({job: _ended, ...rest}) => rest);
}

/** What a step is called in this plan; its record id where the plan has no such step. Version 1 knew no apps. */
function nameOf(run: Run, record: string): string {
	const {app, id} = instanceOf(record);
	const isIt = (step: {readonly id: string; readonly app?: string}) =>
		recordId(step) === record || (app === undefined && instanceOf(step.id).id === id);
	return run.plan.steps.find(isIt)?.id ?? record;
}

/** Moves what earlier versions of the journal kept on the box to where this one looks. Safe to be cut off and done again. */
async function* moveOriginals(run: Run): AsyncGenerator<Event, void, Reply> {
	const {journal, box} = run.work.session;
	const {unmoved} = journal.read();
	if (!unmoved || unmoved.folders.length + (unmoved.packages?.length ?? 0) === 0) return;
	yield* run.work.steadily(() => box.run(moveScript(unmoved)));
	journal.update(state => ({...state, unmoved: {...unmoved, folders: [], originals: [], packages: []}}));
}

function moveScript({folders, originals, packages = []}: Unmoved): string {
	const at = (path: string) => quote(`${stateFolder}/${path}`);
	// A folder inside another one's (steps/app/…) is no matter: ids are no prefixes of each other.
	const moves = folders.map(
		([from, to]) =>
			`if [ -d ${at(from)} ] && [ ! -e ${at(to)} ]; then mkdir -p ${at(to)} && mv -T ${at(from)} ${at(to)}; fi`,
	);
	const handed = originals.flatMap(({path, from, to}) =>
		['original', 'absent'].map(kind => {
			const [old, now] = [at(`${from}/${kind}${path}`), at(`${to}/${kind}${path}`)];
			return `if [ -e ${old} ] || [ -L ${old} ]; then mkdir -p "$(dirname ${now})" && mv -T ${old} ${now}; fi`;
		}),
	);
	const joined = packages.map(([from, to]) => {
		const [old, now] = [at(from), at(to)];
		return `if [ -d ${old} ]; then
	mkdir -p ${now}
	cat ${old}/packages ${now}/packages 2>/dev/null | sort -u > ${now}/packages.new && mv -T ${now}/packages.new ${now}/packages
	rm -rf ${old}
fi`;
	});
	const empty = `find ${at('steps')} -type d -empty -delete 2>/dev/null; true`;
	return [...moves, ...handed, ...joined, empty].join('\n');
}
