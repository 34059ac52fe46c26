import {Secret} from '../contract/secret.ts';
import type {Step} from '../contract/step.ts';
import type {Problem} from '../contract/ui/events.ts';
import type {Choice, Field, FieldValue} from '../contract/ui/field.ts';
import {generateSecret} from './generate.ts';
import {type Option, optionOf} from './option.ts';

/** Answers by option name; secrets as Secret values. */
export type Answers = Readonly<Record<string, unknown>>;

export type Resolution = {
	/** Given answers, and defaults where there are none, as the steps get them. Options that nothing calls for and that have no default are absent. */
	readonly answers: Answers;
	/** What is missing or wrong: empty when the steps can be run. */
	readonly problems: readonly Problem[];
	/** Names of the secrets that were made up here: to be put in the vault. */
	readonly generated: readonly string[];
};

/**
 * Completes and checks answers for `steps`: what is given, else the kind's default, else the schema's; secrets that
 * may be generated are. An option is called for when a wanted step takes it and its `when` holds.
 */
export function resolve(steps: readonly Step[], defaults: Answers, answers: Answers): Resolution {
	const raw = rawAnswers(steps, defaults, answers);
	// By name: what a conflict has changed is an option of each step's own.
	const wanted = new Set(optionsOf(steps.filter(step => isWanted(step, raw))).map(({name}) => name));
	const resolved: Record<string, unknown> = {};
	const problems: Problem[] = [];
	const generated: string[] = [];
	for (const option of optionsOf(steps)) {
		const asked = wanted.has(option.name) && applies(option, raw, steps);
		const value = raw[option.name] ?? (asked ? generate(option) : undefined);
		const message = value === undefined && option.optional ? undefined : problemOf(option, value, raw, steps);
		if (message === undefined) resolved[option.name] = value === undefined ? option.fallback : option.parse(value);
		else if (asked && !problems.some(problem => problem.option === option.name)) {
			const {conflict} = option.meta;
			problems.push({option: option.name, message, ...(conflict && {conflict})});
		}

		if (asked && raw[option.name] === undefined && value instanceof Secret) generated.push(option.name);
	}

	return {answers: resolved, problems, generated};
}

/** Secrets that are called for and not given: to be looked up in the vault, or recalled from the box, before `resolve` makes new ones. */
export function missingSecrets(steps: readonly Step[], defaults: Answers, answers: Answers): readonly Option[] {
	const raw = rawAnswers(steps, defaults, answers);
	return optionsOf(steps.filter(step => isWanted(step, raw))).filter(
		option => option.kind === 'secret' && raw[option.name] === undefined && applies(option, raw, steps),
	);
}

/** Whether the answers so far (with the defaults) call for a step. */
export function isWanted(step: Step, answers: Answers): boolean {
	try {
		return step.wanted?.(answers as never) ?? true;
	} catch {
		// An answer it looks at is not given yet: then it is still open, and asked for.
		return true;
	}
}

/** Whether an answer leaves a step out, and with it what needs it. */
export function isDeclined(step: Step, answers: Answers): boolean {
	return step.declined?.(answers as never) ?? false;
}

/** The fields of a step's form, as the answers so far call for them. `answers` hold the kind's defaults. */
export function fields(step: Step, answers: Answers, steps: readonly Step[] = [step]): Field[] {
	const raw = rawAnswers(steps, {}, answers);
	return optionsOf([step])
		.filter(option => !option.meta.derived && asksFor(step, option) && applies(option, raw, steps))
		.map(option =>
			fieldOf(option, raw[option.name], (typed, generated) => problemOfField(option, typed, generated, raw, steps)),
		);
}

/** The options of the steps, each name once; the first step that takes it describes it. */
export function optionsOf(steps: readonly Step[]): Option[] {
	const found = new Map<string, Option>();
	for (const step of steps) {
		for (const [name, schema] of Object.entries(step.options.shape)) {
			if (!found.has(name)) found.set(name, optionOf(name, schema));
		}
	}

	return [...found.values()];
}

