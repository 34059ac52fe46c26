import {existsSync} from 'node:fs';
import {didYouMean} from '../../answers/nearest.ts';
import type {Recipe} from '../../contract/step.ts';
import {Trouble} from '../../contract/trouble.ts';
import type {KnownHost} from '../../contract/wizard.ts';
import {
	type Journal,
	type JournalState,
	listJournals,
	openJournal,
	type UnreadableJournal,
	unreadableJournals,
} from '../../state/journal.ts';
import {parseTarget, type Target} from '../../transport/target.ts';

/** The boxes of this machine's journals, last seen first; those whose journal can't be read come last, with the reason. */
export function knownBoxes(recipes: readonly Recipe[], now = Date.now()): KnownHost[] {
	const readable = listJournals().map(journal => knownBox(journal.read(), recipes, now));
	return [...readable, ...unreadableJournals().map(unreadableBox)];
}

function unreadableBox({host, port, trouble}: UnreadableJournal): KnownHost {
	const [path = ''] = trouble.evidence;
	const target = targetText('root', host, port);
	return {target, label: host, host, user: 'root', done: 0, total: 0, unreadable: `${trouble.what} ${path}`};
}

/** What a list of boxes shows of one. @param now milliseconds */
export function knownBox(state: JournalState, recipes: readonly Recipe[], now = Date.now()): KnownHost {
	const recipe = recipes.find(({name}) => name === state.recipe);
	const {host, user, port} = loginOf(state);
	const domain = state.domain ?? (typeof state.answers.domain === 'string' ? state.answers.domain : undefined);
	return {
		target: targetText(user, host, port),
		label: domain ?? host,
		host,
		user,
		...(domain !== undefined && {domain}),
		...(recipe && {recipe: recipe.title}),
		...countSteps(state, recipe),
		...(recipe && stoppedAt(state, recipe)),
		...(state.lastSeen !== undefined && {lastSeen: state.lastSeen}),
		...(state.certificateExpires !== undefined && {certificateDays: daysUntil(state.certificateExpires, now)}),
	};
}

/** Who logs in where, from what the journal says. */
export function loginOf(state: JournalState): {readonly user: string; readonly host: string; readonly port: number} {
	const moved = state.steps['ssh/hardening']?.state === 'done' ? state.answers.sshPort : undefined;
	return {user: state.admin ?? state.user, host: state.host, port: typeof moved === 'number' ? moved : state.port};
}

export function targetText(user: string, host: string, port: number): string {
	if (port === 22) return `${user}@${host}`;
	return `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Steps in place, of how many the road has. */
export function countSteps(state: JournalState, recipe: Recipe | undefined): {done: number; total: number} {
	if (state.road) return {done: state.road.inPlace, total: state.road.wanted};
	const ids = recipe?.steps.map(step => step.id) ?? Object.keys(state.steps);
	const wanted = ids.filter(id => !state.leftOut.includes(id));
	return {done: wanted.filter(id => state.steps[id]?.state === 'done').length, total: wanted.length};
}

/**
 * The title of the step that a run stopped at: one that was begun and is not done, else the one after the last that is.
 * Nothing where no run was begun, or where it is over: a step that was undone since is not waited for.
 */
export function stoppedAt({steps, road, leftOut}: JournalState, recipe: Recipe): {readonly stoppedAt?: string} {
	const wanted = recipe.steps.filter(({id}) => !leftOut.includes(id));
	const begun = wanted.find(({id}) => ['started', 'failed'].includes(steps[id]?.state ?? ''));
	const goesOn = road !== undefined && road.inPlace < road.wanted;
	const next = goesOn ? wanted[wanted.findLastIndex(({id}) => steps[id]?.state === 'done') + 1] : undefined;
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
		const names = [state.host, state.domain, state.answers.domain];
		const ports = [undefined, state.port, state.answers.sshPort];
		return names.includes(target.host.toLowerCase()) && ports.includes(target.port);
	});
}

/** The journal's state of a box that must be known. @throws Trouble with the nearest name where it is not */
export function knownState(text: string): JournalState {
	const target = parseTarget(text);
	const state = journalOf(target)?.read();
	if (state) return state;
	const names = listJournals().flatMap(journal => {
		const {host, domain} = journal.read();
		return domain === undefined ? [host] : [domain, host];
	});
	throw new Trouble({
		what: `This machine does not know the box “${target.host}”.`,
		means: 'It has set up no box of that name, so there are no answers to go by. Nothing was done.',
		next: `${didYouMean(target.host, names)} To name a new one, say what it shall be: --recipe and --answers; or boxwizard setup HOST`,
		code: 'unknown-host',
	});
}
