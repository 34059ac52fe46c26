import {Secret} from '../../source/contract/secret.ts';
import type {AppSettings, Setting} from '../../source/contract/settings.ts';
import type {Probe} from '../../source/contract/step.ts';
import {pathsOf} from '../folders/paths.ts';
import {dotenvRefuses, parseDotenv} from './dotenv.ts';
import {furtherMark} from './secretOptions.ts';

/** The variables of an app, as its .env file has them. One round trip. */
export async function readSettings($: Probe, app: string): Promise<AppSettings> {
	const {environment: file} = pathsOf(app);
	const lines = (await $`cat ${file}`).split('\n');
	const mark = lines.indexOf(furtherMark);
	const above = mark === -1 ? lines : lines.slice(0, mark);
	const own = settingsOf(above);
	const taken = new Set(own.map(({name}) => name));
	return {
		file,
		own,
		further: settingsOf(mark === -1 ? [] : lines.slice(mark + 1)),
		problem: (name, value) => problemOf(taken, name, value),
	};
}

function settingsOf(lines: readonly string[]): Setting[] {
	return parseDotenv(lines.join('\n')).variables.map(({name, value}) => ({name, value: new Secret(value)}));
}

function problemOf(taken: ReadonlySet<string>, name: string, value: string): string | undefined {
	if (!/^[A-Za-z_]\w*$/.test(name)) return 'A name has letters, digits and _, and does not begin with a digit';
	if (taken.has(name)) return `${name} comes from an answer of the set-up: change it in the plan`;
	return dotenvRefuses(value);
}
