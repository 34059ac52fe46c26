import {existsSync} from 'node:fs';
import {resolve} from '../../answers/answers.ts';
import {didYouMean} from '../../answers/nearest.ts';
import type {Catalogue} from '../../contract/kind.ts';
import {qualified} from '../../contract/step-id.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {KnownApp, KnownHost} from '../../contract/ui/known-host.ts';
import {calledFor} from '../../engine/called-for.ts';
import {
	type Journal,
	listJournals,
	openJournal,
	type UnreadableJournal,
	unreadableJournals,
} from '../../state/journal.ts';
import {type JournalState, labelOf, stepRecord} from '../../state/journal-state.ts';
import {parseTarget, type Target} from '../../transport/target.ts';
import {derivedOfBox} from '../plans/derived.ts';

/** What the journals of this machine say, those last seen first; without those that can't be read. */
export function knownStates(): JournalState[] {
	return listJournals().map(journal => journal.read());
}

/** The boxes of these journals; those of this machine that can't be read come last, with the reason. */
export function knownBoxes(catalogue: Catalogue, states = knownStates()): KnownHost[] {
	const readable = states.map(state => knownBox(state, catalogue));
	return [...readable, ...unreadableJournals().map(unreadableBox)];
}

function unreadableBox({host, port, path, trouble}: UnreadableJournal): KnownHost {
	const target = targetText('root', host, port);
	return {target, label: host, host, user: 'root', apps: [], done: 0, total: 0, unreadable: `${trouble.what} ${path}`};
}

/** What a list of boxes shows of one. @param now milliseconds */
export function knownBox(state: JournalState, catalogue: Catalogue, now = Date.now()): KnownHost {
	const {host, user, port} = loginOf(state);
	const apps = knownApps(state, catalogue, now);
	const [first] = apps;
	const label = labelOf(state);
	return {
		target: targetText(user, host, port),
		label,
		host,
		user,
		...(label !== host && {domain: label}),
		...(first && {kind: first.kind}),
		apps,
		...countSteps(state, catalogue),
		...stoppedAt(state, catalogue),
		...(state.lastSeen !== undefined && {lastSeen: state.lastSeen}),
		...(first?.certificateDays !== undefined && {certificateDays: first.certificateDays}),
	};
}

/** The apps of a box, in the order in which they came. @param now milliseconds */
export function knownApps({apps}: JournalState, {kinds}: Catalogue, now = Date.now()): KnownApp[] {
	return Object.entries(apps).map(([name, {kind, answers, certificateExpires}]) => ({
		name,
		kind: kinds.find(candidate => candidate.name === kind)?.title ?? kind,
		...(typeof answers.domain === 'string' && {domain: answers.domain}),
		...(typeof answers.appPort === 'number' && {port: answers.appPort}),
		...(certificateExpires !== undefined && {certificateDays: daysUntil(certificateExpires, now)}),
	}));
}

/** Who logs in where, from what the journal says. */
export function loginOf(state: JournalState): {readonly user: string; readonly host: string; readonly port: number} {
	const moved = state.box.steps['ssh/hardening']?.state === 'done' ? state.box.answers.sshPort : undefined;
	return {user: state.admin ?? state.user, host: state.host, port: typeof moved === 'number' ? moved : state.port};
}

