import {z} from 'zod';
import type {Conflict, OptionMeta} from '../contract/option.ts';
import {Secret} from '../contract/secret.ts';
import type {FieldKind} from '../contract/ui/field.ts';

/** An option as its schema describes it: the one place that looks inside zod. */
export type Option = {
	readonly name: string;
	readonly kind: FieldKind;
	readonly meta: OptionMeta;
	/** The label: the schema's title, else the name. */
	readonly title: string;
	/** The values of a choice. */
	readonly choices: readonly string[];
	/** What the schema answers when nothing is given; undefined where an answer is needed. */
	readonly fallback: unknown;
	/** It may be left without an answer. */
	readonly optional: boolean;
	/** What is wrong with a value, in words; undefined when nothing is. */
	problem(value: unknown): string | undefined;
	/** The value as the step gets it. Only for one without a problem. */
	parse(value: unknown): unknown;
	/** Reads what was typed on a command line or in a form: '22', 'yes', 'a.example.com b.example.com'. */
	fromText(text: string): unknown;
};

/**
 * A step's options as they are asked for where a conflict was found: the one that decides it needs an answer, and takes what can be
 * brought about on this box.
 */
export function decided(options: z.ZodObject, conflict: Conflict): z.ZodObject {
	const schema = options.shape[conflict.option];
	if (!schema) return options;
	const {meta, title} = optionOf(conflict.option, schema);
	const asked = z
		.enum(Object.keys(conflict.choices))
		.meta({...meta, title, description: `${conflict.what} ${conflict.means}`, conflict});
	return z.object({...options.shape, [conflict.option]: asked});
}

type Schema = z.core.$ZodType;
type Definition = {
	readonly type: string;
	readonly innerType?: Schema;
	readonly element?: Schema;
	readonly entries?: Readonly<Record<string, string>>;
	readonly values?: readonly unknown[];
};

const definition = (schema: Schema): Definition => schema._zod.def as Definition;

const known = new WeakMap<Schema, Option>();

/** Describes an option. Quick from the second time on: a form asks at every key. */
export function optionOf(name: string, schema: Schema): Option {
	const before = known.get(schema);
	if (before?.name === name) return before;
	const option = describe(name, schema);
	known.set(schema, option);
	return option;
}

function describe(name: string, schema: Schema): Option {
	const layers = layersOf(schema);
	const core = layers.at(-1) ?? schema;
	const meta: OptionMeta = Object.assign({}, ...layers.toReversed().map(layer => z.globalRegistry.get(layer) ?? {}));
	const empty = z.safeParse(schema, undefined);
	const kind = meta.secret ? 'secret' : kindOf(name, core);
	return {
		name,
		kind,
		meta,
		title: meta.title ?? name,
		choices: kind === 'choice' ? choicesOf(core) : [],
		fallback: empty.success ? empty.data : undefined,
		optional: empty.success,
		problem: value => unfit(value, kind === 'secret' && !meta.lines) ?? problemOf(schema, shaped(core, value)),
		parse: value => z.parse(schema, shaped(core, value)),
		fromText: text => readText(kind, text),
	};
}

/** The schema and what it wraps, from the outside in: default, optional, nullable, readonly and pipe layers. */
function layersOf(schema: Schema): Schema[] {
	const inner = definition(schema).innerType;
	return inner ? [schema, ...layersOf(inner)] : [schema];
}

function kindOf(name: string, core: Schema): FieldKind {
	const {type, element} = definition(core);
	if (name === 'authorizedKeys') return 'keys';
	if (type === 'enum' || type === 'literal') return 'choice';
	if (type === 'boolean') return 'yes-no';
	if (type === 'number' || type === 'int') return 'number';
	if (type === 'record') return 'lines';
	if (type !== 'array' || !element) return 'text';
	// Items that may hold a space can't stand on one line with spaces between them.
	const spaced = ['a b', 'NAME=a b'].some(text => z.safeParse(element, text).success);
	return spaced ? 'lines' : 'list';
}

function choicesOf(core: Schema): string[] {
	const {entries, values} = definition(core);
	return entries ? Object.values(entries) : (values ?? []).map(String);
}

/** NAME=value lines, as a form gives them, in the shape of a record. */
function shaped(core: Schema, value: unknown): unknown {
	if (definition(core).type !== 'record' || !Array.isArray(value)) return value;
	const pairs = value.map(line => /^\s*(?<name>[^=]*?)\s*=(?<text>.*)$/s.exec(String(line))?.groups);
	if (pairs.some(pair => pair === undefined)) return value;
	return Object.fromEntries(pairs.map(pair => [pair?.name, pair?.text]));
}

/** Control characters but tab and line ends, halves of characters, and marks that turn the direction of a text. */
const unseen = /(?![\t\n\r])[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** What no answer may hold, whatever its schema says: files, commands and protocols would each make something else of it. */
function unfit(value: unknown, isLine: boolean): string | undefined {
	if (Array.isArray(value)) return value.map(item => unfit(item, isLine)).find(problem => problem !== undefined);
	const text = value instanceof Secret ? value.reveal() : value;
	if (typeof text !== 'string') return undefined;
	if (unseen.test(text)) return 'Holds a character that can’t be seen: type it anew';
	return isLine && /[\n\r]/.test(text) ? 'One line only' : undefined;
}

function problemOf(schema: Schema, value: unknown): string | undefined {
	const result = z.safeParse(schema, value, {error: issue => inWords(issue)});
	if (result.success) return undefined;
	const [issue] = result.error.issues;
	if (!issue) return 'This value does not fit';
	const place = issue.path.at(-1);
	const item = place === undefined ? undefined : itemAt(value, issue.path);
	if (item === undefined) return issue.message;
	return `“${item}”: ${issue.message}`;
}

function itemAt(value: unknown, path: readonly PropertyKey[]): string | undefined {
	let item = value;
	for (const key of path) {
		if (typeof item !== 'object' || item === null) return undefined;
		item = (item as Record<PropertyKey, unknown>)[key];
	}

	return typeof item === 'string' ? item : String(path.at(-1));
}

const typeNames: Readonly<Record<string, string>> = {
	string: 'text',
	number: 'a number',
	int: 'a whole number',
	boolean: 'yes or no (true or false)',
	array: 'a list',
	record: 'lines of NAME=value',
};

/** Zod's own messages in a person's words; those that a schema brings stay. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
	if (issue.code === 'invalid_type') {
		const wanted = typeNames[String(issue.expected)] ?? String(issue.expected);
		const quote = issue.expected === 'string' && typeof issue.input === 'number' ? ': put it in quotes' : '';
		return `Needs ${wanted}${quote}`;
	}

	if (issue.code === 'invalid_value') return `One of: ${issue.values.map(String).join(', ')}`;
	if (issue.code === 'too_small') return issue.origin === 'number' ? `At least ${issue.minimum}` : 'Too short';
	if (issue.code === 'too_big') return issue.origin === 'number' ? `At most ${issue.maximum}` : 'Too long';
	return undefined;
}

const truths: Readonly<Record<string, boolean>> = {yes: true, true: true, y: true, no: false, false: false, n: false};

function readText(kind: FieldKind, text: string): unknown {
	if (kind === 'number') return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
	if (kind === 'yes-no') return truths[text.trim().toLowerCase()] ?? text;
	if (kind === 'list') return text.split(/[\s,]+/).filter(item => item !== '');
	if (kind === 'lines' || kind === 'keys') return text.split('\n').filter(line => line.trim() !== '');
	return text;
}
