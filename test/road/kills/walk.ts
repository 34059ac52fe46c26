import {difference, snapshot} from '../boxes/snapshot.ts';
import type {RepeatableBox} from './box.ts';
import {type Counts, count, logLength} from './count.ts';
import {generated, withoutTimes} from './generated.ts';
import {keptJobs, wrongJobs} from './jobs.ts';
import {inOrder, type Point} from './point.ts';
import {isBehind, profileOf, type StepProfile} from './profile.ts';
import {strike} from './strike.ts';
import type {Told, Wizard} from './wizard.ts';

/** What an undisturbed run of the road shows and leaves. */
export type Reference = {
	readonly profiles: readonly StepProfile[];
	readonly state: ReadonlySet<string>;
	readonly counts: Counts;
};

/** One point, and how the next wizard found its step. */
export type Struck = {readonly point: Point; readonly met: boolean; readonly wentOn: string};

export type Walk = {
	readonly struck: readonly Struck[];
	/** All that was not as in the reference, in words: nothing, where all is well. */
	readonly faults: readonly string[];
	readonly seconds: number;
};

/** The road walked without a kill. @throws Error where that fails already */
export async function undisturbed(repeatableBox: RepeatableBox): Promise<Reference> {
	await repeatableBox.startOver();
	const since = logLength();
	const wizard = repeatableBox.start();
	const faults = await endOf(wizard, 'the undisturbed run');
	if (faults.length > 0) throw new Error(faults.join('\n'));
	const counts = await count(repeatableBox.box, since);
	// What is not counted here would never be missed in a walk.
	if (Object.values(counts).some(number => number < 1)) throw new Error(`Not counted: ${JSON.stringify(counts)}`);
	return {profiles: profileOf(wizard.told), state: withoutTimes(await snapshot(repeatableBox.box)), counts};
}

/** Runs that may fail by themselves before a walk is given up. */
const patience = 3;

/** The road walked from its beginning, cut off at every one of these points, and set up again after each. */
export async function walk(
	repeatableBox: RepeatableBox,
	points: readonly Point[],
	reference: Reference,
): Promise<Walk> {
	const started = performance.now();
	await repeatableBox.startOver();
	const since = logLength();
	const struck: Struck[] = [];
	const faults: string[] = [];
	let wizard = repeatableBox.start();
	for (const point of inOrder(points, reference.profiles)) {
		const profile = reference.profiles.find(step => step.id === point.step);
		let outcome = profile ? await strike(wizard, repeatableBox.box, point, profile) : 'passed';
		if (profile && outcome === 'ended' && !enteredBox(wizard)) {
			wizard = repeatableBox.start();
			outcome = await strike(wizard, repeatableBox.box, point, profile);
		}

		noteHow(struck, wizard);
		struck.push({point, met: outcome === 'met', wentOn: ''});
		if (outcome === 'passed') continue;
		if (outcome === 'ended') {
			faults.push(...(await endOf(wizard, `the run towards seed ${point.seed}`)));
			if (faults.length >= patience) break;
		}

		wizard = repeatableBox.start();
	}

	const last = await endOf(wizard, 'the last run');
	noteHow(struck, wizard);
	// What is not done yet differs anyway.
	faults.push(...(last.length > 0 ? last : await compare(repeatableBox, struck, reference, since)));
	return {struck, faults, seconds: (performance.now() - started) / 1000};
}

/** Whether it came in at all: on a machine that is too busy sshd may not answer in time, and a person would try again. */
function enteredBox({told}: Wizard): boolean {
	return !told.some(one => one.event === 'error' && one.trouble.code === 'timeout');
}

/** What the next wizard told about the step of the last point. */
function noteHow(struck: Struck[], wizard: Wizard): void {
	const last = struck.at(-1);
	if (last?.met && last.wentOn === '') struck[struck.length - 1] = {...last, wentOn: wentOn(wizard.told, last.point)};
}

function wentOn(told: readonly Told[], {step}: Point): string {
	const of = (event: Told['event']) => told.find(one => one.event === event && 'step' in one && one.step === step);
	const running = told.flatMap(one => (one.event === 'running' && one.step === step ? [one] : []));
	const seen = [
		running.some(one => one.attached) && 're-attached',
		of('reverted') && 'taken back',
		running.some(one => !one.attached) && 'ran again',
		of('rebooting') && 'rebooted',
		of('verified') && !running.some(one => !one.attached) && 'proven',
		of('skipped') && 'in place',
	].filter(word => typeof word === 'string');
	return seen.join(', ') || 'not reached';
}

/** What is wrong with how a wizard ended, in words: nothing, where it came to a good end. */
export async function endOf(wizard: Wizard, which: string): Promise<string[]> {
	const code = await wizard.ended;
	if (code === 0) return [];
	const told = wizard.told.flatMap(one => {
		if (one.event !== 'failed' && one.event !== 'error') return [];
		const {what, evidence = []} = one.trouble;
		return [`${'step' in one ? `${one.step}: ` : ''}${what} ${evidence.slice(-5).join(' | ')}`];
	});
	return [`${which} ended with ${code}: ${told.join('; ')} ${wizard.errors().slice(-600)}`.trim()];
}

async function compare(
	repeatableBox: RepeatableBox,
	struck: readonly Struck[],
	reference: Reference,
	since: number,
): Promise<string[]> {
	const {box} = repeatableBox;
	const state = withoutTimes(await snapshot(box));
	const counts = await count(box, since);
	const lost = cutOffCertbots(struck);
	return [
		...difference(reference.state, state, generated),
		...wrongCounts(counts, reference.counts, lost),
		// certbot changes the site while it proves the names: cut off there, it is put right.
		...wrongJobs(await keptJobs(box), lost > 0 ? ['web/nginx'] : []),
		...(await furtherRuns(repeatableBox)),
	];
}

/** How often power was lost in the middle of certbot. */
function cutOffCertbots(struck: readonly Struck[]): number {
	return struck.filter(({met, point}) => met && point.kind === 'power' && point.step.startsWith('tls/')).length;
}

/** @param lost how often the authority has heard of an order that the box does not remember */
function wrongCounts(counts: Counts, expected: Counts, lost: number): string[] {
	const {orders, ...others} = counts;
	const wrong = Object.entries(others).filter(([name, value]) => value !== expected[name as keyof Counts]);
	return [
		...wrong.map(([name, value]) => `${value} ${name}, not ${expected[name as keyof Counts]}`),
		...(orders < expected.orders || orders > expected.orders + 2 * lost
			? [`${orders} orders, not ${expected.orders}`]
			: []),
	];
}

/** A further set-up changes nothing, and a check finds nothing to change. */
async function furtherRuns({start}: RepeatableBox): Promise<string[]> {
	const again = start();
	const faults = await endOf(again, 'a further set-up');
	const touched = again.told.filter(one => one.event === 'running' || one.event === 'rebooting');
	const changed = again.told.flatMap(one => (one.event === 'done' ? one.summary.changed : []));
	const look = start('check');
	return [
		...faults,
		...(touched.length + changed.length > 0 ? [`a further set-up changed ${changed.join(' ')}`] : []),
		...(await endOf(look, 'the check')),
		...(again.told.some(one => isBehind(one, 'app/online')) ? [] : ['a further set-up did not come to the end']),
	];
}
