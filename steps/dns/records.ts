import {z} from 'zod';
import type {Options} from '../../source/contract/option.ts';
import {type DnsRecord, defineStep, type Wait} from '../../source/contract/step.ts';
import {options as shared} from '../options/shared.ts';
import {
	type AddressType,
	addressTypes,
	type NameAnswers,
	pointsTo,
	readTarget,
	readViews,
	sightsOf,
	type Target,
} from './answers.ts';
import {providerOf, providerOptions} from './provider.ts';
import {advice, instructions, seenLines, zoneOf} from './table.ts';

/** Seconds a resolver may keep a record: short enough for a move to another box. */
const ttl = 300;

const stepOptions = z.object({
	domain: shared.domain,
	aliases: shared.aliases,
	...providerOptions,
	address6: z.boolean().default(true).meta({
		title: 'IPv6 too',
		description: 'Where the box has an IPv6 address, the names get an AAAA record as well.',
		detail: true,
	}),
});

type StepOptions = Options<(typeof stepOptions)['shape']>;
type AddressRecord = DnsRecord & {readonly type: AddressType};
type Facts = {readonly target: Target; readonly names: Readonly<Record<string, NameAnswers>>};

/** The names point to the box: A and AAAA records, as every authoritative server tells them. */
export const records = defineStep({
	id: 'dns/records',
	title: 'DNS records',
	why: 'Your domain’s name servers tell the world which address it has. Without these records no browser finds the box and no certificate is issued.',
	options: stepOptions,
	async check($, options): Promise<Facts> {
		const [target, views] = await Promise.all([readTarget($), readViews($, namesOf(options))]);
		return {target, names: sightsOf(views)};
	},
	done: (facts, options) => missing(facts, options).length === 0 && strays(facts, options).length === 0,
	apply($, facts, options) {
		const provider = providerOf(options);
		provider.undo($, strays(facts, options));
		provider.make($, missing(facts, options));
	},
	undo($, before, options) {
		const provider = providerOf(options);
		const made = missing(before, options);
		const replaced = [
			...strays(before, options),
			...made.flatMap(record => recordsOf(before, record.name, record.type)),
		];
		provider.undo($, made);
		provider.make($, replaced);
	},
	notUndone: 'DNS records made by hand: take them back where you made them.',
	async wait($, options): Promise<Wait | undefined> {
		const [target, views] = await Promise.all([readTarget($), readViews($, namesOf(options))]);
		const facts = {target, names: sightsOf(views)};
		const [toMake, toRemove] = [missing(facts, options), strays(facts, options)];
		if (toMake.length + toRemove.length === 0) return undefined;
		const watch = async (record: AddressRecord, awaited: 'made' | 'removed') => {
			const resolvers = await $.outside.views(record.name, record.type, 'public');
			return {record, awaited, views: [...(views[record.name]?.[record.type] ?? []), ...resolvers]};
		};
		const watched = await Promise.all([
			...toMake.map(record => watch(record, 'made')),
			...toRemove.map(record => watch(record, 'removed')),
		]);
		const names = [...new Set(watched.map(({record}) => record.name))];
		const authority = views[names[0] ?? '']?.A ?? [];
		const zone = zoneOf(names[0] ?? '', authority);
		const {takes} = providerOf(options);
		const errands = [
			{task: 'Make these records:', records: toMake.filter(({name}) => !takes(name))},
			{task: 'Remove these, which lead elsewhere:', records: toRemove.filter(({name}) => !takes(name))},
			{
				task: 'Made by boxwizard; the name servers are handing them on:',
				records: toMake.filter(({name}) => takes(name)),
			},
		];
		return {
			what: `${names.join(', ')} to point to ${[target.A, target.AAAA].filter(Boolean).join(' and ')}`,
			show: instructions(errands, zone),
			notes: advice(zone, authority),
			seen: seenLines(watched, zone),
			every: options.dnsProvider === 'rfc2136' ? 2000 : 4000,
		};
	},
});

function namesOf({domain, aliases}: Pick<StepOptions, 'domain' | 'aliases'>): string[] {
	return [...new Set([domain, ...aliases])];
}

/** Records to make, since they are not as they should be. */
function missing({target, names}: Facts, options: StepOptions): AddressRecord[] {
	return Object.entries(names).flatMap(([name, dns]) =>
		wantedTypes(target, options)
			.filter(type => !pointsTo(dns[type], target[type]))
			.map(type => ({name, type, value: target[type], ttl})),
	);
}

/** Records that lead elsewhere, of a kind that is not to be made: half of the visitors and the CA would go there. */
function strays(facts: Facts, options: StepOptions): AddressRecord[] {
	const unwanted = addressTypes.filter(type => !wantedTypes(facts.target, options).includes(type));
	return Object.keys(facts.names).flatMap(name =>
		unwanted.flatMap(type => recordsOf(facts, name, type)).filter(({type, value}) => value !== facts.target[type]),
	);
}

function wantedTypes(target: Target, {address6}: StepOptions): AddressType[] {
	return addressTypes.filter(type => target[type] !== '' && (type === 'A' || address6));
}

function recordsOf(facts: Facts, name: string, type: AddressType): AddressRecord[] {
	return (facts.names[name]?.[type].records ?? []).map(value => ({name, type, value, ttl}));
}
