import type {Tree} from '../../../source/contract/detection.ts';
import {parseDotenv} from '../../app/dotenv.ts';
import {statedStarts, wordsOf} from '../../reading/commands.ts';
import {exampleFiles} from '../../reading/dotenv-example.ts';
import {assignment, isClass, isFunction, isMain, runsOnImport, type Statement} from '../../reading/python.ts';
import {callsIn, is, type Token, textOf} from '../../reading/tokens.ts';
import {originOf, type PythonFile} from './project.ts';

export type Interface = 'wsgi' | 'asgi';

/** Something a server can load. */
export type Entry = {
	/** 'shop:create_app()' */
	readonly target: string;
	readonly file: string;
	readonly line: number;
	readonly interface: Interface;
	readonly framework?: string;
	/** The folder in which it has to be started, relative to the app's. */
	readonly workingFolder?: string;
	/** How sure it is: only compared. */
	readonly weight: number;
	/** What says so: 'app.py:3 makes a Flask app'. */
	readonly because: string;
	/** Arguments of a factory that have no default: it can't be called as it is. */
	readonly lacks?: readonly string[];
};

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
	[/^robyn\.Robyn$/, {name: 'Robyn', interface: 'asgi', weight: -20}],
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

/** What a server could load in all files, the surest first. */
export function findEntries(tree: Tree, files: readonly PythonFile[]): Entry[] {
	const withSubclass = files.filter(makesSubclass);
	const factories = files.flatMap(file => factoriesOf(file, withSubclass));
	const apps = files.flatMap(file => appsOf(file, factories));
	const found = [...apps, ...factories.map(({entry}) => entry), ...reexported(files, apps)];
	const stated = statedEntries(tree, [...found], files);
	const all = [...stated, ...found.map(entry => weighed(entry, tree, files))];
	const best = new Map<string, Entry>();
	for (const entry of all.sort((one, other) => other.weight - one.weight)) {
		const key = `${entry.workingFolder ?? ''} ${entry.target}`;
		if (!best.has(key)) best.set(key, entry);
	}

	return [...best.values()];
}

