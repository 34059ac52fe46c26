import type {Coming, NewVariable, PackageChange} from '../contract/coming.ts';
import type {Filling} from '../contract/detection.ts';
import type {Release} from '../contract/release.ts';
import type {Visits} from '../contract/step.ts';
import type {Event, Summary} from '../contract/ui/events.ts';
import {cleanText} from '../remote/clean.ts';

/** A line of output as it may stand on a screen: no escape sequences, the last text of those that overwrite themselves. */
export function cleanLine(line: string): string {
	return cleanText(line).replaceAll('\t', '    ').replaceAll('\n', ' ');
}

/** What an event says in words, in the present. Undefined for those that only end something. */
export function words(event: Event): string | undefined {
	switch (event.type) {
		case 'checking':
			return 'Looking at how the box is now';
		case 'arming':
			return `Arming the way back: the box undoes this by itself after ${event.window} s`;
		case 'running':
			return event.attached ? 'Still running on the box, from before' : 'Running on the box';
		case 'waiting':
			return `Waiting for ${event.wait.what}`;
		case 'proving':
			return `Proving it: ${event.what}`;
		case 'rebooting':
			return 'The box is restarting';
		case 'reconnecting':
			return 'Connecting again';
		default:
			return undefined;
	}
}

/** Seconds as a person says them: '4 s', '1 min 05 s', '2 h 10 min'. */
export function duration(seconds: number): string {
	const whole = Math.max(0, Math.round(seconds));
	if (whole < 60) return `${whole} s`;
	if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
	return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** Seconds to come, which nobody knows that well: 'under 1 min', 'about 3 min'. */
export function about(seconds: number): string {
	if (seconds < 45) return 'under 1 min';
	if (seconds < 3600) return `about ${Math.max(1, Math.round(seconds / 60))} min`;
	return `about ${Math.round(seconds / 3600)} h`;
}

/** Seconds something took, for a sentence: '2 min 41 s', 'under 1 s'. */
export function took(seconds: number): string {
	return seconds < 0.95 ? 'under 1 s' : duration(seconds);
}

/** Which version visitors meet by now: '88b0e12a Try new form, 4 s after it began'. */
export function liveWords({id, title, isNew, seconds}: Omit<Extract<Event, {type: 'live'}>, 'type' | 'step'>): string {
	const since = isNew ? `, ${took(seconds)} after it began` : ' (as before)';
	return `${id.slice(0, 8)} ${cleanLine(title)}${since}`;
}

/** '2026-11-28 12:46:02  88b0e12a  Try new form (live)': when it was made, in UTC. */
export function releaseWords({name, id, title, isLive, isWhole}: Release): string {
	const [, year, month, day, hour, minute, second] = /^(....)(..)(..)T(..)(..)(..)$/.exec(name) ?? [];
	const made = year === undefined ? cleanLine(name) : `${year}-${month}-${day} ${hour}:${minute}:${second}`;
	const state = isLive ? ' (live)' : isWhole ? '' : ' (its packages are gone)';
	return `${made}  ${id.slice(0, 8)}  ${cleanLine(title)}${state}`;
}

/** What visitors met: '412 requests meanwhile, none failed'. */
export function visitWords({requests, failures}: Visits): string {
	if (requests === 0) return 'nobody asked for it meanwhile';
	return `${plural(requests, 'request')} meanwhile, ${failures === 0 ? 'none' : failures} failed`;
}

/** A few of many: 'a, b and 7 more'. */
function some(names: readonly string[], most: number): string {
	const shown = names.slice(0, most).join(', ');
	return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

const plural = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;

function packageWords({name, before, now}: PackageChange): string {
	if (before === '') return `${name} ${now} (new)`;
	return now === '' ? `${name} (gone)` : `${name} ${before} → ${now}`;
}

function variableLines(variables: Coming['variables']): {readonly title: string; readonly text: string}[] {
	const {required = [], optional = [], unread} = variables ?? {};
	const read = ({name, where}: NewVariable) => `${name} (${where})`;
	return [
		...(required.length > 0
			? [
					{
						title: 'Needs',
						text: `${some(required.map(read), 5)}: without a value yet; it is asked for before the switch`,
					},
				]
			: []),
		...(optional.length > 0 ? [{title: 'Also reads', text: some(optional.map(read), 5)}] : []),
		...(unread === undefined ? [] : [{title: 'Variables', text: `not looked at: ${unread}`}]),
	];
}

/** What a deploy would bring, as title and text: its version, its commits (at most 20 lines), migrations, dependencies. Texts of the repository, cleaned. */
export function comingLines(coming: Coming): readonly {readonly title: string; readonly text: string}[] {
	const {version, live, commits, dropped, newest, migrations, dependencyFiles, packages, unknown, variables} = coming;
	if (live?.id === version.id)
		return [{title: 'Brings', text: cleanLine(`${version.id.slice(0, 8)} ${version.title}, as before`)}];
	const shown = newest.slice(0, commits > 20 ? 19 : 20);
	const titles = [
		...shown.map(({id, title, author}) => `${id.slice(0, 8)} ${title} (${author})`),
		...(commits > shown.length ? [`and ${commits - shown.length} more`] : []),
	];
	const lines = [
		{title: 'Brings', text: `${version.id.slice(0, 8)} ${version.title}`},
		...(unknown === undefined
			? [{title: 'New', text: plural(commits, 'commit')}]
			: [{title: 'New', text: `not known: ${unknown}. The deploy can go on all the same`}]),
		...titles.map(text => ({title: '', text})),
		...(dropped > 0
			? [
					{
						title: 'Takes back',
						text: `${plural(dropped, 'commit')} of what is live: an older version, or its history was rewritten`,
					},
				]
			: []),
		...(migrations.length > 0 ? [{title: 'Migrations', text: some(migrations, 5)}] : []),
		...(packages.length > 0
			? [{title: 'Packages', text: some(packages.map(packageWords), 8)}]
			: dependencyFiles.length > 0
				? [{title: 'Packages', text: `${some(dependencyFiles, 5)} changed`}]
				: []),
		...variableLines(variables),
	];
	return lines.map(({title, text}) => ({title, text: cleanLine(text)}));
}

/**
 * A run in one line: '14 changed, 3 in place, 1 failed, in 2 min 41 s'. A check tells of what differs as failed.
 * @param differing how many of the failed only differ
 */
export function sumUp({changed, inPlace, skipped, failed, seconds}: Summary, differing = 0): string {
	const broken = failed.length - differing;
	const parts = [
		...(changed.length > 0 ? [`${changed.length} changed`] : differing > 0 ? [] : ['nothing changed']),
		`${inPlace.length} in place`,
		...(differing > 0 ? [`${differing} ${differing === 1 ? 'differs' : 'differ'}`] : []),
		...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
		...(broken > 0 ? [`${broken} failed`] : []),
	];
	return `${parts.join(', ')}, in ${took(seconds)}`;
}

/** What boxwizard puts into a variable, in words. */
export const fillingWords: Readonly<Record<Filling, string>> = {
	random: 'made up, kept secret',
	'database-url': 'the database’s address',
	'database-host': 'the database’s host',
	'database-port': 'the database’s port',
	'database-name': 'the database’s name',
	'database-user': 'the database’s user',
	'database-password': 'the database’s password',
	'database-engine': 'the database’s kind',
	'database-word': 'the database’s kind',
	'redis-url': 'Redis’ address',
	'redis-host': 'Redis’ host',
	'redis-port': 'Redis’ port',
	'redis-database': 'Redis’ database',
	'mail-server': 'the box’s own mail',
	'mail-port': 'the box’s own mail',
	'mail-user': 'the box’s own mail',
	'mail-password': 'the box’s own mail',
	'mail-tls': 'the box’s own mail',
	'mail-from': 'an address at your domain',
	'search-url': 'the search engine’s address',
	port: 'the app’s port',
	host: 'this machine only',
	domain: 'your domain',
	'site-url': 'your domain, with https',
	mode: 'production',
	entry: 'as found above',
};
