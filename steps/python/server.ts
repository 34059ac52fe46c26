import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep, type FileFact} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {beside, folder, pages, patience, processes, start, workingFolder} from '../options/detectedOptions.ts';
import {options} from '../options/shared.ts';
import {appPort, secondPort} from '../process/appPort.ts';
import {refuseForeign} from '../process/foreignPrograms.ts';
import {readMemory} from '../process/memory.ts';
import {
	bringBackConfiguration,
	configurationPath,
	install,
	isInstalled,
	otherConfigurations,
	otherManager,
	type ProgramFacts,
	readRunning,
	uninstall,
	writeConfiguration,
} from '../process/processManager.ts';
import type {ProcessManager} from '../process/program.ts';
import {programsOf} from '../process/programs.ts';
import {proveServed} from '../process/proof.ts';
import {settleNow} from '../process/settle.ts';
import {
	lingers,
	otherSlot,
	readLiveSlot,
	readSlots,
	type Slot,
	type SlotPorts,
	settlerOf,
	slotPort,
	slotProgram,
	slots,
} from '../process/slots.ts';
import {
	type Beside,
	explainRefusal,
	goBack,
	layOutSlots,
	replaceInPlace,
	type SwitchOver,
	switchOver,
} from '../process/switchOver.ts';
import {flaskAppOption, readFlaskApp} from './flaskApp.ts';
import {entry, serverInterface} from './options.ts';
import {
	filesRead,
	gunicornSettings,
	gunicornSettingsPath,
	type ServingAnswers,
	serverProgram,
	servesItself,
} from './serving.ts';

/** Answers that say what is served. */
export const targetOptions = {folder, entry, serverInterface, workingFolder, start, flaskApp: flaskAppOption};

/** The app, served on the loopback: by gunicorn, or by a server of its own. */
export const web = defineStep({
	id: 'process/web',
	title: 'App server',
	why: 'gunicorn runs the app in several workers, as its own user, on this box only; an app with a server of its own is started by its command. It comes up at boot, and again whenever it dies. A new version starts beside the one that runs, and takes over once it answers.',
	needs: ['services/supervisor', 'app/switchRelease', 'app/migrations', 'app/translations'],
	switches: true,
	options: z.object({
		app: options.app,
		domain: options.domain,
		aliases: options.aliases,
		supervisor: options.supervisor,
		queue: options.queue,
		processes,
		...targetOptions,
		appPort,
		secondPort,
		pages,
		patience,
		beside,
		workers: z.number().int().min(0).max(64).default(0).meta({
			title: 'Workers',
			description: 'How many requests are answered at once. 0: as many as processors and memory allow.',
			detail: true,
		}),
	}),
	async check($, answers) {
		const {app, supervisor, start} = answers;
		if (servesItself(answers) && start === '') throw noCommand();
		const [target, cores, memory, settings, state, files, running] = await Promise.all([
			readTarget($, answers),
			$`nproc`,
			readMemory($),
			$.file(gunicornSettingsPath(app)),
			readSlots($, app, otherConfigurations(supervisor, app)),
			Promise.all(slots.map(slot => $.file(configurationPath(supervisor, slotProgram(app, slot))))),
			readRunning(
				$,
				supervisor,
				slots.map(slot => ({name: slotProgram(app, slot), app, slot, files: filesRead(answers)})),
			),
		]);
		const names = slots.map(slot => slotProgram(app, slot));
		if (!state.isLaidOut) await refuseForeign($, app, names);
		const {isElsewhere, verdict: _, ...slotsState} = state;
		const [first, second] = slots.map(
			(slot, index): ProgramFacts => ({
				file: files[index] ?? null,
				other: isElsewhere[slot],
				running: running[index] ?? 'no',
			}),
		) as [ProgramFacts, ProgramFacts];
		const automatic = workersFor(Number(cores), memory);
		return {wsgi: target, automatic, settings, ...slotsState, programs: {first, second}};
	},
	done: (facts, answers) =>
		hasSettings(facts, answers) &&
		facts.isLaidOut &&
		facts.prepared === '' &&
		isInstalled(facts.programs[facts.live], answers.supervisor, serverProgram(facts.wsgi, answers, facts.live)) &&
		!facts.programs[otherSlot(facts.live)].other &&
		!lingers(facts),
	apply($, facts, answers) {
		const {live, prepared, release, programs} = facts;
		const {supervisor} = answers;
		if (!hasSettings(facts, answers))
			$.file(gunicornSettingsPath(answers.app), gunicornSettings(facts.automatic, answers));
		if (!facts.isLaidOut) layOutSlots($, answers.app);
		const program = (slot: Slot) => serverProgram(facts.wsgi, answers, slot);
		if (!facts.isRouted && prepared !== '') replaceInPlace($, answers.app, live, prepared);
		const ofApp = slotsOf(answers);
		const isElsewhere = slots.some(slot => programs[slot].other);
		if (!facts.isRouted || isElsewhere || (prepared === '' && programs[live].running === 'no')) {
			const running = programs[live].running === 'no' ? 'no' : 'stale';
			install($, {...programs[live], running}, supervisor, program(live));
			if (programs[otherSlot(live)].other)
				uninstall($, otherManager(supervisor), slotProgram(answers.app, otherSlot(live)));
			if (lingers(facts)) settleNow($, ofApp);
			return;
		}

		if (prepared === '' && hasSettings(facts, answers) && isInstalled(programs[live], supervisor, program(live))) {
			settleNow($, ofApp);
			return;
		}

		const to = otherSlot(live);
		switchOver($, {...ofApp, from: live, release: prepared || release}, () =>
			writeConfiguration($, programs[to], supervisor, program(to)),
		);
	},
	undo($, _before, {app, supervisor}) {
		$`systemctl stop ${settlerOf(app)} 2> /dev/null || true`;
		for (const slot of slots) uninstall($, supervisor, slotProgram(app, slot));
		$.restore(gunicornSettingsPath(app));
	},
	abandon($, {live, release, wsgi}, answers) {
		// Under supervisor its configuration may be gone by now.
		goBack($, {...slotsOf(answers), from: live, release}, () =>
			bringBackConfiguration($, answers.supervisor, serverProgram(wsgi, answers, live)),
		);
	},
	explain: explainRefusal,
	async verify($, {app, supervisor, domain, aliases, appPort, secondPort, pages}) {
		const live = await readLiveSlot($, app);
		await proveServed($, {
			app,
			program: slotProgram(app, live),
			manager: supervisor,
			port: slotPort({appPort, secondPort}, live),
			names: [domain, ...aliases],
			pages: ['/', ...pages],
		});
	},
});

