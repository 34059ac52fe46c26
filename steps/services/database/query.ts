import type {Probe} from '../../../source/contract/step.ts';
import {asApp, pathsOf} from '../../folders/paths.ts';

/** Asks a database as its administrator, by the local socket; '' where there is no such database or table. */
export function ask($: Probe, database: string, name: string, sql: string): Promise<string> {
	if (database === 'mysql') return $`mysql --batch --skip-column-names --execute ${sql} ${name}`;
	if (database === 'postgresql')
		return $`runuser -u postgres -- psql --no-psqlrc --tuples-only --no-align --command ${sql} ${name}`;
	const file = sqliteFile(name);
	// sqlite3 would make an empty file where there is none.
	return $`test -f ${file} && ${asApp(name, '/')} sqlite3 -readonly ${file} ${sql}`;
}

/** Where an app's SQLite database lies. */
export function sqliteFile(app: string): string {
	return `${pathsOf(app).state}/${app}.db`;
}
