import {online} from '../../../steps/app/online.ts';
import {causes} from '../../../steps/causes/index.ts';
import {readLiveSlot, slotProgram} from '../../../steps/process/slots.ts';
import type {Plan} from '../../engine/run/run.ts';
import type {TroubleshootPlan} from '../../troubleshoot/index.ts';

/** What troubleshooting works with: the causes that are known, and the plan's last step as the look from outside. */
export async function troubleshootPlan(plan: Plan, name: string | undefined): Promise<TroubleshootPlan> {
	const {app, domain, aliases} = plan.answers;
	return {
		plan,
		causes,
		...(name !== undefined && {name}),
		known: {
			programOf: async ($, named) => slotProgram(named, await readLiveSlot($, named)),
			...(typeof app === 'string' && {app}),
			...(typeof domain === 'string' && {domain}),
		},
		async site($, served) {
			const others = served === domain && Array.isArray(aliases) ? aliases.map(String) : [];
			const {faults} = await online.check($, {domain: served, aliases: others});
			return [...new Set(faults.map(({what}) => what))];
		},
	};
}
