import {assignment, isClass, isFunction, runsOnImport, type Statement} from '../../../reading/python.ts';
import {callsIn, is, type Token} from '../../../reading/tokens.ts';
import {type Entry, type Interface, originOf, type PythonFile} from '../project.ts';

type Framework = {readonly name: string; readonly interface: Interface; readonly weight?: number};

/** What makes an app, by where it is imported from. */
const makers: readonly (readonly [origin: RegExp, framework: Framework])[] = [
	[
		/^(?:flask\.Flask|flask\.app\.Flask|apiflask\.APIFlask|flask_openapi3\.OpenAPI|flask_appbuilder\.\w*Flask)$/,
		{name: 'Flask', interface: 'wsgi'},
	],
	[/^fastapi\.(?:applications\.)?FastAPI$/, {name: 'FastAPI', interface: 'asgi'}],
	[/^starlette\.applications\.Starlette$/, {name: 'Starlette', interface: 'asgi'}],
	[/^quart\.(?:app\.)?Quart$/, {name: 'Quart', interface: 'asgi'}],
	[/^(?:litestar|starlite)\.(?:app\.)?(?:Litestar|Starlite)$/, {name: 'Litestar', interface: 'asgi'}],
	[/^blacksheep(?:\.server)?(?:\.application)?\.Application$/, {name: 'BlackSheep', interface: 'asgi'}],
	[/^sanic\.(?:app\.)?Sanic$/, {name: 'Sanic', interface: 'asgi'}],
	[/^falcon\.asgi\.App$/, {name: 'Falcon', interface: 'asgi'}],
	[/^falcon\.(?:App|API)$/, {name: 'Falcon', interface: 'wsgi'}],
	[/^bottle\.(?:Bottle|default_app|app)$/, {name: 'Bottle', interface: 'wsgi'}],
	[/^connexion\.(?:AsyncApp|asynchronous\.AsyncApp)$/, {name: 'Connexion', interface: 'asgi'}],
	[/^connexion\.(?:App|FlaskApp)$/, {name: 'Connexion', interface: 'wsgi'}],
	[/^django\.core\.wsgi\.get_wsgi_application$/, {name: 'Django', interface: 'wsgi'}],
	[/^django\.core\.asgi\.get_asgi_application$/, {name: 'Django', interface: 'asgi', weight: -8}],
	[
		/^channels\.routing\.(?:ProtocolTypeRouter|get_default_application)$/,
		{name: 'Django', interface: 'asgi', weight: 10},
	],
	[/^web\.application$/, {name: 'web.py', interface: 'wsgi'}],
	[/^webapp2\.WSGIApplication$/, {name: 'webapp2', interface: 'wsgi'}],
	[/^(?:uvicorn\.middleware\.\w+\.\w+|asgiref\.wsgi\.WsgiToAsgi|a2wsgi\.\w+)$/, {name: 'ASGI', interface: 'asgi'}],
	[/\.make_wsgi_app$/, {name: 'Pyramid', interface: 'wsgi'}],
	[/^morepath\.App$/, {name: 'Morepath', interface: 'wsgi'}],
	[/^nicegui\.ui\.run_with$/, {name: 'NiceGUI', interface: 'asgi'}],
];

const frameworkOf = (origin: string) => makers.find(([pattern]) => pattern.test(origin))?.[1];

const factoryName =
	/^_?(?:create|make|build|init|get|setup|configure)_?(?:\w+_)?(?:app|application|wsgi_app|asgi_app|server|api|wsgi|asgi)$|^(?:app|application)_factory$|^(?:app_?)?factory$/;

/** What is made in one file, by the name it has there. */
type Made = {readonly name: string; readonly framework: Framework; readonly statement: Statement};

