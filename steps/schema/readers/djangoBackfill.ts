import {assignment, headersOf, importsOf, isFunction, type Statement} from '../../reading/python.ts';
import {callsIn, is, type Token, textOf, textsIn} from '../../reading/tokens.ts';
import {callOver} from './alembicOperations.ts';

/** Fields of a model ('blog.post') that a function of RunPython gives other values. */
export type Filled = {readonly model: string; readonly fields: readonly string[]};

/** Modules whose functions touch no row. */
const pure =
	/^(?:uuid|json|re|datetime|secrets|string|random|hashlib|math|decimal|unicodedata|django\.utils|django\.db\.models)(?:\.|$)/;
const builtins = new Set(
	'str int float bool len list tuple dict set sorted min max sum abs round enumerate zip range print'.split(' '),
);
/** Methods that bring, change or take rows, or may. */
const writes =
	/^(?:save|update|bulk_update|create|acreate|bulk_create|get_or_create|update_or_create|delete|raw|execute|executemany|cursor|add|remove|set|clear|save_base|refresh_from_db|using|schema_editor)$/;

/**
 * What a function of a migration fills, where it does nothing else that touches rows: it goes through objects of models, sets fields,
 * and saves. undefined where any word of it may do more.
 */
export function backfillOf(statements: readonly Statement[], name: string): Filled[] | undefined {
	const header = statements.find(one => one.parent === undefined && isFunction(one) && is(one.tokens[1], name));
	if (!header || !is(header.tokens.at(-1), ':')) return undefined;
	const body = statements.filter(one => headersOf(one).includes(header));
	const imports = importsOf(statements.filter(one => one.parent === undefined || body.includes(one)));
	const models = new Map<string, string>();
	const objects = new Map<string, string>();
	const filled = new Map<string, Set<string>>();
	const fill = (model: string, fields: readonly string[]) =>
		filled.set(model, new Set([...(filled.get(model) ?? []), ...fields]));
	for (const {tokens} of body) {
		const set = assignment({tokens} as Statement);
		const model = set && modelOf(set.value);
		if (set && model !== undefined) models.set(set.name, model);
		else if (!step(tokens, {models, objects, imports, fill})) return undefined;
	}

	return [...filled].map(([model, fields]) => ({model, fields: [...fields]}));
}

type Known = {
	/** Variables of models, and of objects of them. */
	readonly models: ReadonlyMap<string, string>;
	readonly objects: Map<string, string>;
	readonly imports: ReadonlyMap<string, string>;
	fill(model: string, fields: readonly string[]): void;
};

/** `apps.get_model('blog', 'Post')`, as 'blog.post'. */
function modelOf(tokens: readonly Token[]): string | undefined {
	const call = callOver(tokens);
	if (call?.name !== 'apps.get_model') return undefined;
	const parts = call.positional.map(part => textOf(part));
	return parts.every(one => one !== undefined) ? parts.join('.').toLowerCase() : undefined;
}

/** Whether a statement is known to do no more than it seems to. */
function step(tokens: readonly Token[], known: Known): boolean {
	const [first] = tokens;
	if (['pass', 'import', 'from', 'continue'].some(word => is(first, word))) return true;
	if (is(tokens.at(-1), ':')) {
		const at = tokens.findIndex(token => is(token, 'in'));
		const source = known.models.get(tokens[at + 1]?.text ?? '');
		if (is(first, 'for') && at === 2 && source !== undefined) known.objects.set(tokens[1]?.text ?? '', source);
		else if (is(first, 'for') ? at !== 2 : !is(first, 'if') && !is(first, 'else') && !is(first, 'elif')) return false;
		return isPure(tokens, known);
	}

	const object = known.objects.get(first?.text ?? '');
	if (object !== undefined && is(tokens[1], '.') && is(tokens[3], '=')) {
		known.fill(object, [tokens[2]?.text ?? '']);
		return isPure(tokens.slice(4), known);
	}

	if (object !== undefined && is(tokens[1], '.') && is(tokens[2], 'save') && callOver(tokens))
		return isPure(tokens.slice(4, -1), known);
	return setsName(tokens, known) || updates(tokens, known);
}

/** `slug = slugify(post.title)`. A name that is taken for something else may not be one of an object. */
function setsName(tokens: readonly Token[], {objects, models, ...known}: Known): boolean {
	const [first, second] = tokens;
	const isFree = first?.type === 'name' && !objects.has(first.text) && !models.has(first.text);
	return isFree && is(second, '=') && isPure(tokens.slice(2), {objects, models, ...known});
}

/** `Post.objects.filter(…).update(slug='')`, `Post.objects.bulk_update(posts, ['slug'])`: all of the statement. */
function updates(tokens: readonly Token[], known: Known): boolean {
	const model = known.models.get(tokens[0]?.text ?? '');
	const last = callsIn(tokens).findLast(({to}) => to === tokens.length);
	const method = last?.name.split('.').at(-1);
	if (model === undefined || !last || !is(tokens[1], '.') || !is(tokens[2], 'objects')) return false;
	const given = [...last.positional, ...last.named.values()];
	if (!given.every(part => isPure(part, known))) return false;
	const before = tokens.slice(0, last.from).filter((_, at) => at > 0);
	if (!isPure(before, known)) return false;
	if (method === 'update' && last.positional.length === 0) known.fill(model, [...last.named.keys()]);
	else if (method === 'bulk_update' && last.positional.length === 2)
		known.fill(model, textsIn(last.positional[1] ?? []));
	else return false;
	return true;
}

/** Whether each call in it only reads: of what is known to, or a method of an object or a query that writes nothing. */
function isPure(tokens: readonly Token[], {models, objects, imports}: Known): boolean {
	if (tokens.some(token => is(token, 'lambda') || is(token, 'await') || is(token, 'yield') || is(token, ':=')))
		return false;
	return callsIn(tokens).every(({name, from}) => {
		const parts = name.split('.');
		const [root = '', method = root] = [parts[0], parts.at(-1)];
		if (writes.test(method)) return false;
		// A method of what a call or a text gives: `….filter(…).order_by(…)`, `'…'.join(…)`.
		if (is(tokens[from - 1], '.') || (parts.length > 1 && (models.has(root) || objects.has(root)))) return true;
		return (
			builtins.has(name) ||
			pure.test(imports.get(root) ?? '') ||
			(parts.length > 1 &&
				!imports.has(root) &&
				method !== root &&
				/^(?:lower|upper|strip|replace|split|join|get|items|values|keys|append|startswith|endswith|format|title|encode|decode)$/.test(
					method,
				))
		);
	});
}
