import {useEffect, useRef, useState} from 'react';
import type {Event, Reply, Summary} from '../source/events.ts';
import {advance, noProgress, type Progress} from '../source/progress.ts';
import {asTrouble, type TroubleParts} from '../source/trouble.ts';

export type Run = {
	readonly progress: Progress;
	/** The run itself broke off, with nobody left to reply to. */
	readonly trouble?: TroubleParts;
	/** Answers an `asking` or a `failed`. */
	reply(reply: Reply): void;
};

/** Milliseconds in which what comes is gathered: a busy apt prints hundreds of lines a second. */
const frame = 40;

type Source = () => AsyncGenerator<Event, Summary, Reply>;

/** Goes through a run's events, once, and shows how it stands. */
export function useRun(
	source: Source,
	onEnd: (summary: Summary) => void | Promise<void>,
	onProgress: (progress: Progress) => void,
): Run {
	const [progress, setProgress] = useState(noProgress);
	const [trouble, setTrouble] = useState<TroubleParts>();
	const answer = useRef<(reply: Reply) => void>(undefined);
	// biome-ignore lint/correctness/useExhaustiveDependencies: one run for the life of the screen
	useEffect(() => {
		const show = gather((next: Progress) => {
			setProgress(next);
			onProgress(next);
		});
		follow(source(), show, () => new Promise(resolve => (answer.current = resolve)))
			.then(onEnd)
			.catch((error: unknown) => setTrouble(asTrouble(error)));
		return () => show.end();
	}, []);
	return {progress, trouble, reply: reply => answer.current?.(reply)};
}

type Show = {(progress: Progress, now: boolean): void; end(): void};

async function follow(
	events: AsyncGenerator<Event, Summary, Reply>,
	show: Show,
	ask: () => Promise<Reply>,
): Promise<Summary> {
	let progress = noProgress;
	let reply: Reply;
	while (true) {
		const result = await events.next(reply);
		if (result.done) {
			// What came within the last frame is still to be shown.
			show(progress, true);
			return result.value;
		}

		const event = result.value;
		progress = advance(progress, event, Date.now());
		const asks = event.type === 'failed' || event.type === 'asking';
		show(progress, asks || event.type === 'done');
		reply = asks ? await ask() : undefined;
	}
}

/** Shows the last of what came within a frame; what must be seen at once is. */
function gather(set: (progress: Progress) => void): Show {
	let timer: NodeJS.Timeout | undefined;
	let latest = noProgress;
	const flush = () => {
		clearTimeout(timer);
		timer = undefined;
		set(latest);
	};
	const show = (progress: Progress, now: boolean) => {
		latest = progress;
		if (now) flush();
		else timer ??= setTimeout(flush, frame);
	};
	return Object.assign(show, {end: () => clearTimeout(timer)});
}
