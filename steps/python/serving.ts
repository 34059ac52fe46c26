import {pathsOf} from '../folders/paths.ts';
import {type Place, startFolder} from '../folders/startFolder.ts';
import {type Program, shellWords} from '../process/program.ts';
import {type Slot, slotPort, slotProgram, slotRelease} from '../process/slots.ts';
import {startSettings} from './startSettings.ts';

/** The answers that say what serves an app. */
export type ServingAnswers = Place & {
	readonly app: string;
	readonly entry: string;
	readonly flaskApp: string;
	readonly serverInterface: 'wsgi' | 'asgi' | 'http';
	readonly start: string;
	readonly appPort: number;
	readonly secondPort: number;
	readonly workers: number;
};

type OwnServerAnswers = Pick<ServingAnswers, 'serverInterface' | 'entry' | 'flaskApp' | 'start'>;

/** Whether it listens by itself: it says so, or has a command and nothing that a server could load. */
export function servesItself({serverInterface, entry, flaskApp, start}: OwnServerAnswers): boolean {
	if (serverInterface === 'http') return true;
	return start !== '' && ((entry === '' && flaskApp === '') || /\s--paste\b/.test(start));
}

export const gunicornSettingsPath = (app: string) => `${pathsOf(app).shared}/gunicorn.conf.py`;

/** Files that the server reads at its start. */
export function filesRead(answers: ServingAnswers): string[] {
	const {processEnvironment} = pathsOf(answers.app);
	return [processEnvironment, ...(servesItself(answers) ? [] : [gunicornSettingsPath(answers.app)])];
}

/** The app's server in a slot. @param target what gunicorn loads: 'shop:create_app()' */
export function serverProgram(target: string, answers: ServingAnswers, slot: Slot): Program {
	const {app, start} = answers;
	const release = slotRelease(app, slot);
	const port = slotPort(answers, slot);
	const folder = startFolder(release, answers);
	const own = servesItself(answers);
	const gunicorn = [`${release}/venv/bin/python`, '-m', 'gunicorn', '--config', gunicornSettingsPath(app)];
	return {
		name: slotProgram(app, slot),
		app,
		description: own ? app : `${app}, served by gunicorn`,
		words: own
			? // Their own word counts, whatever the app's variables say.
				['/usr/bin/env', `PORT=${port}`, 'HOST=127.0.0.1', ...shellWords(start)]
			: [...gunicorn, '--chdir', folder, '--bind', `127.0.0.1:${port}`, target],
		folder,
		slot,
		notifies: !own,
	};
}

/**
 * gunicorn's settings (https://docs.gunicorn.org/en/stable/settings.html). Named on its command line, they stand in the place of a
 * gunicorn.conf.py of the repository's, which may have it listen elsewhere or leave its process manager (`daemon`).
 * @param automatic workers, where the answers leave the number open
 */
export function gunicornSettings(automatic: number, answers: ServingAnswers): string {
	const {workers, serverInterface, start} = answers;
	return [
		"# gunicorn's settings for this app (https://docs.gunicorn.org/en/stable/settings.html)",
		`workers = ${workers === 0 ? automatic : workers}`,
		"worker_tmp_dir = '/dev/shm'",
		...(serverInterface === 'asgi' ? ["worker_class = 'uvicorn_worker.UvicornWorker'"] : []),
		...startSettings(start, serverInterface === 'asgi'),
		'',
	].join('\n');
}
