import {cleanText} from '../clean.ts';
import type {Event, Reply, Summary} from '../events.ts';
import {advance, cleanLine, duration, noProgress, type Progress, plainLine} from '../progress.ts';

type Write = (line: string) => void;

export type PlainOptions = {
	/** Also what the commands on the box print; else only the last lines of one that failed. */
	readonly verbose?: boolean;
	/** Cuts secrets out of a line: the last net, should a tool on the box have printed one. */
	readonly clean?: (line: string) => string;
	/** Milliseconds without a line after which one says that the work goes on. */
	readonly patience?: number;
};

/** Lines of output shown of a step that failed. */
const tail = 20;

/** Writes a run as plain lines, for logs, pipes and screen readers. Nobody can answer: what fails or is missing ends it. */
export async function renderPlain(
	events: AsyncGenerator<Event, Summary, Reply>,
	write: Write,
	{verbose = false, clean = line => line, patience = 30_000}: PlainOptions = {},
): Promise<Summary> {
	let progress: Progress = noProgress;
	const heartbeat = setInterval(() => stillAtIt(progress, write), patience);
	const say = (line: string): void => {
		heartbeat.refresh();
		write(cleanText(clean(line)));
	};

	try {
		let step = await events.next();
		while (!step.done) {
			const event = step.value;
			for (const line of linesOf(event, progress, verbose)) say(line);
			progress = advance(progress, event, Date.now());
			step = await events.next(event.type === 'failed' || event.type === 'asking' ? {action: 'quit'} : undefined);
		}

		return step.value;
	} finally {
		clearInterval(heartbeat);
	}
}

function linesOf(event: Event, progress: Progress, verbose: boolean): string[] {
	if (event.type === 'output' && !verbose) return [];
	const line = plainLine(event, progress);
	if (line === undefined) return [];
	const shown = event.type === 'output' ? line : `${placeOf(event, progress)}${line}`;
	if (event.type !== 'failed' || verbose) return [shown];
	const log = progress.log.filter(({step}) => step === event.step).slice(-tail);
	return [shown, ...log.map(({text}) => `    > ${cleanLine(text)}`)];
}

/** ' 7/26 ', in front of each line about a step. */
function placeOf(event: Event, progress: Progress): string {
	if (!('step' in event)) return '';
	const index = progress.steps.findIndex(step => step.summary.id === event.step);
	const total = String(progress.steps.length);
	return index === -1 ? '' : `${String(index + 1).padStart(total.length)}/${total} `;
}

function stillAtIt({activity}: Progress, write: Write): void {
	if (activity) write(`    … ${activity.words}, ${duration((Date.now() - activity.since) / 1000)}`);
}
