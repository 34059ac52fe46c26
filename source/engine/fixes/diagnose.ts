import {
	type AppOnBox,
	type Cause,
	depths,
	type Groups,
	type Line,
	type LineSource,
} from '../../contract/diagnosis/cause.ts';
import {literalsOf, WordSearch} from './literals.ts';
import {bareLine, beginsStart} from './log-line.ts';

/** A cause that was found, with the line that shows it. */
export type Match = {
	readonly cause: Cause;
	readonly found: Groups;
	readonly line: Line;
	readonly before: readonly string[];
	readonly at: number;
};

/** A line as its program said it, and where it stands among all. */
type Heard = {readonly text: string; readonly at: number};

/**
 * The causes that lines show, the likeliest first. Pure. Of each source the last start counts in which a cause shows.
 * Of what one line is taken for, the nearest to the root stays; what a cause is `over`, and what only follows from
 * another, is left out; then what the app says itself comes before what is seen of it, what is nearest to the root before
 * what is not, and what was said first before what came of it.
 */
export function diagnose(lines: readonly Line[], causes: readonly Cause[], app: AppOnBox): Match[] {
	const found = sources.flatMap(source => ofSource(lines, source, causes, app));
	const covered = new Set(found.flatMap(({cause}) => cause.over ?? []));
	const listenedTo = listened(found);
	const news = found.filter(({cause, line}) => !covered.has(cause.id) && listenedTo.includes(line.from));
	const faults = news.filter(match => depthOf(match) < depths.indexOf('after'));
	return (faults.length > 0 ? faults : news)
		.filter(match => !news.some(other => other.at === match.at && depthOf(other) < depthOf(match)))
		.sort(
			(one, other) =>
				sources.indexOf(one.line.from) - sources.indexOf(other.line.from) ||
				depthOf(one) - depthOf(other) ||
				one.at - other.at,
		);
}

/** What the app says itself in front of us comes first. */
const sources: readonly LineSource[] = ['output', 'log', 'box', 'nginx', 'site'];

const depthOf = ({cause: {depth = 'root'}}: Match): number => depths.indexOf(depth);

/**
 * Where there is news: what it says in front of us makes old what it said before, and what an app that does not run looks
 * like from outside is none beside why it does not.
 */
function listened(found: readonly Match[]): readonly LineSource[] {
	const from = (source: LineSource) => found.some(({line}) => line.from === source);
	if (from('output')) return ['output', 'box'];
	return from('log') ? ['log', 'box'] : ['log', 'box', 'nginx', 'site'];
}

/** Words of programs; the site is only what boxwizard itself says of it. */
const programs: readonly LineSource[] = ['output', 'log', 'box', 'nginx'];

function ofSource(lines: readonly Line[], source: LineSource, causes: readonly Cause[], app: AppOnBox): Match[] {
	const heard = lines.flatMap(({from, text}, at): readonly Heard[] => {
		const bare = from === source ? bareLine(text) : undefined;
		return bare === undefined ? [] : [{text: bare, at}];
	});
	if (heard.length === 0) return [];
	const listening = causes.filter(({from = programs}) => from.includes(source));
	const says = (pattern: RegExp) => heard.some(({text}) => pattern.test(text));
	const index = indexOf(causes);
	const all = new Map<Cause, Match>();
	for (const start of startsOf(heard).toReversed()) {
		const spoken = linesFor(start, index);
		for (const cause of listening) {
			const own = spoken(cause);
			// nginx's log has no starts: what it said last is how it stands.
			const first = all.has(cause) ? undefined : firstMatch(source === 'nginx' ? own.toReversed() : own, cause, app);
			if (!first || (cause.beside && !says(cause.beside)) || (cause.unless && says(cause.unless))) continue;
			const line = lines[first.at] as Line;
			const found = {...added(start, cause), ...first.found};
			all.set(cause, {cause, line, found, at: first.at, before: beforeLine(lines, first.at)});
		}

		// What was wrong before a start that went well is wrong no more.
		if ([...all.keys()].some(({depth}) => depth !== 'after') || (all.size === 0 && start.length > 1)) break;
	}

	return [...all.values()];
}

type Index = {
	readonly search: WordSearch;
	/** The causes that a word of the search may mean. */
	readonly meant: readonly (readonly Cause[])[];
	/** Those that no word sorts out. */
	readonly others: readonly Cause[];
};

/** Of a list of causes, made once. */
const indices = new WeakMap<readonly Cause[], Index>();

/** Which words bring up which causes: a log of a megabyte is read once, not once for each pattern. */
function indexOf(causes: readonly Cause[]): Index {
	const known = indices.get(causes);
	if (known) return known;
	const byWord = new Map<string, Set<Cause>>();
	const others = new Set<Cause>();
	for (const cause of causes) {
		for (const pattern of cause.match) {
			const literals = literalsOf(pattern);
			if (!literals) others.add(cause);
			for (const word of literals ?? []) byWord.set(word, (byWord.get(word) ?? new Set()).add(cause));
		}
	}

	const meant = [...byWord.values()].map(set => [...set]);
	const index = {search: new WordSearch([...byWord.keys()]), meant, others: [...others]};
	indices.set(causes, index);
	return index;
}

/** The lines on which a cause is to be tried. */
function linesFor(heard: readonly Heard[], {search, meant, others}: Index): (cause: Cause) => readonly Heard[] {
	const lines = new Map<Cause, Heard[]>();
	for (const one of heard) {
		const words = new Set<number>();
		search.in(one.text, words);
		for (const cause of new Set([...words].flatMap(word => meant[word] ?? []))) {
			const own = lines.get(cause);
			if (own) own.push(one);
			else lines.set(cause, [one]);
		}
	}

	return cause => (others.includes(cause) ? heard : (lines.get(cause) ?? []));
}

/** The lines of each start of the program, in their order. */
function startsOf(heard: readonly Heard[]): Heard[][] {
	const starts: Heard[][] = [[]];
	for (const one of heard) {
		if (beginsStart(one.text)) starts.push([]);
		starts.at(-1)?.push(one);
	}

	return starts;
}

function firstMatch(
	heard: readonly Heard[],
	{match, when}: Cause,
	app: AppOnBox,
): {readonly found: Groups; readonly at: number} | undefined {
	for (const {text, at} of heard) {
		for (const pattern of match) {
			const found = groupsOf(pattern, text);
			if (found && (when?.(found, app) ?? true)) return {found, at};
		}
	}

	return undefined;
}

/** What other lines tell of it. */
function added(heard: readonly Heard[], {adds = []}: Cause): Groups {
	const found = adds.flatMap(pattern => {
		const said = heard.findLast(({text}) => pattern.test(text));
		return said ? [groupsOf(pattern, said.text) ?? {}] : [];
	});
	return Object.assign({}, ...found.toReversed());
}

function groupsOf(pattern: RegExp, text: string): Groups | undefined {
	const groups = pattern.exec(text);
	return groups ? Object.fromEntries(Object.entries(groups.groups ?? {}).filter(([, value]) => value)) : undefined;
}

/** Lines of a traceback that lead to the one that says what is wrong: the place in the code. */
const shownBefore = 3;

function beforeLine(lines: readonly Line[], at: number): string[] {
	const own = lines.slice(0, at).filter(({from}) => from === lines[at]?.from);
	return own.slice(-shownBefore).flatMap(({text}) => (/^\s+\S/.test(text) ? [text] : []));
}
