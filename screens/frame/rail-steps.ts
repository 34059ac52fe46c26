import type {Preview} from '../../source/contract/ui/preview.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import type {Progress, StepProgress, StepState} from '../../source/render/progress.ts';
import type {Route} from '../navigation/route.ts';
import type {RailState, RailStep} from '../parts/rail.tsx';

/** What the rail shows before anyone knows what the box shall become. */
const beginning = [
	['connect', 'Connect'],
	['survey', 'Your box'],
	['repository', 'Your app'],
	['step', 'A few questions'],
	['review', 'Look it over'],
	['run', 'Set it up'],
] as const;

/** Routes that are no part of a set-up: a renewal, a fix, and the daily life of a box that is set up. */
const aside: ReadonlySet<Route['at']> = new Set([
	'home',
	'renewals',
	'renew',
	'doctor',
	'fix',
	'box',
	'logs',
	'settings',
	'confirm-deploy',
	'releases',
	'confirm-remove',
	'confirm-undo-app',
	'review-all',
]);

type Known = {
	readonly route: Route;
	/** [] before a kind is chosen. */
	readonly forms: readonly StepForm[];
	readonly leftOut: readonly string[];
	readonly previews: readonly Preview[];
	readonly progress: Progress;
};

/** The steps of a set-up as the rail shows them. */
export function railStepsOf(known: Known): readonly RailStep[] {
	const {route, forms, progress} = known;
	if (aside.has(route.at)) return [];
	// A deploy walks a part of it.
	if (route.at === 'app-run') return progress.steps.map(railStepOf);
	// Whoever may still start over sees where they are, not yet the steps.
	if (forms.length === 0 || early.has(route.at)) return beforePlan(route);
	const railSteps = forms
		// Of one more app nothing is asked for the box's own steps: they would look as if they were still to do.
		.filter(form => form.wanted && !(route.at === 'step' && form.settled))
		.map(form => ({id: form.summary.id, title: form.summary.title, state: stateOf(form, known)}));
	return [{id: 'connect', title: 'Connect', state: 'done'}, ...railSteps];
}

/** Places before the steps are known, and what the rail calls them. */
const early: ReadonlyMap<Route['at'], string> = new Map([
	['target', 'connect'],
	['practice', 'connect'],
	['survey', 'survey'],
	['repository', 'repository'],
	['reading', 'repository'],
	['found', 'repository'],
	['kind', 'repository'],
	['variables', 'step'],
]);

function beforePlan(route: Route): readonly RailStep[] {
	const at = early.get(route.at) ?? route.at;
	const here = beginning.findIndex(([id]) => id === at);
	return beginning.map(([id, title], index) => ({
		id,
		title,
		state: index < here ? 'done' : index === here ? 'current' : 'todo',
	}));
}

function stateOf(form: StepForm, {route, leftOut, previews, progress}: Known): RailState {
	const {id} = form.summary;
	if (route.at === 'step' && route.id === id) return 'current';
	const ran = progress.steps.find(step => step.summary.id === id);
	if (ran && ['run', 'done', 'verdict'].includes(route.at))
		return progress.asking?.step === id ? 'attention' : railStates[ran.state];
	if (leftOut.includes(id)) return 'off';
	return previews.find(preview => preview.step === id)?.state === 'in place' ? 'done' : 'todo';
}

const railStepOf = ({summary: {id, title}, state}: StepProgress): RailStep => ({id, title, state: railStates[state]});

const railStates: Readonly<Record<StepState, RailState>> = {
	'to do': 'todo',
	checking: 'current',
	running: 'current',
	proving: 'current',
	waiting: 'current',
	rebooting: 'current',
	'in place': 'done',
	done: 'done',
	'not wanted': 'off',
	'left out': 'off',
	differs: 'attention',
	failed: 'failed',
	reverted: 'failed',
	undone: 'off',
};
