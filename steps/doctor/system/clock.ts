import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {clock} from '../../system/clock.ts';

/** Seconds that two clocks may differ before codes, certificates and logs begin to suffer. */
const [noticed, harmful] = [5, 120];

/** The box's clock against this machine's. */
export const systemClock = defineExamination({
	id: 'system/clock',
	title: 'The clock',
	options: z.object({}),
	async look($) {
		const asked = Date.now();
		const [there, synchronized, own] = await Promise.all([
			$`date +%s.%N`,
			$`timedatectl show --property=NTPSynchronized --value`,
			clock.check($, {}),
		]);
		const answered = Date.now();
		// It was read at some moment in between.
		const middle = (asked + answered) / 2000;
		return {
			...own,
			offset: Math.round(Number(there) - middle),
			doubt: (answered - asked) / 2000,
			synchronized: synchronized === 'yes',
		};
	},
	judge({offset, doubt, synchronized, byHost, running}) {
		const off = Math.abs(offset) - doubt > noticed;
		if (!off && (byHost || running !== '')) return undefined;
		const evidence = [
			`the box’s clock is ${Math.abs(offset)} s ${offset < 0 ? 'behind' : 'ahead of'} this machine’s`,
			`${running === '' ? 'no time service runs' : running}; ${synchronized ? 'synchronized' : 'not synchronized'}`,
		];
		if (!off)
			return {
				severity: 'warning',
				title: 'Nothing sets the clock',
				means: 'It drifts, a second or so a day.',
				evidence,
			};
		return {
			severity: Math.abs(offset) > harmful ? 'bad' : 'warning',
			title: 'The clock is off',
			means: 'Certificates and package lists become “not yet valid”, one-time passwords fail, logs lie.',
			evidence,
			next: byHost
				? 'A container has its host’s clock: it is set there. Or it is this machine’s clock that is off.'
				: 'If the box is synchronized, it is this machine’s clock that is off.',
		};
	},
	fix({byHost, running, installed}) {
		if (byHost) return undefined;
		if (running === '' || installed.length === 0) return fixByStep(clock, 'Let time servers set the clock');
		return {
			title: 'Ask the time servers again',
			why: 'The time service starts anew, and sets the clock at its first answer.',
			apply($) {
				$`systemctl restart -- ${running}`;
				$`timeout 20 bash -c 'until [ "$(timedatectl show --property=NTPSynchronized --value)" = yes ]; do sleep 0.2; done'`;
			},
			notUndone: 'The right time.',
		};
	},
});
