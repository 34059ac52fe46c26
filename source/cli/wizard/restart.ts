import {foreignService} from '../../../steps/control/foreign.ts';
import {type ServiceAnswers, servicesOfBox} from '../../../steps/control/services.ts';
import {programsOf} from '../../../steps/process/programs.ts';
import type {Service} from '../../contract/service.ts';
import type {ForeignProgram} from '../../contract/status.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Answers} from '../../contract/ui/wizard.ts';

/**
 * What is restarted with an app: its server, and its worker where it has one; or a program that is not boxwizard's.
 * @param apps the completed answers of each app of the box
 * @throws Trouble where there is no such program, or none that its process manager could be asked for
 */
export function servicesToRestart(apps: readonly Answers[], program: string | ForeignProgram): Service[] {
	const found = typeof program === 'string' ? ofApp(apps, program) : [foreignService(program) ?? []].flat();
	if (found.length > 0) return found;
	const name = typeof program === 'string' ? program : program.name;
	throw new Trouble({
		what: `“${name}” can’t be restarted from here.`,
		means: 'No process manager of the box has a program that this name is sure to mean. Nothing was done.',
		next: 'Log in to the box (s on its page), and restart it there.',
		code: 'unknown-service',
	});
}

function ofApp(apps: readonly Answers[], name: string): Service[] {
	const served = apps.map(answers => ({wanted: answers as unknown as ServiceAnswers, answers}));
	const names = served.filter(({wanted}) => wanted.app === name).flatMap(({wanted}) => programsOf(wanted));
	return servicesOfBox(served).filter(service => names.includes(service.name));
}
