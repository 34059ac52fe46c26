import {BlockList, isIPv6} from 'node:net';
import type {Probe} from '../../source/contract/step.ts';

/** The rules of both families, those of IPv4 first: ufw numbers them in this order. */
export async function readRuleTexts($: Probe): Promise<[v4: string, v6: string]> {
	return await Promise.all([
		$`grep -F '### tuple ###' /etc/ufw/user.rules`,
		$`grep -F '### tuple ###' /etc/ufw/user6.rules`,
	]);
}

/**
 * Where a rule that lets everybody in to these ports has to stand: before the first one (ufw counts from 1) that shuts one of them for
 * everybody, else at the end (0). What shuts some people out stands before it then, and holds.
 */
export function placeBefore([v4, v6]: readonly [v4: string, v6: string], ports: readonly number[]): number {
	const [first, second] = [shutting(v4, ports), shutting(v6, ports)];
	if (first !== 0) return first;
	return second === 0 ? 0 : second + ruleLines(v4).length;
}

/** ufw's words for a rule that lets everybody in, at a place of `placeBefore`. @param rule '443/tcp', and what follows it */
export function allowing(place: number, ...rule: readonly string[]): string[] {
	return [...(place === 0 ? [] : ['insert', String(place)]), 'allow', ...rule];
}

/** The number of the first rule that decides about one of the ports for everybody, and shuts it; 0 for none. */
function shutting(rules: string, ports: readonly number[]): number {
	const shuts = (rule: string) =>
		ports.some(port => decides(rule, port, from => everybody.includes(from))?.allows === false);
	return ruleLines(rules).findIndex(shuts) + 1;
}

/** Every rule has a number, also those for what goes out. */
const ruleLines = (rules: string): string[] => rules.split('\n').filter(line => line.startsWith('### tuple ###'));

/** What /etc/ufw/user.rules says of one rule: `### tuple ### allow tcp 80,443 0.0.0.0/0 any 0.0.0.0/0 in`. */
const tuple =
	/^### tuple ### (?<action>\S+) (?<protocol>\S+) (?<ports>\S+) (?<to>\S+) (?<fromPort>\S+) (?<from>\S+) (?:.* )?in(?: comment=(?<comment>[0-9a-f]*))?(?:\s|$)/gm;

const everybody = ['0.0.0.0/0', '::/0', 'any'];

/** Whether TCP connections to `port` from anywhere are let in. The first rule that matches decides, as in iptables. */
export function letsIn(rules: string, port: number): boolean {
	return decides(rules, port, from => everybody.includes(from))?.allows ?? false;
}

/** Whether a rule for their own address or network lets a client in to `port`. */
export function letsInBySelf(rules: string, port: number, client: string): boolean {
	const matches = (from: string) => everybody.includes(from) || contains(from, client);
	const rule = decides(rules, port, matches);
	if (!rule?.allows) return false;
	return !everybody.includes(rule.from);
}

/** Whether a rule lets in to `port` whomever it may be, and be it one address. */
export function letsSomebodyIn(rules: string, port: number): boolean {
	return [...rules.matchAll(tuple)].some(
		({groups: {action = '', ports = ''} = {}}) => isAllowing(action) && matchesPort(ports, port),
	);
}

const isAllowing = (action: string) => ['allow', 'limit'].some(word => action.startsWith(word));

type Rule = {readonly allows: boolean; readonly from: string};

/** The first rule for connections to `port` of any of the box's addresses, from a source that `matches`. */
function decides(rules: string, port: number, matches: (from: string) => boolean): Rule | undefined {
	for (const {groups = {}} of rules.matchAll(tuple)) {
		const {action = '', protocol = '', ports = '', to = '', fromPort = '', from = ''} = groups;
		if (!everybody.includes(to) || fromPort !== 'any' || !matches(from)) continue;
		if (!['tcp', 'any'].includes(protocol) || !matchesPort(ports, port)) continue;
		return {allows: isAllowing(action), from};
	}

	return undefined;
}

/** Whether an address lies in a network: '203.0.113.7', '203.0.113.0/24'. */
function contains(network: string, address: string): boolean {
	const [base = '', prefix] = network.split('/');
	const family = isIPv6(address) ? 'ipv6' : 'ipv4';
	if (isIPv6(base) !== isIPv6(address)) return false;
	const list = new BlockList();
	list.addSubnet(base, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
	return list.check(address, family);
}

/** A rule that lets everybody in. */
export type OpenPorts = {
	/** As ufw writes them: '8080', '80,443', '6000:6007'. */
	readonly ports: string;
	readonly protocol: string;
	/** 'allow' or 'limit' */
	readonly action: string;
	/** What was written to it; '' where nothing was. */
	readonly comment: string;
};

/** The rules that let everybody in. */
export function opened(rules: string): OpenPorts[] {
	return [...rules.matchAll(tuple)].flatMap(({groups = {}}) => {
		const {action = '', protocol = '', ports = '', from = '', comment = ''} = groups;
		const word = ['allow', 'limit'].find(name => action.startsWith(name));
		return word !== undefined && everybody.includes(from)
			? [{ports, protocol, action: word, comment: Buffer.from(comment, 'hex').toString()}]
			: [];
	});
}

function matchesPort(ports: string, port: number): boolean {
	return ports.split(',').some(range => {
		if (range === 'any') return true;
		const [first, last = first] = range.split(':').map(Number);
		return port >= (first ?? 0) && port <= (last ?? 0);
	});
}
