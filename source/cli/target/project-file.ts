import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {isScalar, parseDocument} from 'yaml';
import {writeProjectFile} from '../../answers/answers-file.ts';
import {Trouble} from '../../contract/trouble.ts';
import {listJournals} from '../../state/journal.ts';
import {type JournalState, labelOf} from '../../state/journal-state.ts';
import {loginOf} from '../boxes/known-boxes.ts';
import {derivedOfApp} from '../plans/derived.ts';
import {note} from '../terminal/output.ts';

/** The file in a project's folder that says where its app runs, beside the answers. */
export const projectFile = 'boxwizard.yml';

/** Where an app runs, as the file in the current folder says it. */
export type Project = {
	/** Absolute. */
	readonly path: string;
	readonly host?: string;
	readonly app?: string;
};

/** The box that is meant, and the flags with the file's answers where it is the file that names the box. @throws Trouble where none is named */
export function withProject<Flags extends {readonly answers?: string}>(
	host: string | undefined,
	flags: Flags,
): {readonly host: string; readonly flags: Flags} {
	if (host !== undefined) return {host, flags};
	const project = readProject();
	if (project?.host === undefined) throw noHost(project);
	note(`${project.host}, as ${project.path} says.`);
	return {host: project.host, flags: {...flags, answers: flags.answers ?? project.path}};
}

/** Writes the file of an app that stands into a folder. One that is there stays as it is. */
export function writeProject(state: JournalState, app: string, folder = process.cwd()): void {
	const path = resolve(folder, projectFile);
	const section = state.apps[app];
	if (!section) return;
	if (existsSync(path)) {
		note(`${path} is there already, and was left as it is.`);
		return;
	}

	const {host, port} = loginOf(state);
	// Given out by the box itself: in another one they may be taken.
	const own = Object.keys(derivedOfApp([], undefined));
	const answers = Object.fromEntries(Object.entries(section.answers).filter(([name]) => !own.includes(name)));
	writeFileSync(path, writeProjectFile(hostText(host, port), section.kind, {app, ...answers}));
	note(`Wrote ${path}: in this folder, boxwizard deploy and its like need no host and no name.`);
}

const hostText = (host: string, port: number): string => {
	const name = host.includes(':') && port !== 22 ? `[${host}]` : host;
	return port === 22 ? name : `${name}:${port}`;
};

/** The Trouble of a command that names no box, in a folder that names none either. */
export function noHost(project: Project | undefined): Trouble {
	const names = listJournals().map(journal => labelOf(journal.read()));
	return new Trouble({
		what: 'Which box?',
		means:
			project === undefined
				? `No host is named, and there is no ${projectFile} in this folder. Nothing was done.`
				: `No host is named, and ${project.path} has no line “host: …”. Nothing was done.`,
		next:
			names.length === 0
				? 'Name it after the command. To set one up: boxwizard setup root@HOST'
				: 'Name it after the command. This machine knows:',
		evidence: names,
		code: 'which-box',
	});
}

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
