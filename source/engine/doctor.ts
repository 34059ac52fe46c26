import type {Answers} from '../answers/answers.ts';
import {optionOf} from '../answers/option.ts';
import {Disconnected} from '../contract/box.ts';
import {
	type Examination,
	type ExaminationFix,
	type Finding,
	type Health,
	severities,
	type Unknown,
} from '../contract/diagnosis/examination.ts';
import {type Fix, fixOf} from '../contract/diagnosis/fix.ts';
import type {Probe} from '../contract/step.ts';
import {instanceOf, qualified} from '../contract/step-id.ts';
import {asTrouble} from '../contract/trouble.ts';
import type {Event, Reply, Summary} from '../contract/ui/events.ts';
import type {Preview} from '../contract/ui/preview.ts';
import {judgedByCause, type Why} from './fixes/judged.ts';
import {previewFix} from './fixes/preview-fix.ts';
import {recoverInterrupted} from './reattach.ts';
import {answered} from './run/asking.ts';
import {complete, readOnly} from './run/complete.ts';
import {finished, newRun, type Plan, planned} from './run/run.ts';
import {applyFix} from './run/run-step.ts';
import {type Session, Work} from './session.ts';

/** What was found by one examination. */
type Seen = {readonly finding?: Finding; readonly fix?: Fix; readonly unknown?: Unknown};

/** How a box is, and the fixes of the findings that have one, by the finding's id. */
export type Examined = Health & {readonly fixes: ReadonlyMap<string, Fix>};

/**
 * Looks a box over; touches nothing. All examinations ask in the same tick, so that their probes travel as one script.
 * Told in events only where the connection is lost.
 * @param answers of the box's set-up; none where this machine has not set it up: then some things can't be known
 */
export async function* examine(
	examinations: readonly Examination[],
	session: Session,
	answers: Answers,
): AsyncGenerator<Event, Examined, Reply> {
	return yield* examineAll(
		examinations.map(examination => ({examination, answers})),
		session,
	);
}

/** One examination with the answers that it goes by: of the box, or of one of its apps. */
export type Look = {
	readonly examination: Examination;
	readonly answers: Answers;
	/** Whose answers they are, where a box carries several apps. */
	readonly app?: string;
	/** How what programs said is told; as it is, where nothing is said. */
	readonly why?: Why;
};

/** As `examine`, each examination with answers of its own. What two apps tell alike is told once, as the box's. */
export async function* examineAll(looks: readonly Look[], session: Session): AsyncGenerator<Event, Examined, Reply> {
	const work = new Work(session);
	const started = performance.now();
	const before = session.box.roundTrips;
	const all = yield* work.steadily(() =>
		Promise.all(looks.map(async look => named(await examineOne(look, work.probe), look.app))),
	);
	const seen = toldOnce(all);
	const findings = seen.flatMap(({finding}) => finding ?? []);
	return {
		findings: severities.flatMap(severity => findings.filter(finding => finding.severity === severity)),
		unknown: seen.flatMap(({unknown}) => unknown ?? []),
		fixes: new Map(seen.flatMap(({finding, fix}) => (finding && fix ? [[finding.id, fix] as const] : []))),
		roundTrips: session.box.roundTrips - before,
		seconds: (performance.now() - started) / 1000,
	};
}

/** What was seen of an app, under its name. */
function named({finding, fix, unknown}: Seen, app: string | undefined): Seen {
	if (app === undefined) return {...(finding && {finding}), ...(fix && {fix}), ...(unknown && {unknown})};
	const of = <Told extends {readonly id: string; readonly title: string}>(told: Told) => ({
		...told,
		id: qualified(app, told.id),
		title: `${app}: ${told.title}`,
		app,
	});
	return {...(finding && {finding: of(finding)}), ...(fix && {fix}), ...(unknown && {unknown: of(unknown)})};
}

/** A fault of the box that the examinations of two apps come upon is one. */
function toldOnce(all: readonly Seen[]): Seen[] {
	const told = (seen: Seen): string => {
		const {finding, unknown} = bare(seen);
		return JSON.stringify([finding?.id, finding?.title, finding?.evidence, unknown]);
	};
	const counts = new Map<string, number>();
	for (const seen of all) counts.set(told(seen), (counts.get(told(seen)) ?? 0) + 1);
	const first = all.filter((seen, index) => all.findIndex(other => told(other) === told(seen)) === index);
	return first
		.filter(({finding, unknown}) => finding ?? unknown)
		.map(seen => ((counts.get(told(seen)) ?? 0) > 1 ? bare(seen) : seen));
}

