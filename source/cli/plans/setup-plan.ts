import {causes} from '../../../steps/causes/index.ts';
import type {Occupied} from '../../../steps/process/occupied.ts';
import {fields, isWanted, missingSecrets, optionsOf, resolve} from '../../answers/answers.ts';
import type {Catalogue, Kind, StepList} from '../../contract/kind.ts';
import {Secret} from '../../contract/secret.ts';
import type {Step} from '../../contract/step.ts';
import {instanceOf, qualified, recordId} from '../../contract/step-id.ts';
import type {Problem} from '../../contract/ui/events.ts';
import type {Answers, Resumable, Setup, StepForm} from '../../contract/ui/setup.ts';
import type {Plan} from '../../engine/engine.ts';
import {sendRecords} from '../../outside/index.ts';
import {type JournalState, type Json, stepRecord, stepRecords, withSection} from '../../state/journal-state.ts';
import {countSteps, stoppedAt} from '../boxes/known-boxes.ts';
import {kindNamed, stepIds, stepsFor} from '../given/kinds.ts';
import {appsOf, boxOptions, derivedOfApp, derivedOfBox, derivedOptions} from './derived.ts';

/** The name of the app in hand; undefined as long as it has none. */
export function appNameOf({answers}: Pick<Setup, 'answers'>): string | undefined {
	return typeof answers.app === 'string' && answers.app !== '' ? answers.app : undefined;
}

/** The box and the app in hand, as the engine takes them. @throws Trouble for an unknown kind or step */
export function planOf(catalogue: Catalogue, setup: Setup, state?: JournalState): Plan {
	const kind = kindNamed(catalogue, setup.kind);
	const app = appNameOf(setup);
	const own = app === undefined ? kind.steps : kind.steps.map(step => ({...step, app}));
	const steps = [...catalogue.box, ...own, ...catalogue.afterApps];
	return {
		name: kind.name,
		steps,
		defaults: kind.defaults,
		answers: withDerived(catalogue, setup, state),
		leftOut: stepIds(steps, setup.leftOut),
		sendRecords,
		causes,
		...(kind.app && {appOnBox: kind.app}),
	};
}

/**
 * The box and all its apps: what check, plan and an undo of everything go by. With several apps, the ids of their steps
 * have their name before them.
 */
export function wholePlan(catalogue: Catalogue, setup: Setup, state: JournalState): Plan {
	const plan = planOf(catalogue, setup, state);
	const inHand = appNameOf(setup);
	const others = Object.keys(state.apps).filter(name => name !== inHand);
	if (others.length === 0) return plan;
	const apps = appsOf(catalogue, state, inHandOf(catalogue, setup));
	const boxAnswers = state.box.answers;
	const steps = apps.flatMap(({name, kind}) => kind.steps.map(step => ofApp(step, name, kind)));
	const isOwn = (id: string) => plan.steps.some(step => step.id === id && step.app !== undefined);
	return {
		...plan,
		steps: [...catalogue.box, ...steps, ...catalogue.afterApps],
		apps: Object.fromEntries(
			apps
				.filter(({name}) => name !== inHand)
				.map(({name, kind, answers}) => {
					const derived = {...derivedOfBox(apps), ...derivedOfApp(apps, name)};
					return [name, {...kind.defaults, ...boxAnswers, ...answers, ...derived}];
				}),
		),
		leftOut: [
			...setup.leftOut.map(id => (isOwn(id) ? qualified(inHand, id) : id)),
			...others.flatMap(name => (state.apps[name]?.leftOut ?? []).map(id => qualified(name, id))),
		],
	};
}

/** A step of an app in a plan of several. */
function ofApp(step: Step, app: string, {steps}: Kind): Step {
	const name = (id: string) => (steps.some(own => own.id === id) ? qualified(app, id) : id);
	return {...step, app, id: name(step.id), ...(step.needs && {needs: step.needs.map(name)})};
}

