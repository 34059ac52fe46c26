import type {PracticeEvent} from '../../practice/index.ts';

/** Tells what the start of a practice box does, a line each. */
export function tell(say: (line: string) => void): (event: PracticeEvent) => void {
	return event => {
		if (event.kind === 'begun') say(event.task);
		if (event.kind === 'finished' && event.seconds >= 1) say(`${event.task}: ${event.seconds.toFixed(0)} s`);
	};
}
