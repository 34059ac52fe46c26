import {useEffect, useRef, useState} from 'react';
import {asTrouble, type TroubleParts} from '../../source/contract/trouble.ts';
import type {Event, Reply, Summary} from '../../source/contract/ui/events.ts';
import {advance, noProgress, type Progress} from '../../source/render/progress.ts';

export type Run = {
	readonly progress: Progress;
	/** The run itself broke off, with nobody left to reply to. */
	readonly trouble?: TroubleParts;
	/** Answers an `asking` or a `failed`. */
	reply(reply: Reply): void;
	/** Gives up a wait, as if it had failed. Asked once more before that. */
	stopWaiting(): void;
	/** A wait is being given up. */
	readonly stopping: boolean;
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
	const [stopping, setStopping] = useState(false);
	const stops = useRef(false);
	const stop = (now: boolean) => {
		stops.current = now;
		setStopping(now);
	};
	// biome-ignore lint/correctness/useExhaustiveDependencies: one run for the life of the screen
	useEffect(() => {
		const show = gather((next: Progress) => {
			setProgress(next);
			onProgress(next);
		});
		let gone = false;
		const ask = async (event: Event): Promise<Reply> => {
			if (event.type === 'failed' || event.type === 'asking') {
				stop(false);
				return await new Promise<Reply>(resolve => (answer.current = resolve));
			}

			return event.type === 'waiting' && stops.current ? {action: 'quit'} : undefined;
		};
		follow(source(), show, ask, () => gone)
			.then(summary => summary && onEnd(summary))
			.catch((error: unknown) => gone || setTrouble(asTrouble(error)));
		return () => {
			gone = true;
			show.end();
		};
	}, []);
	return {
		progress,
		trouble,
		reply: reply => answer.current?.(reply),
		stopWaiting: () => stop(true),
		stopping,
	};
}

type Show = {(progress: Progress, now: boolean): void; end(): void};

const nothing: Summary = {changed: [], inPlace: [], skipped: [], failed: [], seconds: 0};

/** Undefined when the screen went away meanwhile: then nobody goes on with the run, and its lock is given back. */
async function follow(
	events: AsyncGenerator<Event, Summary, Reply>,
	show: Show,
	ask: (event: Event) => Promise<Reply>,
	isGone: () => boolean,
): Promise<Summary | undefined> {
	let progress = noProgress;
	let reply: Reply;
	while (true) {
		const result = await events.next(reply);
		if (result.done) {
			// What came within the last frame is still to be shown.
			show(progress, true);
			return result.value;
		}

		if (isGone()) {
			await events.return(nothing);
			return undefined;
		}

		const event = result.value;
		progress = advance(progress, event, Date.now());
		show(progress, ['failed', 'asking', 'done'].includes(event.type));
		reply = await ask(event);
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
