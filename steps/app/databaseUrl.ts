import {type Secret, secretly} from '../../source/contract/secret.ts';
import {pathsOf} from '../folders/paths.ts';

/** An app's own database. */
export type DatabaseAnswers = {
	readonly app: string;
	/** 'mysql', 'postgresql' or 'sqlite' */
	readonly database: string;
	/** How its address begins; '' as SQLAlchemy takes it with the usual drivers. */
	readonly databaseScheme: string;
	readonly databasePassword?: Secret | undefined;
};

const schemes: Readonly<Record<string, string>> = {
	mysql: 'mysql+pymysql',
	postgresql: 'postgresql+psycopg2',
	sqlite: 'sqlite',
};

/** MySQL by its socket: faster than TCP, and its default login (caching_sha2_password) needs no further library there. */
const socket = 'unix_socket=/run/mysqld/mysqld.sock';

/**
 * The address of its database, for SQLAlchemy, dj-database-url and django-environ alike. All drivers of MySQL call the socket
 * unix_socket (mysqlclient, PyMySQL, aiomysql, asyncmy, MySQL's own and MariaDB's); the query is what they are called with.
 */
export function databaseUrl(answers: DatabaseAnswers): string | Secret {
	const {app, database, databasePassword} = answers;
	if (database === 'sqlite' || !databasePassword)
		return `${schemeFor(answers, 'sqlite')}:///${pathsOf(app).state}/${app}.db`;
	const scheme = schemeFor(answers, database);
	if (database === 'postgresql') return secretly`${scheme}://${app}:${databasePassword}@localhost/${app}`;
	// MariaDB's own driver always talks in utf8mb4, and knows no word for it.
	const charset = scheme.endsWith('mariadbconnector') ? '' : '&charset=utf8mb4';
	return secretly`${scheme}://${app}:${databasePassword}@localhost/${app}?${socket}${charset}`;
}

/** What was found in the code counts where it is of the database that was chosen. */
function schemeFor({databaseScheme}: DatabaseAnswers, database: string): string {
	const families: Readonly<Record<string, RegExp>> = {
		mysql: /^(?:mysql|mariadb)/,
		postgresql: /^(?:postgres|psql|pgsql)/,
		sqlite: /^sqlite/,
	};
	return families[database]?.test(databaseScheme) ? databaseScheme : (schemes[database] ?? database);
}
