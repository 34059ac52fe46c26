import {lookup, Resolver} from 'node:dns/promises';
import {isIP} from 'node:net';
import {canonicalAddress, type Endpoint, formatEndpoint, parseEndpoint} from '../contract/address.ts';
import type {RecordType, View} from '../contract/outside.ts';
import {Trouble} from '../contract/trouble.ts';

/** Public resolvers of three owners: Cloudflare, Google, Quad9. */
const publicResolvers = ['1.1.1.1', '8.8.8.8', '9.9.9.9'] as const;

/** Milliseconds that a found delegation is taken for true. Short, because a person may be changing it. */
const delegationLifetime = 15_000;

/** The longest chain of aliases (CNAME) that is followed. */
const longestChain = 8;

type Delegation = {readonly zone: string; readonly servers: readonly Nameserver[]};
type Nameserver = {readonly name: string; readonly endpoints: readonly Endpoint[]};

/** Asks DNS: the machine's resolver, public ones, or the authoritative servers of a zone one by one. */
export class Names {
	/** A resolver that takes the place of the system's and of the public ones; its port is also that of every other server. */
	readonly #nameserver: Endpoint | undefined;
	readonly #delegations = new Map<string, {readonly found: Promise<Delegation>; readonly until: number}>();

	constructor(nameserver?: string) {
		this.#nameserver = nameserver === undefined ? undefined : parseEndpoint(nameserver, 53);
	}

	/** The records of a name as the machine's own resolver gives them. @throws Trouble when it gives no answer */
	async resolve(name: string, type: RecordType): Promise<readonly string[]> {
		try {
			return await query(this.#system(), name, type);
		} catch (error) {
			throw unanswered(name, type, 'the resolver of this machine', error);
		}
	}

	/** The addresses of a host name, IPv4 first, as this machine's programs see it (hosts file included). @throws Trouble when there are none */
	async addresses(host: string): Promise<readonly string[]> {
		if (isIP(host)) return [host];
		const found = this.#nameserver
			? (await Promise.all((['A', 'AAAA'] as const).map(type => this.resolve(host, type)))).flat()
			: (await lookup(host, {all: true, order: 'ipv4first'}).catch(() => [])).map(({address}) => address);
		if (found.length > 0) return found;
		throw new Trouble({
			what: `${host} has no address.`,
			means: 'This machine finds no A or AAAA record of that name, so it cannot be reached.',
			next: 'See that the name is spelled right and this machine is online; a new record may take some minutes to be seen.',
			code: 'no-address',
		});
	}

	/** What each authoritative server of the name's zone, or each public resolver, says. */
	async views(name: string, type: RecordType, from: 'authority' | 'public'): Promise<readonly View[]> {
		if (from === 'authority') return await this.#authorityViews(name, type, longestChain);
		const endpoints = this.#nameserver ? [this.#nameserver] : publicResolvers.map(host => ({host, port: 53}));
		return await Promise.all(
			endpoints.map(endpoint => view({name: endpoint.host, endpoints: [endpoint]}, '', name, type)),
		);
	}

	async #authorityViews(name: string, type: RecordType, chain: number): Promise<readonly View[]> {
		const {zone, servers} = await this.#delegation(name);
		const views = await Promise.all(servers.map(server => view(server, zone, name, type)));
		const target = views.find(one => one.alias !== undefined && one.records.length === 0)?.alias;
		// An alias into another zone: what counts is what the servers of that zone say.
		if (target === undefined || chain === 0) return views;
		return await this.#authorityViews(target, type, chain - 1);
	}

	async #delegation(name: string): Promise<Delegation> {
		const known = this.#delegations.get(name);
		if (known && known.until > Date.now()) return await known.found;
		const found = this.#findDelegation(name);
		this.#delegations.set(name, {found, until: Date.now() + delegationLifetime});
		// A failure is not kept: the next question asks anew.
		found.catch(() => this.#delegations.delete(name));
		return await found;
	}