type SlotAnswers = SlotPorts & {
	readonly app: string;
	readonly domain: string;
	readonly aliases: readonly string[];
	readonly supervisor: ProcessManager;
	readonly queue: string;
	readonly processes: Readonly<Record<string, string>>;
	readonly pages: readonly string[];
	readonly patience: number;
	readonly beside: Beside;
};

/** What the answers say of the slots, and of how a new version is tried. */
function slotsOf(answers: SlotAnswers): Omit<SwitchOver, 'from' | 'release'> {
	const {app, supervisor, appPort, secondPort, domain, aliases, pages, patience, beside} = answers;
	return {
		app,
		manager: supervisor,
		ports: {appPort, secondPort},
		programs: programsOf(answers).filter(name => name !== app),
		names: [domain, ...aliases],
		pages: ['/', ...pages],
		patience,
		beside,
	};
}

/** What gunicorn loads: as it is answered, else as `flask` finds it; '' for an app that listens by itself. */
export async function readTarget($: Parameters<typeof readFlaskApp>[0], answers: TargetAnswers): Promise<string> {
	if (servesItself(answers)) return '';
	if (answers.entry !== '') return answers.entry;
	return (await readFlaskApp($, answers.app, answers.flaskApp, answers)).wsgi;
}

type TargetAnswers = Omit<ServingAnswers, 'appPort' | 'secondPort' | 'workers'>;

function hasSettings({settings, automatic}: {settings: FileFact | null; automatic: number}, answers: ServingAnswers) {
	return servesItself(answers) || fileIs(settings, gunicornSettings(automatic, answers));
}

/** gunicorn's own advice, (2 x cores) + 1, as far as memory goes: 120 MB each beside 300 MB for the rest. */
function workersFor(cores: number, megabytes: number): number {
	return Math.max(2, Math.min(2 * cores + 1, Math.floor((megabytes - 300) / 120), 17));
}

function noCommand(): Trouble {
	return new Trouble({
		what: 'The app listens by itself, and nothing says how it is started.',
		means: 'Its interface is “http”, and its start command is empty.',
		next: 'Answer “Start command” with what starts its web server, such as `python serve.py --port $PORT`. Then try again.',
		code: 'no-start-command',
	});
}
