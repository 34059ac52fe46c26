import type {Tree} from '../../../../source/contract/detection.ts';
import {exampleReadings} from '../../../reading/dotenv-example.ts';
import {assignment, headersOf, isClass, isFunction, isMain, type Statement} from '../../../reading/python.ts';
import {
	type Call,
	callsIn,
	closingOf,
	is,
	plainValue,
	splitAt,
	type Token,
	textOf,
	textsIn,
} from '../../../reading/tokens.ts';
import {type Reading, variablesOf} from '../../../reading/variables.ts';
import {isMigration, originOf, type PythonFile} from '../project.ts';

/** Every environment variable that the app's code reads, then those that only its example files name. */
export function readVariables(tree: Tree, files: readonly PythonFile[]) {
	const readers = readerNames(files);
	const declared = declaredIn(files);
	const ofCode = files
		.filter(({path}) => !isMigration(path) || path.endsWith('env.py'))
		.flatMap(file => readingsIn(file, readers))
		.map(reading => (declared.has(reading.name) ? {...reading, required: false} : reading));
	return variablesOf([...ofCode, ...declared.values(), ...exampleReadings(tree)]);
}

/** What reads one variable when it is called: where its default stands, and whether it fails without one. */
type Reader = {
	readonly defaultAt?: number;
	readonly isStrict: boolean;
	/** The variable that it reads where none is named, and the argument that names another one. */
	readonly ownName?: string;
	readonly nameIn?: string;
};

const strict: Reader = {isStrict: true};
const lenient: Reader = {isStrict: false, defaultAt: 1};

/** Calls that read a variable, by the origin of what is called. */
const readerOrigins: readonly (readonly [origin: RegExp, reader: Reader])[] = [
	[/^os\.(?:getenv|environ\.get|getenvb|environ\.pop|environ\.setdefault)$/, lenient],
	[/^os\.environ\.__getitem__$/, strict],
	[/^(?:decouple\.config|decouple\.AutoConfig)$/, strict],
	[/^(?:prettyconf\.config|everett\.\w+)$/, strict],
	[/^dj_database_url\.config$/, {isStrict: false, ownName: 'DATABASE_URL', nameIn: 'env'}],
];

/** Objects that read variables: `env = environ.Env()`, `config = Config('.env')`. */
const objectOrigins =
	/^(?:environ\.(?:Env|FileAwareEnv)|environs\.Env|starlette\.config\.Config|decouple\.(?:Config|AutoConfig)|envparse\.(?:Env|env)|starlette_config\.Config|litestar\.utils\.\w+)$/;

/** Names under which files hold such objects; another file may import them. */
function readerNames(files: readonly PythonFile[]): ReadonlySet<string> {
	const names = new Set<string>();
	for (const file of files) {
		for (const statement of file.statements) {
			const set = assignment(statement);
			const call = set && callsIn(set.value).find(({from}) => from === 0);
			if (set && call && objectOrigins.test(originOf(file, call.name))) names.add(`${file.module}.${set.name}`);
		}
	}

	return names;
}

/** Of django-environ: Env(DEBUG=(bool, False)) gives a variable its default, wherever it is read. */
function declaredIn(files: readonly PythonFile[]): ReadonlyMap<string, Reading> {
	const calls = files.flatMap(file =>
		file.statements.flatMap(({tokens}) =>
			callsIn(tokens)
				.filter(({name}) => /^environ\.(?:FileAware)?Env$/.test(originOf(file, name)))
				.map(call => ({file, call})),
		),
	);
	return new Map(
		calls.flatMap(({file, call}) =>
			[...call.named].flatMap(([name, value]): [string, Reading][] => {
				const [, otherwise] = splitAt(value.slice(1, -1), ',');
				if (!is(value[0], '(') || !otherwise) return [];
				return [[name, {name, required: false, where: `${file.path}:${call.line}`, ...defaultOf(otherwise)}]];
			}),
		),
	);
}

function readingsIn(file: PythonFile, readers: ReadonlySet<string>): Reading[] {
	const own = ownReaders(file);
	const found: Reading[] = [];
	for (const statement of file.statements) {
		for (const call of callsIn(statement.tokens)) {
			const reader = readerOf(call, file, readers, own);
			if (reader) found.push(...readingOf(call, reader, statement, file));
		}

		found.push(...subscripts(statement, file));
	}

	return [...found, ...settingsClasses(file)];
}