function inHandOf(catalogue: Catalogue, setup: Setup) {
	const name = appNameOf(setup);
	const kind = kindNamed(catalogue, setup.kind);
	return {name: name ?? '', kind, answers: setup.answers};
}

/** The answers, with what is worked out from all apps of the box. */
export function withDerived(catalogue: Catalogue, setup: Setup, state: JournalState | undefined): Answers {
	const apps = appsOf(catalogue, state, inHandOf(catalogue, setup));
	const box = state?.box.answers ?? {};
	return {
		...setup.answers,
		...(setup.answers.hostname === undefined && box.hostname !== undefined && {hostname: box.hostname}),
		...derivedOfBox(apps),
		...derivedOfApp(apps, appNameOf(setup) ?? ''),
	};
}

/** The app in hand with what it is given so that it meets nothing on the box: all that follows keeps it. */
export function withPlace(
	catalogue: Catalogue,
	setup: Setup,
	state: JournalState | undefined,
	occupied: Occupied,
): Setup {
	const apps = appsOf(catalogue, state, inHandOf(catalogue, setup));
	const {isFirst: _first, ...given} = derivedOfApp(apps, appNameOf(setup) ?? '', occupied);
	return {...setup, answers: {...setup.answers, ...given}};
}

/** The forms, which say of the name of an account that it is there already, as long as no step has made it one of ours. */
export function tellingUsers(forms: readonly StepForm[], users: readonly string[]): readonly StepForm[] {
	return forms.map(form => {
		if (form.undoable) return form;
		const fields = form.fields.map(field => {
			if (!field.account || !users.includes(String(field.value))) return field;
			const description = `${String(field.value)} is a user of this box already. Where you say so, it becomes root, with the keys it has.`;
			return {...field, description};
		});
		return {...form, fields};
	});
}

/**
 * The forms of steps, as the answers so far call for them: those of another app than the one in hand by its own.
 * @param boxSteps those among them that are the box's own
 * @param isOneMore the app in hand is to come, also while its name is that of another one
 */
export function stepForms(
	{steps, defaults, apps = {}}: StepList & Pick<Plan, 'apps'>,
	answers: Answers,
	state: Pick<JournalState, 'seconds' | 'box' | 'apps'> | undefined,
	boxSteps: readonly Step[] = [],
	isOneMore = false,
): StepForm[] {
	const inHand = {...defaults, ...defined(answers)};
	const app = appNameOf({answers});
	const isOfBox = ({id}: Step) => boxSteps.some(step => step.id === id);
	return steps.map(step => {
		const {id, title, why, hazard, notUndone} = step;
		// In a plan of several apps its id has the app's name before it.
		const {id: plain} = instanceOf(id);
		const given = step.app === undefined || !apps[step.app] ? inHand : {...defaults, ...apps[step.app]};
		const took = state?.seconds?.[plain];
		const own = step.app ?? (state?.box.steps[plain] === undefined ? app : undefined);
		const before =
			state && stepRecord(state as JournalState, recordId({id, ...(own !== undefined && {app: own})}))?.before;
		// A box that carries apps already is asked nothing for the sake of another one.
		const isNew = isOneMore || app === undefined || state?.apps[app] === undefined;
		const settled = isNew && Object.keys(state?.apps ?? {}).length > 0 && isOfBox(step);
		const undoable = step.undo !== undefined && before !== undefined;
		const its = step.app === undefined ? undefined : apps[step.app];
		const drops = undoable ? step.drops?.(before, {...given, ...its}) : undefined;
		return {
			summary: {id, title, why, ...(hazard && {hazard})},
			...(!isOfBox(step) && {ofApp: true as const}),
			...(settled && {settled: true as const}),
			fields: fields(step, given, steps).filter(({ofApp}) => !settled || !ofApp),
			wanted: isWanted(step, resolve([step], {}, given).answers),
			...(took !== undefined && {seconds: took}),
			...(notUndone !== undefined && {notUndone}),
			...(drops && {drops}),
			...(undoable && {undoable}),
		};
	});
}

