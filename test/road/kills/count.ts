import {readFileSync, statSync} from 'node:fs';
import type {PracticeBox} from '../../../source/practice/index.ts';
import {placeIn, servicesPaths} from '../../../source/practice/place.ts';

/** What a command that runs twice would make once more. */
export type Counts = {
	readonly releases: number;
	/** Of certbot's lineages: chains, folders and renewal files. */
	readonly certificates: number;
	readonly databases: number;
	readonly tables: number;
	/** Made at the certificate authority, which serves no other box meanwhile. */
	readonly orders: number;
};

const script = `count() { ls -d "$@" 2>/dev/null | wc -l; }
own="table_schema not in ('information_schema', 'performance_schema', 'mysql', 'sys')"
echo releases $(count /srv/*/releases/*)
echo certificates $(count /etc/letsencrypt/archive/*/fullchain*.pem /etc/letsencrypt/live/*/ /etc/letsencrypt/renewal/*.conf)
echo databases $(mysql -BNe "select count(distinct table_schema) from information_schema.tables where $own")
echo tables $(mysql -BNe "select count(*) from information_schema.tables where $own")
`;

/** Counts on a box, and in the certificate authority's log from byte `since` on. */
export async function count(box: PracticeBox, since: number): Promise<Counts> {
	const text = await box.console(script);
	const on = (name: string) => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? -1);
	const log = readFileSync(logFile()).subarray(since).toString().split('\n');
	return {
		releases: on('releases'),
		certificates: on('certificates'),
		databases: on('databases'),
		tables: on('tables'),
		orders: log.filter(line => line.includes('Added order')).length,
	};
}

/** How long the authority's log is now, in bytes. */
export function logLength(): number {
	return statSync(logFile()).size;
}

function logFile(): string {
	return servicesPaths(placeIn()).log;
}
