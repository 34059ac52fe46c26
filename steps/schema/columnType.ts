/** A column's type, as far as it matters whether another one takes the same values. */
export type ColumnType = {
	readonly family: 'text' | 'integer' | 'decimal' | 'float' | 'other';
	/** Letters of a text, bytes of an integer or float, digits before the point of a decimal. Infinity for no bound. */
	readonly size: number;
	/** Digits after the point. */
	readonly scale: number;
	/** As it is written, for what has no family. */
	readonly written: string;
};

const texts: Readonly<Record<string, number>> = {
	varchar: Number.POSITIVE_INFINITY,
	'character varying': Number.POSITIVE_INFINITY,
	nvarchar: Number.POSITIVE_INFINITY,
	string: Number.POSITIVE_INFINITY,
	unicode: Number.POSITIVE_INFINITY,
	autostring: Number.POSITIVE_INFINITY,
	tinytext: 255,
	// MySQL's manual, “String Type Storage Requirements”; the others' text has no bound that rows come near.
	text: 65_535,
	unicodetext: 65_535,
	clob: 65_535,
	mediumtext: 16_777_215,
	longtext: Number.POSITIVE_INFINITY,
};

const integers: Readonly<Record<string, number>> = {
	tinyint: 1,
	tinyinteger: 1,
	smallint: 2,
	smallinteger: 2,
	int2: 2,
	mediumint: 3,
	int: 4,
	integer: 4,
	int4: 4,
	id: 8,
	bigint: 8,
	biginteger: 8,
	int8: 8,
};

const floats: Readonly<Record<string, number>> = {
	real: 4,
	float4: 4,
	float: 8,
	float8: 8,
	double: 8,
	'double precision': 8,
};
const decimals = new Set(['decimal', 'numeric']);

/**
 * A type by its name and what stands in its brackets: ('varchar', ['50']).
 * @param more what else is said of it, such as 'unsigned' or a collation: a type with it is another one
 */
export function columnType(name: string, given: readonly string[] = [], more = ''): ColumnType {
	const key = name.toLowerCase();
	const written = `${key}${given.length > 0 ? `(${given.join(',')})` : ''}${more === '' ? '' : ` ${more}`}`;
	const [first = Number.NaN, second = 0] = given.map(Number);
	if (more !== '' || given.some(one => !/^\d{1,9}$/.test(one))) return {family: 'other', size: 0, scale: 0, written};
	const text = texts[key];
	if (text !== undefined && Object.hasOwn(texts, key))
		return {family: 'text', size: Number.isNaN(first) ? text : first, scale: 0, written};
	// What stands in the brackets of an integer is how wide it is shown.
	const integer = integers[key];
	if (integer !== undefined && Object.hasOwn(integers, key))
		return {family: 'integer', size: integer, scale: 0, written};
	const float = floats[key];
	if (float !== undefined && Object.hasOwn(floats, key) && given.length === 0)
		return {family: 'float', size: float, scale: 0, written};
	if (decimals.has(key) && given.length > 0) return {family: 'decimal', size: first - second, scale: second, written};
	return {family: 'other', size: 0, scale: 0, written};
}

/** Whether a column of type `wide` takes each value of `narrow`, and gives back what code that knows `narrow` can read. */
export function takes(wide: ColumnType, narrow: ColumnType): boolean {
	if (wide.family !== narrow.family) return false;
	if (wide.family === 'other') return wide.written === narrow.written;
	return wide.size >= narrow.size && wide.scale >= narrow.scale;
}

/**
 * Whether each value comes through a change of type as it was, or the change fails: a server in its strict mode refuses to cut
 * a text short, but rounds a number without a word.
 */
export function keepsValues(from: ColumnType, to: ColumnType): boolean {
	if (takes(to, from)) return true;
	if (to.family === 'text') return from.family === 'text' || from.family === 'integer';
	return from.family === 'integer' && to.family === 'integer';
}
