import {isIP} from 'node:net';
import {parseTarget} from '../../transport/target.ts';
import {journalOf} from '../boxes/known-boxes.ts';
import {note} from '../terminal/output.ts';
import {noHost, readProject} from './project-file.ts';

/** Which box, and which of its apps, a command is about. */
export type Place = {
	readonly host: string;
	/** Undefined where none is named: then it is the only one, or all are meant. */
	readonly app?: string;
	/** The file that says so, where one was used. Absolute. */
	readonly file?: string;
};

/**
 * The box that is meant, and the app: as they are named on the command line, else as `boxwizard.yml` in the current folder
 * says. One word that names no known box is the app of the file's box. The file that was used is told on stderr.
 * @throws Trouble where no box is named anywhere
 */
export function placeOf(host: string | undefined, app: string | undefined, folder?: string): Place {
	const {word, app: ofFile, ...place} = wordsOf(host, app, folder);
	const named = word ?? ofFile;
	return {...place, ...(named !== undefined && {app: named})};
}

/** As `placeOf`, for a command whose second word may be something else: a step, a service. */
export function wordsOf(
	host: string | undefined,
	word: string | undefined,
	folder?: string,
): Place & {readonly word?: string} {
	if (host !== undefined && word !== undefined) return {host, word};
	if (host !== undefined && (isKnown(host) || isAddress(host))) return {host};
	const project = readProject(folder);
	if (project?.host === undefined) {
		if (host !== undefined) return {host};
		throw noHost(project);
	}

	const {path, host: named, app} = project;
	note(`${app === undefined || host !== undefined ? '' : `${app} on `}${named}, as ${path} says.`);
	return {host: named, file: path, ...(host !== undefined && {word: host}), ...(app !== undefined && {app})};
}

/** Whether a word is written as nothing but an address is: no app, step or service is called so, and of programs only units are. */
function isAddress(word: string): boolean {
	if (word.includes('@') || isIP(word) !== 0 || /^[\w.[\]:-]+:\d+$/.test(word)) return true;
	return /^[\w-]+(\.[\w-]+)+$/.test(word) && !word.endsWith('.service');
}

/** Whether a word names a box that this machine has a journal of. */
export function isKnown(word: string): boolean {
	try {
		return journalOf(parseTarget(word)) !== undefined;
	} catch {
		return false;
	}
}
