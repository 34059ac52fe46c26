import type {Tree} from '../../../source/contract/detection.ts';
import {exampleReadings} from '../../reading/dotenv-example.ts';
import {readJavaScript} from '../../reading/javascript.ts';
import {callsIn, closingOf, is, plainValue, splitAt, type Token, textOf} from '../../reading/tokens.ts';
import {type Reading, variablesOf} from '../../reading/variables.ts';

const mostFiles = 800;
const mostCharacters = 6_000_000;
const aside =
	/(?:^|\/)(?:node_modules|dist|build|out|coverage|\.next|\.nuxt|public|static|assets|tests?|__tests__|__mocks__|spec|e2e|cypress|docs?|examples?|fixtures|stories|storybook|vendor|\.github|scripts?|tools?|playwright|demo|extra|extras|benchmark|packages\/create-[^/]*)\/|\.(?:test|spec|stories|d|min|bundle)\.[cm]?[jt]sx?$|(?:^|\/)(?:jest|vitest|karma|cypress|playwright|webpack|rollup|babel|eslint|prettier|gulpfile|gruntfile|tailwind|postcss)[^/]*\.[cm]?[jt]s$/i;

/** What a file has in it that reads a variable, listens, or keeps files: all others say nothing here, and are most of a front end. */
const telling = /env|config|listen|serve|dest|upload|\.db|sqlite/i;

/** One file of an app as tokens. */
export type ScriptFile = {readonly path: string; readonly tokens: readonly Token[]};

/** Two kinds look at the scripts of one tree. */
const known = new WeakMap<Tree, readonly ScriptFile[]>();

/** The files of an app itself, nearest to the top first. The same tree is gone through once. */
export function readScripts(tree: Tree): readonly ScriptFile[] {
	const before = known.get(tree);
	if (before) return before;
	const scripts = scriptsOf(tree);
	known.set(tree, scripts);
	return scripts;
}

function scriptsOf(tree: Tree): ScriptFile[] {
	const depth = (path: string) => path.split('/').length;
	let characters = 0;
	return tree.paths
		.filter(path => /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|astro)$/.test(path) && !aside.test(path))
		.sort((one, other) => depth(one) - depth(other) || (one < other ? -1 : 1))
		.slice(0, mostFiles)
		.flatMap(path => {
			const text = tree.text(path);
			if (text === undefined || characters > mostCharacters || isBundled(text)) return [];
			if (!telling.test(path) && !telling.test(text)) return [];
			characters += text.length;
			return [{path, tokens: readJavaScript(text)}];
		});
}

/** A line of thousands of characters was made by a bundler. */
function isBundled(text: string): boolean {
	for (let at = 0; at < text.length; ) {
		const end = text.indexOf('\n', at);
		if ((end === -1 ? text.length : end) - at >= 5000) return true;
		if (end === -1) return false;
		at = end + 1;
	}

	return false;
}

/** Every environment variable that the code reads, then those of a Prisma schema and of example files. */
export function readVariables(tree: Tree, scripts: readonly ScriptFile[]) {
	const ofCode = scripts.flatMap(file => [
		...properties(file),
		...destructured(file),
		...schemas(file),
		...calls(file),
		...svelteImports(file),
	]);
	return variablesOf([...ofCode, ...prismaReadings(tree), ...exampleReadings(tree)]);
}

/** Names of process.env in tokens: process.env, import.meta.env, Bun.env, or a variable that was set to one of these. */
function environmentAt(tokens: readonly Token[], at: number): number | undefined {
	const follows = (...words: string[]) =>
		words.every((word, index) => is(tokens[at + index], word) || (word === '.' && is(tokens[at + index], '?.')));
	if (follows('process', '.', 'env')) return at + 3;
	if (follows('import', '.', 'meta', '.', 'env')) return at + 5;
	if (follows('Bun', '.', 'env')) return at + 3;
	return undefined;
}

/** process.env.NAME and process.env['NAME'] */
function properties({path, tokens}: ScriptFile): Reading[] {
	const found: Reading[] = [];
	for (let at = 0; at < tokens.length; at += 1) {
		const after = environmentAt(tokens, at);
		if (after === undefined) continue;
		const name = nameAt(tokens, after);
		if (!name || !/^[A-Z_][A-Z0-9_]*$/i.test(name.text)) continue;
		const next = tokens[name.end];
		if (is(next, '=') || is(next, '??=') || is(next, '||=')) continue;
		const otherwise = defaultAfter(tokens, name.end);
		const isCertain = is(next, '!') && !is(tokens[name.end + 1], '=');
		const isRequired = (isCertain || throwsWithout(tokens, at, name.end)) && otherwise === undefined;
		found.push({
			name: name.text,
			required: isRequired,
			where: `${path}:${tokens[at]?.line ?? 1}`,
			...(otherwise !== undefined && otherwise !== '' && {default: otherwise}),
		});
	}

	return found;
}

