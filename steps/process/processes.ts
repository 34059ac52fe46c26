import {z} from 'zod';
import {defineStep, type Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {pathsOf} from '../folders/paths.ts';
import {type Place, startFolder} from '../folders/startFolder.ts';
import {folder, processes as processesOption, workingFolder} from '../options/detectedOptions.ts';
import {options} from '../options/shared.ts';
import {refuseForeign} from './foreignPrograms.ts';
import {install, isInstalled, type ProgramFacts, readProgram, uninstall} from './processManager.ts';
import {longestJob, type ProcessManager, type Program, shellWords} from './program.ts';
import {processesOf, processName, workerOf} from './programs.ts';
import {slotProgram} from './slots.ts';
import {proveStaysUp} from './staysUp.ts';

/** What an app keeps running beside its server: workers of its jobs, their clocks, and whatever else it names. */
export const processes = defineStep({
	id: 'process/processes',
	title: 'More programs',
	why: 'Workers and other programs of the app run beside its server, with the same settings. Each is started at boot and again whenever it dies, and a new version starts it anew once it has finished the job it is at.',
	needs: ['services/redis', 'services/supervisor', 'app/switchRelease', 'app/migrations'],
	options: z.object({
		app: options.app,
		queue: options.queue,
		supervisor: options.supervisor,
		sites: options.sites,
		folder,
		workingFolder,
		processes: processesOption,
	}),
	wanted: ({processes}) => Object.keys(processes).length > 0,
	clears: true,
	async check($, answers) {
		const {app, supervisor, processes, sites} = answers;
		const names = processesOf(answers);
		const taken = [...besideServer(answers), ...sites.map(site => site.app)];
		const twice = names.find(name => taken.includes(name));
		if (twice !== undefined) throw nameTaken(twice.slice(app.length + 1), twice);
		await refuseForeign($, app, names);
		const [found, gone] = await Promise.all([
			Promise.all(
				Object.keys(processes).map(async name => {
					const files = [pathsOf(app).processEnvironment];
					return [name, await readProgram($, supervisor, {name: processName(app, name), app, files})] as const;
				}),
			),
			readGone($, answers),
		]);
		return {programs: Object.fromEntries(found), gone, named: names};
	},
	done: ({programs, gone}, answers) =>
		gone.length === 0 &&
		programsBy(answers).every(([name, program]) => {
			const facts = programs[name];
			return facts !== undefined && isInstalled(facts, answers.supervisor, program);
		}),
	apply($, {programs, gone}, answers) {
		for (const {manager, name} of gone) uninstall($, manager, name);
		for (const [name, program] of programsBy(answers)) {
			const facts = programs[name] ?? absent;
			if (!isInstalled(facts, answers.supervisor, program)) install($, facts, answers.supervisor, program);
		}
	},
	before: ({named}) => ({programs: {}, gone: [], named}),
	// All that were ever named: the answers may be others by now, and not brought about.
	beforeAgain: (first, {named}) => ({...first, named: [...new Set([...first.named, ...named])]}),
	undo($, {named}, answers) {
		for (const name of new Set([...named, ...processesOf(answers)])) uninstall($, answers.supervisor, name);
	},
	async verify($, answers) {
		await Promise.all(processesOf(answers).map(name => proveStaysUp($, answers.supervisor, name)));
	},
});

type Answers = Place & {readonly app: string; readonly processes: Readonly<Record<string, string>>};

const absent: ProgramFacts = {file: null, other: false, running: 'no'};

function programsBy(answers: Answers): [string, Program][] {
	const {app, processes} = answers;
	return Object.entries(processes).map(([name, command]) => [
		name,
		{
			name: processName(app, name),
			app,
			description: `${name} of ${app}`,
			words: shellWords(withSchedule(command)),
			folder: startFolder(pathsOf(app).current, answers),
			after: 'redis-server.service',
			notifies: false,
			finishes: longestJob,
		},
	]);
}

/** The clock of celery notes in a file what it has given out, in its working directory if not told otherwise: nothing can be written there. */
function withSchedule(command: string): string {
	const isClock = /\bcelery\b.*\s(?:beat|-B|--beat)(?:\s|$)/.test(command);
	return isClock && !/\s(?:-s|--schedule|-S|--scheduler)\b/.test(command)
		? `${command} --schedule "$HOME/celerybeat-schedule"`
		: command;
}

/** Names beside the app's own that boxwizard gives its programs. */
function besideServer({app, queue}: {readonly app: string; readonly queue: string}): string[] {
	return [slotProgram(app, 'second'), ...(queue === '' ? [] : [workerOf(app)])];
}

/** Programs of the app that the answers name no more, under either manager: they read its variables, and no other app's would. */
async function readGone(
	$: Probe,
	answers: Answers & {queue: string},
): Promise<{manager: ProcessManager; name: string}[]> {
	const {app} = answers;
	const named = new Set([...processesOf(answers), ...besideServer(answers)]);
	const {processEnvironment} = pathsOf(app);
	const [units, supervised] = await Promise.all([
		$`grep -LFx Type=oneshot /dev/null $(grep -lsFx ${`EnvironmentFile=${processEnvironment}`} /etc/systemd/system/${app}-*.service)`,
		$`grep -lsF ${` ${processEnvironment} `} /etc/supervisor/conf.d/${app}-*.conf`,
	]);
	const among = (manager: ProcessManager, paths: string) =>
		paths
			.split('\n')
			.map(path => ({manager, name: path.replace(/^.*\//, '').replace(/\.(?:service|conf)$/, '')}))
			.filter(({name}) => name.startsWith(`${app}-`) && !named.has(name));
	return [...among('systemd', units), ...among('supervisor', supervised)];
}

function nameTaken(name: string, full: string): Trouble {
	return new Trouble({
		what: `A program of the app can’t be called “${name}”.`,
		means: `On the box it would be ${full}, and that is what another program is called already.`,
		next: 'Give it another name under “More programs”. Then try again.',
		code: 'program-name-taken',
	});
}
