import type {DetectedAnswers, DetectedVariable, Tree} from '../../../source/contract/detection.ts';
import {databaseFiles} from '../../reading/committed.ts';
import {assignment, headersOf, isFunction, type Statement} from '../../reading/python.ts';
import {callsIn, is, textsIn} from '../../reading/tokens.ts';
import {pathOf} from './paths.ts';
import type {PythonFile} from './project.ts';

type Engine = NonNullable<DetectedAnswers['database']>;
type Answers = Pick<DetectedAnswers, 'database' | 'databaseDriver' | 'databaseVariable'>;
export type Database = Answers & {readonly because?: string};

const drivers: Readonly<Record<string, Engine>> = {
	psycopg2: 'postgresql',
	'psycopg2-binary': 'postgresql',
	psycopg: 'postgresql',
	'psycopg-binary': 'postgresql',
	asyncpg: 'postgresql',
	pg8000: 'postgresql',
	aiopg: 'postgresql',
	mysqlclient: 'mysql',
	pymysql: 'mysql',
	aiomysql: 'mysql',
	asyncmy: 'mysql',
	'mysql-connector-python': 'mysql',
	'flask-mysqldb': 'mysql',
	'flask-mysql': 'mysql',
	mariadb: 'mysql',
	pymongo: 'mongodb',
	motor: 'mongodb',
	mongoengine: 'mongodb',
	'flask-pymongo': 'mongodb',
	beanie: 'mongodb',
	aiosqlite: 'sqlite',
};

