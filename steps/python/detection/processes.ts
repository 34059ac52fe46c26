import type {DetectedProcess, Tree} from '../../../source/contract/detection.ts';
import {developmentServer, procfile, statedStarts} from '../../reading/commands.ts';
import {callsIn} from '../../reading/tokens.ts';
import type {Django} from './django.ts';
import {originOf, type PythonFile} from './project.ts';
import {arq, celery, dramatiq, huey, rq} from './workers.ts';

/** What runs beside the web server: what the repository says, else what the code shows. */
export function readProcesses(
	tree: Tree,
	files: readonly PythonFile[],
	names: ReadonlySet<string>,
	django: Django | undefined,
): DetectedProcess[] {
	const stated = statedProcesses(tree);
	const found = [
		celery(files),
		rq(files, names, django),
		dramatiq(files, names, django),
		huey(files, names, django),
		arq(files),
		schedulers(files, names),
	].flat();
	// Who names workers names all of them.
	return [...stated, ...found.filter(one => !stated.some(({role}) => role === one.role))];
}

/** Where commands are run: those of the repository stand at its top, and modules are named from the folder that the app is started in. */
export function inWorkingFolder(process: DetectedProcess, folder: string | undefined): DetectedProcess {
	if (!folder) return process;
	const [path, module] = [`${folder}/`, `${folder.replaceAll('/', '.')}.`];
	const words = process.command
		.split(' ')
		.map(word =>
			word.startsWith(path) ? word.slice(path.length) : word.startsWith(module) ? word.slice(module.length) : word,
		);
	return {...process, command: words.join(' ')};
}

/** What only helps who develops: `make watch-scss`, `npm run dev`, `tailwindcss --watch`. */
function isWatcher(command: string): boolean {
	return developmentServer(command) !== undefined || /(?:^|[\s:-])watch(?:$|[\s:-])/.test(command);
}

/** All lines of a Procfile but `web`, and workers that other platforms' files name. */
function statedProcesses(tree: Tree): DetectedProcess[] {
	const lines = statedStarts(tree).filter(({process, command}) => process !== 'web' && !isWatcher(command));
	const known = procfile(tree).length > 0 ? lines.filter(({where}) => where.startsWith('Procfile')) : lines;
	return known.map(({process, command, where}) => ({
		name: process,
		role:
			process === 'release'
				? 'release'
				: /\bbeat\b|clock|cron|schedul/i.test(`${process} ${command}`)
					? 'scheduler'
					: 'worker',
		command,
		because: `${where} says so`,
	}));
}

/** A file that runs APScheduler (or schedule) by itself is a process of its own. */
function schedulers(files: readonly PythonFile[], names: ReadonlySet<string>): DetectedProcess[] {
	const origin =
		names.has('apscheduler') || names.has('schedule')
			? /^(?:apscheduler\.schedulers\.blocking\.BlockingScheduler|schedule\.run_pending)$/
			: undefined;
	const file =
		origin &&
		files.find(one =>
			one.statements.some(({tokens}) => callsIn(tokens).some(({name}) => origin.test(originOf(one, name)))),
		);
	return file
		? [
				{
					name: 'scheduler',
					role: 'scheduler',
					command: `python ${file.path}`,
					because: `${file.path} runs a scheduler of its own`,
				},
			]
		: [];
}

/** Whether the web app starts a scheduler inside itself: each worker of a server would run every job. */
export function schedulerInside(
	files: readonly PythonFile[],
): {readonly path: string; readonly line: number} | undefined {
	for (const file of files) {
		for (const {tokens} of file.statements) {
			const call = callsIn(tokens).find(({name}) =>
				/^(?:apscheduler\.schedulers\.(?:background|asyncio)\.\w+Scheduler|flask_apscheduler\.APScheduler)$/.test(
					originOf(file, name),
				),
			);
			if (call) return {path: file.path, line: call.line};
		}
	}

	return undefined;
}
