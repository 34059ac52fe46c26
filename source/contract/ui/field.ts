import type {Secret} from '../secret.ts';

/**
 * What a field is filled with, and so what it hands back:
 * - `text`, `choice`: a string
 * - `number`: a number; NaN while what is typed is none
 * - `yes-no`: a boolean
 * - `secret`: a Secret; undefined where it is left to be generated
 * - `list`: texts typed on one line, with spaces or commas between them
 * - `lines`: texts typed one per line
 * - `keys`: authorized_keys lines, picked, pasted, fetched or made
 *
 * Undefined where nothing is filled in.
 */
export type FieldValue = string | number | boolean | Secret | readonly string[] | undefined;

export type FieldKind = 'text' | 'number' | 'choice' | 'yes-no' | 'secret' | 'list' | 'lines' | 'keys';

/** One of the values of a `choice`. */
export type Choice = {
	readonly value: string;
	readonly title: string;
	/** A few words beside it. */
	readonly description?: string;
};

/** An option of a step as a form shows it. */
export type Field = {
	/** The option's name: what the answer is filed under. */
	readonly name: string;
	readonly kind: FieldKind;
	/** The label, at most 18 characters. */
	readonly title: string;
	/** One sentence below the field. */
	readonly description?: string;
	readonly placeholder?: string;
	/** The answer so far, else the default. */
	readonly value: FieldValue;
	/** For a `choice`: at least two. */
	readonly choices?: readonly Choice[];
	/** Hidden until the person asks for details: the default serves nearly all. */
	readonly detail: boolean;
	/** The group of an app's steps whose form asks for it (OptionMeta). */
	readonly askedAt?: string;
	/** An answer of the app, also on the form of a step of the box. */
	readonly ofApp?: true;
	/** It names an account of the box, which may be there already. */
	readonly account?: true;
	/** No two apps of a box may have the same (OptionMeta). */
	readonly distinct?: 'name' | 'site';
	/** A `secret` of several lines, such as a .env file. */
	readonly lines?: boolean;
	/** It may be left empty. */
	readonly optional: boolean;
	/** A secret that is generated when it is left empty. */
	readonly generated: boolean;
	/** What is wrong with a value, in words; undefined when nothing is. Pure and quick: called at every key. */
	problem(value: FieldValue): string | undefined;
};
