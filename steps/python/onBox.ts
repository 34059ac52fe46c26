import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import type {Probe} from '../../source/contract/step.ts';
import {pathsOf} from '../folders/paths.ts';
import {configurationPath} from '../process/processManager.ts';
import type {ProcessManager} from '../process/program.ts';
import {readLiveSlot, slotProgram} from '../process/slots.ts';
import {logPath} from '../process/supervisorProgram.ts';

/** The app as the steps make it, whether its process manager knows it yet or not: of the release that is made ready, while there is one. */
export async function appOnBox($: Probe, answers: Readonly<Record<string, unknown>>): Promise<AppOnBox> {
	const name = String(answers.app);
	const manager: ProcessManager = answers.supervisor === 'supervisor' ? 'supervisor' : 'systemd';
	const {current, next, environment} = pathsOf(name);
	const [slot, found] = await Promise.all([
		readLiveSlot($, name),
		$`cd ${next} || cd ${current} || exit; pwd; readlink -e .; ls -A`,
	]);
	const program = slotProgram(name, slot);
	const [folder = '', release = '', ...own] = found.split('\n');
	return {
		name,
		program,
		manager,
		configuration: configurationPath(manager, program),
		words: [`${folder || current}/venv/bin/python`, '-m', 'gunicorn'],
		user: name,
		folder: folder || current,
		release,
		own,
		environment,
		log: manager === 'supervisor' ? logPath(program) : `journalctl --unit ${program}`,
		isOwn: true,
		...(typeof answers.domain === 'string' && {domain: answers.domain}),
	};
}