/** `app = Flask(__name__)`, `application = create_app()`, `app: FastAPI = FastAPI()` at the top of a file. */
export function appsOf(file: PythonFile, factories: readonly Factory[]): Entry[] {
	return madeIn(file, factories)
		.filter(({statement}) => runsOnImport(statement))
		.map(({name, framework, statement}) => ({
			target: `${file.module}:${framework.name === 'Dash' ? 'server' : name}`,
			file: file.path,
			line: statement.line,
			interface: framework.interface,
			framework: framework.name,
			weight: 50 + (framework.weight ?? 0),
			because: `${file.path}:${statement.line} makes ${framework.name ? `a ${framework.name}` : 'an'} app`,
		}));
}

/** Functions that are an app by themselves: `application(environ, start_response)` of PEP 3333, and ASGI's `async def app(scope, receive, send)`. */
export function callablesOf(file: PythonFile): Entry[] {
	return file.statements
		.filter(statement => isFunction(statement) && statement.parent === undefined)
		.flatMap((header): Entry[] => {
			const isAsync = is(header.tokens[0], 'async');
			const name = header.tokens[isAsync ? 2 : 1]?.text ?? '';
			const [first, second, third, ...more] = callsIn(header.tokens)[0]?.positional.map(part => part[0]?.text) ?? [];
			const isAsgi = isAsync && first === 'scope' && second === 'receive' && third === 'send' && more.length === 0;
			const isWsgi = !isAsync && /^env/.test(first ?? '') && second === 'start_response' && third === undefined;
			if (!/^(?:app|application|wsgi|asgi|api|handler)$/.test(name) || !(isAsgi || isWsgi)) return [];
			return [
				{
					target: `${file.module}:${name}`,
					file: file.path,
					line: header.line,
					interface: isAsgi ? 'asgi' : 'wsgi',
					weight: 40,
					because: `${file.path}:${header.line} is ${isAsgi ? 'an ASGI' : 'a WSGI'} app`,
				},
			];
		});
}

function madeIn(file: PythonFile, factories: readonly Factory[]): Made[] {
	const made: Made[] = [];
	for (const statement of file.statements) {
		const set = assignment(statement);
		if (!set) continue;
		const framework = makerOf(set.value, file, factories) ?? wrapped(set.value, made) ?? dashServer(set.value, file);
		if (framework) made.push({name: set.name, framework, statement});
	}

	return made;
}

/** The framework of `Flask(…)`, `create_app(…)` or `shop.create_app(…)`, as the outermost call of a value. */
function makerOf(value: readonly Token[], file: PythonFile, factories: readonly Factory[]): Framework | undefined {
	const call = callsIn(value).find(({from}) => from === 0);
	if (!call) return undefined;
	// `Flask(__name__).run()` is a call on what is made.
	if (is(value[call.to], '.') && !/^(?:wsgi_app|app)$/.test(value[call.to + 1]?.text ?? '')) return undefined;
	const origin = originOf(file, call.name);
	const known = frameworkOf(origin) ?? ofSubclass(file, call.name);
	if (known) return known;
	const last = origin.split('.').at(-1) ?? '';
	const factory = factories.find(
		one => one.name === last && (one.entry.file === file.path || file.imports.has(call.name.split('.')[0] ?? '')),
	);
	return (
		factory?.framework ??
		(factoryName.test(last) && file.imports.has(call.name.split('.')[0] ?? '')
			? {name: '', interface: 'wsgi', weight: -6}
			: undefined)
	);
}

/** Whether a file has a class of its own on top of a framework's. */
export function makesSubclass(file: PythonFile): boolean {
	return [...classesOf(file).keys()].some(name => ofSubclass(file, name) !== undefined);
}

const classes = new WeakMap<PythonFile['statements'], ReadonlyMap<string, Statement>>();

/** The classes of a file by their names, the first of each. A file is gone through once. */
function classesOf({statements}: PythonFile): ReadonlyMap<string, Statement> {
	const before = classes.get(statements);
	if (before) return before;
	const named = new Map<string, Statement>();
	for (const statement of statements) {
		const name = isClass(statement) ? (statement.tokens[1]?.text ?? '') : '';
		if (name !== '' && !named.has(name)) named.set(name, statement);
	}

	classes.set(statements, named);
	return named;
}

