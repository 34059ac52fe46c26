import type {LogSource} from '../contract/log-source.ts';
import {stamped} from './time.ts';

/** One line of a log, with its moment. */
export type LogLine = {
	/** Milliseconds since 1970; NaN where nothing before it tells a moment. */
	readonly time: number;
	readonly source: LogSource;
	readonly text: string;
};

/** What a line must have to be shown. */
export type LogFilter = {
	/** Milliseconds since 1970. */
	readonly since?: number;
	/** In any letter case. */
	readonly grep?: string;
};

/** Gives lines their moments: one without any belongs to the one before it, of the same source. */
export class LogReader {
	readonly #sources: readonly LogSource[];
	readonly #now: () => number;
	readonly #last = new Map<number, number>();
	#zone = '+0000';

	constructor(sources: readonly LogSource[], now: () => number = Date.now) {
		this.#sources = sources;
		this.#now = now;
	}

	/** The box's own time zone, as `date +%z` says it. */
	set zone(zone: string) {
		if (/^[+-]\d{4}$/.test(zone)) this.#zone = zone;
	}

	/** @param index of the source it comes from */
	read(index: number, text: string): LogLine | undefined {
		const source = this.#sources[index];
		if (!source) return undefined;
		const found = stamped(text, this.#zone, this.#now());
		const time = found?.time ?? this.#last.get(index) ?? Number.NaN;
		this.#last.set(index, time);
		return {time, source, text: found?.text ?? text};
	}
}

/** Lines of several logs as one: by their moments, and those of one moment as they came. @param now milliseconds since 1970 */
export function merged(lines: readonly LogLine[], now: number): LogLine[] {
	// A log may be cut in the middle of a traceback: those lines belong to what comes next.
	const next = new Map<LogSource, number>();
	const dated = lines.toReversed().map(line => {
		const time = Number.isNaN(line.time) ? (next.get(line.source) ?? now) : line.time;
		next.set(line.source, time);
		return {...line, time};
	});
	return dated.reverse().sort((one, other) => one.time - other.time);
}

export function passes({time, text, source}: LogLine, {since, grep}: LogFilter): boolean {
	if (since !== undefined && time < since) return false;
	return grep === undefined || `${source.label} ${text}`.toLowerCase().includes(grep.toLowerCase());
}

const units = {s: 1, m: 60, h: 3600, d: 86_400, w: 604_800} as const;

/** The moment that '1h', '30m', '2d' or an ISO 8601 date mean, in milliseconds since 1970; undefined for what is none. */
export function sinceOf(text: string, now: number): number | undefined {
	const [, count, unit] = /^(\d{1,6})\s*([smhdw])$/.exec(text) ?? [];
	if (count !== undefined) return now - Number(count) * units[unit as keyof typeof units] * 1000;
	const moment = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
	return Number.isNaN(moment) ? undefined : moment;
}
