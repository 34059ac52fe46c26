import {isIPv6} from 'node:net';
import {isLocalAddress} from '../../source/contract/address.ts';
import type {View} from '../../source/contract/outside.ts';
import type {Probe} from '../../source/contract/step.ts';

export const addressTypes = ['A', 'AAAA'] as const;

export type AddressType = (typeof addressTypes)[number];

/** The addresses that the box's names should have; '' where the box has none of that kind. */
export type Target = Readonly<Record<AddressType, string>>;

/** What the zone's authoritative servers say of a name. */
export type DnsAnswer = {
	/** Everything that any of them says. */
	readonly records: readonly string[];
	/** At least one answers, and all that answer say the same. */
	readonly agreed: boolean;
};

export type NameAnswers = Readonly<Record<AddressType, DnsAnswer>>;

type NameViews = Readonly<Record<AddressType, readonly View[]>>;

/** The address that the box is reached by, and of the other family the box's own one. */
export async function readTarget($: Probe): Promise<Target> {
	const [connected, interfaces] = await Promise.all([$.outside.address(), $`ip -json address show scope global`]);
	const other = ownAddresses(interfaces).find(
		address => isIPv6(address) !== isIPv6(connected) && isLocalAddress(address) === isLocalAddress(connected),
	);
	return isIPv6(connected) ? {A: other ?? '', AAAA: connected} : {A: connected, AAAA: other ?? ''};
}

/** Lasting addresses as `ip -json address` prints them: no temporary ones (RFC 8981), none that are going out of use. */
function ownAddresses(interfaces: string): string[] {
	type Interface = {addr_info?: {local?: string; temporary?: boolean; deprecated?: boolean}[]};
	const found = interfaces === '' ? [] : (JSON.parse(interfaces) as Interface[]);
	return found
		.flatMap(({addr_info = []}) => addr_info)
		.filter(({temporary, deprecated}) => temporary !== true && deprecated !== true)
		.flatMap(({local}) => (local === undefined ? [] : [local]));
}

/** Server by server, for each name. */
export async function readViews($: Probe, names: readonly string[]): Promise<Readonly<Record<string, NameViews>>> {
	const entries = names.map(async name => {
		const [A, AAAA] = await Promise.all(addressTypes.map(type => $.outside.views(name, type)));
		return [name, {A: A ?? [], AAAA: AAAA ?? []}] as const;
	});
	return Object.fromEntries(await Promise.all(entries));
}

/** The same for facts: what is said, not by whom. */
export function sightsOf(views: Readonly<Record<string, NameViews>>): Readonly<Record<string, NameAnswers>> {
	return Object.fromEntries(
		Object.entries(views).map(([name, {A, AAAA}]) => [name, {A: sightOf(A), AAAA: sightOf(AAAA)}]),
	);
}

function sightOf(views: readonly View[]): DnsAnswer {
	const answers = views.filter(view => view.problem === undefined).map(view => view.records);
	return {
		records: [...new Set(answers.flat())].sort(),
		agreed: new Set(answers.map(records => records.join(' '))).size === 1,
	};
}

/** Whether a name has this address and no other, for all servers that answer. */
export function pointsTo(dns: DnsAnswer, address: string): boolean {
	return dns.agreed && dns.records.length === 1 && dns.records[0] === address;
}