	/** Walks up from the name to the closest zone that has servers. */
	async #findDelegation(name: string): Promise<Delegation> {
		const labels = name.split('.');
		const ancestors = labels.map((_, index) => labels.slice(index).join('.'));
		const [aliases, ...answers] = await Promise.all([
			attempt(query(this.#system(), name, 'CNAME')),
			...ancestors.map(zone => attempt(query(this.#system(), zone, 'NS'))),
		]);
		// The servers that a resolver gives for an alias are those of its target.
		const isAlias = Array.isArray(aliases) && aliases.length > 0;
		const index = answers.findIndex(
			(answer, at) => Array.isArray(answer) && answer.length > 0 && !(isAlias && at === 0),
		);
		const [zone, names] = [ancestors[index], answers[index]];
		if (zone === undefined || !Array.isArray(names)) {
			const failure = answers.find(answer => answer instanceof Error);
			throw failure ? unanswered(name, 'NS', 'the resolver of this machine', failure) : undelegated(name);
		}

		const servers = await Promise.all([...names].sort().map(server => this.#nameserverOf(server)));
		return {zone, servers};
	}

	async #nameserverOf(name: string): Promise<Nameserver> {
		const [v4, v6] = await Promise.all(
			(['A', 'AAAA'] as const).map(type => attempt(query(this.#system(), name, type))),
		);
		const addresses = [v4, v6].flatMap(answer => (Array.isArray(answer) ? answer : []));
		return {name, endpoints: addresses.map(host => ({host, port: this.#nameserver?.port ?? 53}))};
	}

	#system(): Resolver {
		return resolverAt(this.#nameserver ? [this.#nameserver] : []);
	}
}

/** Two tries of 1.5 s for each server; the next address of a server is asked when one is silent. */
function resolverAt(endpoints: readonly Endpoint[]): Resolver {
	const resolver = new Resolver({timeout: 1500, tries: 2});
	if (endpoints.length > 0) resolver.setServers(endpoints.map(formatEndpoint));
	return resolver;
}

async function view(server: Nameserver, zone: string, name: string, type: RecordType): Promise<View> {
	const seen = {zone, server: server.name};
	if (server.endpoints.length === 0) return {...seen, records: [], problem: 'has no address'};
	const resolver = resolverAt(server.endpoints);
	try {
		const records = await query(resolver, name, type);
		if (records.length > 0) return {...seen, records};
		const [alias] = await query(resolver, name, 'CNAME');
		return alias === undefined ? {...seen, records} : {...seen, records, alias};
	} catch (error) {
		return {...seen, records: [], problem: problemOf(error)};
	}
}

/** The records as text, sorted; [] where the name, or the type at that name, does not exist. */
async function query(resolver: Resolver, name: string, type: RecordType | 'CNAME'): Promise<readonly string[]> {
	try {
		return (await ask(resolver, name, type)).sort();
	} catch (error) {
		if (['ENOTFOUND', 'ENODATA'].includes(codeOf(error))) return [];
		throw error;
	}
}

async function ask(resolver: Resolver, name: string, type: RecordType | 'CNAME'): Promise<string[]> {
	switch (type) {
		case 'A':
			return await resolver.resolve4(name);
		case 'AAAA':
			return (await resolver.resolve6(name)).map(canonicalAddress);
		case 'NS':
			return (await resolver.resolveNs(name)).map(host => host.toLowerCase());
		case 'CNAME':
			return await resolver.resolveCname(name);
		case 'TXT':
			return (await resolver.resolveTxt(name)).map(strings => strings.join(''));
		case 'MX':
			return (await resolver.resolveMx(name)).map(({priority, exchange}) => `${priority} ${exchange}`);
		case 'CAA':
			return (await resolver.resolveCaa(name)).map(({critical, ...property}) => {
				const [tag, value] = Object.entries(property).find(([key]) => key !== 'type') ?? ['', ''];
				return `${critical} ${tag} "${value}"`;
			});
		case 'SOA': {
			const {nsname, hostmaster, serial} = await resolver.resolveSoa(name);
			return [`${nsname} ${hostmaster} ${serial}`];
		}
	}
}

async function attempt<Value>(promise: Promise<Value>): Promise<Value | Error> {
	return await promise.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** c-ares' codes (dns.html, "Error codes") in words. */
function problemOf(error: unknown): string {
	const words: Readonly<Record<string, string>> = {
		ESERVFAIL: 'has a fault of its own (SERVFAIL)',
		EREFUSED: 'refuses to answer for this name',
		ETIMEOUT: 'does not answer',
		ECONNREFUSED: 'cannot be reached',
	};
	return words[codeOf(error)] ?? `fails (${codeOf(error) || String(error)})`;
}

function unanswered(name: string, type: string, who: string, error: unknown): Trouble {
	return new Trouble(
		{
			what: `The ${type} records of ${name} could not be asked for: ${who} ${problemOf(error)}.`,
			means: 'Whether the name points to the box is not known. Nothing was changed.',
			next: 'See that this machine is online and that no VPN or firewall blocks DNS (port 53), then try again.',
			code: 'dns-unanswered',
		},
		error,
	);
}

function undelegated(name: string): Trouble {
	return new Trouble({
		what: `No name servers were found for ${name}, nor for anything above it.`,
		means: 'The resolver of this machine does not see the public DNS.',
		next: 'See that this machine is online, then try again.',
		code: 'dns-undelegated',
	});
}