/** Functions of the file itself that only look a variable up: `def env(name, default=None): return os.environ.get(name, default)`. */
function ownReaders(file: PythonFile): ReadonlyMap<string, Reader> {
	const readers = new Map<string, Reader>();
	for (const header of file.statements.filter(isFunction)) {
		const name = header.tokens[is(header.tokens[0], 'async') ? 2 : 1]?.text ?? '';
		const [call] = callsIn(header.tokens);
		const parameters = call ? [...call.positional.map(part => part[0]?.text ?? ''), ...call.named.keys()] : [];
		const [first] = parameters;
		if (!first || first === 'self') continue;
		const body = file.statements.filter(statement => headersOf(statement).includes(header));
		const reads = body.some(({tokens}) =>
			callsIn(tokens).some(
				inner =>
					/^os\.(?:getenv|environ\.get)$/.test(originOf(file, inner.name)) &&
					inner.positional[0]?.length === 1 &&
					is(inner.positional[0][0], first),
			),
		);
		const fails = body.some(({tokens}) => isEnvironSubscript(tokens, file, first));
		if (reads || fails) readers.set(name, {isStrict: fails && !reads, ...(parameters.length > 1 && {defaultAt: 1})});
	}

	return readers;
}

function isEnvironSubscript(tokens: readonly Token[], file: PythonFile, name: string): boolean {
	return tokens.some(
		(token, at) =>
			is(token, '[') &&
			is(tokens[at + 1], name) &&
			is(tokens[at + 2], ']') &&
			dottedBefore(tokens, at, file) === 'os.environ',
	);
}

function readerOf(
	call: Call,
	file: PythonFile,
	objects: ReadonlySet<string>,
	own: ReadonlyMap<string, Reader>,
): Reader | undefined {
	const origin = originOf(file, call.name);
	const known = readerOrigins.find(([pattern]) => pattern.test(origin))?.[1];
	if (known) return origin === 'decouple.AutoConfig' ? undefined : known;
	const byOwn = own.get(call.name);
	if (byOwn) return byOwn;
	const [first = '', method] = call.name.split('.');
	const source = originOf(file, first);
	const isObject =
		objects.has(`${file.module}.${first}`) ||
		[...objects].some(name => source !== first && (name === source || name.endsWith(source.replace(/^\.+/, '.'))));
	if (!isObject || call.name.split('.').length > 2) return undefined;
	if (method && /^(?:read_env|prefixed|seal|dump|read_envfile|set|__init__|parser_for|add_parser)$/.test(method))
		return undefined;
	// Of django-environ env.db() reads DATABASE_URL, env.cache() CACHE_URL, env.email_url() EMAIL_URL.
	return strict;
}

const ownNames: Readonly<Record<string, string>> = {
	db: 'DATABASE_URL',
	db_url: 'DATABASE_URL',
	dj_db_url: 'DATABASE_URL',
	cache: 'CACHE_URL',
	cache_url: 'CACHE_URL',
	email_url: 'EMAIL_URL',
	search_url: 'SEARCH_URL',
};

function readingOf(call: Call, reader: Reader, statement: Statement, file: PythonFile): Reading[] {
	const method = call.name.split('.')[1] ?? '';
	const name =
		textOf(
			(reader.nameIn ? call.named.get(reader.nameIn) : undefined) ??
				call.positional[0] ??
				call.named.get('key') ??
				call.named.get('name') ??
				call.named.get('var'),
		) ??
		reader.ownName ??
		(call.positional.length === 0 ? ownNames[method] : undefined);
	if (name === undefined) return ofLoop(call, statement, file);
	if (!/^[A-Za-z_]\w*$/.test(name)) return [];
	const prefix = headersOf(statement)
		.flatMap(({tokens}) => callsIn(tokens))
		.find(({name: called}) => called.endsWith('.prefixed'));
	const given =
		call.named.get('default') ??
		(reader.defaultAt === undefined ? ofSecondArgument(call, file) : call.positional[reader.defaultAt]);
	const otherwise = given === undefined ? fallbackAfter(statement.tokens, call.to) : given;
	const isGuarded = isIn(statement, 'try') || isConditional(statement);
	const fails = reader.isStrict || raisesWithout(statement, file);
	const called = assignment(statement)?.name ?? '';
	return [
		{
			name: (textOf(prefix?.positional[0]) ?? '') + name,
			...(/^(?:SECRET_KEY|SQLALCHEMY_DATABASE_URI|DATABASE_URL)$/.test(called) && {as: called}),
			required: otherwise === undefined && fails && !isGuarded,
			where: `${file.path}:${call.line}`,
			...defaultOf(otherwise),
		},
	];
}

