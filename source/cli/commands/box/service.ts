import {foreignService} from '../../../../steps/control/foreign.ts';
import {type ServiceAnswers, servicesOfBox} from '../../../../steps/control/services.ts';
import {didYouMean} from '../../../answers/nearest.ts';
import {allows, interruptedBy, type Service, type ServiceCommand} from '../../../contract/service.ts';
import type {ForeignProgram} from '../../../contract/status.ts';
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
	const stoppable = services.filter(one => allows(one, action));
	if (name === undefined) return list(stoppable, action, flags.json ?? false);
	const own = services.find(one => isNamed(one, name));
	if (own && !stoppable.includes(own)) throw onlyRestarted(own, action, host);
	if (own && !(await isAgreed(own, action, known.label, host, flags))) return note('Nothing was done.');
	const {session, plan, clean, others, stopJob, box: connection} = await known.open();
	try {
		const chosen = own ?? foreignNamed(services, await others(), action, name);
		if (!own && !(await isAgreed(chosen, action, known.label, host, flags))) return note('Nothing was done.');
		const events = serve(plan, session, [chosen], action);
		const summary = await runInLines(flags.stopJob ? endingJob(events, stopJob) : events, flags, plan.answers);
		if (summary.failed.length > 0) process.exitCode = exitCodes.error;
		else if (!flags.json && process.stderr.isTTY)
			note(clean(`As often as you like: ${commandOf(action, host, chosen)}`));
	} finally {
		await connection.close();
	}
}

const commandOf = (action: ServiceCommand, host: string, {name}: Service) => `boxwizard ${action} ${host} ${name}`;

/** Asks about what is interrupted, where anything is. @throws Trouble where nobody is there to be asked, and nothing was said beforehand */
async function isAgreed(
	chosen: Service,
	action: ServiceCommand,
	label: string,
	host: string,
	flags: BoxFlags,
): Promise<boolean> {
	const interrupts = interruptedBy(chosen, action);
	if (interrupts === undefined || flags.yes) return true;
	if (!isTerminal() || flags.json) throw needsYes(interrupts, commandOf(action, host, chosen));
	note(interrupts);
	return await confirm(`${titles[action]} ${chosen.name} on ${label}?`);
}

const titles: Readonly<Record<ServiceCommand, string>> = {restart: 'Restart', stop: 'Stop', start: 'Start'};

function list(services: readonly Service[], action: ServiceCommand, json: boolean): void {
	const width = Math.max(...services.map(({name}) => name.length)) + 2;
	for (const one of services) {
		const {name, also, command} = one;
		const effect = interruptedBy(one, action);
		const words = effect ?? 'Nobody is interrupted.';
		if (json) printJson({event: 'service', name, also, action, interrupts: effect ?? null, command});
		else print(`${name.padEnd(width)}${words}${action === 'restart' ? `\n${' '.repeat(width)}${command}` : ''}`);
	}
}

const isNamed = ({name, also}: Service, word: string): boolean => name === word || also.includes(word);

/** A program that is not boxwizard's. @throws Trouble with the nearest name of all */
function foreignNamed(
	services: readonly Service[],
	others: readonly ForeignProgram[],
	action: ServiceCommand,
	name: string,
): Service {
	const foreign = others.flatMap(one => foreignService(one) ?? []);
	const found = foreign.find(one => isNamed(one, name));
	if (found) return found;
	throw new Trouble({
		what: `There is no “${name}” to ${action} on this box.`,
		means: 'Nothing was done.',
		next: `${didYouMean(
			name,
			[...services, ...foreign].flatMap(one => [one.name, ...one.also]),
		)} boxwizard ${action} HOST lists what is boxwizard’s, boxwizard status HOST all else.`,
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
