import type {Preview} from '../../source/contract/preview.ts';
import type {StepForm} from '../../source/contract/wizard.ts';
import type {Progress, StepProgress, StepState} from '../../source/render/progress.ts';
import type {Place} from '../journey/route.ts';
import type {RailState, Station} from '../parts/rail.tsx';

/** What the road looks like before anyone knows what the box shall become. */
const beginning = [
	['connect', 'Connect'],
	['survey', 'Your box'],
	['kind', 'What it is made of'],
	['step', 'A few questions'],
	['review', 'The plan'],
	['run', 'Set it up'],
] as const;

/** Places that are no part of the road: a renewal, a fix, and the daily life of a box that is set up. */
const aside: ReadonlySet<Place['at']> = new Set([
	'home',
	'renewals',
	'renew',
	'doctor',
	'cure',
	'box',
	'logs',
	'settings',
	'confirm-deploy',
	'confirm-remove',
]);

type Known = {
	readonly place: Place;
	/** [] before a kind is chosen. */
	readonly forms: readonly StepForm[];
	readonly leftOut: readonly string[];
	readonly previews: readonly Preview[];
	readonly progress: Progress;
};

/** The road as the rail shows it. */
export function stationsOf(known: Known): readonly Station[] {
	const {place, forms, progress} = known;
	if (aside.has(place.at)) return [];
	// A deploy walks a part of it.
	if (place.at === 'app-run') return progress.steps.map(stationOf);
	// Whoever may still start over sees where they are, not yet the steps.
	if (forms.length === 0 || place.at === 'survey' || place.at === 'kind') return beforeKind(place);
	const stations = forms
		.filter(form => form.wanted)
		.map(form => ({id: form.summary.id, title: form.summary.title, state: stateOf(form, known)}));
	return [{id: 'connect', title: 'Connect', state: 'done'}, ...stations];
}

function beforeKind(place: Place): readonly Station[] {
	const at = place.at === 'target' || place.at === 'practice' ? 'connect' : place.at;
	const here = beginning.findIndex(([id]) => id === at);
	return beginning.map(([id, title], index) => ({
		id,
		title,
		state: index < here ? 'done' : index === here ? 'current' : 'todo',
	}));
}

function stateOf(form: StepForm, {place, leftOut, previews, progress}: Known): RailState {
	const {id} = form.summary;
	if (place.at === 'step' && place.id === id) return 'current';
	const ran = progress.steps.find(step => step.summary.id === id);
	if (ran && ['run', 'done', 'verdict'].includes(place.at))
		return progress.asking?.step === id ? 'attention' : railStates[ran.state];
	if (leftOut.includes(id)) return 'off';
	return previews.find(preview => preview.step === id)?.state === 'in place' ? 'done' : 'todo';
}

const stationOf = ({summary: {id, title}, state}: StepProgress): Station => ({id, title, state: railStates[state]});

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