function rawAnswers(steps: readonly Step[], defaults: Answers, answers: Answers): Record<string, unknown> {
	const raw: Record<string, unknown> = {};
	for (const option of optionsOf(steps)) {
		const value = given(option, answers[option.name]) ?? given(option, defaults[option.name]) ?? option.fallback;
		if (value !== undefined) raw[option.name] = value;
	}

	return raw;
}

/** A blank line of an answers file, an emptied field that needs a text, and an empty secret are no answers. */
function given(option: Option, value: unknown): unknown {
	if (value === null || (value instanceof Secret && value.reveal() === '')) return undefined;
	return value === '' && option.problem('') !== undefined ? undefined : value;
}

/** Whether an option's `when` holds, and the `when` of the options it looks at. */
function applies(option: Option, raw: Answers, steps: readonly Step[], seen: readonly string[] = []): boolean {
	if (seen.includes(option.name)) return true;
	const {decides, conflict} = option.meta;
	if (decides && !(conflict && steps.some(step => option.name in step.options.shape && asksFor(step, option))))
		return false;
	return Object.entries(option.meta.when ?? {}).every(([name, values]) => {
		if (!values.includes(raw[name] as string | boolean)) return false;
		const other = optionsOf(steps).find(candidate => candidate.name === name);
		return other === undefined || applies(other, raw, steps, [...seen, option.name]);
	});
}

function generate(option: Option): Secret | undefined {
	return option.kind === 'secret' && option.meta.generate ? generateSecret(option.meta.generate) : undefined;
}

function problemOf(option: Option, value: unknown, raw: Answers, steps: readonly Step[]): string | undefined {
	const {conflict} = option.meta;
	if (value === undefined)
		return conflict ? `${conflict.what} Say what becomes of it` : `“${option.title}” has no answer yet`;
	return option.problem(value) ?? sameAsOther(option, value, raw, steps);
}

function sameAsOther({meta}: Option, value: unknown, raw: Answers, steps: readonly Step[]): string | undefined {
	const other = meta.unlike?.find(name => raw[name] === value);
	const title = optionsOf(steps).find(({name}) => name === other)?.title;
	return title === undefined ? undefined : `“${title}” has this one already: take another`;
}

function fieldOf(
	option: Option,
	value: unknown,
	problem: (typed: FieldValue, generated: boolean) => string | undefined,
): Field {
	const {meta} = option;
	const generated = option.kind === 'secret' && meta.generate !== undefined;
	return {
		name: option.name,
		kind: option.kind,
		title: option.title,
		...(meta.description !== undefined && {description: meta.description}),
		...(meta.placeholder !== undefined && {placeholder: meta.placeholder}),
		...(option.kind === 'choice' && {choices: option.choices.map(choice => choiceOf(option, choice))}),
		value: fieldValue(value),
		detail: meta.detail ?? false,
		...(meta.ofApp && {ofApp: true as const}),
		...(meta.askedAt !== undefined && {askedAt: meta.askedAt}),
		...(meta.account && {account: true as const}),
		...(meta.distinct && {distinct: meta.distinct}),
		...(meta.lines && {lines: true}),
		optional: option.optional || generated,
		generated,
		problem: typed => problem(typed, generated),
	};
}

function choiceOf({meta}: Option, value: string): Choice {
	const description = meta.conflict?.choices[value];
	return {value, title: value, ...(description !== undefined && {description})};
}

/** A record is shown as its lines. */
function fieldValue(value: unknown): FieldValue {
	if (typeof value !== 'object' || value === null || value instanceof Secret || Array.isArray(value)) {
		return value as FieldValue;
	}

	return Object.entries(value).map(([name, text]) => `${name}=${String(text)}`);
}

function problemOfField(
	option: Option,
	value: FieldValue,
	generated: boolean,
	raw: Answers,
	steps: readonly Step[],
): string | undefined {
	const answer = given(option, value);
	if (answer === undefined && (option.optional || generated)) return undefined;
	return Number.isNaN(answer) ? 'Needs a number' : problemOf(option, answer, raw, steps);
}

/** Whether it is this step that asks for an option: what decides a conflict is asked by the step that finds it. */
function asksFor(step: Step, option: {readonly meta: {readonly decides?: boolean}}): boolean {
	return !option.meta.decides || step.conflicts !== undefined;
}
