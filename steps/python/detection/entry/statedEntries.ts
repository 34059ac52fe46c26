import type {Tree} from '../../../../source/contract/detection.ts';
import {statedStarts, wordsOf} from '../../../reading/commands.ts';
import {parseDotenv} from '../../../reading/dotenv.ts';
import {exampleFiles} from '../../../reading/dotenv-example.ts';
import {assignment, isFunction} from '../../../reading/python.ts';
import {textOf} from '../../../reading/tokens.ts';
import type {Entry, Interface, PythonFile} from '../project.ts';

/** What the repository's own files say is loaded: FLASK_APP, a Procfile, a Dockerfile, gunicorn's settings. */
export function statedEntries(tree: Tree, found: readonly Entry[], files: readonly PythonFile[]): Entry[] {
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
	const isFactory = !named.endsWith(')') && (known?.target.endsWith('()') || isFunctionOf(file, named, files));
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

/** Whether a file has a function of that name, or imports one from another file of the app. */
function isFunctionOf(file: PythonFile, name: string, files: readonly PythonFile[]): boolean {
	const from = (file.imports.get(name) ?? '').replace(/^\.+/, '').split('.').slice(0, -1).join('.');
	const source = from === '' ? file : files.find(({module}) => module === from || module.endsWith(`.${from}`));
	return (source?.statements ?? []).some(
		statement => isFunction(statement) && statement.parent === undefined && statement.tokens[1]?.text === name,
	);
}