/** os.environ.get(key) for key in ("A", "B"): all of them. */
function ofLoop(call: Call, statement: Statement, file: PythonFile): Reading[] {
	const [variable] = call.positional[0] ?? [];
	if (call.positional[0]?.length !== 1 || variable?.type !== 'name') return [];
	for (const {tokens} of [statement, ...headersOf(statement)]) {
		const at = tokens.findIndex(
			(token, index) => is(token, 'for') && is(tokens[index + 1], variable.text) && is(tokens[index + 2], 'in'),
		);
		if (at === -1 || !/^[([]$/.test(tokens[at + 3]?.text ?? '')) continue;
		const names = textsIn(tokens.slice(at + 4, closingOf(tokens, at + 3)));
		return names
			.filter(name => /^[A-Z_]\w*$/.test(name))
			.map(name => ({name, required: false, where: `${file.path}:${call.line}`}));
	}

	return [];
}

/** Of environs and django-environ the second argument is the default: env('X', 'default'). decouple's is a keyword. */
function ofSecondArgument(call: Call, file: PythonFile): readonly Token[] | undefined {
	if (originOf(file, call.name).startsWith('decouple.')) return call.positional[1];
	const second = call.positional[1];
	const isType =
		second?.length === 1 &&
		/^(?:str|int|bool|float|list|dict|Secret|URL|DatabaseURL|CommaSeparatedStrings)$/.test(second[0]?.text ?? '') &&
		second[0]?.type === 'name';
	return isType ? call.positional[2] : second;
}

function defaultOf(tokens: readonly Token[] | undefined): {readonly default?: string} {
	const value = plainValue(tokens);
	return value === undefined || value === 'None' || value === '' ? {} : {default: value};
}

/** What stands after `or`: os.environ.get('X') or 'default'. */
function fallbackAfter(tokens: readonly Token[], at: number): readonly Token[] | undefined {
	let from = at;
	while (is(tokens[from], ')')) from += 1;
	if (!is(tokens[from], 'or')) return undefined;
	const rest = tokens.slice(from + 1);
	const end = rest.findIndex((token, index) => is(token, ')') && closesMore(rest.slice(0, index + 1)));
	return splitAt(end === -1 ? rest : rest.slice(0, end), ',')[0];
}

function closesMore(tokens: readonly Token[]): boolean {
	let depth = 0;
	for (const token of tokens) {
		if (token.type !== 'sign') continue;
		if ('([{'.includes(token.text)) depth += 1;
		else if (')]}'.includes(token.text)) depth -= 1;
	}

	return depth < 0;
}

/** Read only where something else is set; what only production reads is read on a box. */
function isConditional(statement: Statement): boolean {
	return headersOf(statement).some(
		({tokens}) =>
			(is(tokens[0], 'if') || is(tokens[0], 'elif')) &&
			!isMain({tokens} as Statement) &&
			!/\bnot\b|DEBUG|PROD|prod/.test(tokens.map(({text}) => text).join(' ')),
	);
}

function isIn(statement: Statement, word: string): boolean {
	return headersOf(statement).some(({tokens}) => is(tokens[0], word));
}

/** `X = os.environ.get('X')`, and somewhere `if not X: raise …`. */
function raisesWithout(statement: Statement, file: PythonFile): boolean {
	const name = assignment(statement)?.name;
	if (!name) return false;
	return file.statements.some(({tokens, parent}) => {
		if (!parent || !is(tokens[0], 'raise') || !is(parent.tokens[0], 'if')) return false;
		const words = parent.tokens;
		return (
			(is(words[1], 'not') && is(words[2], name)) || (is(words[1], name) && is(words[2], 'is') && is(words[3], 'None'))
		);
	});
}

/** os.environ['X'], where it is read and not set. */
function subscripts(statement: Statement, file: PythonFile): Reading[] {
	const {tokens} = statement;
	return tokens.flatMap((token, at) => {
		if (!is(token, '[') || dottedBefore(tokens, at, file) !== 'os.environ') return [];
		const end = closingOf(tokens, at);
		const name = textOf(tokens.slice(at + 1, end));
		if (name === undefined || (is(tokens[end + 1], '=') && !is(tokens[end + 2], '=')) || is(tokens[0], 'del'))
			return [];
		const isChecked = headersOf(statement).some(
			header => is(header.tokens[0], 'if') && header.tokens.some(one => one.type === 'string' && one.text === name),
		);
		return [
			{
				name,
				required:
					!isIn(statement, 'try') &&
					!isConditional(statement) &&
					!isChecked &&
					!tokens
						.slice(end)
						.some(
							(one, _, rest) => is(one, 'if') && rest.some(other => other.type === 'string' && other.text === name),
						),
				where: `${file.path}:${token.line}`,
			},
		];
	});
}

function dottedBefore(tokens: readonly Token[], at: number, file: PythonFile): string {
	let from = at;
	while (from > 0 && (tokens[from - 1]?.type === 'name' || is(tokens[from - 1], '.'))) from -= 1;
	return originOf(
		file,
		tokens
			.slice(from, at)
			.map(({text}) => text)
			.join(''),
	);
}

/** class Settings(BaseSettings): each field is a variable, named with env_prefix, alias or env. */
function settingsClasses(file: PythonFile): Reading[] {
	const classes = file.statements.filter(isClass);
	const isSettings = (header: Statement): boolean => {
		const bases = callsIn(header.tokens)[0]?.positional.map(part => part.map(({text}) => text).join('')) ?? [];
		return bases.some(
			base =>
				/^(?:pydantic|pydantic_settings)\.(?:\w+\.)*BaseSettings$/.test(originOf(file, base)) ||
				/(?:^|\.)(?:Base|App|Common)\w*Settings$/.test(base) ||
				classes.some(other => other !== header && other.tokens[1]?.text === base && isSettings(other)),
		);
	};
	return classes.filter(isSettings).flatMap(header => {
		const body = file.statements.filter(({parent}) => parent === header);
		const prefix = prefixOf(header, file);
		return body.flatMap(statement => fieldReading(statement, prefix, file));
	});
}

/** model_config = SettingsConfigDict(env_prefix='X_'), or class Config: env_prefix = 'X_'. */
function prefixOf(header: Statement, file: PythonFile): string {
	const below = file.statements.filter(statement => headersOf(statement).includes(header));
	for (const statement of below) {
		const set = assignment(statement);
		if (set?.name === 'env_prefix') return textOf(set.value) ?? '';
		if (set?.name !== 'model_config') continue;
		const given = callsIn(set.value)[0]?.named.get('env_prefix');
		const inDict = set.value.findIndex(token => token.type === 'string' && token.text === 'env_prefix');
		const prefix = textOf(given) ?? (inDict === -1 ? undefined : textOf(set.value.slice(inDict + 2, inDict + 3)));
		if (prefix !== undefined) return prefix;
	}

	return '';
}

function fieldReading(statement: Statement, prefix: string, file: PythonFile): Reading[] {
	const {tokens, line} = statement;
	const [first, second] = tokens;
	if (first?.type !== 'name' || !is(second, ':') || first.text === 'model_config' || first.text.startsWith('_'))
		return [];
	const equals = splitTop(tokens, '=');
	const annotation = tokens.slice(2, equals === -1 ? undefined : equals);
	if (annotation.some(token => is(token, 'ClassVar'))) return [];
	const value = equals === -1 ? undefined : tokens.slice(equals + 1);
	const field = [...callsIn(value ?? []), ...callsIn(annotation)].find(({name}) => /(?:^|\.)Field$/.test(name));
	const alias =
		field &&
		(textOf(field.named.get('env')) ?? textOf(field.named.get('validation_alias')) ?? textOf(field.named.get('alias')));
	const isField =
		value !== undefined &&
		callsIn(value).some(call => call === field || (call.from === 0 && /(?:^|\.)Field$/.test(call.name)));
	const given = isField ? (field?.named.get('default') ?? field?.positional[0]) : value;
	const isEllipsis = given?.length === 3 && given.every(token => is(token, '.'));
	const hasDefault = (given !== undefined && !isEllipsis) || (field?.named.has('default_factory') ?? false);
	const name = (alias ?? prefix + first.text).toUpperCase();
	// pydantic takes a list or a mapping as JSON alone.
	const isList = annotation.some(token => /^(?:list|List|set|Set|tuple|Tuple|dict|Dict|Sequence)$/.test(token.text));
	const isMadeOfOthers = given?.some(token => token.open) ?? false;
	return [
		{
			name,
			required: !hasDefault,
			where: `${file.path}:${line}`,
			...(prefix !== '' && alias === undefined && {as: first.text.toUpperCase()}),
			...((isList || isMadeOfOthers) && {keepsDefault: true as const}),
			...(hasDefault && defaultOf(given)),
		},
	];
}

function splitTop(tokens: readonly Token[], sign: string): number {
	let depth = 0;
	return tokens.findIndex(token => {
		if (token.type === 'sign' && '([{'.includes(token.text)) depth += 1;
		else if (token.type === 'sign' && ')]}'.includes(token.text)) depth -= 1;
		return depth === 0 && is(token, sign);
	});
}