/** Addresses in code: 'sqlite:///app.db', 'postgresql+psycopg://…', 'django.db.backends.mysql'. */
const addresses: readonly (readonly [pattern: RegExp, engine: Engine])[] = [
	[
		/^postgres(?:ql)?(?:\+\w+)?:\/\/|^django\.db\.backends\.postgresql|^django\.contrib\.gis\.db\.backends\.postgis|postgresql_psycopg2/,
		'postgresql',
	],
	[/^(?:mysql|mariadb)(?:\+\w+)?:\/\/|^django\.db\.backends\.mysql/, 'mysql'],
	[/^mongodb(?:\+srv)?:\/\//, 'mongodb'],
	[/^sqlite(?:\+\w+)?:\/\/|^django\.db\.backends\.sqlite3$/, 'sqlite'],
];

/** Drivers of SQLAlchemy, by the names of their packages, and how the address of a database names them (its “Database URLs”). */
const schemes: Readonly<Record<string, string>> = {
	psycopg: 'postgresql+psycopg',
	asyncpg: 'postgresql+asyncpg',
	pg8000: 'postgresql+pg8000',
	mysqlclient: 'mysql+mysqldb',
	'mysql-connector-python': 'mysql+mysqlconnector',
	aiomysql: 'mysql+aiomysql',
	asyncmy: 'mysql+asyncmy',
	aiosqlite: 'sqlite+aiosqlite',
};

const sqlalchemy =
	/^(?:sqlalchemy|flask-sqlalchemy|sqlmodel|advanced-alchemy|alchemical|alembic|flask-migrate|flask-appbuilder)$/;

/** Only SQLAlchemy knows schemes with a driver in them, and only its usual driver goes without; Django's readers know postgres://. */
export function databaseScheme(
	{database, databaseDriver = ''}: Database,
	names: ReadonlySet<string>,
	files: readonly PythonFile[],
	isDjango: boolean,
): string | undefined {
	if (isDjango) return database === 'postgresql' ? 'postgres' : database;
	const usesSqlalchemy =
		[...names].some(name => sqlalchemy.test(name)) ||
		files.some(({imports}) => [...imports.values()].some(origin => /^(?:sqlalchemy|sqlmodel)(?:\.|$)/.test(origin)));
	if (!usesSqlalchemy) return database === 'mongodb' ? undefined : database;
	return statedScheme(database, names, files) ?? schemes[databaseDriver];
}

/** How a whole address in the code begins, 'mysql+aiomysql' of 'mysql+aiomysql://shop@localhost/shop': of several drivers that are there it is the one that is meant. */
function statedScheme(
	database: Engine | undefined,
	names: ReadonlySet<string>,
	files: readonly PythonFile[],
): string | undefined {
	const known = Object.entries(schemes).flatMap(([name, scheme]) =>
		names.has(name) && drivers[name] === database ? [scheme] : [],
	);
	if (known.length === 0) return undefined;
	return files
		.filter(({path}) => !/(?:^|\/)migrations\//.test(path))
		.flatMap(({statements}) => statements.flatMap(({tokens}) => textsIn(tokens)))
		.flatMap(text => /^([a-z]+\+[a-z0-9]+):\/\/(?:\/(?:\.\/)?)?\w/.exec(text)?.[1] ?? [])
		.find(scheme => known.includes(scheme));
}

/** Which database an app talks to: by its drivers, else by the addresses in its code; and the variable that names it. */
export function readDatabase(
	names: ReadonlySet<string>,
	files: readonly PythonFile[],
	variables: readonly DetectedVariable[],
): Database {
	const driver =
		Object.keys(drivers).find(name => names.has(name) && drivers[name] !== 'sqlite') ??
		Object.keys(drivers).find(name => names.has(name));
	const inCode = engineInCode(files);
	const ofDjango = inCode.find(({engine}) => engine !== 'sqlite') ?? inCode[0];
	const hasUrl = variables.some(({name}) => /DATABASE_UR[LI]$/.test(name));
	const database =
		(driver && drivers[driver]) ??
		ofDjango?.engine ??
		(usesSqlite(files) ? 'sqlite' : undefined) ??
		(hasUrl && names.has('sqlalchemy') ? 'sqlite' : undefined);
	if (!database) return {};
	const variable =
		variables.find(({name}) => name === 'DATABASE_URL') ??
		variables.find(
			({name, filledWith}) =>
				filledWith === 'database-url' &&
				!/TEST/.test(name) &&
				(!/POSTGRES|PG_/.test(name) || database === 'postgresql') &&
				(!/MYSQL|MARIA/.test(name) || database === 'mysql'),
		);
	const why =
		driver && drivers[driver] === database
			? `${driver} is among the dependencies`
			: ofDjango
				? `${ofDjango.where} names a database`
				: undefined;
	return {
		database,
		...(driver && drivers[driver] === database && {databaseDriver: driver}),
		...(variable && {databaseVariable: variable.name}),
		...(why && {because: why}),
	};
}

function engineInCode(files: readonly PythonFile[]): {readonly engine: Engine; readonly where: string}[] {
	return files
		.filter(({path}) => !/(?:^|\/)migrations\//.test(path))
		.flatMap(file =>
			file.statements.flatMap(({tokens, line}) =>
				tokens.flatMap(token => {
					const known = token.type === 'string' ? addresses.find(([pattern]) => pattern.test(token.text)) : undefined;
					return known ? [{engine: known[1], where: `${file.path}:${line}`}] : [];
				}),
			),
		);
}

function usesSqlite(files: readonly PythonFile[]): boolean {
	return files.some(
		({imports, statements}) =>
			imports.has('sqlite3') &&
			statements.some(({tokens}) => callsIn(tokens).some(({name}) => name === 'sqlite3.connect')),
	);
}

/** Folders and files that must outlive a release: uploads, Flask's instance folder, SQLite files. */
export function readState(tree: Tree, files: readonly PythonFile[], database: Database): string[] {
	const uploaded = files.flatMap(file => file.statements.flatMap(statement => uploadFolder(statement, file)));
	const usesInstance = files.some(({statements}) =>
		statements.some(({tokens}) =>
			tokens.some(({text, type}) => type === 'name' && /^(?:instance_path|instance_relative_config)$/.test(text)),
		),
	);
	const sqlite = database.database === 'sqlite' ? sqliteFiles(files) : [];
	const committed = database.database === 'sqlite' ? databaseFiles(tree) : [];
	const isFlaskSqlite =
		sqlite.length > 0 &&
		files.some(({imports}) => [...imports.values()].some(origin => origin.startsWith('flask_sqlalchemy')));
	return [
		...new Set([
			...uploaded,
			...(usesInstance || isFlaskSqlite ? ['instance'] : []),
			...sqlite.filter(() => !isFlaskSqlite),
			...committed,
		]),
	]
		.filter(path => path !== '' && !path.startsWith('/') && !path.startsWith('..'))
		.sort();
}

const uploads =
	/^(?:\w+_)?(?:UPLOAD(?:ED|S)?_?(?:FOLDER|DIR|DIRECTORY|PATH|ROOT|FILES_DEST|PHOTOS_DEST|IMAGES_DEST)|UPLOADS|MEDIA_ROOT|MEDIA_FOLDER)$|^AVATARS_SAVE_PATH$/i;

/** UPLOAD_FOLDER = 'static/uploads', app.config['UPLOAD_FOLDER'] = os.path.join(basedir, 'uploads') */
function uploadFolder(statement: Statement, file: PythonFile): string[] {
	const {tokens} = statement;
	const equals = tokens.findIndex(token => is(token, '='));
	if (equals < 1 || equals >= 8) return [];
	const key = tokens.slice(0, equals).findIndex(({type, text}) => type === 'string' && uploads.test(text));
	const isNamed = !headersOf(statement).some(isFunction) && uploads.test(assignment(statement)?.name ?? '');
	if (!isNamed && !(key > 0 && is(tokens[key + 1], ']'))) return [];
	const folder = pathOf(tokens.slice(equals + 1), file, '');
	return folder === undefined ? [] : [folder];
}

function sqliteFiles(files: readonly PythonFile[]): string[] {
	const named = files.flatMap(({statements, path}) =>
		/(?:^|\/)migrations\//.test(path)
			? []
			: statements.flatMap(({tokens}) =>
					textsIn(tokens).flatMap(
						text => /^sqlite(?:\+\w+)?:\/\/\/(?!\/)(?!:memory:)([\w./-]+\.\w+)$/.exec(text)?.[1] ?? [],
					),
				),
	);
	return named.map(path => path.replace(/^\.\//, '')).filter(path => !/test/i.test(path));
}
