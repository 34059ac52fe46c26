import type {Conflict} from '../option.ts';
import type {Secret} from '../secret.ts';
import type {Step, Visits, Wait} from '../step.ts';
import type {TroubleParts} from '../trouble.ts';
import type {Finding} from './troubleshooting.ts';

/** A step as a renderer needs it. */
export type StepSummary = Pick<Step, 'id' | 'title' | 'why' | 'hazard' | 'app'>;

/** What the engine tells while it runs. One union, three renderers: Ink screens, plain lines, JSON lines. */
export type Event =
	| {readonly type: 'planned'; readonly name: string; readonly steps: readonly StepSummary[]}
	| {readonly type: 'checking'; readonly step: string}
	/** Nothing was done: it was in place already, the answers don't want it, or the person left it out. */
	| {
			readonly type: 'skipped';
			readonly step: string;
			readonly reason: 'in place' | 'not wanted' | 'left out';
			/** What stands in its way, where nobody left it out: 'it needs “Certificate”, which is not in place'. */
			readonly because?: string;
	  }
	/** A check found the box not as the answers ask for; a plain `check` tells it and goes on. */
	| {
			readonly type: 'differs';
			readonly step: string;
			/** Why it could not even be looked at. */
			readonly trouble?: TroubleParts;
	  }
	/** Options are missing or wrong; the reply brings them. */
	| {readonly type: 'asking'; readonly step: string; readonly problems: readonly Problem[]}
	/** The revert is armed: the box takes the change back by itself after `window` seconds. */
	| {readonly type: 'arming'; readonly step: string; readonly window: number}
	/** A job runs on the box; `attached` when it was found running from before. */
	| {readonly type: 'running'; readonly step: string; readonly job: string; readonly attached: boolean}
	| {readonly type: 'output'; readonly step: string; readonly line: string}
	| {readonly type: 'waiting'; readonly step: string; readonly wait: Wait}
	/** A proof is under way: a fresh login, a port probe, a fetch. */
	| {readonly type: 'proving'; readonly step: string; readonly what: string}
	| {readonly type: 'rebooting'; readonly step: string}
	| {readonly type: 'reconnecting'; readonly attempt: number}
	| {readonly type: 'verified'; readonly step: string; readonly seconds: number}
	/** The reply says what to do: one of `actions`. */
	| {
			readonly type: 'failed';
			readonly step: string;
			readonly trouble: TroubleParts;
			readonly actions: readonly Action[];
			/** What of the app is known to be the cause, the likeliest first, and the fixes that a reply may name. */
			readonly findings?: readonly Finding[];
	  }
	| {readonly type: 'reverted'; readonly step: string}
	| {readonly type: 'undone'; readonly step: string; readonly seconds: number}
	/** Which version serves visitors: told by a deploy as soon as a new one is switched to, and at its end where that was not told; `isNew` when it does so since just now. */
	| {
			readonly type: 'live';
			readonly step: string;
			readonly id: string;
			readonly title: string;
			readonly isNew: boolean;
			/** Since the deploy began. */
			readonly seconds: number;
	  }
	/** What visitors met while a deploy ran: told at its end, where it did anything. */
	| ({readonly type: 'visited'; readonly step: string} & Visits)
	| {readonly type: 'done'; readonly summary: Summary};

export type Action = 'retry' | 'edit' | 'skip' | 'undo' | 'quit';

/** What is wrong with an option, in words. */
export type Problem = {
	readonly option: string;
	readonly message: string;
	/** What the box has that makes the question arise. */
	readonly conflict?: Conflict;
};

/** What a renderer answers to `asking` (answers) and `failed` (an action, with answers for 'edit'; or a fix, with what it asks for). Nothing to all others. */
export type Reply =
	| {
			readonly action?: Action;
			readonly answers?: Readonly<Record<string, unknown>>;
			readonly fix?: string;
			readonly typed?: Secret;
	  }
	| undefined;

export type Summary = {
	/** Steps whose apply ran and was verified. */
	readonly changed: readonly string[];
	readonly inPlace: readonly string[];
	readonly skipped: readonly string[];
	readonly failed: readonly string[];
	/** Seconds from start to end. */
	readonly seconds: number;
};
