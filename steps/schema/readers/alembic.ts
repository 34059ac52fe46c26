import {assignment, headersOf, isFunction, readPython, type Statement} from '../../reading/python.ts';
import {is, type Token, textOf, textsIn, written} from '../../reading/tokens.ts';
import type {Engine, Migration, MigrationFile, Operation} from '../operation.ts';
import {unread} from '../operation.ts';
import {callOver, operationsOf, type Scope} from './alembicOperations.ts';
import {type History, readFiles} from './history.ts';
import {unreadCode} from './says.ts';

/** alembic's revisions, and Flask-Migrate's, which are the same. */
export function readAlembic(files: readonly MigrationFile[], engine: Engine): History {
	return readFiles(
		files,
		path => path.endsWith('.py') && /(?:^|\/)versions\//.test(path) && !path.endsWith('__init__.py'),
		(path, text) => revisionOf(path, text, engine),
	);
}

function revisionOf(path: string, text: string, engine: Engine): Migration | 'unread' {
	const statements = readPython(text);
	const values = new Map(
		statements
			.filter(({parent}) => parent === undefined)
			.flatMap(one => {
				const set = assignment(one);
				return set ? [[set.name, set.value] as const] : [];
			}),
	);
	const id = textOf(values.get('revision'));
	const before = values.get('down_revision');
	if (id === undefined || before === undefined) return 'unread';
	const scope: Scope = {engine, values, local: new Map()};
	return {
		id,
		file: path,
		after: [...textsIn(before), ...textsIn(values.get('depends_on') ?? [])],
		replaces: [],
		up: bodyOf(statements, 'upgrade', scope) ?? [unread('no upgrade()')],
		down: wayBack(statements, scope),
	};
}

function wayBack(statements: readonly Statement[], scope: Scope): readonly Operation[] | string {
	const up = bodyOf(statements, 'upgrade', scope) ?? [];
	const inside = within(statements, 'downgrade');
	if (!inside) return 'it has no downgrade()';
	if (inside.some(({tokens, parent}) => is(tokens[0], 'raise') && parent && isFunction(parent)))
		return 'its downgrade() refuses';
	const down = bodyOf(statements, 'downgrade', scope) ?? [];
	return down.length === 0 && up.length > 0 ? 'its downgrade() does nothing' : down;
}

/** The statements of a function at the top of a file; undefined where there is none, or several. */
function within(statements: readonly Statement[], name: string): Statement[] | undefined {
	const headers = statements.filter(one => one.parent === undefined && isFunction(one) && is(one.tokens[1], name));
	const [header] = headers;
	if (!header || headers.length > 1) return undefined;
	// `def upgrade(): pass` on one line has its body among its own tokens.
	const end = header.tokens.findIndex(token => is(token, ':'));
	const rest = is(header.tokens.at(-1), ':') || end === -1 ? [] : bodyOnLine(header);
	return [...rest, ...statements.filter(one => headersOf(one).includes(header))];
}

function bodyOnLine(header: Statement): Statement[] {
	let depth = 0;
	const at = header.tokens.findIndex(token => {
		if (token.type === 'sign' && '([{'.includes(token.text)) depth += 1;
		if (token.type === 'sign' && ')]}'.includes(token.text)) depth -= 1;
		return depth === 0 && is(token, ':');
	});
	return [{tokens: header.tokens.slice(at + 1), indent: header.indent + 1, line: header.line, parent: header}];
}

function bodyOf(statements: readonly Statement[], name: string, scope: Scope): Operation[] | undefined {
	const inside = within(statements, name);
	if (!inside) return undefined;
	const local = new Map<string, readonly Token[]>();
	const own: Scope = {...scope, local};
	const operations: Operation[] = [];
	let isOver = false;
	for (const statement of inside) {
		const found = statementOperations(statement, own);
		if (isOver && found.length > 0) return [unread(`${name}() goes on after return`)];
		operations.push(...found);
		const set = assignment(statement);
		if (set) local.set(set.name, set.value);
		if (is(statement.tokens[0], 'return')) isOver = true;
	}

	return operations;
}

function statementOperations(statement: Statement, scope: Scope): Operation[] {
	const {tokens} = statement;
	const [first] = tokens;
	const headers = headersOf(statement).filter(header => !isFunction(header) || header.parent !== undefined);
	if (headers.some(header => !isPlainBlock(header) && batchOf(header, scope) === undefined)) {
		// One is enough for what stands under a condition or in a loop.
		return [];
	}

	if (is(first, 'with'))
		return isPlainBlock(statement) || batchOf(statement, scope) !== undefined ? [] : [unreadCode(tokens)];
	if (['pass', 'import', 'from', 'return', 'global'].some(word => is(first, word)) || is(first, '.')) return [];
	if (is(tokens.at(-1), ':') || ['if', 'for', 'while', 'try', 'def', 'class'].some(word => is(first, word)))
		return [unreadCode(tokens)];
	const nearest = headers.find(header => !isPlainBlock(header));
	const batch = nearest && batchOf(nearest, scope);
	return operationsOf(tokens, batch, scope) ?? [unreadCode(tokens)];
}

/** `with op.get_context().autocommit_block():` changes nothing of what stands in it. */
const isPlainBlock = ({tokens}: Statement) =>
	/^with op\.get_context\(\)\.autocommit_block\(\):$/.test(written(tokens).replaceAll(/ ?([.():]) ?/g, '$1'));

/** `with op.batch_alter_table('posts') as batch_op:`: its table, and what it is called there. */
function batchOf(header: Statement, scope: Scope): {readonly table: string; readonly name: string} | undefined {
	const {tokens} = header;
	const as = tokens.findIndex(token => is(token, 'as'));
	if (!is(tokens[0], 'with') || as === -1 || tokens.length !== as + 3) return undefined;
	const call = callOver(tokens.slice(1, as));
	if (call?.name !== 'op.batch_alter_table') return undefined;
	const table = textValue(call.positional[0] ?? call.named.get('table_name'), scope);
	const schema = textValue(call.named.get('schema'), scope);
	const name = tokens[as + 1]?.text;
	return table === undefined || name === undefined
		? undefined
		: {table: schema === undefined ? table : `${schema}.${table}`, name};
}

function textValue(tokens: readonly Token[] | undefined, {values}: Scope): string | undefined {
	const [first] = tokens ?? [];
	return (
		textOf(tokens) ?? (tokens?.length === 1 && first?.type === 'name' ? textOf(values.get(first.text)) : undefined)
	);
}
