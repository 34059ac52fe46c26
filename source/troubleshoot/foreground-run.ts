import type {Box} from '../contract/box.ts';
import type {Line} from '../contract/diagnosis/cause.ts';
import type {TroubleshootEvent, TroubleshootReply} from '../contract/ui/troubleshooting.ts';
import {logOf} from '../engine/apply.ts';
import type {Work} from '../engine/session.ts';
import {jobLog, newJob, secretsFolder, startJob} from '../remote/jobs.ts';
import {LogTail} from '../remote/log-tail.ts';
import {foregroundScript, portFor, type Told, toldBy} from './foreground.ts';
import {foregroundUnit, foregroundWindow, type Mode} from './foreground-unit.ts';
import {hiding} from './hidden.ts';
import type {Situation} from './look.ts';

/** What a run in the foreground came to. */
export type Heard = {
	readonly lines: readonly Line[];
	/** It listened and answered every page, or stayed where it serves none. */
	readonly well: boolean;
	/** The connection was lost meanwhile, and the app given back: it says nothing about the app. */
	readonly cut: boolean;
	/** The box's time at its end. */
	readonly clock: string;
};

/** Runs the program in the foreground, told line by line. Left in the middle, it is ended, and the app given back. */
export async function* runInForeground(
	work: Work,
	situation: Situation,
	mode: Mode,
): AsyncGenerator<TroubleshootEvent, Heard, TroubleshootReply> {
	const job = newJob(`troubleshoot/${situation.app.name}`, new Date());
	const mark = `${job.id}:`;
	const run = {situation, mode, mark, log: jobLog(job), secrets: secretsFolder(job)};
	const script = foregroundScript(run);
	const port = portFor(situation, mode);
	yield {type: 'foreground', mode, window: foregroundWindow, ...(port !== undefined && {port})};
	const lines: Line[] = [];
	const outcome = {good: 0, bad: 0, cut: false, clock: situation.since};
	let ended = false;
	try {
		const log = logOf({work, redact: hiding(situation.hidden)}, job.step, new LogTail(), seen =>
			startJob(work.box, job, script, seen),
		);
		for await (const event of log) {
			if (event.type === 'reconnecting') yield event;
			const told = event.type === 'output' ? toldBy(event.line, mark) : undefined;
			if (told === undefined) continue;
			note(told, lines, outcome);
			const tell = telling(told);
			if (tell) yield tell;
		}

		ended = true;
	} finally {
		if (!ended) await giveBack(work.box);
	}

	return {lines, well: outcome.good > 0 && outcome.bad === 0, cut: outcome.cut, clock: outcome.clock};
}

/** Ends what runs in the foreground now, if anything does; its unit gives the app back. */
export async function giveBack(box: Box): Promise<void> {
	await box.run(`systemctl stop ${foregroundUnit} 2>/dev/null || true`).catch(() => undefined);
}

function note(told: Told, lines: Line[], outcome: {good: number; bad: number; cut: boolean; clock: string}): void {
	if (told.kind === 'cut') outcome.cut = true;
	if ('text' in told && told.kind !== 'clock') lines.push({from: told.kind, text: told.text});
	if (told.kind === 'clock') outcome.clock = told.text;
	if (told.kind === 'steady' || (told.kind === 'answer' && told.status > 0 && told.status < 500)) outcome.good += 1;
	if (
		told.kind === 'ended' ||
		told.kind === 'silent' ||
		(told.kind === 'answer' && !(told.status > 0 && told.status < 500))
	)
		outcome.bad += 1;
}

function telling(told: Told): TroubleshootEvent | undefined {
	switch (told.kind) {
		case 'output':
		case 'log':
		case 'nginx':
		case 'box':
			return {type: 'line', from: told.kind, text: told.text};
		case 'answer':
			return {type: 'answer', page: told.page, status: told.status};
		case 'ended':
			return {type: 'ended', words: endWords(told.result, told.status)};
		case 'silent':
			return {type: 'ended', words: 'It runs, but listens nowhere it was asked to.'};
		default:
			return undefined;
	}
}

/** systemd's Result= in words (systemd.service(5)). */
function endWords(result: string, status: string): string {
	if (result === 'oom-kill') return 'The kernel ended it: the box is out of memory.';
	if (result === 'signal' || result === 'core-dump') return `It was ended by signal ${status}.`;
	if (result === 'timeout') return 'It was still at work when its time was over.';
	return `It ended by itself, with exit code ${status}.`;
}
