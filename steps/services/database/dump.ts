import type {Hand} from '../../../source/contract/step.ts';
import {ifAny, type Saved, save} from '../../folders/save.ts';
import {sqliteFile} from './query.ts';

/** The last line of mysqldump, when it came so far. */
export const mysqlProof = "zcat | tail -n 1 | grep -c '^-- Dump completed' > /dev/null";

/** Saves a whole database into a compressed file below /var/backups/boxwizard, root only, and proves it whole. */
export function dump($: Hand, database: string, name: string): void {
	const saved = dumps(name)[database];
	if (saved) save($, {name, ...saved});
}

function dumps(name: string): Readonly<Record<string, Omit<Saved, 'name'>>> {
	return {
		mysql: {
			ending: 'sql.gz',
			there: `mysql --batch --skip-column-names --execute "show databases like '${name}'"`,
			command: `mysqldump --single-transaction --routines --triggers ${name} | gzip`,
			proof: mysqlProof,
		},
		postgresql: {
			ending: 'dump',
			there: `runuser -u postgres -- psql --no-psqlrc --tuples-only --no-align --command "select 1 from pg_database where datname = '${name}'"`,
			command: `runuser -u postgres -- pg_dump --format=custom ${name}`,
			proof: 'pg_restore --list > /dev/null',
		},
		// As the app's own user: what the app may have made of its file is not read by root.
		sqlite: {
			ending: 'sql.gz',
			there: ifAny(sqliteFile(name)),
			command: `runuser -u ${name} -- sqlite3 ${sqliteFile(name)} .dump | gzip`,
			proof: "zcat | tail -n 1 | grep -cx 'COMMIT;' > /dev/null",
		},
	};
}
