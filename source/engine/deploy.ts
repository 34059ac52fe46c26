import type {Coming} from '../contract/coming.ts';
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
			yield* renewAll(run, steps, started, to);
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
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

async function* renewAll(
	run: Run,
	steps: readonly Step[],
	started: number,
	to: string | undefined,
): AsyncGenerator<Event, void, Reply> {
	const source = steps.find(step => step.newest);
	if (!source) return;
	const {live, next, newest, mark} = yield* versions(run, source, to);
	if (!live) throw nothingLive();
	const before = new Map<Step, unknown>();
	for (const step of steps) if (step.abandon) before.set(step, yield* look(run, step));
	// One that was made ready before, by a deploy that was cut off, is gone on with.
	const isReady = newest === (next ?? live).id;
	const tellLive = async function* (told: Version): AsyncGenerator<Event, Version, Reply> {
		const {live: now = told} = yield* run.work.steadily(
			async () => (await source.version?.(run.work.probe, run.answers as never)) ?? {},
		);
		const seconds = (performance.now() - started) / 1000;
		if (now.id !== told.id) yield {type: 'live', step: source.id, ...now, isNew: now.id !== live.id, seconds};
		return now;
	};
	const stages = isReady ? steps : steps.map(step => (step === source ? renewed(step, next, to) : step));
	const told = yield* tellingSwitch(runSteps(run, stages), steps, () => tellLive(live));
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
	if (mark === undefined || !step?.visits || ![...run.outcomes.values()].some(outcome => outcome !== 'in place'))
		return;
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
