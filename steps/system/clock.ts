import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {readContainer} from './os.ts';
import {readUnits} from './units.ts';

const synchronizers = ['systemd-timesyncd.service', 'chrony.service', 'ntpsec.service', 'openntpd.service'] as const;

/** A clock that is wrong breaks certificates, package lists and one-time passwords, each with a message about something else. */
export const clock = defineStep({
	id: 'system/clock',
	title: 'Set the clock',
	why: 'The box asks time servers for the time. With a wrong clock, certificates and package lists are “not yet valid” and logs lie.',
	needs: ['system/ready'],
	options: z.object({}),
	async check($) {
		const [container, units] = await Promise.all([readContainer($), readUnits($)]);
		const installed = synchronizers.filter(name => units[name].installed);
		return {
			// A container has its host's clock and may not set it.
			byHost: container !== '',
			installed,
			running: installed.find(name => units[name].enabled && units[name].active) ?? '',
		};
	},
	done: facts => facts.byHost || facts.running !== '',
	apply($, {installed}) {
		const [synchronizer = synchronizers[0]] = installed;
		if (installed.length === 0) $.packages(['systemd-timesyncd']);
		$.service(synchronizer, 'enable');
		// What comes next reads dates: the first answer of a time server is worth a moment, but no more.
		if (synchronizer === synchronizers[0]) $`timeout 20 systemctl start systemd-time-wait-sync.service || true`;
	},
	undo($, before) {
		if (before.byHost || before.running !== '') return;
		const [synchronizer] = before.installed;
		if (synchronizer === undefined) $.removePackages();
		else $.service(synchronizer, 'disable');
	},
});
