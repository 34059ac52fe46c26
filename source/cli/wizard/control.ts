import {foreignService} from '../../../steps/control/foreign.ts';
import {type ServedApp, type ServiceAnswers, servicesOfBox} from '../../../steps/control/services.ts';
import {programsOf} from '../../../steps/process/programs.ts';
import {allows, type Service, type ServiceCommand} from '../../contract/service.ts';
import type {ForeignProgram} from '../../contract/status.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {Answers} from '../../contract/ui/setup.ts';

/** All that can be started anew on a box with these apps, but for what bears an app's name. @param apps the completed answers of each */
export function servicesBeside(apps: readonly Answers[]): Service[] {
	const names = apps.map(({app}) => app);
	return servicesOfBox(apps.map(served)).filter(({name}) => !names.includes(name));
}

/**
 * What is meant: an app's server, and its worker where it has one; a service of the box; or a program that is not boxwizard's.
 * @param apps the completed answers of each app of the box
 * @throws Trouble where there is no such program, or none that this may be done to
 */
export function servicesMeant(
	apps: readonly Answers[],
	program: string | ForeignProgram,
	action: ServiceCommand,
): Service[] {
	const found = typeof program === 'string' ? named(apps, program) : [foreignService(program) ?? []].flat();
	const allowed = found.filter(service => allows(service, action));
	if (allowed.length > 0) return allowed;
	const name = typeof program === 'string' ? program : program.name;
	throw new Trouble({
		what: `“${name}” can’t be ${{restart: 'restarted', stop: 'stopped', start: 'started'}[action]} from here.`,
		means: 'No process manager of the box has a program that this name is sure to mean. Nothing was done.',
		next: 'Log in to the box (s on its page), and do it there.',
		code: 'unknown-service',
	});
}

function named(apps: readonly Answers[], name: string): Service[] {
	const all = apps.map(served);
	const programs = all.filter(({wanted}) => wanted.app === name).flatMap(({wanted}) => programsOf(wanted));
	if (programs.length > 0) return servicesOfBox(all).filter(service => programs.includes(service.name));
	return servicesBeside(apps).filter(service => service.name === name);
}

const served = (answers: Answers): ServedApp => ({wanted: answers as unknown as ServiceAnswers, answers});
