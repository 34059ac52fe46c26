import type {Statement} from '../../reading/python.ts';
import {type Call, is, splitAt, type Token, textOf, textsIn} from '../../reading/tokens.ts';
import {columnType} from '../columnType.ts';
import type {AlterColumn, Constraint, Engine, Operation} from '../operation.ts';
import {unread} from '../operation.ts';
import {callOver} from './alembicOperations.ts';
import {backfillOf} from './djangoBackfill.ts';
import {type Field, fieldOf, rulesOf} from './djangoFields.ts';
import {runPython, runSql} from './djangoRuns.ts';
import {unreadCode} from './says.ts';

/** A model, as the migrations so far have left it. */
type Model = {table: string; isNamed: boolean; isOwn: boolean; fields: Map<string, Field>; together: string[][]};

/** What an operation does, and what takes it back: a text says why nothing does. */
export type Ways = {readonly up: readonly Operation[]; readonly down: readonly Operation[] | string};

const nothing: Ways = {up: [], down: []};

/** Nothing of these is in the tables that older code sees (Django's “Migration Operations”, and those of contrib.postgres). */
const harmless =
	/^(?:AddIndex|RemoveIndex|RenameIndex|AlterIndexTogether|AlterModelOptions|AlterModelManagers|AlterModelTableComment|AddIndexConcurrently|RemoveIndexConcurrently|ValidateConstraint|CreateCollation|\w*Extension)$/;

/** The models of a project: which column a field is depends on what migrations before have said. */
export class DjangoModels {
	private readonly models = new Map<string, Model>();
	private readonly engine: Engine;

	constructor(engine: Engine) {
		this.engine = engine;
	}

	/** What a list of operations does. They are taken back from the last one on. */
	operations(list: readonly Token[], app: string, statements: readonly Statement[]): Ways {
		const up: Operation[] = [];
		const down: Operation[] = [];
		let refusal: string | undefined;
		for (const part of splitAt(list.slice(1, -1), ',')) {
			const call = callOver(part);
			const ways = call && this.operation(call, app, statements);
			const unknown = unreadCode(part);
			up.push(...(ways?.up ?? [unknown]));
			if (typeof ways?.down === 'string') refusal ??= ways.down;
			else down.unshift(...(ways?.down ?? [unknown]));
		}

		return {up, down: refusal ?? down};
	}

	private operation(call: Call, app: string, statements: readonly Statement[]): Ways | undefined {
		const kind = call.name.split('.').at(-1) ?? '';
		if (harmless.test(kind)) return nothing;
		const text = (at: number, name: string) => textOf(call.named.get(name) ?? call.positional[at]);
		const given = (at: number, name: string) => call.named.get(name) ?? call.positional[at];
		const name = text(0, 'name') ?? text(0, 'model_name') ?? text(0, 'old_name');
		switch (kind) {
			case 'RunSQL':
				return runSql(call, this.engine);
			case 'RunPython':
				return runPython(call, code => this.filled(code, statements));
			case 'SeparateDatabaseAndState':
				return this.apart(call, app, statements);
			default:
		}

		if (name === undefined && !call.named.has('model_name')) return undefined;
		const model = text(0, 'model_name') ?? name ?? '';
		switch (kind) {
			case 'CreateModel':
				return this.create(model, given(1, 'fields') ?? [], given(2, 'options') ?? [], app);
			case 'DeleteModel':
				return this.delete(model, app);
			case 'RenameModel':
				return this.rename(text(0, 'old_name'), text(1, 'new_name'), app);
			case 'AlterModelTable':
				return this.alterTable(model, text(1, 'table'), app);
			case 'AddField':
				return this.addField(model, text(1, 'name'), given(2, 'field') ?? [], app);
			case 'RemoveField':
				return this.removeField(model, text(1, 'name'), app);
			case 'AlterField':
				return this.alterField(model, text(1, 'name'), given(2, 'field') ?? [], app);
			case 'RenameField':
				return this.renameField(model, text(1, 'old_name'), text(2, 'new_name'), app);
			case 'AlterUniqueTogether':
				return this.together(model, given(1, 'unique_together') ?? [], app);
			case 'AddConstraint':
			case 'AddConstraintNotValid':
				return this.addConstraint(model, given(1, 'constraint') ?? [], app);
			case 'RemoveConstraint':
				return this.removeConstraint(model, text(1, 'name'), app);
			case 'AlterOrderWithRespectTo':
				return this.order(model, given(1, 'order_with_respect_to') ?? [], app);
			default:
				return undefined;
		}
	}

