import {type Journal, type JournalState, listJournals} from '../journal.ts';
import type {Recipe} from '../step.ts';
import type {Target} from '../transport/target.ts';
import type {KnownHost} from '../wizard.ts';

/** The boxes of this machine's journals, last seen first. */
export function knownBoxes(recipes: readonly Recipe[], now = Date.now()): KnownHost[] {
	return listJournals().map(journal => knownBox(journal.read(), recipes, now));
}

function knownBox(state: JournalState, recipes: readonly Recipe[], now: number): KnownHost {
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
	const ids = recipe?.steps.map(step => step.id) ?? Object.keys(state.steps);
	const wanted = ids.filter(id => !state.leftOut.includes(id));
	return {done: wanted.filter(id => state.steps[id]?.state === 'done').length, total: wanted.length};
}

/** Whole days, rounded down; negative when it is over. */
function daysUntil(moment: string, now: number): number {
	return Math.floor((Date.parse(moment) - now) / 86_400_000);
}

/** The journal of a box that is named by its address or its domain. */
export function journalOf(target: Target): Journal | undefined {
	return listJournals().find(journal => {
		const state = journal.read();
		const names = [state.host, state.domain, state.answers.domain];
		const ports = [undefined, state.port, state.answers.sshPort];
		return names.includes(target.host.toLowerCase()) && ports.includes(target.port);
	});
}
