import {parse} from 'smol-toml';

export type Table = Readonly<Record<string, unknown>>;

/** A TOML file as plain objects; undefined where it is broken. */
export function readToml(text: string | undefined): Table | undefined {
	if (text === undefined) return undefined;
	try {
		return parse(text);
	} catch {
		return undefined;
	}
}

/** A JSON file as plain objects; undefined where it is broken or no object. */
export function readJson(text: string | undefined): Table | undefined {
	if (text === undefined) return undefined;
	try {
		return tableOf(JSON.parse(text));
	} catch {
		return undefined;
	}
}

export function tableOf(value: unknown): Table | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : undefined;
}

/** What stands at a path of names; undefined where the way breaks off. */
export function at(value: unknown, ...names: readonly string[]): unknown {
	let found: unknown = value;
	for (const name of names) found = tableOf(found)?.[name];
	return found;
}

export function textAt(value: unknown, ...names: readonly string[]): string | undefined {
	const found = at(value, ...names);
	return typeof found === 'string' ? found : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

export function textsOf(value: unknown): string[] {
	return listOf(value).filter(item => typeof item === 'string');
}
