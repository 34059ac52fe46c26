import {Secret} from '../../source/contract/secret.ts';
import type {AppSettings, Setting} from '../../source/contract/settings.ts';

/** The variables of an app under a person's hands. */
export type Settings = {
	readonly file: string;
	readonly own: readonly Setting[];
	readonly before: readonly Setting[];
	/** As they are to be. */
	readonly further: readonly Setting[];
	/** Of `own`, then `further`. */
	readonly row: number;
	/** Names whose values are shown. */
	readonly shown: ReadonlySet<string>;
};

/** The person's own are what one came for: the first of them is under the hand. */
export function settingsOf({file, own, further}: AppSettings): Settings {
	return {file, own, before: further, further, row: further.length > 0 ? own.length : 0, shown: new Set()};
}

export const rowsOf = ({own, further}: Settings): readonly Setting[] => [...own, ...further];

export const isOwn = ({own, row}: Settings): boolean => row < own.length;

/** Pure, as all of these. */
export function moved(settings: Settings, by: 1 | -1): Settings {
	const last = Math.max(0, rowsOf(settings).length - 1);
	return {...settings, row: Math.max(0, Math.min(last, settings.row + by))};
}

export function revealed(settings: Settings, name: string): Settings {
	const shown = new Set(settings.shown);
	if (!shown.delete(name)) shown.add(name);
	return {...settings, shown};
}

/** With this variable: in its place where it stands already, else as the last one, under the hand. */
export function withVariable(settings: Settings, name: string, value: string): Settings {
	const variable = {name, value: new Secret(value)};
	const at = settings.further.findIndex(one => one.name === name);
	const further = at === -1 ? [...settings.further, variable] : settings.further.with(at, variable);
	return {...settings, further, row: settings.own.length + (at === -1 ? further.length - 1 : at)};
}

export function withoutVariable(settings: Settings, name: string): Settings {
	const further = settings.further.filter(one => one.name !== name);
	return moved({...settings, further, row: settings.row + 1}, -1);
}

/** What saving would do, a few words each: 'adds API_KEY'. */
export function changesOf({before, further}: Settings): readonly string[] {
	const old = new Map(before.map(({name, value}) => [name, value.reveal()]));
	const names = new Set(further.map(({name}) => name));
	return [
		...further.flatMap(({name, value}) => {
			const was = old.get(name);
			if (was === undefined) return [`adds ${name}`];
			return was === value.reveal() ? [] : [`changes ${name}`];
		}),
		...before.filter(({name}) => !names.has(name)).map(({name}) => `drops ${name}`),
	];
}

/** A line as it is pasted or typed: NAME=value; undefined where it is none yet. */
export function splitVariable(text: string): {readonly name: string; readonly value: string} | undefined {
	const [, name, value] = /^\s*(?:export\s+)?([^=\s]+)\s*=(.*)$/s.exec(text) ?? [];
	return name === undefined || value === undefined ? undefined : {name, value: value.trim()};
}
