import {existsSync, readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {isScalar, parseDocument} from 'yaml';
import {Trouble} from '../../contract/trouble.ts';

/** The file in a project's folder that says where its app runs, beside the answers. */
export const projectFile = 'boxwizard.yml';

/** Where an app runs, as the file in the current folder says it. */
export type Project = {
	/** Absolute. */
	readonly path: string;
	readonly host?: string;
	readonly app?: string;
};

/** Bytes; an honest file has a few thousand. */
const largest = 64 * 1024;

/** The project file of a folder; undefined where there is none. @throws Trouble where its host or app can't be read */
export function readProject(folder = process.cwd()): Project | undefined {
	const path = resolve(folder, projectFile);
	if (!existsSync(path)) return undefined;
	const text = readText(path);
	if (text.length > largest) throw strange(path, 'It is larger than 64 KB.');
	let document: ReturnType<typeof parseDocument>;
	try {
		document = parseDocument(text, {prettyErrors: false, logLevel: 'error'});
	} catch {
		throw strange(path, 'It is nested too deeply.');
	}

	const [error] = document.errors;
	if (error) throw strange(path, error.message.split('\n')[0] ?? '');
	const host = textOf(document, 'host', path);
	const app = textOf(document, 'app', path);
	return {path, ...(host !== undefined && {host}), ...(app !== undefined && {app})};
}

function textOf(document: ReturnType<typeof parseDocument>, name: string, path: string): string | undefined {
	const node = 'get' in document ? document.get(name, true) : undefined;
	if (node === undefined || node === null) return undefined;
	const value = isScalar(node) ? node.value : undefined;
	if (value === null) return undefined;
	if (typeof value === 'string' && /^[^\s\p{Cc}]+$/u.test(value) && !value.startsWith('-')) return value;
	throw strange(path, `“${name}” is no name.`);
}

function readText(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		throw strange(path, error instanceof Error ? error.message : String(error));
	}
}

function strange(path: string, evidence: string): Trouble {
	return new Trouble({
		what: `${path} can’t be read.`,
		means: 'It would say which box and which app are meant. Nothing was done.',
		next: 'Mend it, or name the host: then the file is not needed.',
		evidence: [evidence],
		code: 'project-file',
	});
}
