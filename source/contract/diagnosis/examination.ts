import type {z} from 'zod';
import type {OptionShape, Options} from '../option.ts';
import type {Hand, Probe} from '../step.ts';
import type {Fix} from './fix.ts';

/** 'bad': broken, open or lost now. 'warning': it will be, unless somebody sees to it. 'note': good to know. */
export type Severity = 'bad' | 'warning' | 'note';

/** What is wrong, in words. */
export type Judgement = {
	readonly severity: Severity;
	/** A sentence without its full stop: 'nginx serves an older configuration than the one on disk'. */
	readonly title: string;
	/** What it means for the person. */
	readonly means: string;
	/** Lines of the box that prove it. */
	readonly evidence: readonly string[];
	/** What to do about it where no fix can. */
	readonly next?: string;
	/** What programs said of it, one line each: looked through for the causes that are known, and not shown. */
	readonly said?: readonly string[];
};

/**
 * One thing that the doctor looks at. It asks all it wants to know at once, so that all examinations travel as one
 * script; what it makes of the answers is pure.
 */
export interface Examination<Shape extends OptionShape = OptionShape, Facts = unknown> {
	/** Stable: in JSON, on the command line, in tests. 'web/reload' */
	readonly id: string;
	/** What is looked at: 'nginx and its configuration'. */
	readonly title: string;
	/** The journal's answers that it goes by: without them it can't tell right from wrong, and says so. */
	readonly options: z.ZodObject<Shape>;
	/** Plain JSON, without secrets. @throws Trouble where it can't be known now */
	look($: Probe, options: Options<Shape>): Promise<Facts>;
	/** Undefined where all is well. Pure. */
	judge(facts: Facts, options: Options<Shape>): Judgement | undefined;
	/** What puts it right, where something can: a step of the plan, or what goes by this examination. Pure. */
	fix?(facts: Facts, options: Options<Shape>): Fix | ExaminationFix<Facts> | undefined;
}

/** How an examination's own fix goes about it: needed while the examination finds something, done once it finds nothing. */
export type ExaminationFix<Facts> = {
	/** On the key, at most 40 characters: 'Reload nginx'. */
	readonly title: string;
	/** Why this helps, and what it interrupts. */
	readonly why: string;
	/** 'lockout': the box takes it back by itself, unless a fresh login proves the door. */
	readonly hazard?: 'lockout';
	apply($: Hand, facts: Facts): void;
	/** `before` is what was found first. */
	undo?($: Hand, before: Facts): void;
	/** What undo can't bring back. */
	readonly notUndone?: string;
	verify?($: Probe): Promise<void>;
};

/** Gives an examination its types: facts and options are inferred from `look` and `options`. */
export function defineExamination<Shape extends OptionShape, Facts>(
	examination: Examination<Shape, Facts>,
): Examination<Shape, Facts> {
	return examination;
}

/** What the doctor found. */
export type Finding = Judgement & {
	/** Of the examination; with the app's name before it where a box carries several: 'blog:process/down'. */
	readonly id: string;
	/** The app whose it is, where a box carries several. */
	readonly app?: string;
	/** Its fix, as the person reads it. */
	readonly fix?: Pick<Fix, 'id' | 'title' | 'why'>;
};

/** What nobody could know, and why. */
export type Unknown = {readonly id: string; readonly app?: string; readonly title: string; readonly reason: string};

/** How a box is. */
export type Health = {
	/** The worst first. Empty: healthy. */
	readonly findings: readonly Finding[];
	readonly unknown: readonly Unknown[];
	/** Round trips since the login. */
	readonly roundTrips: number;
	/** Seconds of looking. */
	readonly seconds: number;
};

/** The worst severity of some findings; undefined where there are none. */
export function worst(findings: readonly Pick<Finding, 'severity'>[]): Severity | undefined {
	return severities.find(severity => findings.some(finding => finding.severity === severity));
}

/** The worst first. */
export const severities: readonly Severity[] = ['bad', 'warning', 'note'];
