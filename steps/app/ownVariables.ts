import {joinLines, plainText, Secret} from '../../source/contract/secret.ts';
import type {AppSettings, Setting} from '../../source/contract/settings.ts';
import type {Probe} from '../../source/contract/step.ts';
import {pathsOf} from '../folders/paths.ts';
import {dotenvLine, dotenvRefuses, parseDotenv, type Variable} from '../reading/dotenv.ts';
import {filledMark, furtherMark} from './secretOptions.ts';

/** The variables of an app's .env, in their order. */
export type Settings = {
	/** By boxwizard: nobody else writes them. */
	readonly written: readonly Variable[];
	/** By boxwizard, for as long as the person has none of that name. */
	readonly filled: readonly Variable[];
	/** The person's. */
	readonly own: readonly Variable[];
};

/** A command (root) that prints an app's .env in base64: no byte of it is lost on the way. '' where there is none. */
export function readSettingsScript(app: string): string {
	return `base64 < ${pathsOf(app).environment}`;
}

/** The variables of an app, as its .env file has them, for a form. One round trip. */
export async function readSettings($: Probe, app: string): Promise<AppSettings> {
	const {environment: file} = pathsOf(app);
	const settings = settingsIn(await $`cat ${file}`);
	return {
		file,
		own: [...settings.written, ...settings.filled].map(asSetting),
		further: settings.own.map(asSetting),
		read(text) {
			const {variables, wrong} = parseDotenv(text);
			return variables.length === 1 && wrong.length === 0 ? variables[0] : undefined;
		},
		problem: (name, value) => refusedName(name, settings) ?? refusedValue(value),
	};
}

const asSetting = ({name, value}: Variable): Setting => ({name, value: new Secret(value)});

/** Reads a .env that boxwizard wrote: what stands below its mark is the person's. Pure. */
export function settingsIn(text: string): Settings {
	const [byBoxwizard, own] = splitAt(text.split('\n'), furtherMark);
	const [written, filled] = splitAt(byBoxwizard, filledMark);
	return {
		written: parseDotenv(written.join('\n')).variables,
		filled: parseDotenv(filled.join('\n')).variables,
		own: parseDotenv(own.join('\n')).variables,
	};
}

/** The lines above a mark and those below it. */
function splitAt(lines: readonly string[], mark: string): [string[], string[]] {
	const at = lines.indexOf(mark);
	return at === -1 ? [[...lines], []] : [lines.slice(0, at), lines.slice(at + 1)];
}

/** Why a name can't be one of the person's own; undefined where it can. */
export function refusedName(name: string, {written}: Settings): string | undefined {
	if (!/^[A-Za-z_]\w*$/.test(name)) return 'A name is letters, digits and _, and starts with no digit';
	return written.some(variable => variable.name === name) ? `${name} is written by boxwizard itself` : undefined;
}

/** Why a value can't stand in a .env; undefined where it can. */
export const refusedValue = dotenvRefuses;

/** With that variable at that value: in its place where it is there, else last. */
export function withVariable(own: readonly Variable[], name: string, value: string): Variable[] {
	const isThere = own.some(variable => variable.name === name);
	return isThere ? own.map(variable => (variable.name === name ? {name, value} : variable)) : [...own, {name, value}];
}

/** The person's own variables as the lines of a .env: the answer “environment”. */
export function ownText(own: readonly Variable[]): Secret {
	const lines = joinLines(own.map(({name, value}) => dotenvLine(name, new Secret(value))));
	return new Secret(plainText(lines).replace(/\n$/, ''));
}

/** What a change does to them, by names alone. */
export type Change = {readonly name: string; readonly does: 'added' | 'changed' | 'removed'};

/** Compares the person's own variables before and after. */
export function changesBetween(before: readonly Variable[], after: readonly Variable[]): Change[] {
	const valueIn = (variables: readonly Variable[], name: string) => variables.find(one => one.name === name)?.value;
	const names = [...new Set([...before, ...after].map(({name}) => name))];
	return names.flatMap((name): Change[] => {
		const [old, now] = [valueIn(before, name), valueIn(after, name)];
		if (old === now) return [];
		return [{name, does: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed'}];
	});
}
