import {parse, TomlError} from 'smol-toml';

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

/** Where a TOML or JSON file is broken, and how; undefined where it is whole. */
export function faultIn(path: string, text: string): {readonly line: number; readonly says: string} | undefined {
	try {
		if (/\.(?:json|lock)$/.test(path) && text.trimStart().startsWith('{')) JSON.parse(text);
		else parse(text);
		return undefined;
	} catch (error) {
		const says = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
		return {line: error instanceof TomlError ? error.line : 1, says: says.replace(/^Invalid TOML document: /, '')};
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
