/** What is known of some versions of a package. */
export type PinRule = {
	readonly name: string;
	/** Versions it is about. */
	readonly versions: string;
	/** Pythons on which it fails; all where nothing is said. */
	readonly pythons?: string;
	readonly why: string;
	readonly next: string;
	/** The line that mends it. */
	readonly to?: string;
	/** It fails on some boxes alone: which one it will be is not known here. */
	readonly byBox?: true;
};

const removed2to3 = 'Its setup asks for use_2to3, which setuptools 58 dropped: it can’t be built any more.';
const oldPython = 'It is for Python 2 alone.';
const raise = (name: string, version: string) => ({next: `Raise it: ${name}>=${version}`, to: `${name}>=${version}`});
const noWheels = (name: string, version: string, python: string) => ({
	name: name.toLowerCase(),
	versions: `<${version}`,
	pythons: `>=${python}`,
	why: `It is older than Python ${python}: there is no ready-made package, and its source does not build there.`,
	...raise(name, version),
});

/** Pins that are known to fail. From the issue trackers of the packages. */
export const pinRules: readonly PinRule[] = [
	{name: 'jsmin', versions: '<3.0', why: removed2to3, ...raise('jsmin', '3.0')},
	{name: 'anyjson', versions: '>=0', why: removed2to3, next: 'Take it out: Python has json.'},
	{name: 'suds', versions: '<1.0', why: removed2to3, ...raise('suds', '1.1')},
	{name: 'flask-openid', versions: '<1.3', why: removed2to3, ...raise('Flask-OpenID', '1.3')},
	{name: 'demjson', versions: '<3.0', why: removed2to3, next: 'Take demjson3 instead.', to: 'demjson3'},
	{name: 'pyrss2gen', versions: '<1.2', why: removed2to3, next: 'Take feedgen instead.'},
	{name: 'python-graph-core', versions: '>=0', why: removed2to3, next: 'Take networkx instead.'},
	{
		name: 'celery',
		versions: '<4.3',
		pythons: '>=3.7',
		why: 'Celery below 4.3 has modules named async, which is a word of Python since 3.7.',
		...raise('celery', '5.2'),
	},
	{name: 'mysql-python', versions: '>=0', why: oldPython, next: 'Take mysqlclient instead.', to: 'mysqlclient'},
	{
		name: 'pycrypto',
		versions: '>=0',
		why: 'It has not been mended since 2013 and does not build on today’s Python.',
		next: 'Take pycryptodome instead: the same names.',
		to: 'pycryptodome',
	},
	{
		name: 'sklearn',
		versions: '>=0',
		why: 'This name only raises an error by now.',
		next: 'The package is called scikit-learn.',
		to: 'scikit-learn',
	},
	{name: 'distribute', versions: '>=0', why: oldPython, next: 'Take the line out.'},
	{
		name: 'enum34',
		versions: '>=0',
		why: 'It covers Python’s own enum, and breaks the standard library.',
		next: 'Take the line out.',
	},
	{
		name: 'typing',
		versions: '>=3',
		why: 'It covers Python’s own typing, and breaks the standard library.',
		next: 'Take the line out.',
	},
	{name: 'futures', versions: '>=0', why: oldPython, next: 'Take the line out.'},
	{name: 'functools32', versions: '>=0', why: oldPython, next: 'Take the line out.'},
	{name: 'wsgiref', versions: '>=0', why: oldPython, next: 'Take the line out: Python has wsgiref.'},
	{name: 'argparse', versions: '<1.3', why: 'Python has argparse.', next: 'Take the line out.'},
	{
		name: 'markupsafe',
		versions: '<1.1',
		why: 'Its setup asks for setuptools’ Feature, which is gone: it can’t be built any more.',
		...raise('MarkupSafe', '1.1.1'),
	},
	{
		name: 'pyyaml',
		versions: '>=5.0,<6.0.1',
		pythons: '>=3.10',
		why: 'Its source does not build with Cython 3, and there is no ready-made package of it for Python 3.10 and newer.',
		...raise('PyYAML', '6.0.1'),
	},
	{name: 'pyyaml', versions: '<5.0', why: 'It does not build on today’s Python.', ...raise('PyYAML', '6.0.1')},
	{
		name: 'gevent',
		versions: '<21.8',
		pythons: '>=3.10',
		why: 'It is older than Python 3.10, and its source does not build there.',
		...raise('gevent', '23.9'),
	},
	{
		name: 'greenlet',
		versions: '<2.0',
		pythons: '>=3.11',
		why: 'It does not build on Python 3.11.',
		...raise('greenlet', '2.0.2'),
	},
	noWheels('greenlet', '3.0', '3.12'),
	noWheels('numpy', '1.26', '3.12'),
	{
		name: 'numpy',
		versions: '<1.21',
		pythons: '>=3.10',
		why: 'It is older than Python 3.10, and its source does not build there.',
		...raise('numpy', '1.26'),
	},
	noWheels('pandas', '2.1.1', '3.12'),
	{
		name: 'pandas',
		versions: '<1.3.3',
		pythons: '>=3.10',
		why: 'It is older than Python 3.10, and its source does not build there.',
		...raise('pandas', '2.1.1'),
	},
	noWheels('aiohttp', '3.9', '3.12'),
	noWheels('frozenlist', '1.4', '3.12'),
	noWheels('asyncpg', '0.29', '3.12'),
	noWheels('psycopg2-binary', '2.9.6', '3.12'),
	{
		name: 'psycopg2-binary',
		versions: '<2.9',
		pythons: '>=3.10',
		why: 'There is no ready-made package of it for Python 3.10 and newer.',
		...raise('psycopg2-binary', '2.9.9'),
	},
	{
		name: 'psycopg2',
		versions: '<2.8',
		why: 'It does not build with today’s PostgreSQL.',
		...raise('psycopg2', '2.9.9'),
	},
	{
		name: 'psycopg2',
		versions: '<2.9',
		pythons: '>=3.11',
		why: 'Its source does not compile with Python 3.11 (“lvalue required as left operand of assignment”).',
		...raise('psycopg2', '2.9.9'),
	},
	{
		name: 'pydantic-core',
		versions: '<2.20',
		pythons: '>=3.13',
		why: 'It is older than Python 3.13, and its source does not build there.',
		...raise('pydantic', '2.8'),
	},
	{
		name: 'sqlalchemy',
		versions: '<2.0.31',
		pythons: '>=3.13',
		why: 'It can’t be imported by Python 3.13 (“directly inherits TypingOnly”).',
		...raise('SQLAlchemy', '2.0.31'),
	},
	{
		name: 'gunicorn',
		versions: '<20.1',
		pythons: '>=3.12',
		why: 'It needs pkg_resources, which a new environment of Python 3.12 has not.',
		...raise('gunicorn', '22'),
	},
	{
		name: 'eventlet',
		versions: '<0.33.3',
		pythons: '>=3.12',
		why: 'It uses ssl.wrap_socket, which Python 3.12 has not.',
		...raise('eventlet', '0.36'),
	},
	{
		name: 'django',
		versions: '<3.2',
		pythons: '>=3.10',
		why: 'It is older than Python 3.10 (collections.Iterator, gettext’s codeset).',
		next: 'Raise it to 3.2 or newer, or ask for Python 3.9 in .python-version.',
	},
	{
		name: 'django',
		versions: '<4.2',
		pythons: '>=3.12',
		why: 'It uses distutils, which Python 3.12 has not.',
		next: 'Raise it to 4.2 or newer, or ask for Python 3.11 in .python-version.',
	},
	{
		name: 'django',
		versions: '>=6',
		pythons: '<3.12',
		byBox: true,
		why: 'Django 6 is for Python 3.12 and newer.',
		next: 'Take a box with Debian 13 or Ubuntu 24.04, or write Django<6 (5.2 is supported until 2028).',
	},
	{
		name: 'jinja2',
		versions: '<2.11',
		pythons: '>=3.10',
		why: 'It imports names from collections that Python 3.10 has not.',
		...raise('Jinja2', '3.1'),
	},
	{
		name: 'flask',
		versions: '<1.0',
		pythons: '>=3.10',
		why: 'It imports names from collections that Python 3.10 has not.',
		...raise('Flask', '2.3'),
	},
	{
		name: 'werkzeug',
		versions: '<0.15',
		pythons: '>=3.10',
		why: 'It imports names from collections that Python 3.10 has not.',
		...raise('Werkzeug', '2.3'),
	},
];
