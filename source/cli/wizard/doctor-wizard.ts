import {causes} from '../../../steps/causes/index.ts';
import {examinations} from '../../../steps/doctor/index.ts';
import {type Answers, isWanted, resolve} from '../../answers/answers.ts';
import type {Health} from '../../contract/diagnosis/examination.ts';
import type {Fix} from '../../contract/diagnosis/fix.ts';
import type {Catalogue} from '../../contract/kind.ts';
import {instanceOf} from '../../contract/step-id.ts';
import type {Event, Reply, Summary} from '../../contract/ui/events.ts';
import type {Wizard} from '../../contract/ui/wizard.ts';
import {calledFor} from '../../engine/called-for.ts';
import {applyFixes, type Examined, examineAll, type Look, previewOf} from '../../engine/doctor.ts';
import type {Plan} from '../../engine/engine.ts';
import type {Session} from '../../engine/session.ts';
import {sendRecords} from '../../outside/index.ts';
import type {JournalState} from '../../state/journal-state.ts';
import {kindNamed} from '../given/kinds.ts';
import {appOptions, filledApps} from '../plans/derived.ts';
import {planOf, resumable} from '../plans/setup-plan.ts';

/** The doctor's part of a wizard. It remembers the fixes of its last look. */
export function doctorOf(
	catalogue: Catalogue,
	session: () => Session,
	given: () => {readonly kind?: string | undefined; readonly answers: Answers},
): Pick<Wizard, 'examine' | 'previewFix' | 'fix'> {
	let fixes: Examined['fixes'] = new Map();
	const plan = (app?: string): Plan => planFor(catalogue, session(), given(), app);
	const fixOf = (finding: string): Fix => {
		const fix = fixes.get(finding);
		if (!fix) throw new TypeError(`No fix is known for ${finding}`);
		return fix;
	};
	return {
		async examine(): Promise<Health> {
			const {fixes: found, ...health} = await heard(
				examineAll(looksAt(catalogue, session(), plan(), given().answers), session()),
			);
			fixes = found;
			return health;
		},
		previewFix: async finding => await previewOf(plan(instanceOf(finding).app), session(), fixOf(finding)),
		async *fix(findings): AsyncGenerator<Event, Summary, Reply> {
			const summaries: Summary[] = [];
			// The steps of an app are mended by its own answers.
			for (const app of new Set(findings.map(finding => instanceOf(finding).app))) {
				const own = findings.filter(finding => instanceOf(finding).app === app);
				summaries.push(yield* applyFixes(plan(app), session(), own.map(fixOf)));
			}

			return joined(summaries);
		},
	};
}

/** Each examination once; those that go by an app's answers, for each app of the box. */
function looksAt(catalogue: Catalogue, {journal}: Session, {answers}: Plan, given: Answers): Look[] {
	const state = journal.read();
	const names = Object.keys(state.apps);
	if (names.length < 2)
		return examinations.map(examination => ({examination, answers, ...why(catalogue, state, answers)}));
	const apps = filledApps(catalogue, state).map((filled, index) => {
		const app = names[index] ?? '';
		const {leftOut} = planFor(catalogue, {journal}, {answers: given}, app);
		const own = {...filled, ...given, leftOut};
		return {app, answers: own, ...why(catalogue, state, own)};
	});
	const ofApp = appOptions(catalogue);
	return examinations.flatMap((examination): Look[] => {
		const isOfApp = Object.keys(examination.options.shape).some(name => ofApp.has(name));
		return isOfApp
			? apps.map(app => ({examination, ...app}))
			: [{examination, answers, ...why(catalogue, state, answers)}];
	});
}

/** The causes that are known, and the app that is meant, as its kind finds it on the box. */
function why(catalogue: Catalogue, {apps}: JournalState, answers: Answers): Pick<Look, 'why'> {
	const name = typeof answers.app === 'string' ? answers.app : undefined;
	const appOf = kindNamed(catalogue, name === undefined ? undefined : apps[name]?.kind).app;
	return appOf ? {why: {causes, appOf: $ => appOf($, answers)}} : {};
}

function joined(summaries: readonly Summary[]): Summary {
	const [only] = summaries;
	if (only && summaries.length === 1) return only;
	const all = (ids: (summary: Summary) => readonly string[]) => summaries.flatMap(ids);
	return {
		changed: all(({changed}) => changed),
		inPlace: all(({inPlace}) => inPlace),
		skipped: all(({skipped}) => skipped),
		failed: all(({failed}) => failed),
		seconds: summaries.reduce((sum, {seconds}) => sum + seconds, 0),
	};
}

/** The box and an app of it, the first one where none is named, their answers completed; nothing where this machine has not set it up. */
function planFor(
	catalogue: Catalogue,
	{journal}: Pick<Session, 'journal'>,
	given: {readonly kind?: string | undefined; readonly answers: Answers},
	app: string | undefined,
): Plan {
	const state = journal.read();
	const before = app === undefined ? resumable(state, catalogue, {}) : resumable(state, catalogue, {}, app);
	const kind = given.kind ?? before?.kind;
	if (kind === undefined) return {name: '', steps: [], defaults: {}, answers: {}, leftOut: [], sendRecords};
	const plan = planOf(
		catalogue,
		{kind, answers: {...before?.answers, ...given.answers}, leftOut: before?.leftOut ?? []},
		state,
	);
	const {answers} = resolve(plan.steps, plan.defaults, plan.answers);
	const called = calledFor(plan.steps, plan.leftOut, () => answers);
	// With those that an answer leaves out, and what stands on them.
	const leftOut = plan.steps.filter(step => !called.includes(step) && isWanted(step, answers)).map(({id}) => id);
	return {...plan, answers: {...answers, leftOut}, leftOut};
}

/** What a generator of events returns, its events unheard. */
async function heard<Value>(events: AsyncGenerator<Event, Value, Reply>): Promise<Value> {
	for (;;) {
		const next = await events.next();
		if (next.done) return next.value;
	}
}
