import {nothingOccupied, type Occupied} from '../../../steps/process/occupied.ts';
import {resolve} from '../../answers/answers.ts';
import {optionOf} from '../../answers/option.ts';
import type {Catalogue, Kind} from '../../contract/kind.ts';
import type {OptionMeta} from '../../contract/option.ts';
import {Secret} from '../../contract/secret.ts';
import type {Step} from '../../contract/step.ts';
import type {Answers} from '../../contract/ui/setup.ts';
import type {JournalState} from '../../state/journal-state.ts';
import {kindNamed} from '../given/kinds.ts';

/** An app of a box: what it is made of, and its answers, over those of the box. */
export type AppInPlan = {
	readonly name: string;
	readonly kind: Kind;
	readonly answers: Answers;
	/** Nothing of it is on the box: its answers are remembered, and what it has been given. */
	readonly isAway?: boolean;
};

/** The first port that apps get; each next one gets the next that is free. */
const firstPort = 8000;

/** How far above its port an app's second one is looked for: so far that the ports of the apps to come stay free. */
const toSecondPort = 400;

/**
 * The apps of a box in the order in which they came, with the one in hand as it is answered now. One that is new comes last.
 */
export function appsOf(
	catalogue: Catalogue,
	state: Pick<JournalState, 'apps'> | undefined,
	inHand: {readonly name: string; readonly kind: Kind; readonly answers: Answers} | undefined,
): AppInPlan[] {
	const known = Object.entries(state?.apps ?? {}).map(([name, {kind, answers, steps}]) =>
		name === inHand?.name
			? inHand
			: {name, kind: kindNamed(catalogue, kind), answers, isAway: Object.keys(steps).length === 0},
	);
	return inHand === undefined || known.includes(inHand) ? known : [...known, inHand];
}

/** The answers of each app of a box, over those of the box, completed by defaults and by what is worked out; without secrets. */
export function filledApps(catalogue: Catalogue, state: Pick<JournalState, 'apps' | 'box'>): Answers[] {
	const apps = appsOf(catalogue, state, undefined);
	return apps.map(({name, kind, answers}) => {
		const given = {...state.box.answers, ...answers, ...derivedOfApp(apps, name)};
		const filled = resolve([...catalogue.box, ...kind.steps], kind.defaults, given).answers;
		return Object.fromEntries(Object.entries(filled).filter(([, value]) => !(value instanceof Secret)));
	});
}

/** What is worked out from all apps that a box carries or is to carry, for the steps of the box. */
export function derivedOfBox(all: readonly AppInPlan[]): Answers {
	const apps = all.filter(({isAway}) => !isAway);
	const filled = apps.map(({kind, answers}) => resolve(kind.steps, kind.defaults, answers).answers);
	return {
		services: [...new Set(apps.flatMap(({kind}, index) => kind.services(filled[index] ?? {})))],
		sites: apps.flatMap(({name, answers}, index) => {
			const {domain, aliases} = filled[index] ?? {};
			if (typeof domain !== 'string') return [];
			return [{app: name, domain, aliases: Array.isArray(aliases) ? aliases : (answers.aliases ?? [])}];
		}),
	};
}

/**
 * What an app gets by itself, so that no two apps of a box meet: two ports, and a database of redis. What it was given once it keeps.
 * @param occupied what programs on the box have: its own are no hindrance
 */
export function derivedOfApp(
	apps: readonly AppInPlan[],
	name: string | undefined,
	occupied: Occupied = nothingOccupied,
): Answers {
	const index = apps.findIndex(app => app.name === name);
	const {answers = {}} = apps[index] ?? {};
	const others = apps.filter(app => app.name !== name);
	const portOf = (other: AppInPlan) => Number(other.answers.appPort ?? firstPort);
	const ports = [
		...others.flatMap(other => [portOf(other), Number(other.answers.secondPort ?? portOf(other) + toSecondPort)]),
		...occupied.ports.filter(({user}) => user !== name).map(({port}) => port),
	];
	const databases = [
		...others.map(other => Number(other.answers.redisDatabase ?? 0)),
		...occupied.redisDatabases.filter(({app}) => app === undefined || app !== name).map(({database}) => database),
	];
	const appPort = answers.appPort ?? firstFree(firstPort, ports);
	return {
		isFirst: index <= 0,
		appPort,
		secondPort: answers.secondPort ?? firstFree(Number(appPort) + toSecondPort, [...ports, Number(appPort)]),
		redisDatabase: answers.redisDatabase ?? firstFree(0, databases),
	};
}

function firstFree(from: number, taken: readonly number[]): number {
	let number = from;
	while (taken.includes(number)) number += 1;
	return number;
}

/** Names of the options that belong to the box: those its steps take, but for what is an app's own or worked out. */
export function boxOptions({box, afterApps}: Catalogue): ReadonlySet<string> {
	return new Set(namesOf([...box, ...afterApps], ({ofApp, derived}) => !ofApp && !derived));
}

/** Names of the options that belong to an app: those that its kind's steps take, and the box's do not. */
export function appOptions(catalogue: Catalogue): ReadonlySet<string> {
	const ofBox = boxOptions(catalogue);
	const steps = catalogue.kinds.flatMap(kind => kind.steps);
	return new Set(namesOf(steps, ({derived}) => !derived).filter(name => !ofBox.has(name)));
}

/** Names of the options that most apps of a box have alike. */
export function alikeOptions({kinds}: Catalogue): ReadonlySet<string> {
	return new Set(
		namesOf(
			kinds.flatMap(({steps}) => steps),
			({alike}) => alike === true,
		),
	);
}

/** Names of the options by which an app's site is reached: no other app of the box may have the same. */
export function siteOptions({kinds}: Catalogue): readonly string[] {
	const names = namesOf(
		kinds.flatMap(({steps}) => steps),
		({distinct}) => distinct === 'site',
	);
	return [...new Set(names)];
}

/** Names of the options that are worked out: they are kept nowhere. */
export function derivedOptions(steps: readonly Step[]): ReadonlySet<string> {
	return new Set(namesOf(steps, ({derived}) => derived === true));
}

function namesOf(steps: readonly Step[], wanted: (meta: OptionMeta) => boolean): string[] {
	return steps.flatMap(step =>
		Object.entries(step.options.shape)
			.filter(([name, schema]) => wanted(optionOf(name, schema).meta))
			.map(([name]) => name),
	);
}
