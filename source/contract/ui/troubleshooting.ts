import type {Line} from '../diagnosis/cause.ts';
import type {Secret} from '../secret.ts';
import type {TroubleParts} from '../trouble.ts';
import type {Event} from './events.ts';
import type {Preview} from './preview.ts';

/** What troubleshooting tells while it goes on. Three renderers, as for a run: screens, plain lines, JSON lines. */
export type TroubleshootEvent =
	| {readonly type: 'looking'}
	/** The app as the box has it, and how it stands there and for its visitors. */
	| {readonly type: 'app'; readonly app: AppSummary}
	/** The exact program runs in the foreground; after `window` seconds at most the box itself gives it back to its process manager. */
	| {readonly type: 'foreground'; readonly mode: ForegroundMode; readonly port?: number; readonly window: number}
	| ({readonly type: 'line'} & Line)
	/** A page was asked for; 0 where no answer came. */
	| {readonly type: 'answer'; readonly page: string; readonly status: number}
	/** The program has ended by itself. */
	| {readonly type: 'ended'; readonly words: string}
	/** The reply says what to do. */
	| ({readonly type: 'diagnosis'} & Diagnosis)
	/** A fix is under way: what the engine tells of it. */
	| {readonly type: 'mending'; readonly fix: string; readonly title: string}
	| {readonly type: 'step'; readonly event: Event}
	/** The app is started anew under its process manager. */
	| {readonly type: 'handing back'; readonly manager: AppSummary['manager']}
	| {readonly type: 'proving'; readonly url: string}
	| {readonly type: 'reconnecting'; readonly attempt: number}
	| {readonly type: 'done'; readonly summary: TroubleshootSummary};

export type ForegroundMode = 'beside' | 'in its place';

/** An app for people to read. */
export type AppSummary = {
	readonly name: string;
	readonly manager: 'supervisor' | 'systemd';
	/** The exact command. */
	readonly command: string;
	readonly user: string;
	readonly folder: string;
	readonly port?: number;
	readonly url?: string;
	readonly log: string;
	/** Under its process manager. */
	readonly supervised: 'running' | 'failing' | 'stopped';
	/** What it answers there (an HTTP status); 0 for no answer. */
	readonly answers?: number;
	/** What visitors see instead of it. */
	readonly faults: readonly string[];
};

export type Diagnosis = {
	/** It ran and answered well in the foreground. */
	readonly well: boolean;
	/** The likeliest first; none where nothing known matches. */
	readonly findings: readonly Finding[];
	/** A fix that was tried just now, and failed. */
	readonly trouble?: TroubleParts;
	/** The other way of running it in the foreground; the same where it can't run beside the supervised one. */
	readonly otherMode: ForegroundMode;
};

/** A cause that was found, in words. */
export type Finding = {
	readonly cause: string;
	readonly title: string;
	readonly means: string;
	readonly next: string;
	readonly evidence: Line;
	/** Lines that lead to it: where in the code it is. */
	readonly before: readonly string[];
	/** Those that have something to do. */
	readonly fixes: readonly FixOffer[];
};

export type FixOffer = {
	readonly id: string;
	readonly title: string;
	readonly why: string;
	/** What must be typed first, as a secret. */
	readonly asks?: string;
	/** Every command and file change; of a fix that asks, only once it is answered. */
	readonly preview?: Preview;
};

export type TroubleshootReply =
	| {readonly action: 'fix'; readonly fix: string; readonly typed?: Secret}
	| {readonly action: 'again'; readonly mode?: ForegroundMode}
	| {readonly action: 'quit'}
	| undefined;

export type TroubleshootSummary = {
	/** 'well': nothing was wrong; 'mended': it is well now; 'found': a cause is known and stands; 'unknown': something is wrong, and no cause is known. */
	readonly outcome: 'well' | 'mended' | 'found' | 'unknown';
	readonly app: string;
	readonly url?: string;
	/** Ids of causes that were found, in their order. */
	readonly causes: readonly string[];
	/** Ids of the fixes that were applied: `boxwizard undo HOST ID` takes one back. */
	readonly fixes: readonly string[];
	/** The log to read. */
	readonly log: string;
	readonly seconds: number;
};

/** What is done with the supervised app meanwhile. */
export function foregroundWords({
	mode,
	port,
	window,
}: Omit<Extract<TroubleshootEvent, {type: 'foreground'}>, 'type'>): string {
	const where = port === undefined ? '' : ` on port ${port}`;
	if (mode === 'beside')
		return `The same program in the foreground, with one worker${where}; the supervised one runs on.`;
	return `The same program in the foreground${where}, in the place of the supervised one. Whatever happens, the box starts that one again within ${window} s.`;
}

export function answerWords(page: string, status: number): string {
	return status === 0 ? `${page} is not answered` : `${page} is answered with ${status}`;
}

/** How it ended. */
export function endWords({outcome, app, url}: TroubleshootSummary): string {
	switch (outcome) {
		case 'well':
			return `Nothing is wrong with ${app} now.`;
		case 'mended':
			return `${app} is well again${url === undefined ? '' : ', seen from here as its visitors see it'}.`;
		case 'found':
			return `${app} is as it was: the cause stands.`;
		case 'unknown':
			return `${app} is as it was: no cause was found.`;
	}
}

/** The command that takes each fix back; what the set-up does is not taken back by itself. */
export function undoCommands({fixes}: TroubleshootSummary, host: string): string[] {
	return fixes.filter(id => id.startsWith('fix/')).map(id => `boxwizard undo ${host} ${id}`);
}
