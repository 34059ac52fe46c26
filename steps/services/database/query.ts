import type {Probe} from '../../../source/contract/step.ts';
import {asApp, pathsOf} from '../../folders/paths.ts';

/**
 * Shell text that puts the path of psql into $psql. Debian's `psql` is a program in Perl that looks for the server first and takes ten
 * times as long (pg_wrapper(1)); what it starts then is the newest one that lies here, and by itself that goes to PostgreSQL's port.
 */
export const findPsql =
	'for psql in /usr/lib/postgresql/*/bin/psql; do :; done; if [ ! -x "$psql" ]; then psql=psql; fi';

/** Asks a database as its administrator, by the local socket; '' where there is no such database or table. What one statement answers comes whether or not the next one fails. */
export function ask($: Probe, database: string, name: string, ...statements: readonly string[]): Promise<string> {
	const sql = statements.join('; ');
	if (database === 'mysql') return $`mysql --batch --skip-column-names --execute ${sql} ${name}`;
	if (database === 'postgresql')
		return $`eval ${findPsql}; runuser -u postgres -- "$psql" --no-psqlrc --tuples-only --no-align ${statements.flatMap(one => ['--command', one])} ${name}`;
	const file = sqliteFile(name);
	// sqlite3 would make an empty file where there is none.
	return $`test -f ${file} && ${asApp(name, '/')} sqlite3 -readonly ${file} ${sql}`;
}

/** Where an app's SQLite database lies. */
export function sqliteFile(app: string): string {
	return `${pathsOf(app).state}/${app}.db`;
}
