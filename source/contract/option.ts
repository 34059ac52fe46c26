import type {z} from 'zod';

/** What a box has already and what a step would run into: a person says what becomes of it before anything is touched. */
export type Conflict = {
	/** The option that decides it, one with `decides`. */
	readonly option: string;
	/** 'apache2 (apache2.service) listens on port 80.' */
	readonly what: string;
	/** What the step would do to it, or it to the step: a sentence. */
	readonly means: string;
	/** The values of the option that can be brought about on this box, and what each does: 'it is stopped, and started again by undo'. */
	readonly choices: Readonly<Record<string, string>>;
};

/** What `meta()` of an option's schema may say, for forms, flags and the answers file. */
export type OptionMeta = {
	/** The label in the form. */
	readonly title?: string;
	/** One sentence under the field. */
	readonly description?: string;
	readonly placeholder?: string;
	/** A secret: shown as dots, kept in the keychain, never in the answers file. */
	readonly secret?: boolean;
	/** A secret of several lines: its field takes Enter and pasted lines. */
	readonly lines?: boolean;
	/** The length of a generated value, where a person may leave a secret empty. */
	readonly generate?: number;
	/** Asked only when this other option has one of these values: {database: ['mariadb', 'postgresql']}. */
	readonly when?: Readonly<Record<string, readonly (string | boolean)[]>>;
	/** Names of options of which none may have the same value. */
	readonly unlike?: readonly string[];
	/** Shown on the form only after `e` (edit details): a sensible default serves nearly all. */
	readonly detail?: boolean;
	/** The group of steps that an app is asked for it at, as their ids begin ('web'), where steps before them take it as well. */
	readonly askedAt?: string;
	/** An answer of the app, also where a step of the box takes it. */
	readonly ofApp?: boolean;
	/** Most apps of a box have the same: a new one begins with that of the last. */
	readonly alike?: boolean;
	/** No two apps of a box may have the same: 'name' is what the app is called, 'site' a host name that it answers to. */
	readonly distinct?: 'name' | 'site';
	/** It names an account of the box, which may be there already: who answers is told so. */
	readonly account?: boolean;
	/** Only the person says it: what stands in a repository is not taken for it. */
	readonly personal?: boolean;
	/** Worked out from all apps of the box: neither asked for, nor given, nor kept. */
	readonly derived?: boolean;
	/** It decides about something that few boxes have: asked only where its step's `conflicts` has found that. */
	readonly decides?: boolean;
	/** What was found on this box (never in a step's own text). */
	readonly conflict?: Conflict;
	/** Where the box itself keeps a generated secret, for a machine whose keychain doesn't: a command (root) that prints it. Options are the other answers. */
	readonly recall?: (options: Readonly<Record<string, unknown>>) => string;
};

export type OptionShape = z.ZodRawShape;
export type Options<Shape extends OptionShape> = z.output<z.ZodObject<Shape>>;