/** `app = Flask(__name__)`, `application = create_app()`, `app: FastAPI = FastAPI()` at the top of a file. */
function appsOf(file: PythonFile, factories: readonly Factory[]): Entry[] {
	return madeIn(file, factories)
		.filter(({statement}) => runsOnImport(statement))
		.map(({name, framework, statement}) => ({
			target: `${file.module}:${framework.name === 'Dash' ? 'server' : name}`,
			file: file.path,
			line: statement.line,
			interface: framework.interface,
			framework: framework.name,
			weight: 50 + (framework.weight ?? 0),
			because: `${file.path}:${statement.line} makes a ${framework.name} app`,
		}));
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
function makesSubclass(file: PythonFile): boolean {
	return file.statements.some(
		statement => isClass(statement) && ofSubclass(file, statement.tokens[1]?.text ?? '') !== undefined,
	);
}

/** class Shop(Flask): … and then Shop(). */
function ofSubclass(file: PythonFile, name: string): Framework | undefined {
	const header = file.statements.find(statement => isClass(statement) && statement.tokens[1]?.text === name);
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
function factoriesOf(file: PythonFile, files: readonly PythonFile[]): Factory[] {
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

/** `from shop import app as application` in a wsgi.py: the usual place, named after what it is for. */
function reexported(files: readonly PythonFile[], apps: readonly Entry[]): Entry[] {
	return files
		.filter(({path}) => /(?:^|\/)(?:wsgi|asgi|passenger_wsgi|application)\.py$/.test(path))
		.flatMap(file =>
			[...file.imports].flatMap(([name, origin]) => {
				if (!/^(?:app|application)$/.test(name)) return [];
				const source = apps.find(({target}) =>
					origin.replace(/^\.+/, '').endsWith(target.replace(':', '.').replace(/\.main\./, '.main.')),
				);
				const line =
					file.statements.find(({tokens}) => is(tokens[0], 'from') && tokens.some(token => is(token, name)))?.line ?? 1;
				const entry: Entry = {
					target: `${file.module}:${name}`,
					file: file.path,
					line,
					interface: source?.interface ?? (/asgi/.test(file.path) ? 'asgi' : 'wsgi'),
					...(source?.framework && {framework: source.framework}),
					weight: 58,
					because: `${file.path}:${line} imports ${name} for a server`,
				};
				return [entry];
			}),
		);
}

const usualFiles = [
	'wsgi.py',
	'asgi.py',
	'app.py',
	'main.py',
	'application.py',
	'server.py',
	'run.py',
	'api.py',
	'passenger_wsgi.py',
	'index.py',
	'web.py',
	'manage.py',
];
const usualNames = ['app', 'application', 'api', 'server'];

function weighed(entry: Entry, tree: Tree, files: readonly PythonFile[]): Entry {
	const name = entry.file.split('/').at(-1) ?? '';
	const object = entry.target.split(':')[1] ?? '';
	const depth = entry.file.split('/').length - 1;
	const place = usualFiles.indexOf(name);
	const isNamed = name === `${tree.name.toLowerCase().replaceAll('-', '_')}.py`;
	const importers = files.filter(
		file =>
			file.path !== entry.file &&
			[...file.imports.values()].some(origin => origin.replace(/^\.+/, '') === entry.target.replace(':', '.')),
	).length;
	const weight =
		entry.weight +
		(place === -1 ? (isNamed ? 9 : 0) : 10 - place / 2) +
		(usualNames.includes(object) || object.endsWith('()') ? 6 : -4) +
		(name === '__init__.py' ? 4 : 0) -
		depth * 3 -
		(importers > 0 && place === -1 ? 0 : 0) -
		(/(?:^|\/)(?:scripts?|tools?|bin|utils?|migrations|alembic|management|cli|dev|old|legacy|backup|archive)\//.test(
			entry.file,
		)
			? 30
			: 0);
	return {...withFolder(entry, files), weight};
}

/**
 * Where it has to be started: files that import their neighbours by bare names (`from models import db`) need their own folder on the path,
 * and so do those below `src/`.
 */
function withFolder(entry: Entry, files: readonly PythonFile[]): Entry {
	if (!entry.file.includes('/')) return entry;
	const folder = entry.file.startsWith('src/') ? 'src' : neighbourFolder(entry.file, files);
	if (!folder) return entry;
	const module = folder.replaceAll('/', '.');
	return {...entry, target: entry.target.replace(`${module}.`, ''), workingFolder: folder};
}

function neighbourFolder(path: string, files: readonly PythonFile[]): string | undefined {
	const file = files.find(one => one.path === path);
	if (!file) return undefined;
	const parts = path.split('/').slice(0, -1);
	for (let length = parts.length; length > 0; length -= 1) {
		const folder = parts.slice(0, length).join('/');
		const isPackageFile = files.some(one => one.path === `${folder}/__init__.py`);
		const imported = [...file.imports.values()]
			.filter(origin => !origin.startsWith('.'))
			.map(origin => origin.split('.')[0] ?? '');
		const inside = (name: string) =>
			files.some(({path: other}) => other === `${folder}/${name}.py` || other.startsWith(`${folder}/${name}/`));
		const atTop = (name: string) =>
			files.some(({path: other}) => other === `${name}.py` || other.startsWith(`${name}/`));
		if (
			imported.some(name => inside(name) && !atTop(name)) &&
			(!isPackageFile || path.endsWith(`${folder}/main.py`) || imported.some(name => inside(name)))
		)
			return folder;
	}

	return undefined;
}

/** What the repository's own files say is loaded: FLASK_APP, a Procfile, a Dockerfile, gunicorn's settings. */
function statedEntries(tree: Tree, found: readonly Entry[], files: readonly PythonFile[]): Entry[] {
	const commands = statedStarts(tree).filter(({process}) => process === 'web');
	const ofCommands = commands.flatMap(({command, where}) => {
		const said = serverTarget(command);
		return said
			? statedEntry(
					{...said, because: `${where} says ${command.length > 60 ? said.target : `“${command}”`}`},
					found,
					files,
					where.startsWith('Procfile') ? 100 : 84,
				)
			: [];
	});
	const ofGunicorn = files
		.filter(({path}) => /^(?:gunicorn(?:[._-]conf(?:ig)?)?|conf\/gunicorn)\.py$|^gunicorn\.conf\.py$/.test(path))
		.flatMap(({path, statements}) => {
			const target = textOf(statements.map(assignment).find(set => set?.name === 'wsgi_app')?.value);
			return target ? statedEntry({target, because: `${path} says wsgi_app = "${target}"`}, found, files, 95) : [];
		});
	return [
		...ofCommands,
		...ofGunicorn,
		...flaskApps(tree).flatMap(({value, where}) => flaskEntry(value, where, found, files)),
	];
}

type Stated = {
	readonly target: string;
	readonly because: string;
	readonly workingFolder?: string;
	readonly interface?: Interface;
};

function statedEntry(said: Stated, found: readonly Entry[], files: readonly PythonFile[], weight: number): Entry[] {
	const [module = '', object = 'application'] = said.target.split(':');
	const path = `${said.workingFolder ? `${said.workingFolder}/` : ''}${module.replaceAll('.', '/')}`;
	const file =
		files.find(one => one.path === `${path}.py` || one.path === `${path}/__init__.py`) ??
		files.find(one => one.path.endsWith(`/${path}.py`));
	if (!file) return [];
	const known =
		found.find(entry => entry.file === file.path && entry.target.split(':')[1] === object) ??
		found.find(entry => entry.file === file.path) ??
		found.find(entry => entry.framework);
	const folder =
		said.workingFolder ??
		(file.path.startsWith(path) ? undefined : file.path.slice(0, file.path.length - `/${path}.py`.length));
	return [
		{
			target: `${module}:${object}`,
			file: file.path,
			line: known?.line ?? 1,
			interface: said.interface ?? known?.interface ?? 'wsgi',
			...(known?.framework && {framework: known.framework}),
			...(folder && {workingFolder: folder}),
			weight: weight + (folder && !said.workingFolder ? -20 : 0),
			because: said.because,
		},
	];
}

/** The target in a command of gunicorn, uvicorn, hypercorn, daphne, waitress, granian, uwsgi or fastapi. */
export function serverTarget(command: string): Omit<Stated, 'because'> | undefined {
	const words = wordsOf(command.replaceAll(/\$\{?\w+(?::-[^}]*)?\}?/g, 'X'));
	const isAsgi = /\b(?:uvicorn|hypercorn|daphne|granian|UvicornWorker|UvicornH11Worker)\b/.test(command);
	const server = words.findIndex(word =>
		/(?:^|\/)(?:gunicorn(?:\.app\.wsgiapp)?|uvicorn|hypercorn|daphne|waitress-serve|granian|uwsgi)$/.test(word),
	);
	const at = words.findIndex(word => /(?:^|\/)fastapi$/.test(word));
	if (server === -1) {
		const path = at === -1 ? undefined : words.slice(at + 2).find(word => word.endsWith('.py'));
		return path ? {target: `${path.replace(/\.py$/, '').replaceAll('/', '.')}:app`, interface: 'asgi'} : undefined;
	}

	const rest = words.slice(server + 1);
	const flag = (...names: string[]) => {
		const index = rest.findIndex(word => names.some(name => word === name || word.startsWith(`${name}=`)));
		return index === -1 ? undefined : (rest[index]?.split('=')[1] ?? rest[index + 1]);
	};
	const callable = rest.filter(word => /^(?:\.?\/)?[A-Za-z_][\w.]*(?::[A-Za-z_][\w.]*(?:\(.*\))?)$/.test(word)).at(-1);
	const bare = rest
		.filter(
			(word, index) =>
				/^[A-Za-z_][\w.]*$/.test(word) && !/^--?\w/.test(rest[index - 1] ?? '') && !word.includes('Worker'),
		)
		.at(-1);
	const target = callable ?? flag('--module', '-w') ?? (/gunicorn|uwsgi/.test(command) ? bare : undefined);
	const folder = flag('--chdir', '--app-dir', '--pythonpath') ?? /(?:^|[;&]\s*)cd\s+([\w./-]+)\s*&&/.exec(command)?.[1];
	const isFactory = rest.includes('--factory');
	if (!target) return undefined;
	return {
		target: `${target.includes(':') ? target : `${target}:application`}${isFactory && !target.endsWith(')') ? '()' : ''}`,
		...(isAsgi && {interface: 'asgi'}),
		...(folder &&
			/^[\w.-]+(?:\/[\w.-]+)*\/?$/.test(folder) &&
			folder !== '.' && {workingFolder: folder.replace(/^\.\//, '').replace(/\/$/, '')}),
	};
}

/** Where FLASK_APP is said: .flaskenv counts more than an example, that more than a Dockerfile. */
export function flaskApps(tree: Tree): {readonly value: string; readonly where: string}[] {
	const files = ['.flaskenv', ...exampleFiles(tree), '.env'];
	const ofFiles = files.flatMap(path => {
		const value = parseDotenv(tree.text(path) ?? '').variables.findLast(({name}) => name === 'FLASK_APP')?.value;
		return value ? [{value, where: path}] : [];
	});
	const ofDocker = /^[ \t]*ENV\s+(?:.*\s)?FLASK_APP[= ]"?([\w./:()-]+)/m.exec(tree.text('Dockerfile') ?? '')?.[1];
	return [...ofFiles, ...(ofDocker ? [{value: ofDocker, where: 'Dockerfile'}] : [])];
}

/** A FLASK_APP: a file, a module, either with `:object`; `flask` looks for app, application, then the factories. */
function flaskEntry(value: string, where: string, found: readonly Entry[], files: readonly PythonFile[]): Entry[] {
	const [path = '', object] = value.replace(/^\.\//, '').split(':');
	const module = path.replace(/\.py$/, '').replaceAll('/', '.');
	const file = files.find(one => one.module === module || one.module === `src.${module}`);
	if (!file) return [];
	const own = found.filter(entry => entry.file === file.path).sort((one, other) => other.weight - one.weight);
	const known =
		own.find(
			entry => object === undefined || entry.target.split(':')[1]?.replace('()', '') === object.replace(/\(.*\)$/, ''),
		) ?? own[0];
	const imported = ['app', 'application'].find(name => file.imports.has(name));
	const named = object ?? known?.target.split(':')[1] ?? imported ?? 'app';
	const isFactory = known?.target.endsWith('()') && !named.endsWith(')');
	return [
		{
			target: `${module}:${named}${isFactory ? '()' : ''}`,
			file: file.path,
			line: known?.line ?? 1,
			interface: known?.interface ?? 'wsgi',
			framework: known?.framework || 'Flask',
			weight: where === '.flaskenv' ? 92 : where === 'Dockerfile' ? 80 : 82,
			because: `${where} says FLASK_APP=${value}`,
			...(file.path.startsWith('src/') && {workingFolder: 'src'}),
		},
	];
}

/** Frameworks whose programs listen by themselves, with no app that a server could load. */
const selfServing =
	/^(?:aiohttp|tornado|gradio|nicegui|cherrypy|sanic|robyn|panel|bokeh|twisted|socketserver|http\.server|websockets|grpc)(?:\.|$)/;

/** The command of an app that listens by itself: `streamlit run app.py`, `python server.py`; undefined where there is none. */
export function ownServer(
	files: readonly PythonFile[],
): {readonly command: string; readonly because: string} | undefined {
	const uses = (file: PythonFile, pattern: RegExp) => [...file.imports.values()].some(origin => pattern.test(origin));
	const page = files.find(
		file => uses(file, /^streamlit(?:\.|$)/) && !file.path.startsWith('pages/') && !file.path.endsWith('__init__.py'),
	);
	if (page)
		return {
			command: `streamlit run ${page.path} --server.port $PORT --server.address 127.0.0.1 --server.headless true`,
			because: `${page.path} uses Streamlit`,
		};
	const script = files.find(file => uses(file, selfServing) && startsServer(file));
	return script && {command: `python ${script.path}`, because: `${script.path} starts a server of its own`};
}

/** Whether a file starts a server when it is run: `web.run_app(app)`, also under `if __name__ == "__main__"`. */
function startsServer({statements}: PythonFile): boolean {
	return statements.some(
		({tokens, parent}) =>
			(parent === undefined || isMain(parent) || isFunction(parent)) &&
			callsIn(tokens).some(({name}) =>
				/(?:^|\.)(?:run|run_app|run_simple|serve|serve_forever|launch|start_server|listen|quickstart)$/.test(name),
			),
	);
}