/** Without the name of the app. */
function bare({finding, fix, unknown}: Seen): Seen {
	const of = <Told extends {readonly id: string; readonly title: string; readonly app?: string}>(told: Told) => {
		const {app, ...rest} = told;
		if (app === undefined) return told;
		return {...rest, id: instanceOf(told.id).id, title: told.title.slice(app.length + 2)};
	};
	return {
		...(finding && {finding: of(finding)}),
		...(fix && {fix}),
		...(unknown && {unknown: of(unknown)}),
	};
}

async function examineOne({examination, answers, app, why}: Look, $: Probe): Promise<Seen> {
	const {id, title} = examination;
	const missing = Object.entries(examination.options.shape).flatMap(([name, schema]) => {
		const option = optionOf(name, schema);
		return option.problem(answers[name] ?? option.fallback) === undefined ? [] : [option.title];
	});
	if (missing.length > 0) return {unknown: {id, title, reason: strange(missing)}};
	const options = examination.options.parse(answers) as never;
	try {
		const facts = await examination.look($, options);
		const judged = examination.judge(facts, options);
		if (!judged) return {};
		const {judgement, fix: ofCause} = why ? await judgedByCause(judged, $, why) : {judgement: judged, fix: undefined};
		const fix = ofCause ?? fixFor(examination, facts, options, app);
		const shown = fix && {id: fix.id, title: fix.title, why: fix.why};
		return {finding: {id, ...judgement, ...(shown && {fix: shown})}, ...(fix && {fix})};
	} catch (error) {
		if (error instanceof Disconnected) throw error;
		return {unknown: {id, title, reason: asTrouble(error).what}};
	}
}

function strange(missing: readonly string[]): string {
	const names = missing.map(name => `“${name}”`).join(', ');
	return `This machine has not set the box up, and does not know its ${names}.`;
}

/**
 * What puts a finding right; undefined where nothing can.
 * @param app whose finding it is, where a box carries several: its fix has a name of its own
 */
export function fixFor(examination: Examination, facts: unknown, options: never, app?: string): Fix | undefined {
	const fix = examination.fix?.(facts, options);
	if (!fix || 'step' in fix) return fix;
	return ownFix(examination, fix, options, app);
}

function ownFix(
	examination: Examination,
	{hazard, ...rest}: ExaminationFix<unknown>,
	options: never,
	app: string | undefined,
): Fix {
	const fix = fixOf<unknown>({
		...rest,
		name: [...(app === undefined ? [] : [app]), examination.id.replaceAll('/', '-')].join('-'),
		check: $ => examination.look($, options),
		done: facts => examination.judge(facts, options) === undefined,
	});
	return hazard ? {...fix, step: {...fix.step, hazard}} : fix;
}

/**
 * Brings fixes about, one after the other, as steps of a run: recorded, journaled, proven. Only what their steps ask for
 * is asked: a fix needs no answer of another step.
 */
export async function* applyFixes(
	plan: Plan,
	session: Session,
	fixes: readonly Fix[],
): AsyncGenerator<Event, Summary, Reply> {
	const started = performance.now();
	const steps = plan.steps.filter(step => fixes.some(({id}) => id === step.id));
	const run = newRun({...plan, steps}, session, false);
	yield planned(
		plan,
		fixes.map(({step}) => step),
	);
	await run.work.begin();
	try {
		if (yield* answered(run, plan.answers)) {
			// The guard asks who is to get in, whatever the step.
			run.answers = {...plan.answers, ...run.answers};
			yield* recoverInterrupted(run);
			for (const fix of fixes) {
				run.outcomes.set(fix.id, yield* applyFix(run, fix));
				if (run.outcomes.get(fix.id) === 'quit') break;
			}
		}
	} finally {
		await run.work.end();
	}

	return yield* finished(run, started);
}

/** What a fix would do, as the box is now; touches nothing. */
export async function previewOf(plan: Plan, session: Session, fix: Fix): Promise<Preview> {
	const run = newRun(plan, session, false);
	const {answers} = await complete({...plan, steps: [fix.step]}, plan.answers, readOnly(session.vault), run.work.probe);
	run.answers = {...plan.answers, ...answers};
	return await previewFix(run, fix);
}
