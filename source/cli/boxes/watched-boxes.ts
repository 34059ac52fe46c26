import type {WatchedApp} from '../../renewals/reach.ts';
import type {Watched} from '../../renewals/survey.ts';
import type {JournalState} from '../../state/journal-state.ts';
import {knownState, knownStates, loginOf, targetText} from './known-boxes.ts';

/** The boxes whose dates are watched: those that are named, or all that this machine knows. @throws Trouble for one it doesn't know */
export function watchedBoxes(names: readonly string[]): Watched[] {
	return (names.length > 0 ? names.map(knownState) : knownStates()).map(watchedBox);
}

/** What is watched of a box. */
export function watchedBox(state: JournalState): Watched {
	const {host, resolver, acmeCa, os} = state;
	const expires = Object.values(state.apps).flatMap(({answers: {domain}, certificateExpires}) =>
		typeof domain === 'string' && certificateExpires !== undefined ? [[domain, certificateExpires] as const] : [],
	);
	const login = loginOf(state);
	const names = namesOf(state);
	return {
		target: targetText(login.user, login.host, login.port),
		label: names[0] ?? host,
		host,
		names,
		...(resolver !== undefined && {nameserver: resolver}),
		...(acmeCa !== undefined && {authority: acmeCa}),
		...(os !== undefined && {system: os}),
		expires: Object.fromEntries(expires),
	};
}

/** The apps of all known boxes that have a site. */
export function watchedApps(): WatchedApp[] {
	return knownStates().flatMap(state => {
		const {target, host, nameserver, authority} = watchedBox(state);
		return Object.entries(appsWithSites(state)).flatMap(
			([
				app,
				{
					answers: {domain},
				},
			]) =>
				typeof domain === 'string' && domain !== ''
					? [{target, app, domain, host, ...(nameserver && {nameserver}), ...(authority && {authority})}]
					: [],
		);
	});
}

function appsWithSites({apps}: JournalState): JournalState['apps'] {
	return Object.fromEntries(Object.entries(apps).filter(([, {withoutSite}]) => !withoutSite));
}

/** The names of all its sites, each app's domain first. */
function namesOf(state: JournalState): string[] {
	const names = Object.values(appsWithSites(state)).flatMap(({answers: {domain, aliases}}) => [
		domain,
		...(Array.isArray(aliases) ? aliases : []),
	]);
	return [...new Set(names.filter(name => typeof name === 'string' && name !== '').map(String))];
}
