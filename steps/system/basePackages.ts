import {z} from 'zod';
import {defineStep} from '../../source/contract/step.ts';
import {readMissing} from './units.ts';

const names = ['ca-certificates', 'curl', 'sudo', 'ufw', 'unattended-upgrades'];

/** What every kind of app builds on, in one transaction. fail2ban is not among them: it must not start before it knows the person's address. */
export const basePackages = defineStep({
	id: 'system/basePackages',
	title: 'Base packages',
	why: 'The tools that the next steps use: a firewall, automatic updates, sudo. Small images come without some of them.',
	needs: ['system/ready'],
	options: z.object({}),
	check: async $ => ({missing: await readMissing($, names)}),
	done: facts => facts.missing.length === 0,
	apply($) {
		$.packages(names);
	},
	undo($) {
		$.removePackages();
	},
});