	/** A model that no migration here has made is one of before them. */
	private model(name: string, app: string): Model {
		const key = name.includes('.') ? name.toLowerCase() : `${app}.${name}`.toLowerCase();
		const found = this.models.get(key);
		if (found) return found;
		const made = {table: key.replace('.', '_'), isNamed: false, isOwn: true, fields: new Map(), together: []};
		this.models.set(key, made);
		return made;
	}

	private readonly tableOf = (model: string) => this.models.get(model)?.table ?? model.replace('.', '_');

	private create(name: string, fields: readonly Token[], options: readonly Token[], app: string): Ways | undefined {
		const said = entriesOf(options);
		const read = splitAt(fields.slice(1, -1), ',').map(part => {
			const [key, value] = splitAt(part.slice(1, -1), ',');
			const called = textOf(key);
			return called === undefined || !value ? undefined : fieldOf(called, value, app);
		});
		const table = textOf(said.get('db_table'));
		const isOwn = !is(said.get('proxy')?.[0], 'True') && !is(said.get('managed')?.[0], 'False');
		const model = this.model(name, app);
		Object.assign(model, {isOwn, isNamed: table !== undefined, ...(table !== undefined && {table})});
		model.fields = new Map(read.flatMap(field => (field ? [[field.name, field] as const] : [])));
		model.together = setsIn(said.get('unique_together') ?? []);
		if (!isOwn) return nothing;
		const constraints = constraintsIn(said.get('constraints') ?? [], model.fields);
		const whole = this.wholeModel(model);
		const [first, ...rest] = whole.up;
		if (first?.do !== 'create-table') return whole;
		return {up: [{...first, constraints: [...first.constraints, ...constraints]}, ...rest], down: whole.down};
	}

	/** All tables of a model, made and dropped. */
	private wholeModel(model: Model): {readonly up: Operation[]; readonly down: Operation[]} {
		const fields = [...model.fields.values()];
		const plain = fields.filter(({isMany}) => !isMany);
		const many = fields.flatMap(field => this.pairTable(model, field) ?? []);
		const together = model.together.map(
			(names): Constraint => ({kind: 'unique', columns: columnsOf(names, model.fields)}),
		);
		const made: Operation = {
			do: 'create-table',
			table: model.table,
			columns: plain.map(({column}) => column),
			constraints: [...plain.flatMap(field => rulesOf(field, this.tableOf)), ...together],
		};
		return {
			up: [made, ...many.map(({up}) => up)],
			down: [...many.map(({down}) => down), {do: 'drop-table', table: model.table}],
		};
	}

	/** The table of pairs that Django makes for a many-to-many field; undefined where it makes none. */
	private pairTable(model: Model, field: Field): {readonly up: Operation; readonly down: Operation} | undefined {
		if (!field.isMany || field.through !== undefined) return undefined;
		const table = `${model.table}_${field.name}`;
		const constraint: Constraint = {kind: 'foreign-key', columns: ['from_id'], references: model.table};
		const columns = ['id', 'from_id', 'to_id'].map(name => ({name, nullable: false}));
		return {up: {do: 'create-table', table, columns, constraints: [constraint]}, down: {do: 'drop-table', table}};
	}

	private delete(name: string, app: string): Ways {
		const model = this.model(name, app);
		this.models.delete(`${app}.${name}`.toLowerCase());
		if (!model.isOwn) return nothing;
		const {up, down} = this.wholeModel(model);
		return {up: down, down: up};
	}

	private rename(from: string | undefined, to: string | undefined, app: string): Ways | undefined {
		if (from === undefined || to === undefined) return undefined;
		const model = this.model(from, app);
		this.models.delete(`${app}.${from}`.toLowerCase());
		const table = model.isNamed ? model.table : `${app}_${to}`.toLowerCase();
		const pairs = [...model.fields.values()].filter(field => this.pairTable(model, field));
		this.models.set(`${app}.${to}`.toLowerCase(), {...model, table});
		if (!model.isOwn || table === model.table) return nothing;
		const names = ['', ...pairs.map(({name}) => `_${name}`)];
		return {
			up: names.map(end => ({do: 'rename-table', table: model.table + end, to: table + end})),
			down: names.map(end => ({do: 'rename-table', table: table + end, to: model.table + end})),
		};
	}

	private alterTable(name: string, table: string | undefined, app: string): Ways | undefined {
		if (table === undefined) return undefined;
		const model = this.model(name, app);
		const before = model.table;
		Object.assign(model, {table, isNamed: true});
		if (before === table) return nothing;
		return {
			up: [{do: 'rename-table', table: before, to: table}],
			down: [{do: 'rename-table', table, to: before}],
		};
	}

