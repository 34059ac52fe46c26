import {address, address6, hosts, type Place} from '../place.ts';

/** The zone that is ours: an imagined domain a person bought. */
export const zone = 'practice.test';

/** TSIG key name, as in RFC 8945. */
export const tsigName = 'practice-key';

/** The name of a box: what a person would point to it. */
export function domainOf(name: string): string {
	return `${name}.${zone}`;
}

/**
 * named.conf(5): authoritative for the zone, which takes updates signed with the key (RFC 2136, RFC 8945),
 * and a forwarder for every other name. Runs in /practice/zone, which is made anew at each start.
 * @param forwarders this machine's own name servers; none means asking the root servers
 */
export function namedConfiguration(forwarders: readonly string[]): string {
	const forward =
		forwarders.length === 0 ? '' : `forward only; forwarders { ${forwarders.map(one => `${one};`).join(' ')} };`;
	return `include "/practice/tsig.key";
options {
	directory "/practice/zone";
	pid-file none;
	listen-on { any; };
	listen-on-v6 { any; };
	allow-query { any; };
	allow-transfer { 127.0.0.1; };
	recursion yes;
	allow-recursion { any; };
	dnssec-validation no;
	minimal-responses no;
	${forward}
};
controls { };
zone "${zone}" {
	type primary;
	file "/practice/zone/${zone}";
	update-policy { grant ${tsigName} zonesub ANY; };
};
`;
}

/** The zone as it begins: its own servers and nothing of any box. Short times to live, so that nobody waits. */
export function zoneFile(place: Place): string {
	const here = [`A ${address(place, hosts.services)}`, `AAAA ${address6(place, hosts.services)}`];
	const names = ['ns1', 'acme', 'git'].flatMap(name => here.map(record => `${name} ${record}`));
	return `$TTL 5
@ SOA ns1.${zone}. hostmaster.${zone}. 1 60 30 3600 1
@ NS ns1.${zone}.
${names.join('\n')}
`;
}

/** The key as `named` includes it and `nsupdate -k` reads it. */
export function tsigFile(secret: string): string {
	return `key "${tsigName}" { algorithm hmac-sha256; secret "${secret}"; };\n`;
}

/** A script for the servers' shell: sends lines to the zone, signed. */
export function updateScript(lines: readonly string[]): string {
	return `nsupdate -k /practice/tsig.key <<'END'\nserver 127.0.0.1\nzone ${zone}\n${lines.join('\n')}\nsend\nEND\n`;
}

/** A script for the servers' shell: deletes every record of a domain and of the names below it. */
export function forgetScript(domain: string): string {
	const pattern = `(^|\\.)${domain.replaceAll('.', '\\.')}\\.$`;
	return `dig +noall +answer @127.0.0.1 ${zone} axfr | awk '{print $1}' | sort -u | { grep -E '${pattern}' || true; } \\
	| sed -e '1i server 127.0.0.1\\nzone ${zone}' -e 's/^/update delete /' -e '$a send' | nsupdate -k /practice/tsig.key\n`;
}
