import {type BoxDue, type Due, dueOf, failsToRenew, rebootDue, type ServedName} from '../contract/due.ts';
import {asTrouble} from '../contract/trouble.ts';
import type {Registration} from '../outside/registration.ts';
import {readServed, type Server} from '../outside/served.ts';
import type {BoxMemory, Memory, Remembered} from './memory.ts';
import type {OnBox} from './on-box.ts';
import {pooled} from './pool.ts';
import {supportOf} from './support.ts';

/** A box that is looked at: how its certificates are seen, and what is known of it. */
export type Watched = Server & {
	readonly target: string;
	readonly label: string;
	/** Names that it serves, the domain first; none where it has no site. */
	readonly names: readonly string[];
	/** PRETTY_NAME of its system, as last seen. */
	readonly system?: string;
	/** Ends of certificates as its journal knows them, by name: for those that were never seen from here. */
	readonly expires?: Readonly<Record<string, string>>;
};

export type SurveyMeans = {
	readonly memory: Memory;
	readonly now: () => number;
	/** Asks the box itself, where that is wanted. @throws Trouble when it can't */
	readonly ask?: (box: Watched) => Promise<OnBox>;
	readonly registration?: (name: string) => Promise<Registration | undefined>;
	/** Told of each box as soon as all is known of it. */
	readonly tell?: (box: BoxDue) => void;
};

/** Boxes that are looked at in the same moment. A dead one costs its whole patience: a hundred of them wait for it together. */
const atOnce = 100;

/** Days for which a registry's answer is good: dates change once a year. */
const registrationDays = 7;

/** Looks at many boxes at once, and remembers what it saw: a box that is dead by then still has its dates. */
export async function surveyDues(boxes: readonly Watched[], means: SurveyMeans): Promise<BoxDue[]> {
	const before = means.memory.read();
	const seen = await pooled(boxes, atOnce, async box => {
		const one = await lookAt(box, before, means);
		means.tell?.(one.due);
		return one;
	});
	const at = new Date(means.now()).toISOString();
	means.memory.update(memory => seen.reduce((kept, {learnt}) => withLearnt(kept, learnt, at), memory));
	return seen.map(({due}) => due);
}

/** What a look at one box has brought. */
type Learnt = {
	readonly host: string;
	readonly served: readonly ServedName[];
	readonly onBox?: OnBox;
	/** Asked just now, by the name that was asked about. */
	readonly registrations: Readonly<Record<string, Registration>>;
};

async function lookAt(box: Watched, before: Remembered, means: SurveyMeans): Promise<{due: BoxDue; learnt: Learnt}> {
	const [shown, asked, registered] = await Promise.all([
		readServed(box, box.names),
		means.ask?.(box).catch((error: unknown) => ({silent: asTrouble(error).what})),
		Promise.all(registrable(box.names).map(name => registrationOf(name, before, means))),
	]);
	const served = box.names.map((name, index): ServedName => {
		const {certificate, problem = 'no answer'} = shown[index] ?? {};
		if (certificate) return {name, certificate, ...(shown[index]?.problem && {problem})};
		return {name, problem, ...lastServed(box, name, before)};
	});
	const onBox = asked && 'renewal' in asked ? asked : undefined;
	const silent = asked && 'silent' in asked ? asked.silent : undefined;
	const known = onBox ? rememberedOf(onBox, '') : before.boxes[box.host];
	const registrations = eachDomain(registered.flatMap(({registration}) => registration ?? []));
	const due: BoxDue = {
		target: box.target,
		label: box.label,
		host: box.host,
		served,
		...(known && {renewal: known.renewal}),
		...(silent !== undefined && {silent}),
		dues: duesOf({box, served, known, system: onBox?.system ?? box.system, registrations, now: means.now()}),
		unknown: registrations.flatMap(one => ('problem' in one ? [`${one.domain}: ${one.problem}`] : [])),
	};
	const fresh = registered.flatMap(one => (one.fresh ? [[one.name, one.fresh] as const] : []));
	return {due, learnt: {host: box.host, served, ...(onBox && {onBox}), registrations: Object.fromEntries(fresh)}};
}

/** The certificate that was seen when the box last answered. */
function lastServed(box: Watched, name: string, {served}: Remembered): Pick<ServedName, 'certificate' | 'seen'> {
	const old = served[`${box.host} ${name}`];
	return old ? {certificate: old.certificate, seen: old.at} : {};
}

