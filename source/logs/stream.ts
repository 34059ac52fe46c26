import {type Box, Disconnected} from '../contract/box.ts';
import type {LogSource} from '../contract/log-source.ts';
import {reconnections} from '../engine/session.ts';
import {type LogLine, LogReader, merged} from './merge.ts';
import {backlogEnds, type LogWish, logScript} from './script.ts';

/** What a stream of logs tells: lines, and that the connection was lost and is made anew. */
export type LogEvent = LogLine | {readonly reconnecting: number};

/**
 * The logs of a box as one stream: first what is there, by its moments, then what comes, as it comes. After a lost
 * connection it goes on after the last line of each source.
 */
export async function* streamLogs(
	box: Box,
	sources: readonly LogSource[],
	wish: LogWish,
): AsyncGenerator<LogEvent, void, void> {
	const seen = new Seen();
	for (let attempt = 0; ; ) {
		try {
			for await (const line of oneConnection(box, sources, wish)) {
				attempt = 0;
				if (seen.isNew(line)) yield line;
			}

			if (!wish.follow || wish.signal?.aborted) return;
			throw new Disconnected('the logs broke off');
		} catch (error) {
			if (wish.signal?.aborted) return;
			if (!(error instanceof Disconnected) || attempt >= reconnections) throw error;
			attempt += 1;
			yield {reconnecting: attempt};
			seen.reconnected();
			await box.reconnect().catch((failure: unknown) => {
				if (!(failure instanceof Disconnected)) throw failure;
			});
		}
	}
}

async function* oneConnection(
	box: Box,
	sources: readonly LogSource[],
	wish: LogWish,
): AsyncGenerator<LogLine, void, void> {
	const reader = new LogReader(sources);
	let backlog: LogLine[] | undefined = [];
	for await (const text of box.follow(logScript(sources, wish))) {
		if (wish.signal?.aborted) return;
		if (backlog && text.startsWith('zone ')) reader.zone = text.slice('zone '.length);
		else if (backlog && text === backlogEnds) {
			yield* merged(backlog, Date.now());
			backlog = undefined;
		} else {
			const space = text.indexOf(' ');
			const line = reader.read(Number(text.slice(0, space)), text.slice(space + 1));
			if (!line) continue;
			if (backlog) backlog.push(line);
			else yield Number.isNaN(line.time) ? {...line, time: Date.now()} : line;
		}
	}
}

/** What was shown before the connection was lost: the backlog of the next one begins with it. */
class Seen {
	/** Of the last moment of each source: its lines. */
	readonly #last = new Map<LogSource, {time: number; texts: string[]}>();
	#before: ReadonlyMap<LogSource, {readonly time: number; readonly texts: readonly string[]}> = new Map();

	reconnected(): void {
		this.#before = new Map([...this.#last].map(([source, {time, texts}]) => [source, {time, texts: [...texts]}]));
	}

	isNew({source, time, text}: LogLine): boolean {
		const before = this.#before.get(source);
		if (before && (time < before.time || (time === before.time && before.texts.includes(text)))) return false;
		const last = this.#last.get(source);
		if (last?.time === time) last.texts.push(text);
		else this.#last.set(source, {time, texts: [text]});
		return true;
	}
}
