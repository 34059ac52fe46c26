import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {attempt, fed} from '../command.ts';
import {address, address6, hosts, type Place} from '../place.ts';

/** What the network needs switched on in the kernel, besides the forwarding of the default route's own interface. */
const forwarding = ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding'] as const;

type Before = Record<string, string>;

/**
 * The firewall's share: boxes may reach out through this machine's address, and only answers come in.
 * Inserted first, because Docker and ufw close forwarding for all others.
 */
function rules(place: Place): readonly string[] {
	const mark = `-m comment --comment ${place.bridge}`;
	const families = [
		['iptables', `${place.prefix}.0/24`],
		['ip6tables', `${place.prefix6}::/64`],
	] as const;
	return families.flatMap(([command, subnet]) => [
		`${command} -t nat @ POSTROUTING -s ${subnet} ! -o ${place.bridge} ${mark} -j MASQUERADE`,
		`${command} -t filter @ FORWARD -i ${place.bridge} ${mark} -j ACCEPT`,
		`${command} -t filter @ FORWARD -o ${place.bridge} ${mark} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
	]);
}

/** One rule as a command: C(heck), I(nsert) or D(elete); waits for other users of the tables. */
function rule(text: string, verb: 'C' | 'I' | 'D'): string {
	return text.replace(' -t ', ' -w -t ').replace('@', `-${verb}`);
}

/** Makes bridge, forwarding and masquerading; what is there already stays. */
export async function raiseNetwork(place: Place): Promise<void> {
	const {bridge} = place;
	rememberForwarding(place);
	const script = [
		`if ! ip link show ${bridge} >/dev/null 2>&1; then`,
		`  mtu=$(cat /sys/class/net/$(ip -o route show default | sed -n '1s/.* dev \\([^ ]*\\).*/\\1/p')/mtu 2>/dev/null || echo 1500)`,
		`  ip link add ${bridge} type bridge`,
		`  ip link set ${bridge} mtu $mtu up`,
		`  ip address add ${address(place, hosts.gateway)}/24 dev ${bridge}`,
		`  ip address add ${address6(place, hosts.gateway)}/64 dev ${bridge} nodad`,
		'fi',
		// A machine that forwards IPv6 stops listening to its router, unless told to go on (accept_ra=2, ip-sysctl.rst).
		...forwardingKeys().map(([key, value]) => `sysctl -q -w ${key}=${value}`),
		...rules(place).map(text => `${rule(text, 'C')} 2>/dev/null || ${rule(text, 'I')}`),
	].join('\n');
	await attempt('Making the practice network', fed(script)`bash -eu -s`);
}

/** Takes the network away and gives the kernel's switches back as they were. */
export async function lowerNetwork(place: Place): Promise<void> {
	const before = readBefore(place);
	const script = [
		...rules(place).map(text => `${rule(text, 'D')} 2>/dev/null || true`),
		...Object.entries(before).map(([key, value]) => `sysctl -q -w ${key}=${value}`),
		`! ip link show ${place.bridge} >/dev/null 2>&1 || ip link delete ${place.bridge}`,
	].join('\n');
	await attempt('Removing the practice network', fed(script)`bash -eu -s`);
	rmSync(beforeFile(place), {force: true});
}

/** The network namespace of one host of the network. */
export function namespaceOf(place: Place, host: number): string {
	return `${place.bridge}-${host}`;
}

/** Gives a host its namespace: a cable to the bridge, its addresses and the way out. */
export async function attachHost(place: Place, host: number): Promise<void> {
	const namespace = namespaceOf(place, host);
	const cable = `bw${place.bridge.slice('boxwizard'.length)}h${host}`;
	const script = [
		`if [ ! -e /run/netns/${namespace} ]; then`,
		`  ip netns add ${namespace}`,
		// Half a connection would be taken for a whole one the next time.
		`  trap 'ip netns delete ${namespace}' ERR`,
		`  ip link add ${cable} mtu $(cat /sys/class/net/${place.bridge}/mtu) type veth peer name eth0 netns ${namespace}`,
		`  ip link set ${cable} master ${place.bridge} up`,
		`  ip -n ${namespace} -batch - <<-END`,
		'link set lo up',
		`link set eth0 mtu $(cat /sys/class/net/${place.bridge}/mtu) up`,
		`address add ${address(place, host)}/24 dev eth0`,
		`address add ${address6(place, host)}/64 dev eth0 nodad`,
		`route add default via ${address(place, hosts.gateway)}`,
		`route add ::/0 via ${address6(place, hosts.gateway)}`,
		'END',
		'fi',
	].join('\n');
	await attempt('Connecting the practice network', fed(script)`bash -eu -s`);
}

/** Pulls the cable; the namespace goes when its last process has gone. */
export async function detachHost(place: Place, host: number): Promise<void> {
	const namespace = namespaceOf(place, host);
	const script = `[ ! -e /run/netns/${namespace} ] || { ip -n ${namespace} link delete eth0 || true; ip netns delete ${namespace}; }`;
	await attempt('Disconnecting the practice network', fed(script)`bash -eu -s`);
}

function forwardingKeys(): [string, string][] {
	const keys: [string, string][] = forwarding.map(key => [key, '1']);
	const device = defaultDevice6();
	if (device && sysctl(`net.ipv6.conf.${device}.accept_ra`) === '1') {
		keys.unshift([`net.ipv6.conf.${device}.accept_ra`, '2']);
	}

	return keys;
}

/** The interface of the IPv6 default route, from /proc/net/ipv6_route. */
function defaultDevice6(): string | undefined {
	const routes = readOr('/proc/net/ipv6_route', '').split('\n');
	const route = routes.find(line => /^0{32} 00 /.test(line) && !line.endsWith(' lo'));
	return route?.split(/\s+/).at(-1);
}

function sysctl(key: string): string {
	return readOr(`/proc/sys/${key.replaceAll('.', '/')}`, '').trim();
}

function rememberForwarding(place: Place): void {
	const before: Before = Object.fromEntries(
		forwardingKeys()
			.map(([key]) => [key, sysctl(key)] as const)
			.filter(([, value]) => value !== ''),
	);
	try {
		// Only the first time: later the switches are already ours.
		writeFileSync(beforeFile(place), JSON.stringify(before), {flag: 'wx', mode: 0o600});
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
	}
}

function readBefore(place: Place): Before {
	return JSON.parse(readOr(beforeFile(place), '{}'));
}

function beforeFile(place: Place): string {
	return join(place.folder, 'network-before.json');
}

function readOr(file: string, otherwise: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return otherwise;
	}
}
