import {readFileSync} from 'node:fs';
import {attempt, fed} from '../command.ts';
import {address, address6, hosts, type Place} from '../place.ts';

/**
 * What was switched on in the kernel, as it was before. All folders' networks share it, until the last one is taken away;
 * like the switches themselves it does not outlive a boot.
 */
const switched = '/run/boxwizard-practice-network';

/** Who looks whether there are other networks must be alone with them. */
const alone = `exec 9>> ${switched}.lock; flock 9`;

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
	const script = [
		alone,
		`if ! ip link show ${bridge} >/dev/null 2>&1; then`,
		`  mtu=$(cat /sys/class/net/$(ip -o route show default | sed -n '1s/.* dev \\([^ ]*\\).*/\\1/p')/mtu 2>/dev/null || echo 1500)`,
		`  ip link add ${bridge} type bridge`,
		`  ip link set ${bridge} mtu $mtu up`,
		`  ip address add ${address(place, hosts.gateway)}/24 dev ${bridge}`,
		`  ip address add ${address6(place, hosts.gateway)}/64 dev ${bridge} nodad`,
		'fi',
		...forwarding(),
		...rules(place).map(text => `${rule(text, 'C')} 2>/dev/null || ${rule(text, 'I')}`),
	].join('\n');
	await attempt('Making the practice network', fed(script)`bash -eu -s`);
}

/** Takes the network away, and with the last one of this machine gives the kernel's switches back as they were. */
export async function lowerNetwork(place: Place): Promise<void> {
	const script = [
		alone,
		...rules(place).map(text => `${rule(text, 'D')} 2>/dev/null || true`),
		`! ip link show ${place.bridge} >/dev/null 2>&1 || ip link delete ${place.bridge}`,
		`if [ -e ${switched} ] && ! ip -o link show type bridge | grep -q ' boxwizard[0-9]'; then`,
		`  while read -r setting; do sysctl -q -e -w "$setting"; done < ${switched}`,
		`  rm ${switched}`,
		'fi',
	].join('\n');
	await attempt('Removing the practice network', fed(script)`bash -eu -s`);
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

/** Commands that switch on what is off yet, and remember it. */
function forwarding(): string[] {
	const device = defaultDevice6();
	const acceptRa = `net.ipv6.conf.${device}.accept_ra`;
	return [
		'switch_on() {',
		'  before=$(sysctl -n "$1")',
		`  [ "$before" = "$2" ] || { echo "$1=$before" >> ${switched}; sysctl -q -w "$1=$2"; }`,
		'}',
		// A machine that forwards IPv6 stops listening to its router, unless told to go on (accept_ra=2, ip-sysctl.rst).
		...(device ? [`[ "$(sysctl -n ${acceptRa})" != 1 ] || switch_on ${acceptRa} 2`] : []),
		'switch_on net.ipv4.ip_forward 1',
		'switch_on net.ipv6.conf.all.forwarding 1',
	];
}

/** The interface of the IPv6 default route, from /proc/net/ipv6_route. */
function defaultDevice6(): string | undefined {
	const routes = readOr('/proc/net/ipv6_route', '').split('\n');
	const route = routes.find(line => /^0{32} 00 /.test(line) && !line.endsWith(' lo'));
	return route?.split(/\s+/).at(-1);
}

function readOr(file: string, otherwise: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return otherwise;
	}
}
