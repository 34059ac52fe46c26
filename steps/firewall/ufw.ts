import {isIPv6} from 'node:net';
import {z} from 'zod';
import {defineStep, type Hand} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {options} from '../options/shared.ts';
import {readSshd, readSshPorts} from '../system/sshd.ts';
import {readUnits} from '../system/units.ts';
import {reachedConflict, readReached} from './reached.ts';
import {allowing, letsIn, letsInBySelf, opened, placeBefore, readRuleTexts} from './ufwRules.ts';

const files = ['/etc/ufw/user.rules', '/etc/ufw/user6.rules', '/etc/ufw/ufw.conf', '/etc/default/ufw'];
const [service, other] = ['ufw.service', 'firewalld.service'] as const;
const web = [80, 443];
/** Nobody serves anything there (echo, RFC 862): it shows whether the rest is really shut. */
const unused = 7;
/** Says of a rule that what it lets in was reached before there was a firewall. */
export const keptComment = 'Was open before';

/** The firewall: in through ssh, http and https, and nowhere else. */
export const ufw = defineStep({
	id: 'firewall/ufw',
	title: 'Firewall',
	why: 'Only ssh, http and https can be reached from outside. A database or cache that listens a little too widely is then still nobody else’s.',
	needs: ['ssh/hardening', 'services/packages'],
	hazard: 'lockout',
	options: z.object({user: options.user, sshPort: options.sshPort, otherPorts: options.otherPorts}),
	conflicts: async $ => [(await reachedConflict($)) ?? []].flat(),
	async check($, {user, otherPorts}) {
		const [{client}, [v4, v6], settings, chains, {ports: sshPorts}, units, reached] = await Promise.all([
			$.outside.peer(),
			readRuleTexts($),
			$`cat /etc/ufw/ufw.conf /etc/default/ufw`,
			$`iptables -S INPUT`,
			readSshPorts($, readSshd($, user)),
			readUnits($),
			otherPorts === 'open' ? readReached($) : [],
		]);
		if (units[other].active) throw twoFirewalls();
		const setting = (name: string) => new RegExp(`^${name}="?(\\w+)"?`, 'm').exec(settings)?.[1] ?? '';
		const on = setting('ENABLED') === 'yes' && chains.includes('ufw-');
		const denies = ['DROP', 'REJECT'].includes(setting('DEFAULT_INPUT_POLICY'));
		return {
			on,
			atBoot: units[service].enabled,
			denies,
			v6: setting('IPV6') === 'yes',
			// Where the person lets in themselves and nobody else, that is theirs to decide.
			ssh: shut(v4, v6, sshPorts).filter(port => !letsInBySelf(isIPv6(client) ? v6 : v4, port, client)),
			web: shut(v4, v6, web),
			// What is to stay open, as ufw writes ports. A firewall at work has rules of its own for it.
			others: on && denies ? [] : reached.map(({port, protocol}) => `${port}/${protocol}`),
			// What was to stay open, and is not any more.
			outdated: otherPorts === 'shut' ? kept([v4, v6]) : [],
			// The port that sshd has now: its rule stands there already where it has moved.
			places: {ssh: placeBefore([v4, v6], sshPorts), web: placeBefore([v4, v6], web)},
		};
	},
	done: facts =>
		facts.on &&
		facts.atBoot &&
		facts.denies &&
		facts.v6 &&
		[...facts.ssh, ...facts.web, ...(facts.outdated ?? [])].length === 0,
	apply($, facts) {
		for (const path of files) $.backup(path);
		if (!facts.v6) $.line('/etc/default/ufw', 'IPV6=yes', '^IPV6=');
		// Allowed first, switched on last: the connection that this comes through stays open. The first rule that matches decides: ahead
		// of those that shut a port for everybody, and behind those that shut somebody out.
		// A journal of an earlier version knows none of these.
		const {places: {ssh = 0, web = 0} = {}, others = [], outdated = []} = facts;
		const rules = [
			...others.map(port => ({place: 0, rule: [port, 'comment', keptComment]})),
			...facts.ssh.map(port => ({place: ssh, rule: [`${port}/tcp`, 'comment', 'SSH']})),
			...(facts.web.length > 0 ? [{place: web, rule: [`${facts.web.join(',')}/tcp`, 'comment', 'Web']}] : []),
		];
		// From the last place to the first: each one that is added moves those behind it.
		for (const {place, rule} of rules.toSorted((one, other) => other.place - one.place))
			$`ufw ${allowing(place, ...rule)}`;
		for (const port of outdated) $`ufw delete allow ${port}`;
		if (!facts.denies) $`ufw default deny incoming`;
		$`ufw --force enable`;
		if (!facts.atBoot) $`systemctl enable ${service}`;
	},
	undo($, before) {
		// The files first: ufw, told to switch off, would write them, which a full disk does not let it, and stay on.
		for (const path of files) $.restore(path);
		if (before.on) $`ufw reload`;
		else {
			$`ufw --force disable`;
			dropChains($);
		}

		if (!before.atBoot) $`systemctl disable ${service}`;
	},
	/** From outside: what should answer does, and what should not stays silent. */
	async verify($, {sshPort}) {
		const started = performance.now();
		const [ssh, http, https] = await Promise.all([sshPort, ...web].map(port => $.outside.port(port)));
		// Where no port can be tried from here, the fresh login has proven that of ssh, and the site's own steps prove theirs.
		if (ssh === 'unknown') return;
		if (ssh !== 'open' && ssh !== 'partly') {
			const [rules] = await readRuleTexts($);
			throw letsIn(rules, sshPort) ? notReached(sshPort, ssh) : ruleInTheWay(sshPort, rules);
		}

		// A refusal has come through: nobody listens there yet, or over one family only.
		if (http === 'silent' || http === 'mixed') throw notReached(80, http);
		if (https === 'silent' || https === 'mixed') throw notReached(443, https);
		// The way there and back is known by now: no answer in four times that is none.
		const rest = await $.outside.port(unused, Math.max(500, 4 * (performance.now() - started)));
		if (rest !== 'silent') throw notShut(rest);
	},
});

