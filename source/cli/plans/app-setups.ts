import {didYouMean} from '../../answers/nearest.ts';
import type {Catalogue} from '../../contract/kind.ts';
import {Secret} from '../../contract/secret.ts';
import {instanceOf} from '../../contract/step-id.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Field} from '../../contract/ui/field.ts';
import type {Answers, Setup, StepForm} from '../../contract/ui/setup.ts';
import type {Plan} from '../../engine/engine.ts';
import {sendRecords} from '../../outside/index.ts';
import type {AppState, JournalState} from '../../state/journal-state.ts';
import {kindNamed} from '../given/kinds.ts';
import {alikeOptions, appsOf, boxOptions, derivedOfBox, derivedOptions, siteOptions} from './derived.ts';

/** The app of that name. @throws Trouble with the nearest name where there is no such app */
export function appNamed({apps}: JournalState, name: string): AppState {
	const app = apps[name];
	if (app) return app;
	const names = Object.keys(apps);
	throw new Trouble({
		what: `There is no app “${name}” on this box.`,
		means: 'Nothing was done.',
		next: names.length === 0 ? 'It carries none yet: boxwizard add HOST' : didYouMean(name, names),
		code: 'unknown-app',
	});
}

/** Refuses to go on with the set-up of an app that a box with others does not carry: it would take over what they were answered with. @throws Trouble */
export function refuseStranger(host: string, state: JournalState | undefined, {app}: Answers): void {
	if (!state || typeof app !== 'string' || state.apps[app]) return;
	const standing = Object.keys(state.apps).filter(name => !takenBack(state, name));
	if (standing.length === 0) return;
	throw new Trouble({
		what: `There is no app “${app}” on this box: it carries ${standing.join(', ')}.`,
		means: 'Nothing was done.',
		next: `${didYouMean(app, standing)} To bring another one: boxwizard add ${host}`,
		evidence: standing,
		code: 'unknown-app',
	});
}

/** The app that is meant where none is named: the only one. @throws Trouble that names them where there are several, or none */
export function onlyApp({apps}: JournalState): string {
	const names = Object.keys(apps);
	const [name] = names;
	if (name !== undefined && names.length === 1) return name;
	throw new Trouble({
		what:
			names.length === 0
				? 'This box carries no app yet.'
				: `This box carries ${names.length} apps: ${names.join(', ')}.`,
		means: 'Nothing was done.',
		next: names.length === 0 ? 'Bring one: boxwizard add HOST' : 'Name the one that is meant, after the host.',
		evidence: names,
		code: names.length === 0 ? 'no-app' : 'which-app',
	});
}

/** The box with one of its apps in hand. @param kept secrets of the vault */
export function setupFor(catalogue: Catalogue, state: JournalState, name: string, kept: Answers): Setup {
	const {kind, answers, leftOut} = appNamed(state, name);
	const ofBox = boxOptions(catalogue);
	return {
		kind,
		answers: {...state.box.answers, ...answers, ...pick(kept, option => ofBox.has(option))},
		leftOut: [...state.box.leftOut, ...leftOut],
	};
}

/**
 * The box as it stands, and an app in hand that is to come. One that was taken back whole comes again with the answers it had.
 * @param given answers from flags and files
 * @param found those of its repository
 */
export function newAppSetup(
	catalogue: Catalogue,
	state: JournalState,
	{
		kind,
		kept,
		given,
		found,
	}: {readonly kind: string | undefined; readonly kept: Answers; readonly given: Answers; readonly found: Answers},
): Setup {
	const ofBox = boxOptions(catalogue);
	const alike = alikeOptions(catalogue);
	const before = Object.values(state.apps).at(-1);
	const {acmeCa: _given, ...own} = given;
	const former = takenBack(state, String(own.app ?? found.app ?? ''));
	return {
		kind: kindNamed(catalogue, kind ?? before?.kind).name,
		answers: {
			...state.box.answers,
			...pick(kept, option => ofBox.has(option) || alike.has(option)),
			...pick(before?.answers ?? {}, option => alike.has(option)),
			...found,
			...former?.answers,
			...own,
		},
		leftOut: [...state.box.leftOut, ...(former?.leftOut ?? [])],
	};
}

