import type {Options} from '../../source/contract/option.ts';
import type {Service, ServiceCommand} from '../../source/contract/service.ts';
import type {Hand} from '../../source/contract/step.ts';
import {mainProcess} from '../process/mainProcess.ts';
import {configurationPath} from '../process/processManager.ts';
import type {ProcessManager} from '../process/program.ts';
import {namesOnBox, workerOf} from '../process/programs.ts';
import {liveProgram, slotProgram, slots} from '../process/slots.ts';
import {proveStaysUp} from '../process/staysUp.ts';
import {logPath} from '../process/supervisorProgram.ts';
import {web} from '../python/server.ts';
import {worker} from '../python/worker.ts';
import {still} from './units.ts';

/** What is known of an app whose program is controlled. */
export type ControlledApp = {
	readonly app: string;
	readonly queue: string;
	readonly supervisor: ProcessManager;
	/** All its answers, for the proofs. */
	readonly answers: Readonly<Record<string, unknown>>;
	/** The box carries no other app: then “app” and “worker” say which is meant. */
	readonly isOnly: boolean;
};

/** A program of an app, by the name that people know it by. What is done to a server is done to the slot that is live. */
export function programService(name: string, {app, queue, supervisor, answers, isOnly}: ControlledApp): Service {
	const isServer = name === app;
	const names = namesOnBox(app, name);
	return {
		name,
		also: isOnly ? [isServer ? 'app' : name.slice(app.length + 1)] : [],
		interrupts: isServer
			? 'Visitors get an error (502) for one to five seconds.'
			: 'The job that is being done is finished first, in five minutes at most; the others wait.',
		stops: isServer ? 'Visitors get an error (502).' : 'Background jobs wait.',
		command: restartCommand(supervisor, names),
		act($, action) {
			if (action === 'stop') stop($, supervisor, names);
			else if (isServer) startLive($, supervisor, action, app);
			else start($, supervisor, action, name);
		},
		runs: async $ => {
			if (isServer) await web.verify?.($, answers as Options<typeof web.options.shape>);
			else if (queue !== '' && name === workerOf(app))
				await worker.verify?.($, answers as Options<typeof worker.options.shape>);
			else await proveStaysUp($, supervisor, name);
		},
		rests: async $ => {
			const running = await Promise.all(names.map(one => $`bash -c ${mainProcess(supervisor, one)}`));
			if (running.some(pid => pid !== '')) throw still(name);
		},
	};
}

/**
 * What a person types on the box to restart a program. Of a server's two names systemd passes over the one that is not live by its
 * conditions, and supervisor does not know it.
 * @param names all that it may have on the box
 */
export function restartCommand(manager: ProcessManager, names: readonly string[]): string {
	return `sudo ${manager === 'supervisor' ? 'supervisorctl' : 'systemctl'} restart ${names.join(' ')}`;
}

/** What a person types on the box to read on in what an app's server says, whichever slot it is in. */
export function followCommand(manager: ProcessManager, app: string): string {
	const names = slots.map(slot => slotProgram(app, slot));
	if (manager === 'systemd') return `sudo journalctl ${names.map(name => `-u ${name}`).join(' ')} -f`;
	return `sudo tail -F ${logPath(`${app}{${names.map(name => name.slice(app.length)).join(',')}}`)}`;
}

type Starting = Exclude<ServiceCommand, 'stop'>;

/** What runs is not started: it is as it should be. */
function start($: Hand, manager: ProcessManager, action: Starting, name: string): void {
	if (manager === 'systemd') $`systemctl ${action} ${name}`;
	else $`supervisorctl ${action} ${name} | tee /dev/stderr | grep -q started`;
}

/** The same of an app's server: which slot is live, the box sees as it does so. */
function startLive($: Hand, manager: ProcessManager, action: Starting, app: string): void {
	const live = liveProgram(app);
	if (manager === 'systemd') $`systemctl ${action} "$(bash -c ${live})"`;
	else $`supervisorctl ${action} "$(bash -c ${live})" | tee /dev/stderr | grep -q started`;
}

/** What rests is not stopped: it is as it should be. A version that is still being tried, or drained, stops too. */
function stop($: Hand, manager: ProcessManager, names: readonly string[]): void {
	if (manager === 'supervisor') {
		$`supervisorctl stop ${names} | tee /dev/stderr | grep -qE ${'stopped|not running'}`;
		return;
	}

	for (const name of names) $`if [ -e ${configurationPath(manager, name)} ]; then systemctl stop ${name}; fi`;
}
