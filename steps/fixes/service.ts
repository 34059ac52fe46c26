import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';

/** Starts a service of the box that should run; nothing to do where the box has no such service. */
export function startService(unit: string): Fix {
	return fixOf({
		name: `start-${unit}`,
		title: `Start ${unit}`,
		why: `${unit} is installed but does not run. It is started now, and with the box from now on.`,
		check: async $ => {
			const answer = await $`systemctl show --property=Id,LoadState,ActiveState,UnitFileState ${`${unit}.service`}`;
			const lines = answer.split('\n');
			return {
				// An alias is another unit's name: that one is started by its own.
				installed: lines.includes('LoadState=loaded') && lines.includes(`Id=${unit}.service`),
				active: lines.includes('ActiveState=active'),
				enabled: lines.includes('UnitFileState=enabled'),
			};
		},
		done: ({installed, active}) => active || !installed,
		apply($, {enabled}) {
			if (!enabled) $`systemctl enable --quiet ${unit}`;
			$`systemctl reset-failed ${unit} || true`;
			$.service(unit, 'start');
		},
		undo($, before) {
			if (!before.enabled) $`systemctl disable --quiet ${unit}`;
			$.service(unit, 'stop');
		},
	});
}
