/** What /etc/ufw/user.rules says of one rule: `### tuple ### allow tcp 80,443 0.0.0.0/0 any 0.0.0.0/0 in`. */
const tuple =
	/^### tuple ### (?<action>\S+) (?<protocol>\S+) (?<ports>\S+) (?<to>\S+) (?<fromPort>\S+) (?<from>\S+) (?:.* )?in(?:\s|$)/gm;

const everybody = ['0.0.0.0/0', '::/0', 'any'];

/** Whether TCP connections to `port` from anywhere are let in. The first rule that matches decides, as in iptables. */
export function letsIn(rules: string, port: number): boolean {
	for (const {groups = {}} of rules.matchAll(tuple)) {
		const {action = '', protocol = '', ports = '', to = '', fromPort = '', from = ''} = groups;
		const general = everybody.includes(from) && everybody.includes(to) && fromPort === 'any';
		if (!general || !['tcp', 'any'].includes(protocol) || !matchesPort(ports, port)) continue;
		return ['allow', 'limit'].some(word => action.startsWith(word));
	}

	return false;
}

function matchesPort(ports: string, port: number): boolean {
	return ports.split(',').some(range => {
		if (range === 'any') return true;
		const [first, last = first] = range.split(':').map(Number);
		return port >= (first ?? 0) && port <= (last ?? 0);
	});
}
