import {z} from 'zod';
import {digest} from '../../source/contract/file-fact.ts';
import type {OptionMeta} from '../../source/contract/option.ts';
import {type Secret, secretly} from '../../source/contract/secret.ts';
import {defineStep, type Hand, type Probe} from '../../source/contract/step.ts';
import {backups, pathsOf} from '../folders/paths.ts';
import {options} from '../options/shared.ts';
import {dump} from '../services/database/dump.ts';
import {ask, findPsql} from '../services/database/query.ts';
import {furtherMark} from './secretOptions.ts';

/** The app's own database and database user. */
export const database = defineStep({
	id: 'database/database',
	title: 'Database',
	why: 'The app gets a database of its own and a user that sees no other. Its password is made here and lies only in the app’s .env.',
	needs: ['services/mysql', 'services/postgresql', 'app/environment'],
	options: z.object({
		app: options.app,
		database: options.database,
		databasePassword: options.databasePassword,
		existingDatabase: z
			.enum(['ask', 'take'])
			.default('ask')
			.meta({
				title: 'Existing database',
				description: 'A database of the app’s name that belongs to another role: take makes it the app’s.',
				when: {database: ['postgresql']},
				detail: true,
				personal: true,
			} satisfies OptionMeta as Record<string, unknown>),
	}),
	wanted: ({database}) => database !== 'sqlite',
	async check($, {app, database}) {
		const [password, login] = await Promise.all([
			$`${readPassword(app)} | tr -d '\\n' | sha256sum | cut -c 1-64`,
			readLogin($, database, app),
		]);
		if (login !== '' && login !== shut) return {database: true, user: true, password, login: true, owner: ''};
		const found = await ask($, database, database === 'mysql' ? 'mysql' : 'postgres', existing(database, app));
		const lines = found.split('\n');
		const owner = lines.find(line => line.startsWith('owner '))?.slice('owner '.length) ?? '';
		return {database: lines.includes('database'), user: lines.includes('user'), password, login: false, owner};
	},
	// What the .env file says opens the database, and is what was chosen.
	done: (facts, {databasePassword}) => facts.login && facts.password === digest(databasePassword),
	concern: (facts, {app, existingDatabase}) =>
		isElses(facts, app) && existingDatabase === 'ask'
			? {
					option: 'existingDatabase',
					message: `PostgreSQL has a database “${app}” already, and it belongs to ${facts.owner}: since version 15 nobody but its owner may make tables in it. take makes it the app’s, with all that is in it; undo gives it back. Or give the app another name.`,
				}
			: undefined,
	apply($, facts, {app, database, databasePassword}) {
		if (database === 'mysql') $.input(mysqlStatements(app, databasePassword))`mysql`;
		else
			$.input(
				postgresqlStatements(app, databasePassword, facts),
			)`runuser -u postgres -- psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --dbname=postgres`;
	},
	undo($, before, {app, database}) {
		if (!before.database) dump($, database, app);
		if (isElses(before, app)) giveBack($, app, before);
		const drop = dropStatements(database, app, before);
		// What could not be dropped is told: it is not taken for what is gone.
		if (drop !== '') $.input(drop)`${database === 'mysql' ? ['mysql'] : [...administer, '--set=ON_ERROR_STOP=1']}`;
	},
	drops: (before, {app}) =>
		before.database ? undefined : {what: `the database “${app}”`, name: String(app), savedIn: backups},
	notUndone: `The database is dumped into ${backups}, and the dump read through, before it is dropped.`,
});

const administer = administerOf('postgres');

/** psql as PostgreSQL's administrator in a database, who reads statements from stdin. */
function administerOf(name: string): string[] {
	return ['runuser', '-u', 'postgres', '--', 'psql', '--no-psqlrc', '--quiet', `--dbname=${name}`];
}

/**
 * Gives a database to the role that had it, with the tables that the app has made in it: its role could not go while they are
 * its own (PostgreSQL's manual, “Dropping Roles”). Where that role is gone already, all of it is done.
 */
function giveBack($: Hand, app: string, {owner, user}: {readonly owner: string; readonly user: boolean}): void {
	$.input(`ALTER DATABASE "${app}" OWNER TO "${quoteName(owner)}";\n`)`${administer}`;
	if (user) return;
	const statements = `REASSIGN OWNED BY "${app}" TO "${quoteName(owner)}";\nDROP OWNED BY "${app}";\n`;
	$.input(statements)`${administerOf(app)}`;
}

