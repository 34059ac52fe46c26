import {examinations} from '../../../steps/doctor/index.ts';
import {type Answers, isDeclined, resolve} from '../../answers/answers.ts';
import type {Event, Reply, Summary} from '../../contract/events.ts';
import type {Health} from '../../contract/examination.ts';
import type {Fix} from '../../contract/fix.ts';
import type {Recipe} from '../../contract/step.ts';
import type {Wizard} from '../../contract/wizard.ts';
import {type Examined, examine, mendAll, previewOf} from '../../engine/doctor.ts';
import type {Plan} from '../../engine/engine.ts';
import type {Session} from '../../engine/session.ts';
import {sendRecords} from '../../outside/index.ts';
import {recipeNamed} from './recipes.ts';

/** The doctor's part of a wizard. It remembers the fixes of its last look. */
export function doctorOf(
	recipes: readonly Recipe[],
	session: () => Session,
	given: () => {readonly recipe?: string | undefined; readonly answers: Answers},
): Pick<Wizard, 'examine' | 'previewCure' | 'cure'> {
	let fixes: Examined['fixes'] = new Map();
	const plan = (): Plan => planFor(recipes, session(), given());
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

/** The road the box is on, its answers completed; an empty one where this machine has not set it up. */
function planFor(
	recipes: readonly Recipe[],
	{journal}: Session,
	given: {readonly recipe?: string | undefined; readonly answers: Answers},
): Plan {
	const state = journal.read();
	const name = given.recipe ?? state.recipe;
	if (name === undefined) {
		const recipe = {name: '', title: '', description: '', steps: [], defaults: {}};
		return {recipe, answers: {}, leftOut: [], sendRecords};
	}

	const recipe = recipeNamed(recipes, name);
	const {answers} = resolve(recipe.steps, recipe.defaults, {...state.answers, ...given.answers});
	const declined = recipe.steps.filter(step => isDeclined(step, answers)).map(({id}) => id);
	const leftOut = [...state.leftOut, ...declined];
	return {recipe, answers: {...answers, leftOut}, leftOut, sendRecords};
}

/** What a generator of events returns, its events unheard. */
async function heard<Value>(events: AsyncGenerator<Event, Value, Reply>): Promise<Value> {
	for (;;) {
		const next = await events.next();
		if (next.done) return next.value;
	}
}
