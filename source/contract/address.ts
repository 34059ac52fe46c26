import {BlockList, isIPv4, isIPv6} from 'node:net';

/** Where a server listens. */
export type Endpoint = {readonly host: string; readonly port: number};

/** Reads 'host', 'host:port', an IPv6 address or '[IPv6]:port'. */
export function parseEndpoint(text: string, port: number): Endpoint {
	const bracketed = /^\[(?<host>[^\]]+)\](?::(?<port>\d+))?$/.exec(text);
	const plain = isIPv6(text) ? undefined : /^(?<host>[^:]+)(?::(?<port>\d+))?$/.exec(text);
	const found = (bracketed ?? plain)?.groups;
	return {host: found?.host ?? text, port: found?.port === undefined ? port : Number(found.port)};
}

/** As dns.Resolver.setServers() takes it. */
export function formatEndpoint({host, port}: Endpoint): string {
	return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Addresses that only their own network reaches: RFC 1918, RFC 6598, RFC 4193, and loopback and link-local ones. */
const local = new BlockList();
for (const [network, prefix] of [
	['10.0.0.0', 8],
	['172.16.0.0', 12],
	['192.168.0.0', 16],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
] as const) {
	local.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
	['fc00::', 7],
	['fe80::', 10],
	['::1', 128],
] as const) {
	local.addSubnet(network, prefix, 'ipv6');
}

/** Whether an address is reached only from its own network. */
export function isLocalAddress(address: string): boolean {
	return local.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** An IPv6 address in the one form that RFC 5952 gives it; anything else as it is. */
export function canonicalAddress(address: string): string {
	return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
