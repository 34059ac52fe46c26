import {type Call, is, plainValue, type Token, textOf, written} from '../../reading/tokens.ts';
import {type ColumnType, columnType} from '../columnType.ts';
import type {Column, Constraint} from '../operation.ts';
import {callOver} from './alembicOperations.ts';
import {isSaid} from './says.ts';

/** A field of a model, as its migrations say it. */
export type Field = {
	readonly name: string;
	/** A table of its own, with rows of pairs. */
	readonly isMany: boolean;
	readonly through?: string;
	readonly column: Column;
	readonly isUnique: boolean;
	/** 'blog.post' where it points to a model, with a rule in the database. */
	readonly pointsTo?: string;
};

/** Letters, where nothing else is said (Django's “Model field reference”). */
const letters: Readonly<Record<string, number>> = {
	SlugField: 50,
	EmailField: 254,
	URLField: 200,
	FileField: 100,
	ImageField: 100,
	FilePathField: 100,
};

const types: Readonly<Record<string, string>> = {
	TextField: 'longtext',
	IntegerField: 'integer',
	SmallIntegerField: 'smallint',
	BigIntegerField: 'bigint',
	AutoField: 'integer',
	SmallAutoField: 'smallint',
	BigAutoField: 'bigint',
	FloatField: 'double precision',
};

const numbered = new Set(['AutoField', 'SmallAutoField', 'BigAutoField']);

/** What a field says that the database does not know. */
const ofPython = new Set([
	...[
		'verbose_name',
		'help_text',
		'default',
		'blank',
		'null',
		'choices',
		'validators',
		'unique',
		'db_index',
		'editable',
	],
	...[
		'primary_key',
		'error_messages',
		'related_name',
		'related_query_name',
		'on_delete',
		'limit_choices_to',
		'auto_now',
	],
	...[
		'auto_now_add',
		'db_column',
		'db_comment',
		'db_default',
		'serialize',
		'to',
		'to_field',
		'upload_to',
		'storage',
		'unique_for_date',
	],
	...[
		'allow_unicode',
		'protocol',
		'swappable',
		'parent_link',
		'auto_created',
		'encoder',
		'decoder',
		'db_constraint',
		'max_length',
	],
	...['max_digits', 'decimal_places', 'expression', 'output_field', 'height_field', 'width_field'],
]);

/** `models.CharField(max_length=50)`; undefined where it can't be read. */
export function fieldOf(name: string, tokens: readonly Token[], app: string): Field | undefined {
	const call = callOver(tokens);
	const kind = call?.name.split('.').at(-1) ?? '';
	if (!call || !/^[A-Z]\w*$/.test(kind)) return undefined;
	const flag = (key: string) => is(call.named.get(key)?.[0], 'True');
	const isPointer = kind === 'ForeignKey' || kind === 'OneToOneField';
	const column = textOf(call.named.get('db_column')) ?? (isPointer ? `${name}_id` : name);
	const to = isPointer || kind === 'ManyToManyField' ? targetOf(call, app) : undefined;
	const through = call.named.get('through');
	const given = databaseDefault(call, kind);
	return {
		name,
		isMany: kind === 'ManyToManyField',
		...(through && !is(through[0], 'None') && {through: written(through)}),
		column: {
			name: column,
			type: typeOf(call, kind, to),
			nullable: flag('null') || kind === 'NullBooleanField',
			...(given !== undefined && {default: given}),
		},
		isUnique: flag('unique') || kind === 'OneToOneField',
		...(to !== undefined && isPointer && !is(call.named.get('db_constraint')?.[0], 'False') && {pointsTo: to}),
	};
}

/**
 * Django fills old rows from `default` and then drops it in the database (schema editor, `add_field`); `db_default` stays there
 * (Django's “Model field reference”, since 5.0).
 */
function databaseDefault(call: Call, kind: string): string | undefined {
	if (numbered.has(kind)) return 'numbered';
	if (kind === 'GeneratedField') return 'generated';
	const given = call.named.get('db_default');
	// A name may stand for None.
	return given && (isSaid(given) || is(given[0], 'True') || is(given[0], 'False')) ? written(given) : undefined;
}

function targetOf(call: Call, app: string): string {
	const given = call.named.get('to') ?? call.positional[0];
	const text = textOf(given);
	if (text === undefined) return written(given ?? []).replaceAll(' ', '');
	return (text.includes('.') ? text : `${app}.${text}`).toLowerCase();
}

function typeOf(call: Call, kind: string, to: string | undefined): ColumnType {
	const number = (key: string) => plainValue(call.named.get(key)) ?? '';
	if (to !== undefined) return columnType('key', [], `of ${to}`);
	if (kind === 'CharField' || letters[kind] !== undefined) {
		const said = call.named.get('max_length');
		if (!said && kind === 'CharField') return columnType('varchar');
		return columnType('varchar', [said ? number('max_length') : String(letters[kind])]);
	}

	if (kind === 'DecimalField') return columnType('numeric', [number('max_digits'), number('decimal_places')]);
	const plain = types[kind];
	if (plain !== undefined && Object.hasOwn(types, kind)) return columnType(plain);
	const rest = [...call.named].filter(([key]) => !ofPython.has(key)).map(([key, value]) => `${key}=${written(value)}`);
	const more = [...call.positional.map(part => written(part)), ...rest];
	return columnType(kind, [], more.join(' '));
}

/** The rules that a field brings to its table. */
export function rulesOf(field: Field, tableOf: (model: string) => string): Constraint[] {
	const columns = [field.column.name];
	return [
		...(field.isUnique ? [{kind: 'unique', columns, name: `unique of ${field.column.name}`} as const] : []),
		...(field.pointsTo === undefined
			? []
			: [{kind: 'foreign-key', columns, references: tableOf(field.pointsTo)} as const]),
	];
}
