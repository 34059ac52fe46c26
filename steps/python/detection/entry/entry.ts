import type {Tree} from '../../../../source/contract/detection.ts';
import {is} from '../../../reading/tokens.ts';
import type {Entry, PythonFile} from '../project.ts';
import {appsOf, callablesOf, factoriesOf, makesSubclass} from './appObjects.ts';
import {statedEntries} from './statedEntries.ts';

/** What a server could load in all files, the surest first. */
export function findEntries(tree: Tree, files: readonly PythonFile[]): Entry[] {
	const withSubclass = files.filter(makesSubclass);
	const factories = files.flatMap(file => factoriesOf(file, withSubclass));
	const apps = files.flatMap(file => [...appsOf(file, factories), ...callablesOf(file)]);
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
	const weight =
		entry.weight +
		(place === -1 ? (isNamed ? 9 : 0) : 10 - place / 2) +
		(usualNames.includes(object) || object.endsWith('()') ? 6 : -4) +
		(name === '__init__.py' ? 4 : 0) -
		(name === 'manage.py' ? 8 : 0) -
		(/(?:^|[_-])(?:celery|workers?)(?:[_-]|\.py$)/.test(name) ? 30 : 0) -
		depth * 3 -
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
	const folder = neighbourFolder(entry.file, files) ?? (entry.file.startsWith('src/') ? 'src' : undefined);
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
			.map(origin => origin.split('.')[0] ?? '')
			// A folder of the app may be called like what it stands upon: `shop/django/`.
			.filter(name => !/^(?:django|flask|fastapi|starlette|celery|quart|litestar)$/.test(name));
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
