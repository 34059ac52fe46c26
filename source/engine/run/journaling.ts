import {quote} from '../../contract/command.ts';
import type {Step} from '../../contract/step.ts';
import {instanceOf, recordId} from '../../contract/step-id.ts';
import {stateFolder} from '../../remote/script.ts';
import {type JournalState, type Json, type StepRecord, withSection} from '../../state/journal-state.ts';
import {hasToClear, leftOutFor} from './obstacles.ts';
import type {Run} from './run.ts';

export function remember(run: Run, step: Step, facts: unknown): void {
	updateRecord(run, step, old => ({
		state: 'started',
		at: new Date().toISOString(),
		seconds: 0,
		before: beforeOf(step, old, facts) as Json,
		by: run.work.session.holder.split(',')[0] ?? '',
	}));
}

function beforeOf(step: Step, old: StepRecord | undefined, facts: unknown): unknown {
	if (old?.before === undefined) return step.before ? step.before(facts) : facts;
	return step.beforeAgain ? step.beforeAgain(old.before, facts) : old.before;
}

/** How a step ended: one write, since each one waits for the disk. The copy on the box is written while the next step is looked at. */
export function note(run: Run, step: Step, outcome: Pick<StepRecord, 'state' | 'seconds'>): void {
	const isDone = outcome.state === 'done';
	const isOver = isDone && hasToClear(run, step);
	run.work.session.journal.update(state => {
		const noted = withRecord(run, state, step, old =>
			old && !isOver ? {...old, ...outcome, at: new Date().toISOString()} : undefined,
		);
		return {...(isDone ? withSeconds(noted, instanceOf(step.id).id, outcome.seconds) : noted), ...progressOf(run)};
	});
	void copyJournal(run);
}

/** How far the set-up came: what the list of boxes shows of it. */
export function noteProgress(run: Run): void {
	const made = progressOf(run);
	if (made.progress) run.work.session.journal.update(state => ({...state, ...made}));
}

function progressOf(run: Run): Pick<JournalState, 'progress'> {
	if (run.plan.isPart || !run.isWhole) return {};
	const wanted = run.plan.steps.filter(step => leftOutFor(run, step) === undefined);
	const inPlace = wanted.filter(step => ['in place', 'changed'].includes(run.outcomes.get(step.id) ?? ''));
	const {app} = run.plan.answers;
	return {progress: {inPlace: inPlace.length, wanted: wanted.length, ...(typeof app === 'string' && {app})}};
}

/** Whether how far the last run came says something of a step: it had the box's in it, and those of its own app. */
function isOfProgress({app}: NonNullable<JournalState['progress']>, step: Step): boolean {
	return step.app === undefined || step.app === app;
}

/** That a step was taken back: it counts as in place no more. */
export function noteUndone(run: Run, step: Step): void {
	run.work.session.journal.update(state => {
		const {progress} = state;
		if (!progress || !isOfProgress(progress, step)) return state;
		return {...state, progress: {...progress, undone: [...new Set([...(progress.undone ?? []), recordId(step)])]}};
	});
}

/** How far a box came whose steps these are no longer, since the app that wanted them is gone. */
export function progressWithout(run: Run, gone: string, steps: readonly Step[]): Pick<JournalState, 'progress'> {
	const {progress} = run.work.session.journal.read();
	if (!progress) return {};
	const {inPlace, undone = [], app, ...others} = progress;
	const going = steps.filter(step => isOfProgress(progress, step) && leftOutFor(run, step) === undefined).map(recordId);
	const wanted = progress.wanted - going.length;
	return {
		progress: {
			...others,
			...(app !== undefined && app !== gone && {app}),
			wanted,
			// Of an app that was not set up whole, not all were in place.
			inPlace: Math.min(wanted, inPlace - going.filter(id => undone.includes(id)).length),
			undone: undone.filter(id => !going.includes(id)),
		},
	};
}

function withSeconds(state: JournalState, id: string, seconds: number): JournalState {
	return {...state, seconds: {...state.seconds, [id]: seconds}};
}

export function updateRecord(
	run: Run,
	step: Step,
	change: (old: StepRecord | undefined) => StepRecord | undefined,
): void {
	run.work.session.journal.update(state => withRecord(run, state, step, change));
}

function withRecord(
	run: Run,
	state: JournalState,
	step: Step,
	change: (old: StepRecord | undefined) => StepRecord | undefined,
): JournalState {
	const {app, id} = instanceOf(recordId(step));
	return withSection(
		state,
		app,
		section => {
			const {[id]: old, ...others} = section.steps;
			const changed = change(old);
			return {...section, steps: changed ? {...others, [id]: changed} : others};
		},
		run.plan.name,
	);
}

/** A copy on the box, for a colleague's laptop. Without it nothing is lost here. */
export function copyJournal(run: Run): Promise<unknown> {
	return run.work.beside(async () => {
		const text = JSON.stringify(run.work.session.journal.read(), undefined, '\t');
		await run.work.box.run(`umask 077; mkdir -p ${stateFolder}
printf '%s\\n' ${quote(text)} > ${stateFolder}/journal.new && mv ${stateFolder}/journal.new ${stateFolder}/journal.json`);
	});
}
