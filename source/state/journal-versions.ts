import {Trouble} from '../contract/trouble.ts';
import {intoApps} from './into-apps.ts';
import type {JournalState} from './journal-state.ts';
import {onePackageStep} from './one-package-step.ts';
import {renameSteps} from './renamed-steps.ts';
import {spellOutSupervisor} from './supervisor-answer.ts';

/** A journal as it stands in its file, of whatever version. */
export type RawJournal = Readonly<Record<string, unknown>>;

/** Makes a journal of one version into one of the next. Pure. */
export type Migration = (raw: RawJournal) => RawJournal;

/**
 * The way from each version to the next, oldest first: the first one leads from version 0 to 1. A new version is a new
 * last line here, and nothing else.
 */
export const migrations: readonly Migration[] = [
	// A journal without a version, of before there was one: what was left out then is spelled out.
	raw => ({user: 'root', answers: {}, leftOut: [], steps: {}, ...raw, version: 1}),
	// A box of one app: what is the app's goes to the app.
	intoApps,
	// Steps that have other names.
	renameSteps,
	// Two steps that installed packages: what both brought is of one.
	onePackageStep,
	// What keeps programs running where nobody says so is another one.
	spellOutSupervisor,
];

/** The version a journal has in its file; 0 where none stands in it. */
export function versionOf(raw: RawJournal): number {
	return raw.version === undefined ? 0 : typeof raw.version === 'number' ? raw.version : Number.NaN;
}

/**
 * A journal in the newest form.
 * @throws SyntaxError where it is damaged, Trouble where a newer boxwizard wrote it
 */
export function upToDate(raw: RawJournal, path: string, ways: readonly Migration[] = migrations): JournalState {
	const version = versionOf(raw);
	if (!Number.isInteger(version) || version < 0) throw new SyntaxError('version is no whole number');
	if (version > ways.length) throw newer(path, version, ways.length);
	const lifted = ways.slice(version).reduce((state, way) => way(state), raw);
	return wellFormed(lifted, ways.length);
}

/** conf's own check, by JSON schema, takes longer than all else that happens with a journal. @throws SyntaxError */
function wellFormed(raw: RawJournal, newest: number): JournalState {
	const {version, host, port, user, box, apps} = raw;
	const isPort = Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535;
	const faults = [
		version === newest ? [] : [`version is not ${newest}`],
		typeof host === 'string' ? [] : ['host is no text'],
		isPort ? [] : ['port is no port number'],
		typeof user === 'string' ? [] : ['user is no text'],
		faultsOf('box', box),
		isObject(apps) ? Object.entries(apps).flatMap(([name, app]) => faultsOf(name, app)) : ['apps is no object'],
	].flat();
	if (faults.length > 0) throw new SyntaxError(faults.join(', '));
	return raw as unknown as JournalState;
}

const isObject = (value: unknown): value is object =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function faultsOf(name: string, section: unknown): string[] {
	if (!isObject(section)) return [`${name} is no object`];
	const {answers, leftOut, steps} = section as Readonly<Record<string, unknown>>;
	const isList = Array.isArray(leftOut) && leftOut.every(id => typeof id === 'string');
	const hasSteps = isObject(steps) && Object.values(steps).every(isObject);
	return [
		isObject(answers) ? [] : [`answers of ${name} is no object`],
		isList ? [] : [`leftOut of ${name} is no list of steps`],
		hasSteps ? [] : [`steps of ${name} does not hold steps`],
	].flat();
}

function newer(path: string, version: number, newest: number): Trouble {
	return new Trouble({
		what: 'The journal of this box was written by a newer boxwizard.',
		means: `It has version ${version}, and this boxwizard knows up to ${newest}. It is kept as it is.`,
		next: `Take the newest: npx boxwizard@latest. Or move ${path} away and start again: the box itself says what is in place.`,
		evidence: [path],
		code: 'journal-newer',
	});
}