/** As ufw writes ports. */
function kept(rules: readonly string[]): string[] {
	const found = rules.flatMap(opened).filter(({comment}) => comment === keptComment);
	return [...new Set(found.map(({ports, protocol}) => `${ports}/${protocol}`))];
}

/** ufw, switched off, leaves its chains in the kernel until the next boot: empty, but every packet goes through them. */
function dropChains($: Hand): void {
	$`for tables in iptables ip6tables; do
	rules=$($tables -S 2> /dev/null) || continue
	{
		echo '*filter'
		sed -nE 's/^-A ((INPUT|FORWARD|OUTPUT) -j ufw6?-[a-z-]+)$/-D \\1/p' <<< "$rules"
		sed -nE 's/^-N (ufw6?-[a-z-]+)$/-F \\1/p' <<< "$rules"
		sed -nE 's/^-N (ufw6?-[a-z-]+)$/-X \\1/p' <<< "$rules"
		echo COMMIT
	} | $tables-restore --noflush
done`;
}

/** The ports that either family doesn't let in. */
function shut(v4: string, v6: string, ports: readonly number[]): number[] {
	return ports.filter(port => !letsIn(v4, port) || !letsIn(v6, port));
}

function twoFirewalls(): Trouble {
	return new Trouble({
		what: 'firewalld is running on this box.',
		means: 'Two firewalls undo each other’s rules. Nothing was touched.',
		next: 'Leave this step out and open 80 and 443 with firewall-cmd, or take firewalld off (`apt remove firewalld`) and run the step again.',
		code: 'two-firewalls',
	});
}

function ruleInTheWay(port: number, rules: string): Trouble {
	return new Trouble({
		what: `A rule of this box’s firewall shuts port ${port}, and stands ahead of the one that opens it.`,
		means: 'ufw leaves rules that it knows already where they stand; the first one that matches decides.',
		next: `Take out both on the box (\`ufw status numbered\`, \`ufw delete NUMBER\`), then run this step again.`,
		evidence: rules.split('\n').slice(0, 12),
		code: 'rule-in-the-way',
	});
}

function notReached(port: number, state: string | undefined): Trouble {
	const family = state === 'mixed' ? ' over one of IPv4 and IPv6' : '';
	return new Trouble({
		what: `Port ${port} of the box can’t be reached from here${family}.`,
		means:
			'The box’s own firewall lets it in, so something before it does not: most likely your provider’s firewall (“security group”).',
		next: `Open ${port}/tcp for everybody in your provider’s panel, for IPv4 and IPv6, then run this step again.`,
		evidence: [`port ${port}: ${state}`],
		code: 'port-not-reached',
	});
}

function notShut(state: string | undefined): Trouble {
	return new Trouble({
		what: `Port ${unused} still answers from here (${state}), though the firewall is on.`,
		means: 'Rules of another firewall, or of Docker, let connections past it.',
		next: '`iptables-save` or `nft list ruleset` on the box show them.',
		evidence: [`port ${unused}: ${state}`],
		code: 'port-not-shut',
	});
}
