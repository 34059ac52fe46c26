import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {reboot} from '../../system/reboot.ts';
import {atMost, linesOf} from '../words.ts';

export const systemReboot = defineExamination({
	id: 'system/reboot',
	title: 'A reboot that is waited for',
	options: z.object({}),
	async look($) {
		const [{needed}, since, packages] = await Promise.all([
			reboot.check($, {}),
			$`date -u -r /run/reboot-required '+%F %H:%M UTC'`,
			$`sort -u /run/reboot-required.pkgs`,
		]);
		return {needed, since, packages: linesOf(packages)};
	},
	judge({needed, since, packages}) {
		if (!needed) return undefined;
		return {
			severity: 'warning',
			title: 'The box waits for a reboot',
			means: 'An update, most likely of the kernel, is installed and not in use: its holes are still open.',
			evidence: [
				since === '' ? 'a kernel in /boot is newer than the last boot' : `asked for since ${since}`,
				...atMost(
					packages.map(name => `because of ${name}`),
					5,
				),
			],
		};
	},
	fix: () =>
		fixByStep(reboot, 'Reboot now', 'The site is away for a minute or so. The wizard waits until the box is back.'),
});
