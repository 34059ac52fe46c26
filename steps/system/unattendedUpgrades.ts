import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep} from '../../source/contract/step.ts';
import {type Os, readOs} from './os.ts';
import {readUnits, timerStamp} from './units.ts';

const path = '/etc/apt/apt.conf.d/52boxwizard';
const timers = ['apt-daily.timer', 'apt-daily-upgrade.timer'] as const;

/** Security updates, every day, without anybody. */
export const unattendedUpgrades = defineStep({
	id: 'system/unattendedUpgrades',
	title: 'Security updates',
	why: 'The box installs security updates by itself every day. Most break-ins use holes for which an update was there for weeks.',
	needs: ['services/packages'],
	options: z.object({
		automaticReboot: z.boolean().default(false).meta({
			title: 'Reboot by itself',
			description: 'At 04:00, when an update (such as a kernel) needs it. Else it waits for you.',
			detail: true,
		}),
	}),
	async check($, options) {
		const [os, file, units] = await Promise.all([readOs($), $.file(path), readUnits($)]);
		return {
			os,
			configured: fileIs(file, configuration(os, options.automaticReboot)),
			stopped: timers.filter(timer => !units[timer].enabled || !units[timer].active),
		};
	},
	done: facts => facts.configured && facts.stopped.length === 0,
	apply($, facts, options) {
		$.file(path, configuration(facts.os, options.automaticReboot));
		for (const timer of facts.stopped) $.service(timer, 'enable');
	},
	undo($, before) {
		for (const timer of before.stopped) {
			$.service(timer, 'disable');
			$`rm -f ${timerStamp(timer.replace('.timer', ''))}`;
		}

		$.restore(path);
	},
});

/** Sorts after the package's own 50unattended-upgrades, so that it has the last word. */
function configuration(os: Os, automaticReboot: boolean): string {
	const origin =
		os.id === 'ubuntu'
			? 'origin=Ubuntu,archive=${distro_codename}-security,label=Ubuntu'
			: 'origin=Debian,codename=${distro_codename}-security,label=Debian-Security';
	return [
		'APT::Periodic::Update-Package-Lists "1";',
		'APT::Periodic::Unattended-Upgrade "1";',
		'APT::Periodic::AutocleanInterval "7";',
		`Unattended-Upgrade::Origins-Pattern { "${origin}"; };`,
		'Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";',
		`Unattended-Upgrade::Automatic-Reboot "${automaticReboot}";`,
		'Unattended-Upgrade::Automatic-Reboot-Time "04:00";',
		'',
	].join('\n');
}
