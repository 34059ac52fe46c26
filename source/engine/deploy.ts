import type {Answers} from '../answers/answers.ts';
import type {Coming} from '../contract/coming.ts';
import type {Fit, Release} from '../contract/release.ts';
import type {Probe, Step, Version} from '../contract/step.ts';
import {asTrouble, Trouble} from '../contract/trouble.ts';
import type {Event, Reply, Summary} from '../contract/ui/events.ts';
import {record} from '../remote/recorder.ts';
import {perform} from './apply.ts';
import {recoverInterrupted} from './reattach.ts';
import {answered} from './run/asking.ts';
import {leftOutFor} from './run/obstacles.ts';
import {finished, look, newRun, type Plan, planned, type Run} from './run/run.ts';
import {runStep} from './run/run-step.ts';
import {runSteps} from './run/sequence.ts';
import type {Session} from './session.ts';

/**
 * Brings the newest version of what a box runs live: asks where it comes from, makes a release of it beside the one that
 * runs, and switches. What fails on the way is taken back, and what ran runs on.
 * @param stages ids of the steps that a new version goes through
 * @param to the id of the version, where it is not to be the newest
 * @throws Trouble where the kind knows no versions, or nothing is live yet
 */
export async function* deploy(
	plan: Plan,
	stages: readonly string[],
	session: Session,
	to?: string,
): AsyncGenerator<Event, Summary, Reply> {
	const started = performance.now();
	const steps = deploySteps(plan, stages);
	const run = newRun({...plan, steps, isPart: true}, session);
	yield planned(run.plan, steps);
	await run.work.begin(`it deploys ${String(plan.answers.app ?? plan.name)}`);
	try {
		if (yield* answered(run, plan.answers)) {
			yield* recoverInterrupted(run);
			yield* takeOver(run, steps, started, to, (source, {next, newest, live}) => {
				// One that was made ready before, by a deploy that was cut off, is gone on with.
				const isReady = newest === (next ?? live)?.id;
				return isReady ? steps : steps.map(step => (step === source ? renewed(step, next, to) : step));
			});
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

/**
 * Has a release that lies on the box take over again. What fails on the way is taken back: what was live stays so, or is again.
 * @param stages ids of the steps that an existing release goes through
 * @param to the name of the release
 * @throws Trouble where there is no such release
 */
export async function* rollback(
	plan: Plan,
	stages: readonly string[],
	session: Session,
	to: string,
): AsyncGenerator<Event, Summary, Reply> {
	const started = performance.now();
	const steps = deploySteps(plan, stages);
	const run = newRun({...plan, steps, isPart: true}, session);
	yield planned(run.plan, steps);
	await run.work.begin(`it takes ${String(plan.answers.app ?? plan.name)} back`);
	try {
		if (yield* answered(run, plan.answers)) {
			yield* recoverInterrupted(run);
			const release = (yield* run.work.steadily(() => releasesOf(run.plan, run.work.probe, run.answers))).find(
				({name}) => name === to,
			);
			if (!release?.isWhole) throw noRelease(to);
			yield* takeOver(run, steps, started, release.id, source =>
				steps.map(step => (step === source ? takenUp(step, release) : step)),
			);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

/** The releases of the app in hand that lie on its box, the newest first. @throws Trouble where its kind knows none */
export async function releasesOf(
	plan: Pick<Plan, 'name' | 'steps'>,
	probe: Probe,
	answers: Answers,
): Promise<readonly Release[]> {
	const source = plan.steps.find(step => step.releases);
	return (await source?.releases?.(probe, source.options.parse(answers) as never)) ?? [];
}

/** Whether a release of before fits the tables as they are; it does where nothing of the app has tables. */
export async function fitOf(plan: Pick<Plan, 'steps'>, probe: Probe, answers: Answers, release: string): Promise<Fit> {
	const judge = plan.steps.find(step => step.fits);
	return (await judge?.fits?.(probe, judge.options.parse(answers) as never, release)) ?? {verdict: 'fits', lines: []};
}

/** The step that brings releases, in place once this one is to be switched to. */
function takenUp(step: Step, {name, id}: Release): Step {
	return {
		...step,
		check: async ($, options) => ({isReady: (await step.version?.($, options))?.next?.id === id}),
		done: facts => (facts as {isReady: boolean}).isReady,
		apply: ($, _facts, options) => step.takeUp?.($, options, name),
		before: () => ({}),
	};
}

function noRelease(name: string): Trouble {
	return new Trouble({
		what: `No release ${name} lies on the box, or what it stands on is gone.`,
		means: 'Nothing was done: what runs runs on.',
		next: 'See which there are: boxwizard releases HOST APP',
		code: 'no-release',
	});
}

function deploySteps({name, steps: all}: Plan, stages: readonly string[]): Step[] {
	const steps = all.filter(({id}) => stages.includes(id));
	if (steps.some(step => step.newest)) return steps;
	throw new Trouble({
		what: `Apps of the kind “${name}” know no newer versions.`,
		means: 'There is nothing to deploy. Nothing was done.',
		next: 'To put the box in order again: boxwizard setup HOST',
		code: 'nothing-to-deploy',
	});
}

/**
 * What a deploy would bring: the version that `ref` names (the newest of the branch, where it is not said), beside the one that is live. Touches nothing.
 * @throws Trouble where there is no such version, the git host does not say, or nothing is live yet
 */
export async function comingVersion(
	plan: Plan,
	stages: readonly string[],
	probe: Probe,
	ref: string | undefined,
): Promise<Coming> {
	const source = deploySteps(plan, stages).find(step => step.coming);
	const coming = await source?.coming?.(probe, source.options.parse(plan.answers) as never, ref);
	if (!coming?.live) throw nothingLive();
	return coming;
}

/** What chooses how the steps have a version take over, once it is known what there is. */
type Stages = (source: Step, versions: Versions) => readonly Step[];

/** Brings the steps about, tells what is live as soon as that changes, and takes all back where one fails. @param to the id of the version, where it is not the newest */
async function* takeOver(
	run: Run,
	steps: readonly Step[],
	started: number,
	to: string | undefined,
	stagesOf: Stages,
): AsyncGenerator<Event, void, Reply> {
	const source = steps.find(step => step.newest);
	if (!source) return;
	const here = yield* versions(run, source, to);
	const {live, mark} = here;
	if (!live) throw nothingLive();
	const before = new Map<Step, unknown>();
	for (const step of steps) if (step.abandon) before.set(step, yield* look(run, step));
	const tellLive = async function* (told: Version): AsyncGenerator<Event, Version, Reply> {
		const {live: now = told} = yield* run.work.steadily(
			async () => (await source.version?.(run.work.probe, run.answers as never)) ?? {},
		);
		const seconds = (performance.now() - started) / 1000;
		if (now.id !== told.id) yield {type: 'live', step: source.id, ...now, isNew: now.id !== live.id, seconds};
		return now;
	};
	const told = yield* tellingSwitch(runSteps(run, stagesOf(source, here)), steps, () => tellLive(live));
	const failed = [...run.outcomes.values()].some(outcome => outcome === 'failed' || outcome === 'quit');
	if (failed) yield* abandoned(run, steps, before);
	const now = yield* tellLive(told ?? live);
	if (now.id === live.id && told === undefined) {
		yield {type: 'live', step: source.id, ...now, isNew: false, seconds: (performance.now() - started) / 1000};
	}

	yield* visited(run, mark);
}

/** The step that knows what visitors ask. */
const watching = ({plan}: Run) => plan.steps.find(step => step.visits);

/** What visitors met since the deploy began, where it did anything. */
async function* visited(run: Run, mark: string | undefined): AsyncGenerator<Event, void, Reply> {
	const step = watching(run);
	const isTouched = [...run.outcomes.values()].some(outcome => ['changed', 'failed', 'quit'].includes(outcome));
	if (mark === undefined || !step?.visits || !isTouched) return;
	const {visits} = step;
	const met = yield* run.work.steadily(() => visits.since(run.work.probe, run.answers as never, mark));
	yield {type: 'visited', step: step.id, ...met};
}

/** Passes a run on, and tells which version is live as soon as the step that switches is done. Answers what was told last, where anything was. */
async function* tellingSwitch(
	events: AsyncGenerator<Event, void, Reply>,
	steps: readonly Step[],
	tell: () => AsyncGenerator<Event, Version, Reply>,
): AsyncGenerator<Event, Version | undefined, Reply> {
	const switching = new Set(steps.filter(({switches}) => switches).map(({id}) => id));
	let told: Version | undefined;
	let next = await events.next();
	while (!next.done) {
		const event = next.value;
		const reply: Reply = yield event;
		if (event.type === 'verified' && switching.has(event.step)) told = yield* tell();
		next = await events.next(reply);
	}

	return told;
}

type Versions = {
	readonly live?: Version;
	readonly next?: Version;
	readonly newest: string;
	/** Of what visitors have asked by now. */
	readonly mark?: string | undefined;
};

/** What the box has, and what there is, in one round trip. Whoever says which version it shall be has asked before. */
function versions(run: Run, source: Step, to: string | undefined): AsyncGenerator<Event, Versions, Reply> {
	const {probe} = run.work;
	return run.work.steadily(async () => {
		const [here, newest, mark] = await Promise.all([
			source.version?.(probe, run.answers as never),
			to ?? source.newest?.(probe, run.answers as never) ?? '',
			watching(run)?.visits?.mark(probe, run.answers as never),
		]);
		return {...here, newest, mark};
	});
}

type RenewedFacts = {readonly facts: unknown; readonly isReady: boolean};

/** The same step, in place only once another version than the `former` one is made ready: the one of the id `to`, where it is said. */
export function renewed(step: Step, former: Version | undefined, to?: string): Step {
	const own = (facts: unknown) => (facts as RenewedFacts).facts;
	const isWanted = (next: Version | undefined) =>
		to === undefined ? next !== undefined && next.id !== former?.id : next?.id === to;
	return {
		...step,
		async check($, options): Promise<RenewedFacts> {
			const [facts, versions] = await Promise.all([step.check($, options), step.version?.($, options)]);
			return {facts, isReady: isWanted(versions?.next)};
		},
		done: (facts, options) => (facts as RenewedFacts).isReady && step.done(own(facts), options),
		apply: ($, facts, options) =>
			to !== undefined && step.bring ? step.bring($, own(facts), options, to) : step.apply($, own(facts), options),
		before: own,
	};
}

/** What ran before is what runs again: the switch is taken back, then what was started since is started anew. */
async function* abandoned(
	run: Run,
	steps: readonly Step[],
	before: ReadonlyMap<Step, unknown>,
): AsyncGenerator<Event, void, Reply> {
	const switched = steps.findIndex(step => step.abandon && run.outcomes.get(step.id) === 'changed');
	for (const [step, facts] of [...before].toReversed()) {
		const operations = record(hand => step.abandon?.(hand, facts, run.answers as never));
		try {
			yield* perform(run.context, step, operations);
			yield {type: 'reverted', step: step.id};
		} catch (error) {
			yield {type: 'failed', step: step.id, trouble: asTrouble(error).toJSON(), actions: ['quit']};
		}
	}

	if (switched === -1) return;
	for (const step of steps.slice(switched + 1)) {
		if (leftOutFor({...run, outcomes: new Map()}, step) === undefined) yield* runStep(run, step, undefined);
	}
}

function nothingLive(): Trouble {
	return new Trouble({
		what: 'No version of the app is live on this box yet.',
		means: 'A deploy replaces a version that runs by a newer one. Nothing was done.',
		next: 'Finish setting the box up first: boxwizard setup HOST',
		code: 'nothing-live',
	});
}
