import {instanceOf} from '../../source/contract/step-id.ts';
import type {Field} from '../../source/contract/ui/field.ts';
import type {StepForm} from '../../source/contract/ui/setup.ts';
import {problemOf} from '../form/draft.ts';

/**
 * The forms of an app that was found by its files: what they say, or what a default answers, is asked no more. Its domain is, since no
 * file knows what a person owns; so is what is missing or wrong.
 */
export function foundForms(forms: readonly StepForm[]): readonly StepForm[] {
	return forms.map(form =>
		form.ofApp ? {...form, fields: form.fields.map(field => (field.ofApp ? field : {...field, detail: true}))} : form,
	);
}

/** A step's form without what an earlier step asks: equal names are one answer. */
export function ownForm(forms: readonly StepForm[], id: string): StepForm | undefined {
	const known = new Set<string>();
	for (const form of forms) {
		if (!form.wanted) continue;
		const own = form.fields.filter(field => !known.has(field.name) && !isAskedLater(forms, form, field));
		if (form.summary.id === id) return {...form, fields: own};
		for (const field of own) known.add(field.name);
	}

	return undefined;
}

/** Whether another step of the app is the place for this question: its domain is asked for where its site is made. */
function isAskedLater(forms: readonly StepForm[], form: StepForm, {name, askedAt}: Field): boolean {
	if (askedAt === undefined || !form.ofApp || isIn(form, askedAt)) return false;
	return forms.some(other => other.wanted && isIn(other, askedAt) && other.fields.some(field => field.name === name));
}

const isIn = ({summary}: StepForm, group: string) => instanceOf(summary.id).id.startsWith(`${group}/`);

/** Ids of the steps that have something to ask: a field that isn't a detail, or one that is missing or wrong. */
export function askedSteps(forms: readonly StepForm[], leftOut: readonly string[]): readonly string[] {
	return forms
		.filter(({summary, wanted, settled}) => wanted && !settled && !leftOut.includes(summary.id))
		.map(({summary}) => ownForm(forms, summary.id))
		.filter(form => form?.fields.some(field => !field.detail || problemOf(field, field.value) !== undefined))
		.flatMap(form => form?.summary.id ?? []);
}

/** The step to ask after (or before) this one; undefined at the ends. Without `id`: the first (the last). */
export function nextAsked(
	forms: readonly StepForm[],
	leftOut: readonly string[],
	id: string | undefined,
	by: 1 | -1 = 1,
): string | undefined {
	const order = forms.map(form => form.summary.id);
	const start = by === 1 ? -1 : order.length;
	const here = id === undefined ? start : order.indexOf(id);
	const asked = askedSteps(forms, leftOut);
	return by === 1
		? asked.find(other => order.indexOf(other) > here)
		: asked.findLast(other => order.indexOf(other) < here);
}