/** What a login is told that may make no table. */
const shut = 'f';

/** A database of PostgreSQL that was here before, and is another role's. Journals of before know of no owner. */
function isElses({database, owner = ''}: {readonly database: boolean; readonly owner?: string}, app: string): boolean {
	return database && owner !== '' && owner !== app;
}

const quoteName = (name: string) => name.replaceAll('"', '""');

function existing(database: string, name: string): string {
	if (database === 'mysql') {
		return `select 'database' from information_schema.schemata where schema_name = '${name}' union all select 'user' from mysql.user where user = '${name}' and host = 'localhost'`;
	}

	return `select 'database' from pg_database where datname = '${name}' union all select 'owner ' || pg_get_userbyid(datdba) from pg_database where datname = '${name}' union all select 'user' from pg_roles where rolname = '${name}'`;
}

/** The password as the .env file has it, above the person's own variables: it needs no decoding, see the option's rule. */
function readPassword(app: string): string[] {
	return [
		'sed',
		'-n',
		`/^${furtherMark}$/q; s|^DATABASE_URL='[^:]*://[^:]*:\\([^@]*\\)@.*|\\1|p`,
		pathsOf(app).environment,
	];
}

/** Logs in as the app does, with the password on a pipe: bash's own printf, so no argument ever holds it. */
function readLogin($: Probe, database: string, app: string): Promise<string> {
	if (database === 'mysql') {
		// Without root's own file, whose password would count instead.
		return $`password=$(${readPassword(app)}); HOME=/ mysql --defaults-extra-file=<(printf '[client]\\npassword="%s"\\n' "$password") --user=${app} --batch --skip-column-names --execute 'select 1' ${app}`;
	}

	// Without a terminal psql reads the password from its stdin.
	return $`eval ${findPsql}; ${readPassword(app)} | setsid --wait "$psql" --no-psqlrc --password --host=localhost --username=${app} --tuples-only --no-align --command ${mayMakeTables} ${app}`;
}

/** Since PostgreSQL 15 that takes the database's owner, or a grant (its “Release 15”, Migration). */
const mayMakeTables =
	"select coalesce((select has_schema_privilege(oid, 'create') from pg_namespace where nspname = 'public'), true)";

function mysqlStatements(name: string, password: Secret): Secret {
	return secretly`CREATE DATABASE IF NOT EXISTS \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE USER IF NOT EXISTS '${name}'@'localhost' IDENTIFIED BY '${password}';
ALTER USER '${name}'@'localhost' IDENTIFIED BY '${password}';
GRANT ALL PRIVILEGES ON \`${name}\`.* TO '${name}'@'localhost';
`;
}

/** PostgreSQL logs the whole text of a statement that fails (its "Error Reporting and Logging"): not one that holds a password. */
const unlogged = "SET log_min_error_statement = 'panic';\nSET log_statement = 'none';\n";

function postgresqlStatements(
	name: string,
	password: Secret,
	facts: {database: boolean; user: boolean; owner?: string},
): Secret {
	const role = secretly`${unlogged}${facts.user ? 'ALTER' : 'CREATE'} ROLE "${name}" LOGIN PASSWORD '${password}';\n`;
	if (isElses(facts, name)) return secretly`${role}ALTER DATABASE "${name}" OWNER TO "${name}";\n`;
	return facts.database
		? role
		: secretly`${role}CREATE DATABASE "${name}" OWNER "${name}" TEMPLATE template0 ENCODING 'UTF8';\n`;
}

/** PostgreSQL drops no database that somebody is in: whoever is still there is shown out first. Its own WITH (FORCE) came with version 13. */
function dropForGood(name: string): string[] {
	return [
		`DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'; END $$;`,
		`DROP DATABASE IF EXISTS "${name}";`,
	];
}

function dropStatements(database: string, name: string, before: {database: boolean; user: boolean}): string {
	const mysql = database === 'mysql';
	return [
		...(before.database ? [] : mysql ? [`DROP DATABASE IF EXISTS \`${name}\`;`] : dropForGood(name)),
		...(before.user ? [] : [mysql ? `DROP USER IF EXISTS '${name}'@'localhost';` : `DROP ROLE IF EXISTS "${name}";`]),
	]
		.map(line => `${line}\n`)
		.join('');
}
