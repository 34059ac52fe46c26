import {z} from 'zod';
import {digest} from '../../source/contract/file-fact.ts';
import {defineStep, type Hand} from '../../source/contract/step.ts';
import {options} from '../options/shared.ts';
import {readUnits} from '../system/units.ts';
import {type ApacheSettings, moveApache, moveApacheBack, readApache, siteBefore} from '../web/apache.ts';
import {reloadIfItCan} from '../web/nginx.ts';
import {isLeftToOther, type PortHolder, portConflict, portsTaken, readPortHolders, unitsOf} from '../web/ports.ts';
import {refusedConflict} from '../web/refused.ts';

const stock = '/etc/nginx/sites-enabled/default';
/** Of Apache's sites, where nginx stands before it. No app can have this name. */
const otherSites = {
	available: '/etc/nginx/sites-available/other.sites',
	enabled: '/etc/nginx/sites-enabled/other.sites',
};
const service = 'nginx.service';

/** The web server that all apps share: it has ports 80 and 443, and none of its package's own pages. */
export const nginx = defineStep({
	id: 'services/nginx',
	title: 'Web ports',
	why: 'nginx takes every visitor of every app. The page that its package shows to everybody goes; sites of others stay, and a program that has the ports already is let go or kept behind it, as you choose.',
	needs: ['services/packages'],
	options: z.object({otherWebServer: options.otherWebServer}),
	declined: isLeftToOther,
	// Until it is known who has its ports, and how it shall stand beside them.
	packages: () => [{name: 'nginx', startsLater: service}],
	conflicts: async $ => [(await portConflict($)) ?? (await refusedConflict($)) ?? []].flat(),
	async check($, {otherWebServer}) {
		const [link, ipv6, units, holders, apache, others] = await Promise.all([
			$`readlink ${stock}`,
			$`[ -e /proc/net/if_inet6 ] && echo yes`,
			readUnits($),
			readPortHolders($),
			readApache($),
			$`[ -L ${otherSites.enabled} ] && cat ${otherSites.available} && echo .`,
		]);
		if (holders.length > 0 && otherWebServer === undefined) throw portsTaken(holders);
		return {
			stock: link === '/etc/nginx/sites-available/default',
			running: units[service].active && units[service].enabled,
			ipv6: ipv6 !== '',
			holders,
			apache,
			otherSites: digest(others.slice(0, -1)),
		};
	},
	done: (facts, answers) =>
		!facts.stock &&
		facts.running &&
		facts.holders.length === 0 &&
		(!isBefore(facts, answers) || facts.otherSites === digest(siteBefore(facts.apache.behind, facts.ipv6))),
	apply($, facts, answers) {
		if (facts.stock) $.remove(stock);
		if (isBefore(facts, answers)) standBeforeApache($, facts);
		if (facts.holders.length > 0) {
			$`nginx -t -q || { restore_kept; false; }`;
			$.handOver(service, unitsOf(facts.holders), answers.otherWebServer === 'proxy' ? 'restart' : 'stop');
			return;
		}

		$`nginx -t -q`;
		$`systemctl unmask --quiet ${service}`;
		$.service('nginx', 'enable');
		$.service('nginx', 'reload');
	},
	undo($, {holders = [], apache, running}) {
		$.restore(stock);
		if (holders.length > 0) {
			for (const path of [otherSites.enabled, otherSites.available]) $.restore(path);
			moveApacheBack($, apache);
			$.handBack(service, unitsOf(holders));
		}

		// Its package, masked as it came, does not know that it is enabled. Journals of earlier versions don't say how it was.
		if (running === false && holders.length === 0) $.service(service, 'disable');
		else reloadIfItCan($);
	},
});

type Before = {readonly holders: readonly PortHolder[]; readonly apache: ApacheSettings; readonly ipv6: boolean};

/** Whether nginx stands, or is to stand, before an Apache that had its port. */
function isBefore({holders, apache}: Before, {otherWebServer}: {otherWebServer?: string | undefined}): boolean {
	return otherWebServer === 'proxy' && (holders.length > 0 || apache.behind > 0);
}

function standBeforeApache($: Hand, {holders, apache, ipv6}: Before): void {
	const moves = holders.length > 0;
	if (moves) moveApache($, apache);
	$.file(otherSites.available, siteBefore(moves ? apache.spare : apache.behind, ipv6));
	$.link(otherSites.enabled, otherSites.available);
}
