import type {TroubleParts} from '../contract/trouble.ts';
import type {Event, Reply, Summary} from '../contract/ui/events.ts';
import {cleanText} from '../remote/clean.ts';
import {advance, loggedLines, noProgress, type Progress, stateOf} from './progress.ts';
import {cleanLine, duration, liveWords, sumUp, visitWords, words} from './wording.ts';

type Write = (line: string) => void;

export type PlainOptions = {
	/** Also what the commands on the box print; else only the last lines of one that failed. */
	readonly verbose?: boolean;
	/** Cuts secrets out of a line: the last net, should a tool on the box have printed one. */
	readonly clean?: (line: string) => string;
	/** Asks a person, where one is there, whether a fix of a failed step shall be made; undefined for none. */
	readonly repair?: (failed: Extract<Event, {type: 'failed'}>) => Promise<Reply>;
	/** Milliseconds without a line after which one says that the work goes on. */
	readonly patience?: number;
};

/** Lines of output shown of a step that failed. */
const tail = 20;

/** Writes a run as plain lines, for logs, pipes and screen readers. Nobody can answer: what fails or is missing ends it. */
export async function renderPlain(
	events: AsyncGenerator<Event, Summary, Reply>,
	write: Write,
	{verbose = false, clean = line => line, repair = async () => undefined, patience = 30_000}: PlainOptions = {},
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
			step = await events.next(await replyTo(event, repair));
		}

		return step.value;
	} finally {
		clearInterval(heartbeat);
	}
}

async function replyTo(event: Event, repair: NonNullable<PlainOptions['repair']>): Promise<Reply> {
	if (event.type === 'failed') return (await repair(event)) ?? {action: 'quit'};
	return event.type === 'asking' ? {action: 'quit'} : undefined;
}

function linesOf(event: Event, progress: Progress, verbose: boolean): string[] {
	if (event.type === 'output' && !verbose) return [];
	const line = plainLine(event, progress);
	if (line === undefined) return [];
	const shown = event.type === 'output' ? line : `${placeOf(event, progress)}${line}`;
	if (event.type !== 'failed' || verbose) return [shown];
	const log = loggedLines(progress)
		.filter(({step}) => step === event.step)
		.slice(-tail);
	return [shown, ...log.map(({text}) => `    > ${cleanLine(text)}`)];
}

/** The line a terminal without screens prints for an event, for people and logs; undefined when the event says nothing new. */
export function plainLine(event: Event, before: Progress): string | undefined {
	const title = (id: string) => before.steps.find(step => step.summary.id === id)?.summary.title ?? id;
	switch (event.type) {
		case 'planned':
			return `${event.name}: ${event.steps.length} steps`;
		case 'checking':
			return undefined;
		case 'output':
			return `    ${cleanLine(event.line)}`;
		case 'skipped':
			return `[${event.reason}] ${title(event.step)}${event.because === undefined ? '' : `: ${event.because}`}`;
		case 'differs':
			return `[differs] ${title(event.step)}${event.trouble ? troubleLines(event.trouble) : ''}`;
		case 'verified':
			return `[done] ${title(event.step)} (${duration(event.seconds)})`;
		case 'undone':
			return `[undone] ${title(event.step)} (${duration(event.seconds)})`;
		case 'reverted':
			return `[reverted] ${title(event.step)}: the box took the change back`;
		case 'waiting':
			if (before.activity?.words === words(event)) return undefined;
			return [
				`[waiting] ${title(event.step)}: ${event.wait.what}`,
				...[...event.wait.show, ...(event.wait.notes ?? [])].map(line => `    ${line}`),
			].join('\n');
		case 'asking':
			return event.problems.map(problem => `[asking] ${problem.option}: ${problem.message}`).join('\n');
		case 'failed':
			return `[failed] ${title(event.step)}${troubleLines(event.trouble)}`;
		case 'running':
			return `[running] ${title(event.step)}: ${words(event)}${event.attached ? '. It is waited for; --stop-job ends it' : ''}`;
		case 'reconnecting':
			return event.attempt === 1 ? `[connecting] ${words(event)}` : undefined;
		case 'live':
			return `[live] ${liveWords(event)}`;
		case 'visited':
			return `[visitors] ${visitWords(event)}`;
		case 'done':
			return sumUp(event.summary, before.steps.filter(({state}) => state === 'differs').length);
		default:
			return `[${stateOf[event.type]}] ${title(event.step)}: ${words(event)}`;
	}
}

/** What stands behind a step's title, and below it. */
function troubleLines({what, means, next, evidence = []}: TroubleParts): string {
	return [`: ${what}`, `    ${means}`, `    ${next}`, ...evidence.map(line => `    | ${cleanLine(line)}`)].join('\n');
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