function nameAt(tokens: readonly Token[], at: number): {readonly text: string; readonly end: number} | undefined {
	if ((is(tokens[at], '.') || is(tokens[at], '?.')) && tokens[at + 1]?.type === 'name')
		return {text: tokens[at + 1]?.text ?? '', end: at + 2};
	if (!is(tokens[at], '[')) return undefined;
	const text = textOf(tokens.slice(at + 1, at + 2));
	return text !== undefined && is(tokens[at + 2], ']') ? {text, end: at + 3} : undefined;
}

/** `|| 'x'`, `?? 'x'`: '' for a default that has to be worked out. */
function defaultAfter(tokens: readonly Token[], at: number): string | undefined {
	let from = at;
	while (is(tokens[from], ')')) from += 1;
	if (!is(tokens[from], '||') && !is(tokens[from], '??')) return undefined;
	// `|| throwError()` and `?? raise()` are none.
	if (
		/^(?:throw|fail|raise|die|assert|required)/i.test(tokens[from + 1]?.text ?? '') &&
		tokens[from + 1]?.type === 'name'
	)
		return undefined;
	// `|| process.env.OTHER` has to be worked out.
	if (tokens[from + 1]?.type === 'name' && !/^(?:true|false)$/.test(tokens[from + 1]?.text ?? '')) return '';
	return plainValue(tokens.slice(from + 1, from + 2)) ?? '';
}

/** `if (!process.env.X) throw …` (also with braces and several of them). */
function throwsWithout(tokens: readonly Token[], at: number, end: number): boolean {
	if (!is(tokens[at - 1], '!')) return false;
	let close = end;
	let depth = 0;
	for (; close < Math.min(tokens.length, end + 80); close += 1) {
		if (is(tokens[close], '(')) depth += 1;
		if (is(tokens[close], ')')) {
			depth -= 1;
			if (depth < 0) break;
		}
	}

	const from = is(tokens[close + 1], '{') ? close + 2 : close + 1;
	const body = tokens.slice(from, from + 30);
	const until = body.findIndex(token => is(token, '}'));
	return (until === -1 ? body : body.slice(0, until)).some(
		(token, index) => is(token, 'throw') || (is(token, 'exit') && is(body[index - 1], '.')),
	);
}

/** const {PORT = 3000, SECRET} = process.env */
function destructured({path, tokens}: ScriptFile): Reading[] {
	return tokens.flatMap((token, at) => {
		if (!is(token, '{') || !/^(?:const|let|var)$/.test(tokens[at - 1]?.text ?? '')) return [];
		const end = closingOf(tokens, at);
		const after = is(tokens[end + 1], '=') ? environmentAt(tokens, end + 2) : undefined;
		if (after === undefined || is(tokens[after], '.') || is(tokens[after], '[')) return [];
		return splitAt(tokens.slice(at + 1, end), ',').flatMap(part => {
			const [first] = part;
			if (first?.type !== 'name' || is(first, '.')) return [];
			const equals = part.findIndex(one => is(one, '='));
			const value = equals === -1 ? undefined : plainValue(part.slice(equals + 1));
			return [
				{
					name: first.text,
					required: false,
					where: `${path}:${first.line}`,
					...(value !== undefined && {default: value}),
				},
			];
		});
	});
}

const schemaFile =
	/(?:^|\/)(?:zod|envalid|@t3-oss\/env|valibot|joi|yup|@julr\/vite-plugin-validate-env|arktype|znv|@adonisjs\/core\/env)/;

/**
 * Fields of a schema that the environment is checked against: z.object({X: z.string()}), cleanEnv(process.env, {X: str()}), createEnv({server: {…}}),
 * Joi.object({X: Joi.string().required()}), AdonisJS' Env.create(…, {X: Env.schema.string()}).
 */
function schemas({path, tokens}: ScriptFile): Reading[] {
	const usesSchema =
		tokens.some(token => token.type === 'string' && schemaFile.test(token.text)) ||
		tokens.some((token, at) => is(token, 'Env') && is(tokens[at + 1], '.') && is(tokens[at + 2], 'create'));
	const usesEnvironment =
		tokens.some((_, at) => environmentAt(tokens, at) !== undefined) ||
		tokens.some(token => /^(?:createEnv|cleanEnv|parseEnv)$/.test(token.text) || is(token, 'Env')) ||
		/(?:^|\/)(?:env|config|environment)[^/]*\.[cm]?[jt]s$/.test(path);
	if (!usesSchema || !usesEnvironment) return [];
	const found: Reading[] = [];
	for (let at = 0; at < tokens.length; at += 1) {
		const name = tokens[at];
		if (
			!name ||
			!/^[A-Z][A-Z0-9_]*$/.test(name.text) ||
			!is(tokens[at + 1], ':') ||
			!(is(tokens[at - 1], '{') || is(tokens[at - 1], ','))
		)
			continue;
		const value = untilComma(tokens, at + 2);
		const first = value[0]?.text ?? '';
		if (
			!/^(?:z|v|str|bool|num|host|port|url|email|json|makeValidator|Joi|joi|yup|Env|string|number|boolean|type|zod|coerce|t)$/.test(
				first,
			) ||
			value[0]?.type !== 'name'
		)
			continue;
		if (!value.some(token => is(token, '('))) continue;
		found.push({name: name.text, where: `${path}:${name.line}`, ...schemaField(value, first)});
	}

	return found;
}

