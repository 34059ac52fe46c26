import {basicVariables, withVariables} from '../process/program.ts';

/** Words before a program of the app, which its own user runs in a folder of a release as its process manager would: with the same variables. */
export function inApp(app: string, release: string, folder: string): string[] {
	const variables = Object.entries(basicVariables(app, release)).map(([name, value]) => `${name}=${value}`);
	return ['runuser', '-u', app, '--', 'env', '-C', folder, ...variables, ...withVariables(app)];
}
