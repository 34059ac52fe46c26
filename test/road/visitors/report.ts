import type {StreamEvent} from './stream-client.ts';

/** One request, in milliseconds since the load began. */
export type RequestRecord = {
	readonly at: number;
	readonly end: number;
	/** On a connection that had been used before, or was to be. */
	readonly kept: boolean;
	readonly status: number;
	/** A closed connection was met, and the request sent again: see fetchPage. */
	readonly retried: boolean;
	readonly version: string;
	/** Why it failed; '' where it did not. */
	readonly problem: string;
};

/** What visitors met in a span of time. Times in milliseconds. */
export type LoadReport = {
	readonly seconds: number;
	readonly requests: number;
	/** Each sort of failure, with how often it came. */
	readonly failed: Readonly<Record<string, number>>;
	/** Requests that were sent again since nginx had closed their kept connection; not failures. */
	readonly retried: number;
	readonly median: number;
	readonly slowest: number;
	/** The longest time in which no page came, whoever asked. */
	readonly longestGap: number;
	/** Versions in the order in which they were first met. */
	readonly versions: readonly string[];
	readonly streams: {
		readonly count: number;
		/** How often one of them was connected again. */
		readonly reconnected: number;
		/** How often one of them was not taken, by reason. */
		readonly refused: Readonly<Record<string, number>>;
		/** The longest that one of them was told nothing. */
		readonly longestSilence: number;
	};
	/** How late this process itself was at most: of a slowest answer, so much may be its own. */
	readonly ownDelay: number;
};

type Span = {readonly from: number; readonly to: number};

/** @param events what each stream went through */
export function reportOf(
	span: Span,
	records: readonly RequestRecord[],
	events: readonly (readonly StreamEvent[])[],
	ownDelay: number,
): LoadReport {
	const {from, to} = span;
	const asked = records.filter(({at}) => at >= from && at < to);
	const fine = asked.filter(({problem}) => problem === '');
	const took = asked.map(({at, end}) => end - at).toSorted((one, other) => one - other);
	const answers = records.filter(({problem, end}) => problem === '' && end >= from && end < to).map(({end}) => end);
	const told = events.map(one => one.filter(({at}) => at >= from && at < to));
	const all = told.flat();
	return {
		seconds: (to - from) / 1000,
		requests: asked.length,
		failed: counted(asked.filter(({problem}) => problem !== '').map(({problem}) => problem)),
		retried: asked.filter(({retried}) => retried).length,
		median: took[took.length >> 1] ?? 0,
		slowest: took.at(-1) ?? 0,
		longestGap: longestGap(answers, span),
		versions: [...new Set(fine.toSorted((one, other) => one.end - other.end).map(({version}) => version))],
		streams: {
			count: events.length,
			reconnected: all.filter(({what}) => what === 'ended').length,
			refused: counted(all.filter(({what}) => what === 'refused').map(({detail}) => detail)),
			longestSilence: Math.max(
				0,
				...told.map(one =>
					longestGap(
						one.filter(({what}) => what === 'told').map(({at}) => at),
						span,
					),
				),
			),
		},
		ownDelay,
	};
}

/** Also before the first and after the last. */
function longestGap(times: readonly number[], {from, to}: Span): number {
	let [last, longest] = [from, 0];
	for (const time of [...times.toSorted((one, other) => one - other), to]) {
		longest = Math.max(longest, time - last);
		last = time;
	}

	return longest;
}

function counted(words: readonly string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
	return counts;
}

/** One line for people. */
export function reportInWords({
	requests,
	seconds,
	failed,
	retried,
	median,
	slowest,
	longestGap,
	versions,
	streams,
	ownDelay,
}: LoadReport): string {
	const reasons = (counts: Readonly<Record<string, number>>) =>
		Object.entries(counts).map(([why, count]) => `${count} × ${why}`);
	const ms = (value: number) => `${value.toFixed(0)} ms`;
	return [
		`${requests} requests in ${seconds.toFixed(1)} s, failed: ${reasons(failed).join(', ') || '0'}, sent again: ${retried}`,
		`median ${ms(median)}, slowest ${ms(slowest)}, longest gap ${ms(longestGap)} (own delay ${ms(ownDelay)})`,
		`versions ${versions.join(' → ')}`,
		...(streams.count === 0
			? []
			: [
					`${streams.count} streams, connected again: ${streams.reconnected}, refused: ${reasons(streams.refused).join(', ') || '0'}, longest silence ${ms(streams.longestSilence)}`,
				]),
	].join('; ');
}
