import {assignment} from '../../reading/python.ts';
import {callsIn, is, splitAt, type Token, textOf} from '../../reading/tokens.ts';
import type {PythonFile} from './project.ts';

/** Values lead to values: no file needs more steps than this. */
const deepest = 12;

/** Calls that look a value up, with what they give where it is not set. */
const lookups = /(?:^|\.)(?:get|getenv|env|config|getattr|str)$/;
/** Calls that leave a path what it is. */
const wrappers = /(?:^|\.)(?:Path|PurePath|str|abspath|realpath|normpath)$/;

/**
 * The path that an expression names, relative to the app's folder: os.path.join(BASE_DIR, 'media') is 'media'. A name that is not known is taken
 * for `base`.
 * @param base the folder that a project means by its own root
 * @returns undefined where it lies outside of the app, or can't be told
 */
export function pathOf(tokens: readonly Token[], file: PythonFile, base: string): string | undefined {
	const path = resolve(tokens, {file, base, depth: 0});
	if (path === undefined || path.startsWith('/') || path.startsWith('..')) return undefined;
	return /^[\w.@+-]+(?:\/[\w.@ +-]+)*$/.test(path) ? path : undefined;
}

type Place = {readonly file: PythonFile; readonly base: string; readonly depth: number};

function resolve(given: readonly Token[], place: Place): string | undefined {
	if (place.depth > deepest) return undefined;
	const at = {...place, depth: place.depth + 1};
	const tokens = withoutBrackets(given);
	const [first] = tokens;
	if (!first) return undefined;
	const otherwise = alternatives(tokens);
	if (otherwise) return resolve(otherwise, at);
	const [head = [], ...rest] = splitAt(tokens, '/');
	if (rest.length > 0) return joined(resolve(head, at), rest.map(textOf));
	const text = textOf(tokens);
	if (text !== undefined) return text === '' ? undefined : normal(text);
	return ofAttribute(tokens, at) ?? ofCall(tokens, at) ?? ofName(tokens, at);
}

/** `a or b` is b where nothing is set; `a if b else c` is c, what holds where nobody develops. */
function alternatives(tokens: readonly Token[]): readonly Token[] | undefined {
	const last = (word: string) => splitAt(tokens, word).at(-1) ?? [];
	for (const word of ['else', 'or']) if (last(word).length < tokens.length) return last(word);
	return undefined;
}

/** Path(__file__).parent.parent, BASE_DIR.parent, x.resolve() */
function ofAttribute(tokens: readonly Token[], place: Place): string | undefined {
	const end = tokens.length;
	if (is(tokens[end - 1], 'parent') && is(tokens[end - 2], '.')) return above(resolve(tokens.slice(0, -2), place));
	const call = callsIn(tokens).find(({to, name}) => to === end && name.includes('.') === false && name !== '');
	if (
		is(tokens[end - 1], ')') &&
		/^(?:resolve|absolute|as_posix|rstrip|strip)$/.test(tokens[call?.from ?? end]?.text ?? '') &&
		is(tokens[(call?.from ?? 0) - 1], '.')
	)
		return resolve(tokens.slice(0, (call?.from ?? 1) - 1), place);
	const bracket = tokens.findLastIndex(token => is(token, '['));
	if (is(tokens[end - 1], ']') && is(tokens[bracket - 1], 'parents')) {
		const levels = Number(tokens[bracket + 1]?.text ?? '0') + 1;
		let path = resolve(tokens.slice(0, bracket - 2), place);
		for (let level = 0; level < Math.min(levels, deepest); level += 1) path = above(path);
		return path;
	}

	return undefined;
}

function ofCall(tokens: readonly Token[], place: Place): string | undefined {
	const call = callsIn(tokens).find(({from, to}) => from === 0 && to === tokens.length);
	if (!call) return undefined;
	const [first, ...rest] = call.positional;
	const resolved = (part: readonly Token[] | undefined) => part && resolve(part, place);
	if (/(?:^|\.)(?:join|joinpath)$/.test(call.name)) return joined(resolved(first), rest.map(textOf));
	if (/(?:^|\.)dirname$/.test(call.name)) return above(resolved(first));
	if (/(?:^|\.)(?:getcwd|cwd)$/.test(call.name)) return '';
	const otherwise = call.named.get('default') ?? (lookups.test(call.name) ? rest.at(-1) : undefined);
	if (otherwise) return resolved(otherwise);
	if (wrappers.test(call.name)) return rest.length > 0 ? joined(resolved(first), rest.map(textOf)) : resolved(first);
	// A function of the project's own that puts a path below its root: path('static').
	const text = textOf(first);
	return text !== undefined && !/^[A-Z_]*$/.test(text) && !lookups.test(call.name) && !call.name.includes('.')
		? joined(place.base, [text])
		: undefined;
}

function ofName(tokens: readonly Token[], place: Place): string | undefined {
	const [first] = tokens;
	if (tokens.some(({type, text}) => type !== 'name' && text !== '.') || !first) return undefined;
	if (tokens.length === 1 && first.text === '__file__') return place.file.path;
	const set = place.file.statements.map(assignment).findLast(one => one?.name === first.text);
	const isOwn = set !== undefined && tokens.length === 1 && !set.value.some(token => is(token, first.text));
	return (isOwn ? resolve(set.value, place) : undefined) ?? place.base;
}

function joined(start: string | undefined, parts: readonly (string | undefined)[]): string | undefined {
	if (start === undefined || parts.some(part => part === undefined)) return undefined;
	return normal([start, ...parts].filter(part => part !== '').join('/'));
}

/** The folder above; above the app's own there is nothing of it, and its own is taken. */
function above(path: string | undefined): string | undefined {
	return path === undefined ? undefined : path.split('/').slice(0, -1).join('/');
}

function normal(path: string): string {
	const parts: string[] = [];
	for (const part of path.split('/')) {
		if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
		else if (part !== '.' && part !== '') parts.push(part);
	}

	return (path.startsWith('/') ? '/' : '') + parts.join('/');
}

function withoutBrackets(tokens: readonly Token[]): readonly Token[] {
	let inner = tokens;
	while (is(inner[0], '(') && splitAt(inner, '/').length === 1 && isOneBracket(inner)) inner = inner.slice(1, -1);
	return inner;
}

function isOneBracket(tokens: readonly Token[]): boolean {
	let depth = 0;
	for (const [index, token] of tokens.entries()) {
		if (token.type !== 'sign') continue;
		if ('([{'.includes(token.text)) depth += 1;
		else if (')]}'.includes(token.text)) depth -= 1;
		if (depth === 0) return index === tokens.length - 1;
	}

	return false;
}
