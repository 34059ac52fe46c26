import {asApp, pathsOf, searchPath} from '../folders/paths.ts';

/** Has a shell read the variables of an app first: for what follows it, as its arguments. */
export const withVariables = 'set -a; . "$0"; set +a; exec "$@"';

/** Words before a program of the app, which its own user runs in a folder of a release with the app's variables. */
export function inApp(app: string, release: string, folder: string): string[] {
	const {processEnvironment} = pathsOf(app);
	const path = `PATH=${searchPath(release)}`;
	return [...asApp(app, folder), path, '/bin/sh', '-c', withVariables, processEnvironment];
}
