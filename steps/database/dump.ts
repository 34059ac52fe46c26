import type {Hand} from '../../source/step.ts';
import {backups} from '../app/places.ts';
import {sqliteFile} from './query.ts';

/** Saves a whole database into a compressed file below /var/backups/boxwizard, root only. */
export function dump($: Hand, database: string, name: string): void {
	$.folder(backups, {mode: '0700'});
	const stamped = `${backups}/${name}-$(date -u +%Y%m%dT%H%M%S)`;
	if (database === 'mysql')
		$`bash -o pipefail -c ${`mysqldump --single-transaction --routines --triggers ${name} | gzip > ${stamped}.sql.gz`}`;
	if (database === 'postgresql')
		$`bash -o pipefail -c ${`runuser -u postgres -- pg_dump --format=custom ${name} > ${stamped}.dump`}`;
	// As the app's own user: what the app may have made of its file is not read by root.
	if (database === 'sqlite') {
		$`bash -o pipefail -c ${`runuser -u ${name} -- sqlite3 ${sqliteFile(name)} .dump | gzip > ${stamped}.sql.gz`}`;
	}
}
