import {isIPv6} from 'node:net';
import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep} from '../../source/contract/step.ts';
import {options} from '../options/shared.ts';
import {readUnits} from '../system/units.ts';

const path = '/etc/fail2ban/jail.d/boxwizard.local';
/** It reads the journal and bans with nftables: both are mere recommendations of the package. */
const packages = ['fail2ban', 'python3-systemd', 'nftables'] as const;
const service = 'fail2ban.service';

/** Who guesses too often is not answered any more. */
export const fail2ban = defineStep({
	id: 'ssh/fail2ban',
	title: 'Ban guessers',
	why: 'An address that fails to log in five times is shut out for an hour: the guessing of robots ends, and the logs stay readable. Your own address is never banned.',
	needs: ['ssh/hardening', 'services/packages'],
	options: z.object({
		sshPort: options.sshPort,
		neverBan: z
			.array(
				z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'An address or a network: 203.0.113.7 or 203.0.113.0/24'),
			)
			.default([])
			.meta({
				title: 'Never ban',
				description:
					'Further addresses to spare, such as that of your office. The one you come from now is spared anyway.',
				detail: true,
			}),
	}),
	// It reads the last minutes of the journal as it starts, with the person's own mistyped passwords: first the jail.
	packages: () => packages.map(name => (name === 'fail2ban' ? {name, startsLater: service} : name)),
	async check($, {sshPort, neverBan}) {
		const [{client}, file, spared, units] = await Promise.all([
			$.outside.peer(),
			$.file(path),
			// Those that the person spared themselves too: what stands in this file counts in place of theirs.
			$`sed -nE 's/^[[:space:]]*ignoreip[[:space:]]*=//p' ${path} /etc/fail2ban/jail.local /etc/fail2ban/jail.d/*.conf /etc/fail2ban/jail.d/*.local`,
			readUnits($),
		]);
		// Spared once is spared for good: people come from home and from work, and homes change their address.
		const known = [...spared.split(/[\s,]+/).filter(address => /^[\w.:-]+(\/\d+)?$/.test(address)), ...neverBan];
		const addresses = [...new Set(known)].filter(address => !loopback.includes(address));
		return {
			addresses,
			here: network(client),
			configured: fileIs(file, jail(sshPort, addresses)),
			active: units[service].active,
			running: units[service].enabled && units[service].active,
			enabled: units[service].enabled,
		};
	},
	done: facts => facts.configured && facts.running,
	apply($, facts, {sshPort}) {
		$.file(path, jail(sshPort, [...new Set([...facts.addresses, facts.here])]));
		$`systemctl unmask --quiet ${service}`;
		$.service(service, 'enable');
		if (facts.active) $.service(service, 'restart');
	},
	undo($, before) {
		$.restore(path);
		// One that could not start is still to try it at each boot. A journal of an earlier version knows of both as one.
		if (before.running) $.service(service, 'restart');
		else $.service(service, before.enabled ? 'stop' : 'disable');
		$.removePackages({step: 'services/packages', names: packages});
		// What an earlier version of this step has brought.
		$.removePackages();
	},
});

const loopback = ['127.0.0.1/8', '::1'];

/** `.local` is read after every `.conf`, the stock `defaults-debian.conf` among them (jail.conf(5)). */
function jail(port: number, addresses: readonly string[]): string {
	return [
		'[DEFAULT]',
		`ignoreip = ${[...loopback, ...addresses].join(' ')}`,
		'',
		'[sshd]',
		'enabled = true',
		`port = ${port}`,
		'backend = systemd',
		'banaction = nftables[type=multiport]',
		'maxretry = 5',
		'findtime = 10m',
		'bantime = 1h',
		'',
	].join('\n');
}

/** An IPv6 address by its /64: privacy addresses (RFC 8981) change within it every day. */
function network(address: string): string {
	if (!isIPv6(address)) return address;
	const [head = '', tail = ''] = address.replace(/%.*/, '').split('::');
	const groups = (text: string) => text.split(':').filter(group => group !== '');
	const zeros = Array.from({length: 8 - groups(head).length - groups(tail).length}, () => '0');
	return `${[...groups(head), ...zeros, ...groups(tail)].slice(0, 4).join(':')}::/64`;
}
