import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';

/** Only where an update waits for it. */
export const reboot = defineStep({
	id: 'system/reboot',
	title: 'Reboot if needed',
	why: 'A new kernel works only after a reboot. This is the best moment for it: nobody uses the box yet.',
	needs: ['system/ready'],
	hazard: 'reboot',
	options: z.object({}),
	async check($) {
		const [flag, kernel] = await Promise.all([
			$`ls /run/reboot-required`,
			// Debian raises the flag only where unattended-upgrades is installed: a kernel that is younger than the last boot says the same.
			$`find /boot -maxdepth 1 -name 'vmlinuz-*' -newerct "@$(awk '$1 == "btime" {print $2}' /proc/stat)"`,
		]);
		return {needed: flag !== '' || kernel !== ''};
	},
	done: facts => !facts.needed,
	apply($) {
		$`systemctl reboot`;
	},
	undo() {
		// A reboot leaves nothing behind.
	},
	notUndone: 'A reboot that has been.',
});