	private addField(name: string, called: string | undefined, tokens: readonly Token[], app: string): Ways | undefined {
		const field = called === undefined ? undefined : fieldOf(called, tokens, app);
		if (!field) return undefined;
		const model = this.model(name, app);
		model.fields.set(field.name, field);
		return model.isOwn ? this.fieldWays(model, field) : nothing;
	}

	private fieldWays(model: Model, field: Field): {readonly up: Operation[]; readonly down: Operation[]} {
		const pairs = this.pairTable(model, field);
		if (pairs) return {up: [pairs.up], down: [pairs.down]};
		if (field.isMany) return {up: [], down: []};
		const {table} = model;
		const rules = rulesOf(field, this.tableOf).map(
			(constraint): Operation => ({do: 'add-constraint', table, constraint}),
		);
		return {
			up: [{do: 'add-column', table, column: field.column}, ...rules],
			down: [{do: 'drop-column', table, column: field.column.name}],
		};
	}

	private removeField(name: string, called: string | undefined, app: string): Ways | undefined {
		if (called === undefined) return undefined;
		const model = this.model(name, app);
		const field = model.fields.get(called);
		model.fields.delete(called);
		if (!model.isOwn) return nothing;
		// Made by a migration that is not here: whether it is a column, and which, is not known.
		if (!field) return {up: [unread(`RemoveField(${called})`)], down: [unread(`RemoveField(${called})`)]};
		const {up, down} = this.fieldWays(model, field);
		return {up: down, down: up};
	}

	private alterField(
		name: string,
		called: string | undefined,
		tokens: readonly Token[],
		app: string,
	): Ways | undefined {
		const model = this.model(name, app);
		const field = called === undefined ? undefined : fieldOf(called, tokens, app);
		const before = model.fields.get(called ?? '');
		if (!field || (before && before.isMany !== field.isMany)) return undefined;
		model.fields.set(field.name, field);
		if (!model.isOwn || (before?.isMany && before.through === field.through)) return nothing;
		if (!before || before.isMany) return undefined;
		return {up: this.change(model.table, before, field), down: this.change(model.table, field, before)};
	}

	private change(table: string, from: Field, to: Field): Operation[] {
		const alter: AlterColumn = {
			do: 'alter-column',
			table,
			column: from.column.name,
			nullable: to.column.nullable,
			default: to.column.default ?? null,
			...(to.column.type && {type: to.column.type}),
		};
		const renames: Operation[] =
			from.column.name === to.column.name
				? []
				: [{do: 'rename-column', table, column: from.column.name, to: to.column.name}];
		const rules = (field: Field, column: string) =>
			rulesOf({...field, column: {...field.column, name: column}}, this.tableOf);
		const [old, next] = [rules(from, to.column.name), rules(to, to.column.name)];
		const isIn = (list: readonly Constraint[], one: Constraint) =>
			list.some(other => other.kind === one.kind && other.references === one.references);
		return [
			alter,
			...renames,
			...old
				.filter(one => !isIn(next, one))
				.map((one): Operation => ({do: 'drop-constraint', table, kind: one.kind, columns: [...(one.columns ?? [])]})),
			...next
				.filter(one => !isIn(old, one))
				.map((constraint): Operation => ({do: 'add-constraint', table, constraint})),
		];
	}

	private renameField(name: string, from: string | undefined, to: string | undefined, app: string): Ways | undefined {
		const model = this.model(name, app);
		const field = model.fields.get(from ?? '');
		if (from === undefined || to === undefined || !field) return undefined;
		const column =
			field.column.name === from ? to : field.column.name === `${from}_id` ? `${to}_id` : field.column.name;
		model.fields.delete(from);
		model.fields.set(to, {...field, name: to, column: {...field.column, name: column}});
		if (!model.isOwn) return nothing;
		const {table} = model;
		if (field.isMany) {
			if (field.through !== undefined) return nothing;
			const [one, other] = [`${table}_${from}`, `${table}_${to}`];
			return {up: [{do: 'rename-table', table: one, to: other}], down: [{do: 'rename-table', table: other, to: one}]};
		}

		return {
			up: [{do: 'rename-column', table, column: field.column.name, to: column}],
			down: [{do: 'rename-column', table, column, to: field.column.name}],
		};
	}

	private together(name: string, tokens: readonly Token[], app: string): Ways {
		const model = this.model(name, app);
		const before = model.together;
		model.together = setsIn(tokens);
		const {table, fields} = model;
		const swap = (from: string[][], to: string[][]): Operation[] => [
			...from.map(
				(names): Operation => ({do: 'drop-constraint', table, kind: 'unique', columns: columnsOf(names, fields)}),
			),
			...to.map(
				(names): Operation => ({
					do: 'add-constraint',
					table,
					constraint: {kind: 'unique', columns: columnsOf(names, fields)},
				}),
			),
		];
		return model.isOwn ? {up: swap(before, model.together), down: swap(model.together, before)} : nothing;
	}

