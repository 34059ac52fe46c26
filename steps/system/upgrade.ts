import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';

/** Says that the box was brought up to date once. What comes later is the work of unattended-upgrades. */
const stamp = '/var/lib/boxwizard/upgraded';

/** All packages brought to their newest version, once. */
export const upgrade = defineStep({
	id: 'system/upgrade',
	title: 'Upgrade packages',
	why: 'A provider’s image is months old, and its known holes with it. This is done once; after that the box takes its security updates by itself.',
	needs: ['system/ready', 'system/clock'],
	options: z.object({
		upgrade: z
			.boolean()
			.default(true)
			.meta({title: 'Upgrade now', description: 'Bring all packages to their newest version first.', detail: true}),
	}),
	wanted: options => options.upgrade,
	// To ask apt what it would upgrade takes longer than everything else that is looked at, and its answer is
	// never empty for long: so a stamp tells.
	check: async $ => ({upgraded: (await $.file(stamp)) !== null}),
	done: facts => facts.upgraded,
	apply($) {
		$.upgrade();
		$.file(stamp, 'All packages were upgraded once. Since then: unattended-upgrades.\n');
	},
	undo($) {
		$.restore(stamp);
	},
	notUndone: 'Upgraded packages stay upgraded.',
});