/**
 * What is missing or wrong over all steps that are not left out. A missing secret that the box itself may keep is no problem
 * yet: a run looks for it there, and then asks.
 */
export function problemsOf(plan: Plan): readonly Problem[] {
	const steps = plan.steps.filter(step => !plan.leftOut.includes(step.id));
	const kept = missingSecrets(steps, plan.defaults, plan.answers).filter(({meta}) => meta.recall);
	const {problems} = resolve(steps, plan.defaults, plan.answers);
	return problems.filter(({option}) => !kept.some(({name}) => name === option));
}

function defined(answers: Answers): Answers {
	return Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined));
}

/** The journal with a set-up in it: all but its secrets, and what is worked out. What is the box's goes to the box. */
export function withSetup(catalogue: Catalogue, state: JournalState, setup: Setup): JournalState {
	const kind = kindNamed(catalogue, setup.kind);
	const app = appNameOf(setup);
	const ofBox = boxOptions(catalogue);
	const derived = derivedOptions(stepsFor(catalogue, kind));
	const {isFirst: _first, ...answers} = withDerived(catalogue, setup, state);
	const plain = Object.entries(defined(answers)).filter(
		([name, value]) => !(value instanceof Secret) && !derived.has(name),
	) as [string, Json][];
	const own = {
		answers: Object.fromEntries(plain.filter(([name]) => !ofBox.has(name))),
		leftOut: setup.leftOut.filter(id => kind.steps.some(step => step.id === id)),
	};
	const box = withSection(state, undefined, section => ({
		...section,
		answers: {...named(setup, section.answers), ...Object.fromEntries(plain.filter(([name]) => ofBox.has(name)))},
		leftOut: setup.leftOut.filter(id => !own.leftOut.includes(id)),
	}));
	if (app === undefined) return {...box, draft: {kind: kind.name, ...own}};
	const {draft: _named, ...rest} = withSection(box, app, section => ({...section, ...own}), kind.name);
	return rest;
}

/** The box keeps the name that its first app gave it. */
function named({answers}: Setup, box: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
	const name = box.hostname ?? answers.domain;
	return typeof name === 'string' && name !== '' ? {hostname: name} : {};
}

/** The secrets among the answers, by name. */
export function secretsOf(answers: Answers): readonly (readonly [string, Secret])[] {
	return Object.entries(answers).filter((pair): pair is [string, Secret] => pair[1] instanceof Secret);
}

/** Names of all options that hold secrets, over all kinds. */
export function secretNames(catalogue: Catalogue): string[] {
	const options = catalogue.kinds.flatMap(kind => optionsOf(stepsFor(catalogue, kind)));
	return [...new Set(options.filter(({kind}) => kind === 'secret').map(({name}) => name))];
}

/** The app that is meant where none is named: that of the last run, as long as it is there, else the first one. */
export function appInHand({apps, progress}: Pick<JournalState, 'apps' | 'progress'>): string | undefined {
	const last = progress?.app;
	return last !== undefined && apps[last] ? last : Object.keys(apps)[0];
}

/** A set-up that was begun before; undefined on a new box. @param app the one that is meant */
export function resumable(
	state: JournalState,
	catalogue: Catalogue,
	secrets: Answers,
	app = appInHand(state),
): Resumable | undefined {
	const section = app === undefined ? state.draft : state.apps[app];
	if (!section || Object.keys(stepRecords(state)).length === 0) return undefined;
	const kind = kindNamed(catalogue, section.kind);
	return {
		kind: kind.name,
		title: kind.title,
		answers: {...state.box.answers, ...section.answers, ...secrets},
		leftOut: [...state.box.leftOut, ...section.leftOut],
		...countSteps(state, catalogue),
		...stoppedAt(state, catalogue),
		running: state.job !== undefined,
	};
}
