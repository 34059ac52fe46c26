import {Secret} from '../../source/contract/secret.ts';
import type {Field, FieldValue} from '../../source/contract/ui/field.ts';

/** What a field of text shows for a value. A secret that is known already is not typed out again. */
export function textOf(value: FieldValue, kind: Field['kind']): string {
	if (value === undefined || typeof value === 'boolean') return '';
	if (value instanceof Secret) return value.reveal();
	if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
	if (typeof value === 'string') return value;
	return value.join(kind === 'lines' ? '\n' : ' ');
}

/** The value of what was typed. */
export function valueFrom(text: string, kind: Field['kind']): FieldValue {
	switch (kind) {
		case 'number':
			return text.trim() === '' ? undefined : Number(text.trim());
		case 'secret':
			return text === '' ? undefined : new Secret(text);
		case 'list':
			return text.split(/[\s,]+/).filter(part => part !== '');
		case 'lines':
			return text.split('\n').filter(line => line.trim() !== '');
		default:
			return text.trim();
	}
}

/** What is wrong with a field as it stands, in words. */
export function problemOf(field: Field, value: FieldValue): string | undefined {
	if (isEmpty(value)) {
		if (field.optional || field.generated) return undefined;
		return field.kind === 'keys' ? 'Choose at least one key' : `${field.title} is needed`;
	}

	if (field.kind === 'number' && Number.isNaN(value)) return 'A number, such as 22';
	return field.problem(value);
}

export function isEmpty(value: FieldValue): boolean {
	if (value === undefined || value === '') return true;
	return Array.isArray(value) && value.length === 0;
}

/** Whether the field takes several lines. */
export const isLines = (field: Field): boolean => field.kind === 'lines' || field.lines === true;

const typedKinds: ReadonlySet<Field['kind']> = new Set(['text', 'number', 'secret', 'list', 'lines']);

/** Whether the field is typed into, so that letters are text and not keys. */
export const isTyped = (field: Field): boolean => typedKinds.has(field.kind);