/** class Shop(Flask): … and then Shop(). */
function ofSubclass(file: PythonFile, name: string): Framework | undefined {
	const header = classesOf(file).get(name);
	const call = header && callsIn(header.tokens)[0];
	return call?.positional.flatMap(part => frameworkOf(originOf(file, part.map(({text}) => text).join(''))) ?? [])[0];
}

/** `app = ProxyFix(app)` or `application = app` is the app that was made before. */
function wrapped(value: readonly Token[], made: readonly Made[]): Framework | undefined {
	const known = (text: string | undefined) => made.find(({name}) => name === text)?.framework;
	if (value.length === 1) return value[0]?.type === 'name' ? known(value[0].text) : undefined;
	const call = callsIn(value).find(({from, to}) => from === 0 && to === value.length);
	const first = call?.positional[0];
	return first?.length === 1 &&
		/(?:Fix|Middleware|Wsgi|WSGI|Asgi|ASGI|socketio|Cling|Sentry|Dispatcher|WhiteNoise)/.test(call?.name ?? '')
		? known(first[0]?.text)
		: undefined;
}

/** Dash keeps its Flask app in `app.server`. */
function dashServer(value: readonly Token[], file: PythonFile): Framework | undefined {
	const isServer = value.length === 3 && is(value[1], '.') && is(value[2], 'server');
	if (!isServer) return undefined;
	const maker = file.statements.map(assignment).find(set => set?.name === value[0]?.text);
	const call = maker && callsIn(maker.value)[0];
	return call && /^dash\.(?:\w+\.)?Dash$/.test(originOf(file, call.name))
		? {name: 'Dash', interface: 'wsgi', weight: 4}
		: undefined;
}

type Factory = {readonly name: string; readonly framework: Framework; readonly entry: Entry};

/** Functions that make an app and give it back. */
export function factoriesOf(file: PythonFile, files: readonly PythonFile[]): Factory[] {
	return file.statements
		.filter(statement => isFunction(statement) && statement.parent === undefined)
		.flatMap((header): Factory[] => {
			const name = header.tokens[is(header.tokens[0], 'async') ? 2 : 1]?.text ?? '';
			const body = file.statements.filter(({parent}) => isBelow(parent, header));
			if (!body.some(({tokens}) => is(tokens[0], 'return'))) return [];
			const framework = body.flatMap(({tokens}) =>
				callsIn(tokens).flatMap(call => makerIn(call.name, file, files) ?? []),
			)[0];
			if (!framework || framework.name === 'Django' || name.startsWith('test')) return [];
			const isUsual = factoryName.test(name);
			const lacks = argumentsWithoutDefault(header);
			const entry: Entry = {
				target: `${file.module}:${name}()`,
				file: file.path,
				line: header.line,
				interface: framework.interface,
				framework: framework.name,
				weight: (isUsual ? 34 : 12) - (lacks.length > 0 ? 14 : 0),
				because: `${file.path}:${header.line} has ${name}(), which makes a ${framework.name} app`,
				...(lacks.length > 0 && {lacks}),
			};
			return [{name, framework, entry}];
		});
}

function makerIn(name: string, file: PythonFile, files: readonly PythonFile[]): Framework | undefined {
	const origin = originOf(file, name);
	const known = frameworkOf(origin) ?? ofSubclass(file, name);
	if (known) return known;
	const last = origin.split('.').at(-1) ?? '';
	return files
		.filter(other => origin.includes('.') && origin.endsWith(`${other.module}.${last}`))
		.map(other => ofSubclass(other, last))
		.find(Boolean);
}

function isBelow(parent: Statement | undefined, header: Statement): boolean {
	for (let at = parent; at; at = at.parent) if (at === header) return true;
	return false;
}

function argumentsWithoutDefault({tokens}: Statement): string[] {
	const call = callsIn(tokens)[0];
	if (!call) return [];
	const positional = call.positional.filter(part => !is(part[0], '*') && !is(part[0], '**') && !is(part[0], '/'));
	return positional.filter(part => !part.some(token => is(token, '='))).map(part => part[0]?.text ?? '');
}
