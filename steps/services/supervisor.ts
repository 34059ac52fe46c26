import {defineStep} from '../../source/contract/step.ts';
import {runAsBefore, sharedProgram} from './sharedProgram.ts';

const unit = 'supervisor.service';

/** Supervisor, which keeps the programs of apps running. */
export const supervisor = defineStep({
	...sharedProgram('supervisor', unit),
	id: 'services/supervisor',
	title: 'Supervisor',
	why: 'It starts the programs of the apps with the box, and again whenever one dies. Without it an app is gone after the next reboot.',
	packages: () => ['supervisor'],
	undo($, before) {
		runAsBefore($, unit, before);
		// By now the apps' own programs are gone from there: those that others have put there keep it.
		$`others=$(find /etc/supervisor/conf.d -name '*.conf' -printf '%f ' 2>/dev/null || true)`;
		$.removePackages({step: 'services/packages', names: ['supervisor']});
	},
});
