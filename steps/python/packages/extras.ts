/** What boxwizard brings beside the app's own packages; each with the names of those that stand for it too. */

type Answers = {
	readonly database: string;
	readonly databaseScheme: string;
	readonly queue: string;
	readonly serverInterface: string;
	readonly extraPackages: readonly string[];
};

/** Packages of the drivers that a scheme of SQLAlchemy names. */
const byScheme: Readonly<Record<string, string>> = {
	psycopg: 'psycopg[binary]|psycopg',
	psycopg2: 'psycopg2-binary|psycopg2',
	asyncpg: 'asyncpg',
	pg8000: 'pg8000',
	pymysql: 'pymysql',
	mysqldb: 'mysqlclient',
	mysqlconnector: 'mysql-connector-python',
	aiomysql: 'aiomysql',
	asyncmy: 'asyncmy',
	aiosqlite: 'aiosqlite',
};

/** The same where no driver is named; Django takes the newer psycopg too. */
function usualDriver(database: string, scheme: string): readonly string[] {
	if (database === 'mysql') return [scheme === 'mysql' ? 'pymysql|mysqlclient' : 'pymysql'];
	if (database !== 'postgresql') return [];
	return [scheme === 'postgres' ? 'psycopg2-binary|psycopg2|psycopg' : 'psycopg2-binary|psycopg2'];
}

const servers: Readonly<Record<string, readonly string[]>> = {
	wsgi: ['gunicorn'],
	asgi: ['gunicorn', 'uvicorn', 'uvicorn-worker'],
};

/** 'psycopg2-binary|psycopg2': the first is installed where none of them is there. */
export function extras({database, databaseScheme, queue, serverInterface, extraPackages}: Answers): string[] {
	const [, driver = ''] = databaseScheme.split('+');
	const named = byScheme[driver];
	return [
		...(servers[serverInterface] ?? []),
		'python-dotenv',
		...(named === undefined ? usualDriver(database, databaseScheme) : [named]),
		...(queue === '' ? [] : ['rq', 'redis']),
		...extraPackages,
	];
}

/** Its name without those that stand for it. */
export function firstOf(extra: string): string {
	return extra.split('|')[0] ?? extra;
}