/** No field of a schema has more tokens. */
const longestField = 2000;

function untilComma(tokens: readonly Token[], at: number): Token[] {
	let depth = 0;
	for (let end = at; end < Math.min(tokens.length, at + longestField); end += 1) {
		const {type, text} = tokens[end] as Token;
		if (type !== 'sign') continue;
		if ('([{'.includes(text)) depth += 1;
		else if (')]}'.includes(text)) depth -= 1;
		if (depth < 0 || (depth === 0 && text === ',')) return tokens.slice(at, end);
	}

	return tokens.slice(at, at + longestField);
}

function schemaField(value: readonly Token[], first: string): Pick<Reading, 'required' | 'default'> {
	const method = (name: string) => {
		const at = value.findIndex((token, index) => is(token, name) && is(value[index + 1], '('));
		return at === -1 ? undefined : value.slice(at + 2, closingOf(value, at + 1));
	};
	const inOptions = value.findIndex(
		(token, index) =>
			/^(?:default|devDefault)$/.test(token.text) && is(value[index + 1], ':') && token.text === 'default',
	);
	const given =
		method('default') ?? method('catch') ?? (inOptions === -1 ? undefined : untilComma(value, inOptions + 2));
	const isOptional =
		['optional', 'nullish', 'nullable', 'notRequired'].some(name => value.some(token => is(token, name))) ||
		given !== undefined;
	const isJoi = /^(?:Joi|joi|yup)$/.test(first);
	const plain = plainValue(given?.slice(0, given.length));
	return {
		required: isJoi ? value.some(token => is(token, 'required')) && given === undefined : !isOptional,
		...(plain !== undefined && plain !== '' && {default: plain}),
	};
}

/** env.get('X').required() of env-var, config.getOrThrow('X') of Nest, env('X', default) of Strapi, Env.get('X') of Adonis. */
function calls({path, tokens}: ScriptFile): Reading[] {
	return callsIn(tokens).flatMap((call): Reading[] => {
		const name = textOf(call.positional[0]);
		if (name === undefined || !/^[A-Z][A-Z0-9_]*$/.test(name)) return [];
		const where = `${path}:${call.line}`;
		if (
			/(?:^|\.)(?:getOrThrow|requireEnv|requiredEnv|mustGetEnv|getEnvOrThrow|getRequiredEnv|assertEnv)$/.test(call.name)
		)
			return [{name, required: true, where}];
		const isGet =
			/^(?:env|Env|environ|\w*[cC]onfig(?:Service)?|this\.\w*[cC]onfig(?:Service)?)\.get$|^(?:env|getEnv|getEnvVar|env\.(?:int|bool|float|array|json|date))$|^Deno\.env\.get$/.test(
				call.name,
			);
		if (!isGet) return [];
		const rest = tokens.slice(call.to, call.to + 24);
		const isRequired = is(rest[0], '.') && is(rest[1], 'required');
		const given =
			is(rest[0], '.') && is(rest[1], 'default') ? plainValue(rest.slice(3, 4)) : plainValue(call.positional[1]);
		return [{name, required: isRequired, where, ...(given !== undefined && {default: given})}];
	});
}

/** import {SECRET} from '$env/static/private' fails the build without it. */
function svelteImports({path, tokens}: ScriptFile): Reading[] {
	return tokens.flatMap((token, at) => {
		if (token.type !== 'string' || !token.text.startsWith('$env/static/')) return [];
		const open = tokens.findLastIndex((one, index) => index < at && is(one, '{'));
		return open === -1
			? []
			: splitAt(tokens.slice(open + 1, closingOf(tokens, open)), ',').map(part => ({
					name: part[0]?.text ?? '',
					required: true,
					where: `${path}:${token.line}`,
				}));
	});
}

/** env("DATABASE_URL") of a Prisma schema. */
function prismaReadings(tree: Tree): Reading[] {
	return tree.paths
		.filter(path => path.endsWith('.prisma'))
		.flatMap(path =>
			(tree.text(path) ?? '').split('\n').flatMap((line, index) =>
				[...line.replace(/\/\/.*/, '').matchAll(/\benv\("(\w+)"\)/g)].map(match => ({
					name: match[1] ?? '',
					required: true,
					where: `${path}:${index + 1}`,
				})),
			),
		);
}
