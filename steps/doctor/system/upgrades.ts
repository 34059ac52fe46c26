import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {atMost, linesOf, several} from '../words.ts';

/** Days after which package lists are too old to know of new holes. */
const stale = 8;

/**
 * What apt-cache would upgrade: 'bash 5.2.15-2 5.2.15-2+b13 http://… bookworm-security/main'. To plan the upgrade
 * (apt-get --simulate) takes eight times as long.
 */
const newer = `/^[^ ]/ { name = substr($1, 1, length($1) - 1) }
$1 == "Installed:" { old = $2 }
$1 == "Candidate:" { new = $2; odd = new != old && new != "(none)" }
odd && $1 == new { getline; print name, old, new, $2, $3; odd = 0 }`;

/** Security updates come by themselves, one a day at most: those that pile up show that they don't. */
export const systemUpgrades = defineExamination({
	id: 'system/upgrades',
	title: 'Upgrades',
	options: z.object({}),
	async look($) {
		const [planned, lists] = await Promise.all([
			$`dpkg-query --show --showformat='\${db:Status-Abbrev}\${binary:Package}\n' | sed -n 's/^ii //p' | xargs apt-cache policy | awk ${newer}`,
			$`find /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp /var/lib/boxwizard/lists-read -maxdepth 0 -printf '%T@\n' | sort -n | tail -n 1; date +%s`,
		]);
		const [read = '0', now = '0'] = lists.split('\n');
		return {upgrades: linesOf(planned), age: Math.floor((Number(now) - Number(read)) / 86_400)};
	},
	judge({upgrades, age}) {
		const security = upgrades.filter(line => /-security|Debian-Security/i.test(line));
		if (upgrades.length === 0 && age < stale) return undefined;
		const evidence = [
			...(age < stale ? [] : [`the package lists are ${age} days old`]),
			...atMost([...security, ...upgrades.filter(line => !security.includes(line))]),
		];
		if (age < stale && security.length === 0) {
			return {
				severity: 'note',
				title: `${several(upgrades.length, 'upgrade')} can be had`,
				means: 'None of them is about security. Those come by themselves.',
				evidence,
			};
		}

		return {
			severity: 'warning',
			title:
				security.length > 0
					? `${several(security.length, 'security update')} not installed yet`
					: 'Updates do not come any more',
			means: 'They should come by themselves within a day. Most break-ins use holes for which an update was there.',
			evidence,
		};
	},
	fix: () => ({
		title: 'Install the upgrades',
		why: 'Services whose packages are upgraded restart, for a second or two. No package is removed.',
		apply($) {
			$`rm -f /var/lib/boxwizard/lists-read`;
			$`refresh_lists`;
			$`apt_get upgrade`;
		},
		notUndone: 'Upgraded packages stay upgraded.',
	}),
});
