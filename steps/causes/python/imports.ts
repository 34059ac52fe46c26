import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {earlierCode} from '../../fixes/code.ts';
import {distributionOf, installPackage} from '../../fixes/pythonPackage.ts';
import {dependencies} from '../../python/packages/dependencies.ts';
import {web} from '../../python/server.ts';
import {isEntry, isOfShared, isOwnModule, leftPython} from './modules.ts';

const missingModule = /ModuleNotFoundError: No module named '(?<module>[\w.]+)'/;

/** Drivers by the module that SQLAlchemy or Django asks for, and the scheme of an address that another, installed driver takes. */
const drivers: Readonly<Record<string, string>> = {
	MySQLdb: 'mysql+pymysql:// with PyMySQL',
	pymysql: 'the scheme of the driver that is installed',
	psycopg2: 'postgresql+psycopg:// with psycopg',
	psycopg: 'postgresql+psycopg2:// with psycopg2-binary',
	asyncpg: 'postgresql+psycopg:// with psycopg',
	aiomysql: 'mysql+asyncmy:// with asyncmy',
	asyncmy: 'mysql+aiomysql:// with aiomysql',
	aiosqlite: 'sqlite:// without an async driver',
};

/** What Python finds of modules and packages, and what not. */
export const pythonImports: readonly Cause[] = [
	{
		// Forgot to pip install a new library: the guide's first lesson.
		id: 'python/missing-package',
		depth: 'kind',
		title: ({module = ''}) =>
			`The Python package ${isOfShared(module) ? `with ${module}` : distributionOf(module)} is missing.`,
		match: [missingModule, /ImportError: No module named '?(?<module>[\w.]+)/],
		// Where a part of a package is missing, the package is there: it is another version, as with setuptools' pkg_resources.
		when: ({module = ''}, {own, words}) =>
			(!module.includes('.') || isOfShared(module)) &&
			module !== 'pkg_resources' &&
			!leftPython.has(module) &&
			!isOwnModule(module, own, words) &&
			!isEntry(module, words),
		means: ({module}) =>
			`The code imports ${module}, and the app’s environment does not have it. Most often it is new in the code and was not installed, or not written into requirements.txt.`,
		next: ({module = ''}) =>
			isOfShared(module)
				? `Look at pypi.org for the package that has ${module}. Add it to requirements.txt, push, and install again.`
				: `Add ${distributionOf(module)} to requirements.txt, push, and install again.`,
		fixes: ({module = ''}, app) => [
			...(app.isOwn ? [fixByStep(dependencies, 'Install the packages again')] : []),
			...(isOfShared(module) ? [] : installPackage(app, module)),
		],
	},
	{
		id: 'python/missing-driver',
		title: ({module = ''}) => `The database driver ${distributionOf(module)} is not installed.`,
		match: [
			missingModule,
			/ImproperlyConfigured: Error loading (?<module>MySQLdb|psycopg2) module/,
			/ImproperlyConfigured: Error loading psycopg2 or (?<module>psycopg) module/,
		],
		when: ({module = ''}) => drivers[module] !== undefined,
		over: ['python/wrong-entry', 'python/no-command'],
		means: ({module = ''}) =>
			`The address in DATABASE_URL (or ENGINE) asks for the driver ${module}, and the app’s environment does not have it. What is said after it, such as an unknown command, only follows from that.`,
		next: ({module = ''}) =>
			`Add ${distributionOf(module)} to requirements.txt and push; or have the address begin with ${drivers[module]}.`,
		fixes: ({module = ''}, app) => [
			...(app.isOwn ? [fixByStep(dependencies, 'Install the packages again')] : []),
			...installPackage(app, module),
		],
	},
	{
		// A file of the app that did not come along.
		id: 'python/missing-own-module',
		title: ({module}) => `The app’s own module ${module} is not there.`,
		match: [missingModule],
		when: ({module = ''}, {own, words}) => isOwnModule(module, own, words) && !isEntry(module, words),
		means: ({module}) =>
			`The code imports ${module}, whose package is part of the app, but the file is missing in this release: it was renamed, or never committed.`,
		next: 'On your machine: `git status` shows files that git does not know. Commit, push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		// Started in the wrong folder, or told to load what is not there.
		id: 'python/wrong-entry',
		depth: 'kind',
		title: ({module, entry = module ?? 'the app', name}, {folder}) =>
			`${name === undefined ? entry : `${entry}:${name}`} is not found in ${folder}.`,
		match: [
			missingModule,
			/Failed to find attribute '(?<name>\w+)' in '(?<entry>[\w.]+)'/,
			/Error: Could not import '(?<entry>[\w.]+)'/,
			/Error loading ASGI app\. (?:Could not import module|Attribute "(?<name>[\w.]+)" not found in module) "(?<entry>[\w.]+)"/,
			/ERROR: .*Unable to load celery application\.|The module (?<entry>[\w.]+) was not found\.$/,
			/Failed to parse '(?<name>[^']+)' as an attribute name or function call/,
		],
		when: ({module}, {words}) => module === undefined || isEntry(module, words),
		over: ['python/missing-package', 'python/no-command'],
		means: (_, {configuration}) =>
			`The program is started in the wrong folder, or told to load the wrong module: see command and directory in ${configuration}.`,
		next: 'Name the file that makes the app, the variable that holds it, and the folder it lies in as the working directory.',
		fixes: (_, app) => [
			...(app.isOwn ? [fixByStep(web, 'Write the app server’s settings again')] : []),
			...earlierCode(app),
		],
	},
	{
		// A package that is newer, or older, than the code was written for.
		id: 'python/changed-package',
		depth: 'kind',
		title: ({module = 'setuptools', name, part}) => `${module} has no ${name ?? part} any more.`,
		match: [
			/ImportError: cannot import name '(?<name>\w+)' from '(?<module>[\w.]+)' \((?<path>[^)]*site-packages[^)]*|[^)]*dist-packages[^)]*|[^)]*\/lib\/python3[^)]*)\)/,
			/AttributeError: module '(?<module>[\w.]+)' has no attribute '(?<name>\w+)'/,
			/ModuleNotFoundError: No module named '(?<module>[\w.]+)\.(?<part>\w+)'/,
			/ModuleNotFoundError: No module named '(?<part>pkg_resources)'/,
		],
		when: ({module = 'setuptools', part}, {own, words}) =>
			!isOwnModule(module, own, words) && !(part !== undefined && isOfShared(module)),
		means: ({module}) =>
			module === undefined
				? 'setuptools had pkg_resources until version 82, and from Python 3.12 on a new environment comes without setuptools.'
				: `The installed ${distributionOf(module)} is another version than the code was written for: an update took away or renamed what the code uses.`,
		next: ({module}) =>
			module === undefined
				? 'Add setuptools<82 to requirements.txt, or update the package that imports pkg_resources. Then push, and deploy again.'
				: `Pin the version that works in requirements.txt (\`pip freeze | grep -i ${distributionOf(module)}\` on your machine), push, and deploy again.`,
		fixes: (_, app) => [
			...(app.isOwn ? [fixByStep(dependencies, 'Install the packages again')] : []),
			...earlierCode(app),
		],
	},
	pair({
		id: 'python/flask-werkzeug',
		old: 'Flask',
		grown: 'Werkzeug',
		match: [
			/cannot import name '(?<name>url_quote|url_decode|url_encode|safe_str_cmp|cached_property|BaseResponse)' from 'werkzeug/,
		],
		pin: 'Werkzeug<3 beside Flask 2.0 to 2.2 (Werkzeug<2.1 beside Flask 1), or raise Flask to 3',
	}),
	pair({
		id: 'python/flask-jinja',
		old: 'Flask (or an extension)',
		grown: 'Jinja2',
		match: [
			/cannot import name '(?<name>Markup|escape|contextfunction|contextfilter|evalcontextfilter|environmentfilter|environmentfunction)' from 'jinja2/,
			/module 'jinja2' has no attribute '(?<name>Markup|escape|contextfunction|contextfilter)'/,
		],
		pin: 'Jinja2<3.1, or raise Flask and the extension that is named above the line',
	}),
	pair({
		id: 'python/jinja-markupsafe',
		old: 'Jinja2',
		grown: 'MarkupSafe',
		match: [/cannot import name '(?<name>soft_unicode)' from 'markupsafe'/],
		pin: 'markupsafe==2.0.1, or raise Jinja2 to 3.1 or newer',
	}),
	pair({
		id: 'python/flask-itsdangerous',
		old: 'Flask 1',
		grown: 'itsdangerous',
		match: [/cannot import name '(?<name>json)' from 'itsdangerous'/],
		pin: 'itsdangerous<2.1, or raise Flask to 2 or newer',
	}),
	pair({
		id: 'python/flask-context-stack',
		old: 'a Flask extension',
		grown: 'Flask',
		match: [
			/cannot import name '(?<name>_app_ctx_stack|_request_ctx_stack|JSONEncoder|escape|Markup)' from 'flask/,
			/'Flask' object has no attribute '(?<name>before_first_request|json_encoder|json_decoder)'/,
			/No module named 'flask\.(?<name>_compat|ext)/,
		],
		pin: 'Flask<2.3, or raise the extension that is named above the line (Flask-SQLAlchemy 3, Flask-Login 0.6.3 and Flask-Admin 1.6.1 know the newer Flask)',
	}),
	pair({
		id: 'python/sqlalchemy-two',
		old: 'the code, or an extension,',
		grown: 'SQLAlchemy',
		match: [
			/module 'sqlalchemy' has no attribute '(?<name>__all__)'/,
			/'(?:Engine|OptionEngine)' object has no attribute '(?<name>execute|table_names|has_table)'/,
			/cannot import name '(?<name>_BindParamClause|_ColumnEntity|declarative_base)' from 'sqlalchemy/,
			/ArgumentError: Textual SQL expression .* should be explicitly declared as (?<name>text)/,
			/ObjectNotExecutableError: Not an executable object: (?<name>'.*')/,
		],
		pin: 'SQLAlchemy<2, or raise Flask-SQLAlchemy to 3 and write text() around SQL',
	}),
	pair({
		id: 'python/pydantic-two',
		old: 'the code',
		grown: 'pydantic',
		match: [
			/PydanticImportError: `(?<name>BaseSettings)` has been moved to the `pydantic-settings` package/,
			/PydanticUserError: `(?<name>[\w.]+)` (?:has been removed|keyword is removed|is removed)/,
		],
		pin: 'pydantic<2, or install pydantic-settings and follow its notes on version 2',
	}),
	pair({
		id: 'python/numpy-abi',
		old: 'A package with native parts',
		grown: 'numpy',
		match: [
			/numpy\.(?:dtype|ufunc|ndarray) size changed, may indicate binary incompatibility/,
			/A module that was compiled using NumPy 1\.x cannot be run in/,
			/module 'numpy' has no attribute '(?<name>bool|int|float|object|complex|str)'/,
		],
		pin: 'numpy<2 (numpy<1.24 for the old names), or raise the package that is named above the line',
	}),
	{
		id: 'python/old-gunicorn',
		title: 'gunicorn is too old for this Python.',
		match: [/ModuleNotFoundError: No module named 'pkg_resources'/],
		beside: /\/gunicorn\/util\.py"|\/bin\/gunicorn"/,
		means:
			'gunicorn 20 reads pkg_resources, which came with setuptools until version 82; from Python 3.12 on a new environment has no setuptools at all.',
		next: 'Raise gunicorn to 21.2 or newer in requirements.txt (or take the line out: boxwizard brings its own), push, and deploy again.',
		fixes: (_, app) => (app.isOwn ? [fixByStep(dependencies, 'Install the packages again')] : []),
	},
	{
		id: 'python/left-collections',
		title: ({name}) => `The code or a package is older than Python 3.10: collections.${name} is gone.`,
		match: [
			/module 'collections' has no attribute '(?<name>Mapping|MutableMapping|Callable|Iterable|Sequence|Hashable|Sized|MutableSet|Set)'/,
			/cannot import name '(?<name>Mapping|MutableMapping|Callable|Iterable|Sequence|Hashable)' from 'collections'/,
		],
		means:
			'These names moved to collections.abc, and Python 3.10 took the old ones away. The line above names the file: mostly a package whose pin is old.',
		next: 'Raise the package that the traceback goes through (or write collections.abc in your own code), push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'python/circular-import',
		title: ({module}) => `${module} imports itself in a circle.`,
		match: [
			/cannot import name '(?<name>\w+)' from partially initialized module '(?<module>[\w.]+)'/,
			/partially initialized module '(?<module>[\w.]+)' has no attribute '(?<name>\w+)' \(most likely due to a circular import\)/,
		],
		means: ({name, module}) =>
			`Two modules import each other, and ${module} is asked for ${name} before it has come so far. A file of the app with the name of a package does it too.`,
		next: 'Move one of the two imports into the function that needs it, or below what the other one wants. Then push and deploy.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'python/import-failed',
		depth: 'after',
		title: ({module}) => `${module} could not be imported.`,
		match: [/Error: While importing '(?<module>[\w.]+)', an ImportError was raised/],
		means: 'The lines below say at what: a module or a name that is not there.',
		next: 'Import it once on your machine, mend what it stops at, push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'python/no-command',
		depth: 'after',
		title: ({name}) => `flask knows no command ${name}.`,
		match: [/^Error: No such command '(?<name>[\w-]+)'/],
		means:
			'Commands come from the app and its extensions: the app could not be loaded, or the extension (Flask-Migrate for db) is not set up in it.',
		next: 'See that the app is found and can be imported, and that the extension is made with it.',
		fixes: (_, app) => [
			...(app.isOwn ? [fixByStep(dependencies, 'Install the packages again')] : []),
			...earlierCode(app),
		],
	},
];

type Pair = {
	readonly id: string;
	/** What was written for an older `grown`. */
	readonly old: string;
	readonly grown: string;
	readonly match: readonly RegExp[];
	/** What to write in requirements.txt. */
	readonly pin: string;
};

/** Two packages that do not fit together: one is pinned, the other floats. */
function pair({id, old, grown, match, pin}: Pair): Cause {
	return {
		id,
		title: `${old.replace(/,$/, '')} is too old for the ${grown} that is installed.`.replace(/^./, first =>
			first.toUpperCase(),
		),
		match,
		means: ({name}) =>
			`${name === undefined ? 'A part of it' : name} went with a newer ${grown}: one of the two is pinned in requirements.txt, the other one is not, and each new environment gets the newest.`,
		next: `Write ${pin}. Then push, and deploy again.`,
		fixes: (_, app) => [
			...(app.isOwn ? [fixByStep(dependencies, 'Install the packages again')] : []),
			...earlierCode(app),
		],
	};
}
