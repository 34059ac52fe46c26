import {type ServiceAnswers, servicesOfBox} from '../../../../steps/control/services.ts';
import {didYouMean} from '../../../answers/nearest.ts';
import type {Service, ServiceCommand} from '../../../contract/service.ts';
import {Trouble} from '../../../contract/trouble.ts';
import {serve} from '../../../engine/control-service.ts';
import {knownBox} from '../../boxes/open-known.ts';
import type {BoxFlags} from '../../given/from-flags.ts';
import {wordsOf} from '../../target/named-box.ts';
import {confirm} from '../../terminal/ask-terminal.ts';
import {exitCodes, isTerminal, needsYes, note, print, printJson} from '../../terminal/output.ts';
import {endingJob, runInLines} from '../../terminal/run-in-lines.ts';

/** Restarts, stops or starts something on a box, and proves that it runs. Without a name: what there is, and what each interrupts. */
export async function service(
	action: ServiceCommand,
	box: string | undefined,
	which: string | undefined,
	flags: BoxFlags,
): Promise<void> {
	const {host, word: name} = wordsOf(box, which);
	const known = await knownBox(host, flags);
	if (known.apps.length === 0) throw notSetUp(host);
	const services = servicesOfBox(known.apps.map(answers => ({wanted: answers as unknown as ServiceAnswers, answers})));
	const stoppable = services.filter(one => action === 'restart' || one.stops !== undefined);
	if (name === undefined) return list(stoppable, action, flags.json ?? false);
	const chosen = named(services, action, name);
	if (!stoppable.includes(chosen)) throw onlyRestarted(chosen, action, host);
	const interrupts = action === 'stop' ? chosen.stops : action === 'start' ? undefined : chosen.interrupts;
	const command = `boxwizard ${action} ${host} ${chosen.name}`;
	if (interrupts !== undefined && !flags.yes) {
		if (!isTerminal() || flags.json) throw needsYes(interrupts, command);
		note(interrupts);
		if (!(await confirm(`${titles[action]} ${chosen.name} on ${known.label}?`))) return note('Nothing was done.');
	}

	const {session, plan, clean, ...open} = await known.open();
	try {
		const events = serve(plan, session, [chosen], action);
		const summary = await runInLines(flags.stopJob ? endingJob(events, open.stopJob) : events, flags, plan.answers);
		if (summary.failed.length > 0) process.exitCode = exitCodes.error;
		else if (!flags.json && process.stderr.isTTY) note(clean(`As often as you like: ${command}`));
	} finally {
		await open.box.close();
	}
}

const titles: Readonly<Record<ServiceCommand, string>> = {restart: 'Restart', stop: 'Stop', start: 'Start'};

function list(services: readonly Service[], action: ServiceCommand, json: boolean): void {
	const width = Math.max(...services.map(({name}) => name.length)) + 2;
	for (const {name, also, interrupts, stops, command} of services) {
		const effect = action === 'stop' ? stops : action === 'start' ? undefined : interrupts;
		const words = effect ?? 'Nobody is interrupted.';
		if (json) printJson({event: 'service', name, also, action, interrupts: effect ?? null, command});
		else print(`${name.padEnd(width)}${words}${action === 'restart' ? `\n${' '.repeat(width)}${command}` : ''}`);
	}
}

/** @throws Trouble with the nearest name */
function named(services: readonly Service[], action: ServiceCommand, name: string): Service {
	const found = services.find(one => one.name === name || one.also.includes(name));
	if (found) return found;
	throw new Trouble({
		what: `There is no “${name}” to ${action} on this box.`,
		means: 'Nothing was done.',
		next: `${didYouMean(
			name,
			services.flatMap(one => [one.name, ...one.also]),
		)} boxwizard ${action} HOST lists them all.`,
		code: 'unknown-service',
	});
}

function onlyRestarted({name}: Service, action: ServiceCommand, host: string): Trouble {
	return new Trouble({
		what: `“${name}” is not to be ${action === 'stop' ? 'stopped' : 'started'} from here.`,
		means: 'Without it nobody could log in any more, boxwizard neither. Nothing was done.',
		next: `Restart it: boxwizard restart ${host} ${name}`,
		code: 'only-restarted',
	});
}

function notSetUp(host: string): Trouble {
	return new Trouble({
		what: 'boxwizard has not set this box up, as far as this machine knows.',
		means: 'So it does not know what runs there. Nothing was done.',
		next: `boxwizard ssh ${host}, and systemctl restart NAME`,
		code: 'unknown-box',
	});
}
