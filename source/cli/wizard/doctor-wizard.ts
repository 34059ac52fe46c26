import {examinations} from '../../../steps/doctor/index.ts';
import {type Answers, resolve} from '../../answers/answers.ts';
import type {Event, Reply, Summary} from '../../contract/events.ts';
import type {Health} from '../../contract/examination.ts';
import type {Fix} from '../../contract/fix.ts';
import type {Catalogue} from '../../contract/step.ts';
import type {Wizard} from '../../contract/wizard.ts';
import {type Examined, examine, mendAll, previewOf} from '../../engine/doctor.ts';
import type {Plan} from '../../engine/engine.ts';
import type {Session} from '../../engine/session.ts';
import {sendRecords} from '../../outside/index.ts';
import {planOf, resumable} from './setup-plan.ts';

/** The doctor's part of a wizard. It remembers the fixes of its last look. */
export function doctorOf(
	catalogue: Catalogue,
	session: () => Session,
	given: () => {readonly kind?: string | undefined; readonly answers: Answers},
): Pick<Wizard, 'examine' | 'previewCure' | 'cure'> {
	let fixes: Examined['fixes'] = new Map();
	const plan = (): Plan => planFor(catalogue, session(), given());
	const fixOf = (finding: string): Fix => {
		const fix = fixes.get(finding);
		if (!fix) throw new TypeError(`No fix is known for ${finding}`);
		return fix;
	};
	return {
		async examine(): Promise<Health> {
			const {fixes: found, ...health} = await heard(examine(examinations, session(), plan().answers));
			fixes = found;
			return health;
		},
		previewCure: async finding => await previewOf(plan(), session(), fixOf(finding)),
		async *cure(findings): AsyncGenerator<Event, Summary, Reply> {
			return yield* mendAll(plan(), session(), findings.map(fixOf));
		},
	};
}

/** The box and its first app, their answers completed; nothing where this machine has not set it up. */
function planFor(
	catalogue: Catalogue,
	{journal}: Session,
	given: {readonly kind?: string | undefined; readonly answers: Answers},
): Plan {
	const state = journal.read();
	const before = resumable(state, catalogue, {});
	const kind = given.kind ?? before?.kind;
	if (kind === undefined) return {name: '', steps: [], defaults: {}, answers: {}, leftOut: [], sendRecords};
	const leftOut = before?.leftOut ?? [];
	const plan = planOf(catalogue, {kind, answers: {...before?.answers, ...given.answers}, leftOut}, state);
	const {answers} = resolve(plan.steps, plan.defaults, plan.answers);
	return {...plan, answers: {...answers, leftOut}};
}

/** What a generator of events returns, its events unheard. */
async function heard<Value>(events: AsyncGenerator<Event, Value, Reply>): Promise<Value> {
	for (;;) {
		const next = await events.next();
		if (next.done) return next.value;
	}
}
