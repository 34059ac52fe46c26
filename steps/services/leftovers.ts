import type {Hand, Probe} from '../../source/contract/step.ts';
import {type Saved, save} from '../folders/save.ts';
import {removeAccount} from '../system/removeAccount.ts';
import {timerStamp} from '../system/units.ts';
import {mysqlProof} from './database/dump.ts';

/** What packages leave behind when they are purged: data they hold dear, and logs of their last moments. */
const folders: Readonly<Record<string, readonly string[]>> = {
	'mariadb-server': ['/var/lib/mysql', '/etc/mysql', '/var/log/mysql'],
	'mysql-server': ['/var/lib/mysql', '/var/lib/mysql-files', '/var/lib/mysql-keyring', '/etc/mysql', '/var/log/mysql'],
	postgresql: ['/var/lib/postgresql', '/etc/postgresql', '/etc/postgresql-common', '/var/log/postgresql'],
	supervisor: ['/var/log/supervisor', '/etc/supervisor'],
	'redis-server': ['/var/lib/redis', '/etc/redis', '/var/log/redis'],
	nginx: ['/var/www/html/index.nginx-debian.html', '/var/lib/nginx', '/var/log/nginx', '/etc/nginx'],
	certbot: ['/var/lib/letsencrypt', '/var/log/letsencrypt', timerStamp('certbot')],
	logrotate: [timerStamp('logrotate')],
	elasticsearch: ['/etc/elasticsearch', '/var/lib/elasticsearch', '/var/log/elasticsearch'],
	postfix: ['/etc/aliases', '/etc/aliases.db', '/etc/postfix', '/var/spool/postfix', '/var/lib/postfix'],
};

/** System users and groups that outlive their packages. */
const accounts: Readonly<Record<string, readonly string[]>> = {
	'mariadb-server': ['mysql'],
	'mysql-server': ['mysql'],
	nginx: ['ssl-cert'],
	postgresql: ['postgres', 'ssl-cert'],
	elasticsearch: ['elasticsearch'],
	postfix: ['postfix', 'postdrop', 'ssl-cert'],
};

/** Of what these packages would leave behind, what is there already, and stays. */
export async function readResidue($: Probe, packages: readonly string[]): Promise<string[]> {
	const paths = packages.flatMap(name => folders[name] ?? []);
	const names = packages.flatMap(name => accounts[name] ?? []);
	if (paths.length + names.length === 0) return [];
	const answer = await $`ls -d ${['/', ...paths]}; getent group ${names} | cut -d: -f1`;
	return answer.split('\n').filter(line => line !== '' && line !== '/');
}

type Missing = {readonly missing: readonly string[]; readonly residue: readonly string[]};

/** Packages that came at two times, with what was there before each: what the first ones brought was not. */
export function joinedResidue(first: Missing, later: Missing): Missing {
	const added = later.missing.filter(name => !first.missing.includes(name));
	const brought = leftBy(first.missing);
	const there = later.residue.filter(item => leftBy(added).includes(item) && !brought.includes(item));
	return {missing: [...first.missing, ...added], residue: [...first.residue, ...there]};
}

/** Paths and accounts that packages would leave behind. */
function leftBy(packages: readonly string[]): string[] {
	return packages.flatMap(name => [...(folders[name] ?? []), ...(accounts[name] ?? [])]);
}

const mysqlServer = {
	command: 'mysqldump --all-databases --single-transaction --events --routines | gzip',
	proof: mysqlProof,
};
const servers: Readonly<Record<string, Pick<Saved, 'command' | 'proof'> & {readonly unit: string}>> = {
	'mariadb-server': {unit: 'mariadb', ...mysqlServer},
	'mysql-server': {unit: 'mysql', ...mysqlServer},
	postgresql: {
		unit: 'postgresql',
		command: 'runuser -u postgres -- pg_dumpall | gzip',
		proof: "zcat | tail -n 5 | grep -c '^-- PostgreSQL database cluster dump complete' > /dev/null",
	},
};

/** Packages with which databases go. */
export const databaseServers = Object.keys(servers);

/**
 * Prints something where a package is on the box and boxwizard has brought it. One that was here before stays, with all that it
 * holds: nothing of it has to be saved, and it may let nobody in.
 */
export function ifBrought(name: string): string {
	return `grep -xsF ${name} /var/lib/boxwizard/box/services/packages/packages > /dev/null && dpkg-query --show --showformat='\${db:Status-Status}' ${name} 2>/dev/null | grep -x installed || true`;
}

/** Saves every database of a server that is about to go with its packages. */
export function dumpServer($: Hand, packages: readonly string[]): void {
	for (const name of packages) {
		const server = servers[name];
		if (!server) continue;
		// Started where an undo that was cut off has stopped it already.
		const command = `systemctl start ${server.unit} >&2 && ${server.command}`;
		// One that is there and does not answer is not taken for one that is gone.
		save($, {name: 'all-databases', ending: 'sql.gz', there: ifBrought(name), ...server, command});
	}
}

/** Takes away what packages that were not there before have left behind. */
export function removeLeftovers($: Hand, packages: readonly string[], residue: readonly string[]): void {
	const left = (map: Readonly<Record<string, readonly string[]>>) =>
		packages.flatMap(name => map[name] ?? []).filter(item => !residue.includes(item));
	const paths = left(folders);
	if (paths.length > 0) $`rm -rf ${paths}`;
	// What others have put there since stays.
	if (packages.includes('nginx')) $`rmdir /var/www/html /var/www 2>/dev/null || true`;
	for (const name of new Set(left(accounts))) removeAccount($, name);
}
