import {assignment, headersOf, isFunction} from '../../../reading/python.ts';
import {type Call, callsIn, is, type Token} from '../../../reading/tokens.ts';
import {originOf, type PythonFile} from '../project.ts';
/** What reads one variable when it is called: where its default stands, and whether it fails without one. */
export type Reader = {
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
export function readerNames(files: readonly PythonFile[]): ReadonlySet<string> {
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

/** A file in which other names of the environment are known: `env = os.environ`, `config = dotenv_values('.env')`. */
export function withEnvironNames(file: PythonFile): PythonFile {
	const readsFiles = [...file.imports.values()].some(origin => origin.startsWith('dotenv'));
	const names = file.statements.flatMap(statement => {
		const set = assignment(statement);
		if (!set) return [];
		const written = set.value.length > 3 ? '' : originOf(file, set.value.map(({text}) => text).join(''));
		const isEnviron =
			written === 'os.environ' ||
			(readsFiles &&
				callsIn(set.value).some(({name}) => /^dotenv\.(?:main\.)?dotenv_values$/.test(originOf(file, name))));
		return isEnviron ? [[set.name, 'os.environ'] as const] : [];
	});
	return names.length === 0 ? file : {...file, imports: new Map([...file.imports, ...names])};
}

/** Functions of the file itself that only look a variable up: `def env(name, default=None): return os.environ.get(name, default)`. */
export function ownReaders(file: PythonFile): ReadonlyMap<string, Reader> {
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

export function readerOf(
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

export function dottedBefore(tokens: readonly Token[], at: number, file: PythonFile): string {
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
