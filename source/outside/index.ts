import {isIPv6} from 'node:net';
import {isLocalAddress} from '../contract/address.ts';
import type {Outside, PortState, View} from '../contract/outside.ts';
import {Trouble} from '../contract/trouble.ts';
import {fetchUrl} from './fetch.ts';
import {Names} from './names.ts';
import {longest, probePorts} from './port.ts';
import {createTrustStore} from './trust.ts';

export {readAuthority} from './trust.ts';
export {sendRecords} from './update.ts';

export type OutsideSettings = {
	/** The name or address that the person connects to. */
	readonly host: string;
	/** The box's own addresses, or how to learn them (asked once). */
	readonly addresses?: readonly string[] | (() => Promise<readonly string[]>);
	readonly peer: Outside['peer'];
	readonly login: Outside['login'];
	/** How a port is tried where the box is not reached straight from here. */
	readonly port?: (port: number, patience: number) => Promise<PortState>;
	/** 'address' or 'address:port' of a DNS server that takes the place of the system's and of the public resolvers. */
	readonly nameserver?: string;
	/** One more CA to trust: PEM text, or the path of a PEM file. */
	readonly certificateAuthority?: string;
};

/** What is seen of a box from this machine. */
export function createOutside(settings: OutsideSettings): Outside {
	const names = new Names(settings.nameserver);
	const trust = createTrustStore(settings.certificateAuthority);
	let own: readonly string[] | undefined;
	const boxAddresses = async () => {
		const {addresses = []} = settings;
		own ??= typeof addresses === 'function' ? await addresses() : addresses;
		return own;
	};
	const address = async () => (await names.addresses(settings.host))[0] ?? settings.host;
	return {
		peer: settings.peer,
		login: settings.login,
		address,
		async port(port, patience = longest) {
			if (settings.port) return await settings.port(port, patience);
			const connected = await address();
			return await probePorts(reachable(connected, await boxAddresses()), port, patience);
		},
		async fetch(url, init = {}) {
			const target = new URL(url);
			const found = init.address ?? (await names.addresses(target.hostname.replace(/^\[|\]$/g, '')))[0];
			return await fetchUrl(target, init, {address: found ?? target.hostname, trust});
		},
		async resolve(name, type, from = 'resolver') {
			if (from === 'resolver') return await names.resolve(name, type);
			const views = await names.views(name, type, from);
			if (views.every(view => view.problem !== undefined)) throw unanswered(name, type, views);
			return [...new Set(views.flatMap(view => view.records))].sort();
		},
		views: (name, type, from = 'authority') => names.views(name, type, from),
	};
}

/**
 * One address of each family under which the box is reached from here: the one connected to, and of the other family
 * the box's own, unless that is one of a network behind its router.
 */
function reachable(connected: string, own: readonly string[]): string[] {
	const other = own.find(
		address => isIPv6(address) !== isIPv6(connected) && isLocalAddress(address) === isLocalAddress(connected),
	);
	return other === undefined ? [connected] : [connected, other];
}

function unanswered(name: string, type: string, views: readonly View[]): Trouble {
	return new Trouble({
		what: `No name server of ${name} tells its ${type} records.`,
		means: 'Whether the name points to the box is not known. Nothing was changed.',
		next: 'See that this machine is online and that no VPN or firewall blocks DNS (port 53), then try again.',
		evidence: views.map(view => `${view.server} ${view.problem ?? ''}`),
		code: 'dns-unanswered',
	});
}
