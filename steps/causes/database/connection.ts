import type {AppOnBox, Cause} from '../../../source/contract/diagnosis/cause.ts';
import {type Fix, fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {database} from '../../app/database.ts';
import {grantDatabase} from '../../fixes/grants.ts';
import {startService} from '../../fixes/service.ts';
import {mysql, postgresql} from '../../services/database/server.ts';

const anew = (app: AppOnBox): Fix[] =>
	app.isOwn
		? [
				fixByStep(
					database,
					'Make database and login anew',
					'The database user gets the password that the .env file has. What is in the database stays.',
				),
			]
		: [];

/** The way to a database server, and into it. */
export const databaseConnection: readonly Cause[] = [
	{
		id: 'database/refused',
		title: 'The database does not answer.',
		depth: 'kind',
		match: [
			/Can't connect to (?:local )?(?:MySQL |MariaDB )?server/,
			/connection to server (?:at|on socket) "[^"]+"(?: \([^)]*\))?(?:, port \d+)? failed: (?:Connection refused|No such file or directory|FATAL: {2}the database system is (?:starting up|shutting down))/,
			/could not connect to server: (?:Connection refused|No such file or directory)/,
			/(?:ECONNREFUSED (?:127\.0\.0\.1|::1|localhost):(?:3306|5432|27017))/,
			/MySQL server has gone away|Lost connection to (?:MySQL|MariaDB|server)/,
			/tcp connect \([^)]*:(?:5432|3306)\): connection refused/,
			/(?:Failed to connect to|Connect call failed) \('(?:127\.0\.0\.1|::1|localhost)', (?:3306|5432|27017)/,
			/(?:127\.0\.0\.1|localhost):(?:27017): \[Errno 111\] Connection refused|ServerSelectionTimeoutError/,
			/psycopg\.OperationalError: connection failed: .*(?:Connection refused|No such file)/,
			/P1001: Can't reach database server/,
		],
		over: ['network/refused'],
		means:
			'The app can’t reach its database server: it does not run, or DATABASE_URL names another place, or it was just started and is not ready.',
		next: 'See in the log of the database why it does not run, and compare host and port in DATABASE_URL.',
		fixes: (_, {isOwn}) => [
			...['mariadb', 'mysql', 'postgresql', 'mongod'].map(startService),
			...(isOwn ? [mysql, postgresql].map(step => fixByStep(step, `Set ${step.title} up again`)) : []),
		],
	},
	{
		id: 'database/denied',
		depth: 'kind',
		title: ({user = 'The app'}) => `The database refuses the login of ${user}.`,
		match: [
			/^(?!.*\[(?:Warning|Note)\]).*\b1045\b.*Access denied for user '(?<user>[^']*)'@'[^']*'/,
			/^(?!.*\[(?:Warning|Note)\]).*Access denied for user '(?<user>[^']*)'@'[^']*' \(using password: (?:YES|NO)\)/,
			/password authentication failed for user "(?<user>[^"]+)"/,
			/no pg_hba\.conf entry for host "[^"]*", user "(?<user>[^"]+)"/,
			/FATAL 28P01 \(invalid_password\)/,
			/P1000: Authentication failed against database server/,
		],
		means:
			'The password in DATABASE_URL is not the one the database knows, or there is no such database user. A placeholder of an example file does it too.',
		next: 'Give the database user the password that stands in DATABASE_URL.',
		fixes: (_, app) => anew(app),
	},
	{
		id: 'database/root-login',
		title: 'The app logs in as root of MySQL, which only the system’s own root may do.',
		match: [
			/\b1698\b.*Access denied for user 'root'@/,
			/^ERROR 1698 \(28000\): Access denied for user '(?<user>\w+)'@/,
			/Access denied for user 'root'@'localhost'"?\)?$/,
		],
		over: ['database/denied'],
		means:
			'On Debian and Ubuntu root of the database needs no password: it is let in by being root of the system (unix_socket, auth_socket). An app never is.',
		next: 'Give the app a database user of its own, and name that one in DATABASE_URL.',
		fixes: (_, app) => anew(app),
	},
	{
		id: 'database/peer',
		title: ({user}) => `PostgreSQL lets ${user} in only as the system user of that name.`,
		match: [/(?:Peer|Ident) authentication failed for user "(?<user>[^"]+)"/],
		over: ['database/denied'],
		means:
			'Without a host in DATABASE_URL the app comes through the local socket, where the name of the system user counts and no password is asked for.',
		next: 'Write localhost as host into DATABASE_URL (postgresql://user:password@localhost/name), so that the password counts.',
		fixes: (_, app) => anew(app),
	},
	{
		id: 'database/no-password',
		title: 'DATABASE_URL has no password, and the database asks for one.',
		match: [
			/fe_sendauth: no password supplied/,
			/SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string/,
			/^(?!.*\[(?:Warning|Note)\]).*\(using password: NO\)/,
		],
		over: ['database/denied'],
		means: 'The password is empty, or its variable is not read: then the app goes on with its default.',
		next: 'Write the password into DATABASE_URL (or DB_PASSWORD), and see that the app reads that variable.',
		fixes: (_, app) => anew(app),
	},
	{
		id: 'database/no-role',
		title: ({user}) => `There is no database user ${user}.`,
		match: [/role "(?<user>[^"]+)" does not exist/],
		over: ['database/denied'],
		means: 'The server runs and was reached, but nobody of that name was made there.',
		next: ({user}) => `Make the database user ${user}, or name another one in DATABASE_URL.`,
		fixes: (_, app) => anew(app),
	},
	{
		id: 'database/no-grant',
		title: ({user = 'The database user', name = 'the database'}) =>
			`${user} may not use ${name.replaceAll(/[`'"()]/g, '')}.`,
		match: [
			/\b1044\b.*Access denied for user '(?<user>[^']+)'@'[^']*' to database '(?<name>[^']+)'/,
			/Access denied for user '(?<user>[^']+)'@'[^']*' to database '(?<name>[^']+)'/,
			/\b1142\b.*command denied to user '(?<user>[^']+)'@'[^']*' for table (?<name>\S+)/,
			/\b(?:SELECT|INSERT|CREATE|ALTER|DROP|UPDATE|DELETE|INDEX|REFERENCES) command denied to user '(?<user>[^']+)'@'[^']*' for table (?<name>\S+)/,
		],
		over: ['database/denied'],
		means:
			'The login is right; what is missing is the right to that database. It was given for another one, or the database does not exist.',
		next: 'Grant the database user the rights on it.',
		fixes: (_, app) => [...anew(app), ...grantDatabase(app)],
	},
	{
		id: 'database/schema-owner',
		title: ({schema = 'public'}) => `The app’s database user may not make tables in the schema ${schema}.`,
		match: [/permission denied for schema (?<schema>\w+)/],
		means:
			'Since PostgreSQL 15 only the owner of a database may make tables in its schema public, and this database belongs to somebody else.',
		next: 'Make the app’s database user the owner of its database.',
		fixes: (_, app) => grantDatabase(app),
	},
	{
		id: 'database/table-owner',
		title: ({what}) => `The app’s database user may not use ${what}: it belongs to somebody else.`,
		match: [
			/permission denied for (?:table|relation|sequence|view) (?<what>\w+)/,
			/must be (?:owner|member) of (?:table|relation|sequence|schema|function|extension|role) "?(?<what>\w+)/,
			/permission denied to create (?<what>extension "?\w+"?)/,
		],
		means: 'The tables were made by another user, such as postgres when a dump was read back.',
		next: 'Make the app’s database user the owner of the database and of all that is in it.',
		fixes: (_, app) => grantDatabase(app),
	},
	{
		id: 'database/unknown-database',
		title: ({name}) => `There is no database ${name}.`,
		match: [
			/Unknown database '(?<name>[^']+)'/,
			/database "(?<name>[^"]+)" does not exist/,
			/FATAL 3D000 \(invalid_catalog_name\).*database "(?<name>[^"]+)"/,
		],
		means: 'The server runs, but the app’s own database was never made, or was dropped.',
		next: 'Make it, and bring its tables in with the migrations. A dump may lie in /var/backups/boxwizard.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(database, 'Make database and login anew')] : []),
	},
	{
		id: 'database/too-many-connections',
		title: 'The database has no connection left.',
		match: [
			/\b1040\b.*Too many connections|User \S+ already has more than 'max_user_connections'|^ERROR 1040 .*Too many connections/,
			/(?:remaining connection slots are reserved|sorry, too many clients already|too many connections for (?:role|database))/,
			/QueuePool limit of size \d+ overflow \d+ reached, connection timed out/,
		],
		means:
			'Each worker and thread keeps connections of its own; together they take more than the server (or the app’s pool) allows, or the code does not give them back.',
		next: 'Fewer workers or a smaller pool; see that each request ends its session.',
	},
	{
		id: 'database/auth-plugin',
		title: 'The driver does not know how this MySQL asks for the password.',
		match: [
			/'?cryptography'? package is required for sha256_password or caching_sha2_password/,
			/Authentication plugin '(?<plugin>[^']+)' cannot be loaded|Authentication plugin '(?<plugin>[^']+)' is not supported/,
			/ER_NOT_SUPPORTED_AUTH_MODE|Client does not support authentication protocol requested by server/,
		],
		means: 'MySQL 8 asks with caching_sha2_password, which older drivers, or PyMySQL without cryptography, can’t do.',
		next: 'Add cryptography to requirements.txt beside PyMySQL (or raise the driver: mysql2 in Node), push, and deploy again.',
	},
	{
		id: 'database/ssl',
		title: 'The app and the database do not agree on an encrypted connection.',
		match: [
			/server does not support SSL, but SSL was required/,
			/The server does not support SSL connections/,
			/no pg_hba\.conf entry for host "[^"]*".* (?:SSL off|no encryption)/,
			/TLS\/SSL error: (?:SSL is required, but the server does not support it|self[- ]signed certificate)/,
			/ssl not available|ERROR 2026 \(HY000\)/,
		],
		over: ['database/denied'],
		means:
			'One of them wants TLS and the other does not: hosted databases ask for it, the box’s own has no need of it.',
		next: 'Set sslmode in DATABASE_URL: disable for the box’s own database, require for a hosted one.',
	},
	{
		id: 'database/bad-url',
		title: 'DATABASE_URL can’t be understood.',
		match: [
			/Could not parse (?:rfc1738 URL|SQLAlchemy URL) from (?:given URL )?string/,
			/NoSuchModuleError: Can't load plugin: sqlalchemy\.dialects:(?<scheme>[\w.]+)/,
			/invalid literal for int\(\) with base 10: '[^']{0,200}@[^']{0,200}'/,
			/^psycopg2?\.(?:ProgrammingError|OperationalError): (?:invalid dsn|missing "=" after)/,
			/P1013: The provided database string is invalid|Error: P1012/,
			/invalid port number: ".*"|invalid integer value ".*" for connection option "port"/,
		],
		means: ({scheme}) =>
			scheme === undefined
				? 'A sign of the password (@ : / # %) must be written as %40, %3A, %2F, %23, %25; a missing value or a stray quote does it too.'
				: `SQLAlchemy knows no “${scheme}”: postgres:// was taken away in 1.4, it is postgresql:// now.`,
		next: 'Correct DATABASE_URL: scheme://user:password@host/name.',
		fixes: (_, app) => anew(app),
	},
];