/** The dates of a box as they are remembered, without looking. */
export function rememberedDue(box: Watched, memory: Remembered, now: number): BoxDue {
	const {target, label, host, names, system} = box;
	const served = names.map((name): ServedName => ({name, ...lastServed(box, name, memory)}));
	const known = memory.boxes[host];
	const registrations = eachDomain(registrable(names).flatMap(name => memory.registrations[name] ?? []));
	const dues = duesOf({box, served, known, system, registrations, now});
	return {target, label, host, served, ...(known && {renewal: known.renewal}), dues, unknown: []};
}

/** What is known of a registration, and what of it was asked just now. */
type Asked = {readonly name: string; readonly registration?: Registration; readonly fresh?: Registration};

/** Names that may be registered each by itself: one below another of them goes with that one. */
function registrable(names: readonly string[]): string[] {
	return names.filter(name => !names.some(other => name.endsWith(`.${other}`)));
}

/** Names of several apps may be of one domain: it is told once, with its end where any of them has brought it. */
function eachDomain(registrations: readonly Registration[]): Registration[] {
	const ended = registrations.toSorted((one, other) => Number('problem' in one) - Number('problem' in other));
	return ended.filter(({domain}, index) => ended.findIndex(one => one.domain === domain) === index);
}

async function registrationOf(
	name: string,
	{registrations}: Remembered,
	{registration, now}: SurveyMeans,
): Promise<Asked> {
	const known = registrations[name];
	if (known && now() - Date.parse(known.at) < registrationDays * 86_400_000) return {name, registration: known};
	const found = await registration?.(name);
	if (found && 'expires' in found) return {name, registration: found, fresh: found};
	const best = known ?? found;
	return {name, ...(best && {registration: best})};
}

type Known = {
	readonly box: Watched;
	readonly served: readonly ServedName[];
	readonly known: BoxMemory | undefined;
	readonly system: string | undefined;
	readonly registrations: readonly Registration[];
	readonly now: number;
};

/** All dates of a box, what ends first comes first. */
function duesOf({box, served, known, system = '', registrations, now}: Known): Due[] {
	const support = supportOf(system);
	const dues = [
		...certificateDues({box, served, known, now}),
		...(known?.rebootSince === undefined ? [] : [rebootDue(known.rebootSince, now, known.at || undefined)]),
		...(support ? [dueOf('support', support.name, `${support.ends}T23:59:59Z`, now)] : []),
		...registrations.flatMap(one =>
			'expires' in one ? [dueOf('registration', `The domain ${one.domain}`, one.expires, now)] : [],
		),
	];
	return dues.sort((one, other) => one.days - other.days);
}

/** One for each certificate, whatever number of names shows it. */
function certificateDues({box, served, known, now}: Pick<Known, 'box' | 'served' | 'known' | 'now'>): Due[] {
	const names = new Map<string, string[]>();
	for (const {name, certificate} of served) {
		// Never seen from here: the journal may know its end from the run that made it.
		const known = box.expires?.[name];
		const kept = known === undefined ? undefined : ` ${known}`;
		const key = certificate ? `${certificate.starts} ${certificate.expires}` : kept;
		if (key) names.set(key, [...(names.get(key) ?? []), name]);
	}

	return [...names].map(([key, shared]) => {
		const [starts = '', expires = ''] = key.split(' ');
		const lives = starts !== '' && !failsToRenew(known?.renewal) ? starts : undefined;
		return dueOf('certificate', `The certificate of ${shared.join(', ')}`, expires, now, lives);
	});
}

function rememberedOf({renewal, rebootSince}: OnBox, at: string): BoxMemory {
	return {at, renewal, ...(rebootSince !== undefined && {rebootSince})};
}

function withLearnt(memory: Remembered, {host, served, onBox, registrations}: Learnt, at: string): Remembered {
	const fresh = served.flatMap(({name, certificate, seen}) =>
		certificate && seen === undefined ? [[`${host} ${name}`, {certificate, at}] as const] : [],
	);
	const ends = Object.entries(registrations).flatMap(([name, one]) =>
		'expires' in one ? [[name, {...one, at}] as const] : [],
	);
	return {
		...memory,
		served: {...memory.served, ...Object.fromEntries(fresh)},
		...(onBox && {boxes: {...memory.boxes, [host]: rememberedOf(onBox, at)}}),
		registrations: {...memory.registrations, ...Object.fromEntries(ends)},
	};
}