	private addConstraint(name: string, tokens: readonly Token[], app: string): Ways | undefined {
		const {table, fields} = this.model(name, app);
		const [constraint] = constraintsIn(tokens, fields);
		if (!constraint) return undefined;
		const called = constraint.name;
		return {
			up: [{do: 'add-constraint', table, constraint}],
			down: [{do: 'drop-constraint', table, ...(called === undefined ? {kind: constraint.kind} : {name: called})}],
		};
	}

	private removeConstraint(name: string, called: string | undefined, app: string): Ways | undefined {
		const {table} = this.model(name, app);
		if (called === undefined) return undefined;
		// What it was stands in an earlier migration: the rule comes back as it was made there, and the older code knows it.
		return {up: [{do: 'drop-constraint', table, name: called}], down: [unread(`AddConstraint(${called})`)]};
	}

	private order(name: string, tokens: readonly Token[], app: string): Ways {
		const {table} = this.model(name, app);
		const column = {name: '_order', type: columnType('integer'), nullable: false};
		const [add, drop]: Operation[][] = [
			[{do: 'add-column', table, column}],
			[{do: 'drop-column', table, column: '_order'}],
		];
		const isOff = is(tokens[0], 'None');
		return {up: (isOff ? drop : add) ?? [], down: (isOff ? add : drop) ?? []};
	}

	/** What a function of the file gives to which columns; undefined where it can't be read. */
	private filled(code: readonly Token[], statements: readonly Statement[]): Operation[] | undefined {
		const [name] = code;
		const filled = code.length === 1 && name?.type === 'name' ? backfillOf(statements, name.text) : undefined;
		return filled?.map(({model: key, fields}) => {
			const model = this.models.get(key);
			const columns = fields.map(field => model?.fields.get(field)?.column.name ?? field);
			return {do: 'data', how: 'update', table: this.tableOf(key), columns};
		});
	}

	/** Only the one list reaches the database; the other says what models look like then. */
	private apart(call: Call, app: string, statements: readonly Statement[]): Ways {
		const list = (at: number, name: string) => call.named.get(name) ?? call.positional[at] ?? [];
		const database = list(0, 'database_operations');
		const ways = database.length > 0 ? this.operations(database, app, statements) : nothing;
		const state = list(1, 'state_operations');
		if (state.length > 0) this.operations(state, app, statements);
		return ways;
	}
}

/** `{'db_table': 'posts'}` by its keys. */
function entriesOf(tokens: readonly Token[]): Map<string, readonly Token[]> {
	return new Map(
		splitAt(tokens.slice(1, -1), ',').flatMap(part => {
			const key = textOf(part.slice(0, 1));
			return key === undefined || !is(part[1], ':') ? [] : [[key, part.slice(2)] as const];
		}),
	);
}

/** `{('author', 'slug')}`, `[['author', 'slug']]` or `('author', 'slug')`. */
function setsIn(tokens: readonly Token[]): string[][] {
	const call = callOver(tokens);
	const inside = call?.name === 'set' ? (call.positional[0] ?? []) : tokens;
	const parts = splitAt(inside.slice(1, -1), ',');
	if (parts.every(part => part[0]?.type === 'string')) return parts.length === 0 ? [] : [textsIn(inside)];
	return parts.map(part => textsIn(part));
}

const columnsOf = (names: readonly string[], fields: ReadonlyMap<string, Field>) =>
	names.map(name => fields.get(name)?.column.name ?? name);

const kinds: Readonly<Record<string, Constraint['kind']>> = {
	UniqueConstraint: 'unique',
	CheckConstraint: 'check',
	ExclusionConstraint: 'exclude',
};

/** `models.UniqueConstraint(fields=('author', 'slug'), name='…')`, one or a list of them. One that is not known is a check. */
function constraintsIn(tokens: readonly Token[], fields: ReadonlyMap<string, Field>): Constraint[] {
	const parts = is(tokens[0], '[') ? splitAt(tokens.slice(1, -1), ',') : [tokens];
	return parts.flatMap(part => {
		const call = callOver(part);
		if (!call) return [];
		const name = textOf(call.named.get('name'));
		const names = call.named.get('fields');
		return {
			kind: kinds[call.name.split('.').at(-1) ?? ''] ?? 'check',
			...(name !== undefined && {name}),
			...(names && {columns: columnsOf(textsIn(names), fields)}),
		};
	});
}
