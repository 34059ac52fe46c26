import {isIP} from 'node:net';
import {cleanText} from '../remote/clean.ts';

/** IANA's list of the registries' RDAP servers (RFC 9224). */
const iana = 'https://data.iana.org/rdap/dns.json';

/** Milliseconds for one answer. */
const patience = 4000;

/** Bytes of an answer that are read; IANA's list has some 100,000. */
const mostRead = 4 * 1024 * 1024;

/** Labels of a domain that a registry may know: 'example.co.uk' has three. */
const mostLabels = 4;

/** Names that no registry knows (RFC 6761, RFC 6762, RFC 8375, RFC 9476). */
const reserved = /(^|\.)(test|example|invalid|localhost|local|internal|onion|home\.arpa|alt)$/;

/** Until when a domain is registered; or why that is not known. */
export type Registration =
	| {readonly domain: string; readonly expires: string}
	| {readonly domain: string; readonly problem: string};

type Fetch = (url: string) => Promise<{readonly status: number; readonly json: unknown}>;

/**
 * Asks registries when domains expire (RDAP, RFC 9083: the event "expiration"). One that does not answer, or does not tell, is
 * no error. `list` is where the registries' servers stand, read once.
 */
export function createRegistrations(list = iana, fetchJson: Fetch = fetchOverHttp) {
	let services: Promise<ReadonlyMap<string, string>> | undefined;
	return async (name: string): Promise<Registration | undefined> => {
		if (isIP(name) || !name.includes('.') || reserved.test(name)) return undefined;
		const domain = name.split('.').slice(-mostLabels).join('.');
		try {
			services ??= readServices(fetchJson, list);
			return await askRegistry(fetchJson, await services, domain);
		} catch (error) {
			services = undefined;
			const late = error instanceof Error && error.name === 'TimeoutError';
			return {domain, problem: late ? 'the registry does not answer' : 'the registry can’t be asked'};
		}
	};
}

/** From the longest name to the shortest: the first that the registry knows is the one that was registered. */
async function askRegistry(
	fetchJson: Fetch,
	services: ReadonlyMap<string, string>,
	domain: string,
): Promise<Registration> {
	const labels = domain.split('.');
	const base = services.get(labels.at(-1) ?? '');
	if (base === undefined) return {domain, problem: `.${labels.at(-1)} has no RDAP server`};
	for (let index = 0; index < labels.length - 1; index += 1) {
		const candidate = labels.slice(index).join('.');
		const {status, json} = await fetchJson(new URL(`domain/${candidate}`, base).href);
		if (status === 200) return described(candidate, json);
		// 404 and 400: this name itself is none of the registry's (RFC 7480, section 5).
		if (status !== 404 && status !== 400) return {domain, problem: `the registry answers ${status}`};
	}

	return {domain, problem: 'the registry does not know it'};
}

function described(domain: string, json: unknown): Registration {
	const events = listIn(json, 'events').map(event => [textIn(event, 'eventAction'), textIn(event, 'eventDate')]);
	const [, date = ''] = events.find(([action]) => action === 'expiration') ?? [];
	const moment = Date.parse(date);
	if (Number.isNaN(moment)) return {domain, problem: 'the registry does not tell when it expires'};
	return {domain, expires: new Date(moment).toISOString()};
}

/** Top-level domain to the https address of its registry, ending in a slash. */
async function readServices(fetchJson: Fetch, list: string): Promise<ReadonlyMap<string, string>> {
	const {json} = await fetchJson(list);
	const pairs = listIn(json, 'services').flatMap(service => {
		const [names, addresses] = Array.isArray(service) ? service : [];
		if (!Array.isArray(names) || !Array.isArray(addresses)) return [];
		const address = addresses.map(String).find(one => /^https?:\/\//.test(one));
		return address === undefined
			? []
			: names.map(name => [String(name), address.endsWith('/') ? address : `${address}/`] as const);
	});
	if (pairs.length === 0) throw new Error('The list of registries is empty');
	return new Map(pairs);
}

function listIn(value: unknown, name: string): readonly unknown[] {
	const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
	return Array.isArray(found) ? found : [];
}

function textIn(value: unknown, name: string): string {
	const found = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
	return typeof found === 'string' ? cleanText(found) : '';
}

async function fetchOverHttp(url: string): ReturnType<Fetch> {
	const signal = AbortSignal.timeout(patience);
	const response = await fetch(url, {headers: {accept: 'application/rdap+json, application/json'}, signal});
	if (!response.ok) {
		await response.body?.cancel();
		return {status: response.status, json: undefined};
	}

	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of response.body ?? []) {
		chunks.push(chunk);
		length += chunk.length;
		if (length > mostRead) throw new Error('The answer is too long');
	}

	return {status: response.status, json: JSON.parse(Buffer.concat(chunks).toString('utf8'))};
}