export function targetText(user: string, host: string, port: number): string {
	if (port === 22) return `${user}@${host}`;
	return `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Record ids of the steps that the answers of a box and its apps call for, without those that are left out. */
function wantedSteps(
	{box: {answers: given, leftOut}, apps: remembered}: JournalState,
	{box, afterApps, kinds}: Catalogue,
): {readonly id: string; readonly title: string}[] {
	const apps = Object.entries(remembered).flatMap(([name, app]) => {
		const kind = kinds.find(candidate => candidate.name === app.kind);
		return kind === undefined ? [] : [{...app, name, kind}];
	});
	const own = resolve(box, {}, {...given, ...derivedOfBox(apps)}).answers;
	const ofBox = calledFor([...box, ...afterApps], leftOut, () => own);
	const ofApps = apps.flatMap(app => {
		const steps = [...box, ...app.kind.steps];
		const {answers} = resolve(steps, app.kind.defaults, {...given, ...app.answers});
		const called = calledFor(steps, app.leftOut, () => answers);
		return app.kind.steps
			.filter(step => called.includes(step))
			.map(({id, title}) => ({id: qualified(app.name, id), title}));
	});
	return [...box.filter(step => ofBox.includes(step)), ...ofApps, ...afterApps.filter(step => ofBox.includes(step))];
}

/** Steps in place, of how many there are. */
export function countSteps(state: JournalState, catalogue: Catalogue): {done: number; total: number} {
	const wanted = wantedSteps(state, catalogue);
	const isDone = ({id}: {readonly id: string}) => stepRecord(state, id)?.state === 'done';
	if (!state.progress) return {done: wanted.filter(isDone).length, total: wanted.length};
	// What was found in place has no record: only the last run knows of it.
	const {inPlace, wanted: total, undone = []} = state.progress;
	const lacking = wanted.filter(step => undone.includes(step.id) && !isDone(step));
	return {done: Math.max(0, inPlace - lacking.length), total};
}

/**
 * The title of the step that a run stopped at: one that was begun and is not done, else the one after the last that is.
 * Nothing where no run was begun, or where it is over: a step that was undone since is not waited for.
 */
export function stoppedAt(state: JournalState, catalogue: Catalogue): {readonly stoppedAt?: string} {
	const wanted = wantedSteps(state, catalogue);
	const begun = wanted.find(({id}) => ['started', 'failed'].includes(stepRecord(state, id)?.state ?? ''));
	const goesOn = state.progress !== undefined && state.progress.inPlace < state.progress.wanted;
	const next = goesOn ? wanted[wanted.findLastIndex(({id}) => stepRecord(state, id)?.state === 'done') + 1] : undefined;
	const step = begun ?? next;
	return step ? {stoppedAt: step.title} : {};
}

/** Whole days, rounded down; negative when it is over. */
function daysUntil(moment: string, now: number): number {
	return Math.floor((Date.parse(moment) - now) / 86_400_000);
}

/** The journal of a box that is named by its address or its domain. @throws Trouble when its file is damaged */
export function journalOf(target: Target): Journal | undefined {
	const exact = openJournal(target.host, target.port ?? 22);
	if (existsSync(exact.path)) return exact;
	return listJournals().find(journal => {
		const state = journal.read();
		const names = [state.host, ...domainsOf(state)];
		const ports = [undefined, state.port, state.box.answers.sshPort];
		return names.includes(target.host.toLowerCase()) && ports.includes(target.port);
	});
}

/** The domains of its apps, in their order. */
export function domainsOf({apps, draft}: JournalState): string[] {
	return [...Object.values(apps), ...(draft ? [draft] : [])].flatMap(({answers: {domain}}) =>
		typeof domain === 'string' && domain !== '' ? [domain] : [],
	);
}

/** The journal's state of a box that must be known. @throws Trouble with the nearest name where it is not */
export function knownState(text: string): JournalState {
	const target = parseTarget(text);
	const state = journalOf(target)?.read();
	if (state) return state;
	const known = knownStates();
	const names = known.flatMap(one => [...domainsOf(one), one.host]);
	// The name may be right, and the port another one.
	const ports = known.filter(one => [...domainsOf(one), one.host].includes(target.host)).map(one => loginOf(one).port);
	const at = target.port === undefined ? '' : ` at port ${target.port}`;
	const nearest = ports.length === 0 ? didYouMean(target.host, names) : `It is known at port ${ports.join(', ')}.`;
	throw new Trouble({
		what: `This machine does not know the box “${target.host}”${at}.`,
		means: 'It has set up no such box, so there are no answers to go by. Nothing was done.',
		next: `${nearest} To set a new one up: boxwizard setup root@HOST`,
		code: 'unknown-host',
	});
}
