import type {StaticFolder} from '../../../source/contract/detection.ts';
import {assignment} from '../../reading/python.ts';
import {callsIn, is, textOf, textsIn} from '../../reading/tokens.ts';
import {pathOf} from './paths.ts';
import type {PythonFile} from './project.ts';

/** What a Django project says of itself. */
export type Django = {
	/** 'manage.py', 'backend/manage.py' */
	readonly manage: string;
	/** 'shop.settings.production' */
	readonly settings?: string;
	/** All that could be meant: settings of a folder. */
	readonly choices: readonly string[];
	readonly statics: readonly StaticFolder[];
	/** The folder of uploads. */
	readonly media?: string;
	/** Whether STATIC_ROOT is set, so that collectstatic works. */
	readonly hasStaticRoot: boolean;
	/** Whether COMPRESS_OFFLINE is set to anything but False. */
	readonly compressesBefore: boolean;
	readonly usesChannels: boolean;
	/** Whether ALLOWED_HOSTS comes from a variable, or says '*'; undefined where it is not set. */
	readonly allowedHosts?: 'variable' | 'any' | 'fixed';
	/** Files of its settings. */
	readonly files: readonly PythonFile[];
};

/** Undefined where there is no manage.py of Django. */
export function readDjango(files: readonly PythonFile[]): Django | undefined {
	const manage = files.find(
		({path, statements}) =>
			path.endsWith('manage.py') &&
			statements.some(({tokens}) =>
				tokens.some(
					({text}) =>
						text === 'DJANGO_SETTINGS_MODULE' || text === 'execute_from_command_line' || text === 'execute_manager',
				),
			),
	);
	if (!manage) return undefined;
	const base = manage.path.includes('/') ? manage.path.replace(/\/manage\.py$/, '') : '';
	const ofServer = files.find(({path}) => path.endsWith('wsgi.py') && path.startsWith(base));
	const said = [ofServer, manage].flatMap(file => (file ? saidSettings(file) : []));
	const choices = settingsModules(files, base);
	const production = choices.find(name => /(?:^|\.)(?:production|prod|live|deploy|heroku)$/.test(name));
	const first = said.find(name => !/(?:local|dev|development|test)$/.test(name));
	const settings =
		(first && (!choices.some(name => name.startsWith(`${first}.`)) || isWhole(first, files)) ? first : undefined) ??
		production ??
		said[0] ??
		choices[0];
	const settingsFiles = files.filter(({module}) =>
		[...choices, ...(settings ? [settings] : [])].some(name => module === name || module === withBase(name, base)),
	);
	return {
		manage: manage.path,
		...(settings && {settings}),
		choices,
		...foldersOf(settingsFiles, base),
		compressesBefore: settingsFiles.some(({statements}) =>
			statements.some(one => {
				const set = assignment(one);
				return set?.name === 'COMPRESS_OFFLINE' && !(set.value.length === 1 && is(set.value[0], 'False'));
			}),
		),
		usesChannels: settingsFiles.some(({statements}) =>
			statements.some(one => assignment(one)?.name === 'ASGI_APPLICATION'),
		),
		...hostsOf(settingsFiles),
		files: settingsFiles,
	};
}

function withBase(module: string, base: string): string {
	return base === '' ? module : `${base.replaceAll('/', '.')}.${module}`;
}

/** A settings/__init__.py that holds something itself. */
function isWhole(module: string, files: readonly PythonFile[]): boolean {
	return files.some(
		file => file.module.endsWith(module) && file.path.endsWith('__init__.py') && file.statements.length > 0,
	);
}

/** os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings') */
function saidSettings({statements}: PythonFile): string[] {
	return statements.flatMap(({tokens}) => {
		const at = tokens.findIndex(token => token.type === 'string' && token.text === 'DJANGO_SETTINGS_MODULE');
		if (at === -1) return [];
		// `setdefault('DJANGO_SETTINGS_MODULE', settings_module)` says what stands in that name.
		const named = tokens[at + 2]?.type === 'name' ? tokens[at + 2]?.text : undefined;
		const value = statements.map(assignment).findLast(set => set !== undefined && set.name === named)?.value;
		return textsIn(value ?? tokens.slice(at + 1))
			.filter(text => /^\w+(?:\.\w+)+$|^settings$/.test(text))
			.slice(0, 1);
	});
}

/** Modules that set INSTALLED_APPS or ROOT_URLCONF, and those that stand beside them in a settings folder. */
function settingsModules(files: readonly PythonFile[], base: string): string[] {
	const isSettings = (file: PythonFile) =>
		file.statements.some(one => /^(?:INSTALLED_APPS|ROOT_URLCONF)$/.test(assignment(one)?.name ?? ''));
	const whole = files.filter(file => file.path.startsWith(base) && isSettings(file));
	const folders = new Set(
		whole
			.filter(({path}) => /(?:^|\/)(?:settings|config|conf)\/[^/]+\.py$/.test(path))
			.map(({path}) => path.slice(0, path.lastIndexOf('/'))),
	);
	const beside = files.filter(
		({path, statements}) =>
			folders.has(path.slice(0, path.lastIndexOf('/'))) &&
			statements.length > 0 &&
			!/(?:urls|wsgi|asgi|celery|celery_app)\.py$/.test(path),
	);
	const prefix = base === '' ? '' : `${base.replaceAll('/', '.')}.`;
	return [
		...new Set(
			[...whole, ...beside].map(({module}) => (module.startsWith(prefix) ? module.slice(prefix.length) : module)),
		),
	];
}

function foldersOf(files: readonly PythonFile[], base: string) {
	const valuesOf = (name: string) =>
		files.flatMap(file =>
			file.statements.flatMap(one => {
				const set = assignment(one);
				return set?.name === name ? [{file, value: set.value}] : [];
			}),
		);
	const folderOf = (name: string) =>
		valuesOf(name)
			.map(({file, value}) => pathOf(value, file, base))
			.findLast(path => path !== undefined && path !== '');
	const url = (name: string, otherwise: string) =>
		`/${(textOf(valuesOf(name).at(-1)?.value) ?? otherwise).replace(/^\/+|\/+$/g, '')}/`;
	const [root, media] = [folderOf('STATIC_ROOT'), folderOf('MEDIA_ROOT')];
	const statics: StaticFolder[] = [
		...(root && !url('STATIC_URL', 'static').includes(':') ? [{url: url('STATIC_URL', 'static'), folder: root}] : []),
		...(media && !url('MEDIA_URL', 'media').includes(':') ? [{url: url('MEDIA_URL', 'media'), folder: media}] : []),
	];
	return {
		statics,
		...(media && {media}),
		hasStaticRoot: valuesOf('STATIC_ROOT').length > 0,
	};
}

function hostsOf(files: readonly PythonFile[]): Pick<Django, 'allowedHosts'> {
	const values = files.flatMap(({statements}) =>
		statements.flatMap(one => (assignment(one)?.name === 'ALLOWED_HOSTS' ? [assignment(one)?.value ?? []] : [])),
	);
	if (values.length === 0) return {};
	const isAddedTo = files.some(({statements}) =>
		statements.some(({tokens}) =>
			callsIn(tokens).some(({name}) => /^ALLOWED_HOSTS\.(?:append|extend|insert)$/.test(name)),
		),
	);
	if (isAddedTo || values.some(value => callsIn(value).length > 0 || value.some(({text}) => text === 'environ')))
		return {allowedHosts: 'variable'};
	return {allowedHosts: values.some(value => textsIn(value).includes('*')) ? 'any' : 'fixed'};
}
