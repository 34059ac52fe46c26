import type {Conflict} from '../../../source/contract/option.ts';
import {Secret, secretly} from '../../../source/contract/secret.ts';
import type {Hand, Probe} from '../../../source/contract/step.ts';
import {findPsql} from './query.ts';

/** Where psql looks for passwords (PostgreSQL's manual, “The Password File”), in the home that Debian gives its administrator. */
const passwordFile = '/var/lib/postgresql/.pgpass';
/** As every step asks the server, and never for a password on a terminal. */
const loginBy = (psql: string) =>
	`runuser -u postgres -- ${psql} --no-psqlrc --no-password --quiet --dbname=postgres --command="select 1"`;
const login = loginBy('psql');

/** Debian's PostgreSQL lets its administrator in by its name on the box, unless somebody has changed that in pg_hba.conf. */
export async function readShutPostgres($: Probe): Promise<'PostgreSQL' | ''> {
	const answer = await $`if command -v psql > /dev/null; then eval ${`${findPsql}; ${loginBy('"$psql"')}`} 2>&1; fi`;
	return /no password supplied|authentication failed|pg_hba\.conf/.test(answer) ? 'PostgreSQL' : '';
}

/** The rules of who may log in to the server that has PostgreSQL's port; '' where there is none. */
export function readRulesPath($: Probe): Promise<string> {
	// pg_lsclusters(1) is a program in Perl: it is asked only where there are several servers, or settings that Debian does not write so.
	return $`set -- /etc/postgresql/*/*/
case $# in 1) port=$(grep -shoE '^[[:space:]]*port[^#]*[0-9]' "$1"postgresql.conf "$1"conf.d/*.conf) ;; esac
if [ "$port" = 'port = 5432' ]; then echo "$1pg_hba.conf"
else pg_lsclusters --no-header | awk '$3 == 5432 {print "/etc/postgresql/" $1 "/" $2 "/pg_hba.conf"; exit}'; fi`;
}

export async function postgresConflict($: Probe): Promise<Conflict | undefined> {
	if ((await readShutPostgres($)) === '') return undefined;
	return {
		option: 'postgresAdmin',
		what: 'PostgreSQL’s administrator (postgres) does not get in without a password on this box.',
		means: 'The app’s database is made, saved and looked at as postgres.',
		choices: {
			peer: 'postgres of this box gets in by its name, by a first line in pg_hba.conf; who else logs in as postgres through the socket no longer can. Undo takes it back',
			password: `you give it (postgresAdminPassword), and it is kept in ${passwordFile}, which postgres alone can read; undo takes that away`,
		},
	};
}

/** The first line that fits a login counts (PostgreSQL's manual, “The pg_hba.conf File”). */
export function letPostgresIn($: Hand, rules: string): void {
	$.backup(rules);
	$`sed -i '1i local all postgres peer' ${rules}`;
	// A reload takes a moment to count.
	$`systemctl reload postgresql; for _ in {1..50}; do if bash -c ${login} > /dev/null 2>&1; then break; fi; sleep 0.1; done; bash -c ${login} > /dev/null || { restore_kept; systemctl reload postgresql; false; }`;
}

export function shutPostgresOut($: Hand, rules: string): void {
	$.restore(rules);
	$.service('postgresql', 'reload');
}

/** Has psql give the password, before those that stand in its file. What it replaces is put back where the server refuses it. */
export function keepPostgresPassword($: Hand, password: Secret): void {
	$.backup(passwordFile);
	$.input(
		secretly`localhost:*:*:postgres:${escaped(password)}\n`,
	)`umask 077; cat > ${passwordFile}.new; [ ! -f ${passwordFile} ] || cat ${passwordFile} >> ${passwordFile}.new; chown postgres:postgres ${passwordFile}.new; mv ${passwordFile}.new ${passwordFile}`;
	$`bash -c ${login} > /dev/null || { restore_kept; false; }`;
}

export function forgetPostgresPassword($: Hand): void {
	$.restore(passwordFile);
}

/** A backslash begins an escape in the file, a colon a field. */
const escaped = (password: Secret) => new Secret(password.reveal().replaceAll(/[\\:]/g, '\\$&'));
