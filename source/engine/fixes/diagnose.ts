import type {AppOnBox, Cause, Groups, Line, LineSource} from '../../contract/cause.ts';

/** A cause that was found, with the line that shows it. */
export type Match = {
	readonly cause: Cause;
	readonly found: Groups;
	readonly line: Line;
	readonly before: readonly string[];
	readonly at: number;
};

/** More than any message is: a pattern must not be held up by a line of a megabyte. */
const longest = 2000;

/**
 * The causes that lines show, the nearest to the root first: one that is no news beside another is left out, and the last
 * thing an app says before it ends comes before what led to it. Pure.
 */
export function diagnose(lines: readonly Line[], causes: readonly Cause[], app: AppOnBox): Match[] {
	const found = causes.flatMap(cause => lastMatch(lines, cause, app) ?? []);
	const covered = new Set(found.flatMap(({cause}) => cause.over ?? []));
	const news = listened(found);
	return found
		.filter(({cause, line}) => !covered.has(cause.id) && news.includes(line.from))
		.sort((one, other) => ranks[one.line.from] - ranks[other.line.from] || other.at - one.at);
}

/** What the app says itself in front of us comes first. */
const ranks: Readonly<Record<LineSource, number>> = {output: 0, log: 1, box: 2, nginx: 3, site: 4};

/**
 * Where there is news: what it says in front of us makes old what it said before, and what an app that does not run looks
 * like from outside is none beside why it does not.
 */
function listened(found: readonly Match[]): readonly LineSource[] {
	const from = (source: LineSource) => found.some(({line}) => line.from === source);
	if (from('output')) return ['output', 'box'];
	return from('log') ? ['log', 'box'] : ['log', 'box', 'nginx', 'site'];
}

const ownLines: readonly LineSource[] = ['output', 'log'];

function lastMatch(lines: readonly Line[], cause: Cause, app: AppOnBox): Match | undefined {
	const from = cause.from ?? ownLines;
	for (let at = lines.length - 1; at >= 0; at -= 1) {
		const line = lines[at];
		if (!line || !from.includes(line.from)) continue;
		const found = groupsOf(line.text.slice(0, longest), cause);
		if (found && (cause.when?.(found, app) ?? true)) return {cause, found, line, at, before: beforeLine(lines, at)};
	}

	return undefined;
}

function groupsOf(text: string, {match}: Cause): Groups | undefined {
	for (const pattern of match) {
		const groups = pattern.exec(text);
		if (groups) return Object.fromEntries(Object.entries(groups.groups ?? {}).filter(([, value]) => value));
	}

	return undefined;
}

/** Lines of a traceback that lead to the one that says what is wrong: the place in the code. */
const shownBefore = 3;

function beforeLine(lines: readonly Line[], at: number): string[] {
	const own = lines.slice(0, at).filter(({from}) => from === lines[at]?.from);
	return own.slice(-shownBefore).flatMap(({text}) => (/^\s+\S/.test(text) ? [text] : []));
}
