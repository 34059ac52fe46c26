import type {Field, FieldValue} from '../../source/contract/ui/field.ts';
import {problemOf} from './draft.ts';

/** Where a person is in a form. Its values are the answers; they live outside. */
export type FormState = {
	/** The name of the field under the hands. */
	readonly focus?: string;
	/** Fields that were filled in and left: their faults are told also when they are empty. */
	readonly left: ReadonlySet<string>;
	readonly details: boolean;
};

/** Where a form begins: at the first field with a fault that was found elsewhere, else at its first one. */
export function startOf(fields: readonly Field[], faults: Readonly<Record<string, string>> = {}): FormState {
	const faulty = fields.find(field => faults[field.name] !== undefined);
	return {
		focus: (faulty ?? fields.find(field => !field.detail) ?? fields[0])?.name,
		left: new Set(),
		// A form of details only would else be empty.
		details: fields.every(field => field.detail) || (faulty?.detail ?? false),
	};
}

/** The fields that are on the screen. */
export const shownOf = (fields: readonly Field[], state: FormState): readonly Field[] =>
	fields.filter(field => state.details || !field.detail);

/** The field under the hands: the first one where the one that was is gone (an answer may make others vanish). */
export const focusOf = (shown: readonly Field[], state: FormState): number =>
	Math.max(
		0,
		shown.findIndex(field => field.name === state.focus),
	);

/** To the field before or after. Stays at the ends. */
export function move(shown: readonly Field[], state: FormState, by: 1 | -1): FormState {
	const here = focusOf(shown, state);
	const next = shown[Math.min(shown.length - 1, Math.max(0, here + by))];
	const leaving = shown[here];
	return {...state, focus: next?.name, left: leaving ? new Set([...state.left, leaving.name]) : state.left};
}

/** What a form says when it is handed in: the first field that is wrong (with all faults told), or undefined when all is well. */
export function handIn(
	fields: readonly Field[],
	state: FormState,
	value: (field: Field) => FieldValue,
): FormState | undefined {
	const wrong = fields.find(field => problemOf(field, value(field)) !== undefined);
	if (wrong === undefined) return undefined;
	return {focus: wrong.name, details: state.details || wrong.detail, left: new Set(fields.map(field => field.name))};
}

/** Whether to tell a field's fault: while something stands in it, or after it was left. */
export function isTold(field: Field, state: FormState, empty: boolean): boolean {
	return !empty || state.left.has(field.name);
}

/** The fields that fit, so that the one under the hands is among them. @param height of each, in rows */
export function fitting(heights: readonly number[], focus: number, room: number): {from: number; to: number} {
	let from = focus;
	let to = focus + 1;
	let left = room - (heights[focus] ?? 0);
	while (from > 0 && (heights[from - 1] ?? 0) <= left) {
		from -= 1;
		left -= heights[from] ?? 0;
	}

	while (to < heights.length && (heights[to] ?? 0) <= left) {
		left -= heights[to] ?? 0;
		to += 1;
	}

	return {from, to};
}
