import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep, type FileFact} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {folder, start, workingFolder} from '../options/app.ts';
import {options} from '../options/shared.ts';
import {appPort} from '../process/appPort.ts';
import {readMemory} from '../process/memory.ts';
import {install, isInstalled, readProgram, uninstall} from '../process/processManager.ts';
import {proveServed} from '../process/proof.ts';
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
	why: 'gunicorn runs the app in several workers, as its own user, on this box only; an app with a server of its own is started by its command. It comes up at boot, and again whenever it dies.',
	needs: ['services/supervisor', 'app/switchRelease', 'app/migrations', 'app/translations'],
	options: z.object({
		app: options.app,
		domain: options.domain,
		aliases: options.aliases,
		supervisor: options.supervisor,
		...targetOptions,
		appPort,
		workers: z.number().int().min(0).max(64).default(0).meta({
			title: 'Workers',
			description: 'How many requests are answered at once. 0: as many as processors and memory allow.',
			detail: true,
		}),
	}),
	async check($, answers) {
		const {app, supervisor, start} = answers;
		if (servesItself(answers) && start === '') throw noCommand();
		const [target, size, settings, program] = await Promise.all([
			readTarget($, answers),
			Promise.all([$`nproc`, readMemory($)]),
			$.file(gunicornSettingsPath(app)),
			readProgram($, supervisor, {
				name: app,
				app,
				files: filesRead(answers),
				...(!servesItself(answers) && {
					loader: 'venv/lib/python3*/site-packages/{gunicorn,uvicorn,uvicorn_worker,gevent,eventlet}-*',
				}),
			}),
		]);
		const [cores, memory] = size;
		return {wsgi: target, automatic: workersFor(Number(cores), memory), settings, program};
	},
	done: (facts, answers) =>
		hasSettings(facts, answers) && isInstalled(facts.program, answers.supervisor, serverProgram(facts.wsgi, answers)),
	apply($, facts, answers) {
		const changed = !hasSettings(facts, answers);
		if (changed) $.file(gunicornSettingsPath(answers.app), gunicornSettings(facts.automatic, answers));
		const running = changed && facts.program.running !== 'no' ? 'stale' : facts.program.running;
		install($, {...facts.program, running}, answers.supervisor, serverProgram(facts.wsgi, answers));
	},
	undo($, _before, {app, supervisor}) {
		uninstall($, supervisor, app);
		$.restore(gunicornSettingsPath(app));
	},
	async verify($, {app, supervisor, domain, aliases, appPort}) {
		await proveServed($, {app, manager: supervisor, port: appPort, names: [domain, ...aliases]});
	},
});

/** What gunicorn loads: as it is answered, else as `flask` finds it; '' for an app that listens by itself. */
export async function readTarget($: Parameters<typeof readFlaskApp>[0], answers: TargetAnswers): Promise<string> {
	if (servesItself(answers)) return '';
	if (answers.entry !== '') return answers.entry;
	return (await readFlaskApp($, answers.app, answers.flaskApp, answers)).wsgi;
}

type TargetAnswers = Omit<ServingAnswers, 'appPort' | 'workers'>;

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
