import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {keptComment, ufw} from '../../firewall/ufw.ts';
import {type OpenPorts, opened} from '../../firewall/ufwRules.ts';
import {options} from '../../options/shared.ts';
import {linesOf, several} from '../words.ts';

const rules = ['/etc/ufw/user.rules', '/etc/ufw/user6.rules'];

/** A port that was opened for a moment stays open for years. */
export const firewallPorts = defineExamination({
	id: 'firewall/ports',
	title: 'Open ports',
	options: z.object({
		sshPort: options.sshPort,
		otherPorts: options.otherPorts,
		leftOut: z.array(z.string()).default([]),
	}),
	async look($, {sshPort, otherPorts, leftOut}) {
		const [v4, v6, enabled, chains, sockets] = await Promise.all([
			$`grep -F '### tuple ###' /etc/ufw/user.rules`,
			$`grep -F '### tuple ###' /etc/ufw/user6.rules`,
			$`grep -x ENABLED=yes /etc/ufw/ufw.conf`,
			$`iptables -S INPUT`,
			$`ss -Hltnp`,
		]);
		const wanted = [sshPort, 80, 443];
		const isKept = ({comment}: OpenPorts) => otherPorts === 'open' && comment === keptComment;
		return {
			wanted: !leftOut.includes('firewall/ufw'),
			on: enabled !== '' && chains.includes('ufw-'),
			open: merged([...opened(v4), ...opened(v6)].filter(rule => !isWanted(rule.ports, wanted) && !isKept(rule))),
			listening: listeners(sockets).filter(({port}) => !wanted.includes(port)),
		};
	},
	judge({wanted, on, open, listening}) {
		if (wanted && !on) {
			return {
				severity: 'bad',
				title: 'The firewall is off',
				means: 'Whatever listens a little too widely can be reached by everybody.',
				evidence: [
					'ufw is not active',
					...listening.map(({port, program}) => `port ${port} is open to everybody: ${program} listens there`),
				],
			};
		}

		if (!on || open.length === 0) return undefined;
		const used = open.filter(({ports}) => listening.some(({port}) => isWanted(ports, [port])));
		return {
			severity: used.length > 0 ? 'bad' : 'warning',
			title: `The firewall lets in ${several(open.length, 'port')} more than the set-up opened`,
			means: 'Everybody on the internet can try what listens there.',
			evidence: open.map(({ports, protocol}) => {
				const program = listening.find(({port}) => isWanted(ports, [port]))?.program;
				return `${ports}/${protocol} from anywhere; ${program === undefined ? 'nothing listens there now' : `${program} listens there`}`;
			}),
		};
	},
	fix: ({on, open}) =>
		on
			? {
					title: `Shut ${open.map(({ports}) => ports).join(', ')}`,
					why: 'The rules that let them in are taken out. If the fresh login that proves the door fails, the box takes it back by itself.',
					hazard: 'lockout',
					apply($) {
						for (const path of rules) $`keep_original ${path}`;
						for (const {ports, protocol, action} of open)
							$`ufw --force delete ${action} ${protocol === 'any' ? ports : `${ports}/${protocol}`}`;
					},
					undo($) {
						for (const path of rules) $.restore(path);
						$`ufw reload`;
					},
				}
			: fixByStep(ufw, 'Switch the firewall on'),
});

/** IPv4 and IPv6 have a rule each. */
function merged(open: readonly OpenPorts[]): OpenPorts[] {
	return [...new Map(open.map(rule => [`${rule.ports}/${rule.protocol}`, rule])).values()];
}

/** Whether all ports of a rule ('80,443', '6000:6007') are among these. */
function isWanted(ports: string, wanted: readonly number[]): boolean {
	return ports.split(',').every(range => {
		const [first = 0, last = first] = range.split(':').map(Number);
		return first === last && wanted.includes(first);
	});
}

/** What listens beyond the loopback. */
function listeners(sockets: string): {port: number; program: string}[] {
	return linesOf(sockets).flatMap(line => {
		const [, , , local = ''] = line.trim().split(/\s+/);
		const [, address = '', port = ''] = /^(.*):(\d+)$/.exec(local) ?? [];
		if (port === '' || /^127\.|^\[::1\]|^\[::ffff:127\./.test(address)) return [];
		return [{port: Number(port), program: /users:\(\("([^"]*)"/.exec(line)?.[1] ?? 'a program'}];
	});
}
