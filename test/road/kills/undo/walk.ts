import {difference} from '../../boxes/snapshot.ts';
import {leftBehind} from '../../boxes/undone.ts';
import {generated} from '../generated.ts';
import {inOrder, isLeftRunning} from '../point.ts';
import {isBehind, profileOf, type StepProfile} from '../profile.ts';
import {strike} from '../strike.ts';
import {endOf} from '../walk.ts';
import type {Told, Wizard} from '../wizard.ts';
import {type Command, type FinishedBox, stateOf} from './box.ts';
import type {UndoPoint} from './point.ts';

/** What an undo that nobody disturbs shows and leaves. */
export type UndoReference = {readonly profiles: readonly StepProfile[]; readonly state: ReadonlySet<string>};

/** One point, and how it went on there. */
export type UndoStruck = {readonly point: UndoPoint; readonly met: boolean; readonly wentOn: string};

export type UndoWalk = {
	readonly command: Command;
	readonly struck: readonly UndoStruck[];
	/** All that was not as in the reference, in words: nothing, where all is well. */
	readonly faults: readonly string[];
	readonly seconds: number;
};

/** @throws Error where it fails already without a cut */
export async function undisturbedUndo(finished: FinishedBox, command: Command): Promise<UndoReference> {
	await finished.withAll();
	const wizard = finished.take(command);
	const faults = await endOf(wizard, `the undisturbed ${command}`);
	if (faults.length > 0) throw new Error(faults.join('\n'));
	return {profiles: profileOf(wizard.told), state: await stateOf(finished.place)};
}

/** Takes the finished box back, cut off at every one of these points of one command, and gone on with by the same command. */
export async function undoWalk(
	finished: FinishedBox,
	command: Command,
	points: readonly UndoPoint[],
	{profiles, state}: UndoReference,
): Promise<UndoWalk> {
	const started = performance.now();
	await finished.withAll();
	const struck: UndoStruck[] = [];
	const faults: string[] = [];
	let wizard = finished.take(command);
	/** What leaves a wizard running may end it later, in the middle of another step: the same command goes on there too. */
	let shaken = false;
	for (const point of inOrder(points, profiles) as UndoPoint[]) {
		const profile = profiles.find(step => step.id === point.step);
		let outcome = profile ? await strike(wizard, finished.place.box, point, profile) : 'passed';
		if (profile && outcome === 'ended' && shaken) {
			wizard = finished.take(command);
			outcome = await strike(wizard, finished.place.box, point, profile);
		}

		const before = wizard;
		const isOver = outcome !== 'passed' && (!isLeftRunning(point.kind) || (await isCutShort(wizard, point)));
		if (outcome === 'ended') faults.push(...(await endOf(wizard, `the ${command} towards seed ${point.seed}`)));
		shaken = !isOver && (shaken || outcome === 'met');
		if (isOver) {
			faults.push(...(await inBetween(finished, point)));
			wizard = finished.take(command);
		}

		const goesOn = wizard;
		if (outcome === 'met') await goesOn.first(told => isBehind(told, point.step));
		const since = goesOn === before ? 'by itself: ' : '';
		struck.push({point, met: outcome === 'met', wentOn: outcome === 'met' ? since + wentOn(goesOn.told, point) : ''});
	}

	if (shaken && (await wizard.ended) !== 0) wizard = finished.take(command);
	const last = await endOf(wizard, `the last ${command}`);
	// What is not taken back yet differs anyway.
	faults.push(
		...(last.length > 0 ? last : difference(state, await stateOf(finished.place), [...leftBehind, ...generated])),
	);
	if (last.length === 0 && command === 'remove') {
		faults.push(...(await endOf(finished.place.start('check'), 'the check of what is left')));
	}

	return {command, struck, faults, seconds: (performance.now() - started) / 1000};
}

/** Whether a wizard that was left alone ended for it, and did not get the step behind. */
async function isCutShort(wizard: Wizard, {step}: UndoPoint): Promise<boolean> {
	return (await wizard.first(told => isBehind(told, step))) === undefined;
}

/** Another command, before the same one again. A check finds much that differs, and says so. */
async function inBetween({place}: FinishedBox, {between, seed}: UndoPoint): Promise<string[]> {
	switch (between) {
		case 'nothing':
			return [];
		case 'check': {
			const check = place.start('check');
			await check.ended;
			return check.told.some(told => told.event === 'done') ? [] : await endOf(check, `the check after seed ${seed}`);
		}
		case 'setup':
			return await endOf(place.start('setup', 'microblog'), `the set-up after seed ${seed}`);
	}
}

function wentOn(told: readonly Told[], {step}: UndoPoint): string {
	const of = (event: Told['event']) => told.some(one => one.event === event && 'step' in one && one.step === step);
	const running = told.flatMap(one => (one.event === 'running' && one.step === step ? [one] : []));
	const seen = [
		running.some(one => one.attached) && 're-attached',
		of('reverted') && 'put back by the guard',
		of('undone') && (running.some(one => !one.attached) ? 'taken back' : 'nothing left to do'),
		of('skipped') && 'taken back already',
	].filter(word => typeof word === 'string');
	return seen.join(', ') || 'not reached';
}