/** An app that is remembered, and of which nothing is left on the box. */
function takenBack({apps}: Pick<JournalState, 'apps'>, name: string): AppState | undefined {
	const app = apps[name];
	return app && Object.keys(app.steps).length === 0 ? app : undefined;
}

function pick(answers: Answers, wanted: (option: string) => boolean): Answers {
	return Object.fromEntries(
		Object.entries(answers).filter(([name, value]) => wanted(name) && (value instanceof Secret || value !== undefined)),
	);
}

/** Refuses an app that would meet another one: by its name, or by a host name of its site. @throws Trouble */
export function refuseClash(catalogue: Catalogue, state: JournalState, {answers}: Pick<Setup, 'answers'>): void {
	const sites = siteOptions(catalogue);
	const found =
		clashOf(state, sites, 'name', answers.app) ??
		clashOf(
			state,
			sites,
			'site',
			sites.flatMap(option => answers[option] ?? []),
		);
	if (found) throw found;
}

/** What another app of the box has already. @param sites names of the options that hold host names */
function clashOf(
	{apps}: JournalState,
	sites: readonly string[],
	distinct: NonNullable<Field['distinct']>,
	value: unknown,
): Trouble | undefined {
	const present = Object.entries(apps).filter(([name]) => !takenBack({apps}, name));
	switch (distinct) {
		case 'name':
			return present.some(([name]) => name === value)
				? clash(
						`There is an app “${String(value)}” on this box already.`,
						'Give the new one another name.',
						'app-there',
					)
				: undefined;
		case 'site': {
			for (const [other, {answers}] of present) {
				const theirs: unknown[] = sites.flatMap(option => answers[option] ?? []);
				const both = [value].flat().find(name => theirs.includes(name));
				if (both === undefined) continue;
				const what = `“${String(both)}” is served by the app “${other}” of this box.`;
				return clash(what, 'Give this app another domain.', 'domain-there');
			}

			return undefined;
		}
		default:
			return distinct satisfies never;
	}
}

/** The forms of a new app, whose fields say of a name or a domain where it is typed that another app has it. */
export function refusingClashes(
	catalogue: Catalogue,
	forms: readonly StepForm[],
	state: JournalState,
): readonly StepForm[] {
	const sites = siteOptions(catalogue);
	const refusing = (field: Field): Field => {
		const {distinct} = field;
		if (distinct === undefined) return field;
		return {...field, problem: value => field.problem(value) ?? clashOf(state, sites, distinct, value)?.what};
	};
	return forms.map(form => ({...form, fields: form.fields.map(refusing)}));
}

function clash(what: string, next: string, code: string): Trouble {
	return new Trouble({what, means: 'Two apps would answer for one. Nothing was done.', next, code});
}

/** Ids of the steps that go with an app: its own, and those of services that none of the others wants. */
export function removedSteps(plan: Plan, catalogue: Catalogue, state: JournalState, app: string): string[] {
	const others = appsOf(catalogue, {apps: without(state.apps, app)}, undefined);
	const left = derivedOfBox(others).services as readonly string[];
	const gone = (plan.answers.services as readonly string[]).filter(name => !left.includes(name));
	return plan.steps
		.filter(step => step.app === app || (step.app === undefined && gone.includes(step.service ?? '')))
		.map(({id}) => id);
}

/** The box without an app: its own steps that go by what all apps want, with what is left of them. */
export function restPlan(catalogue: Catalogue, state: JournalState, app: string): Plan {
	const left = {apps: without(state.apps, app)};
	const others = appsOf(catalogue, left, undefined);
	const [first] = others;
	const steps = [...catalogue.box, ...catalogue.afterApps].filter(step => derivedOptions([step]).size > 0);
	return {
		name: 'box',
		steps,
		defaults: {},
		answers: {
			...state.box.answers,
			domain: first?.answers.domain ?? state.box.answers.hostname,
			...derivedOfBox(others),
		},
		leftOut: state.box.leftOut,
		sendRecords,
	};
}

export function without<Value>(map: Readonly<Record<string, Value>>, name: string): Readonly<Record<string, Value>> {
	return Object.fromEntries(Object.entries(map).filter(([key]) => key !== name));
}

/** What the step of an id is called in the box of one app. */
export const plainId = (id: string): string => instanceOf(id).id;
