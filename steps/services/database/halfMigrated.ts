import {dirname} from 'node:path';
import type {Hand} from '../../../source/contract/step.ts';
import {backups} from '../../folders/paths.ts';
import {sqliteFile} from './query.ts';

/**
 * A migration that fails half-way leaves tables that fit no version, where its engine can't take back what it has done (MariaDB ends a
 * transaction at each change of a table; Django's migrations are one transaction each). So it is written down what there was before it
 * began, and what is left behind is settled on the box itself: after a failure, after a kill, and at the next boot.
 */
export type Migrated = {readonly app: string; readonly database: string};

/** What was noted before the migration that is under way, or was cut off. Root only. */
export const begunOf = (app: string) => `/var/lib/boxwizard/apps/${app}/app/migrations/begun`;

const unitOf = (app: string) => `boxwizard-migration-${app}.service`;

type Engine = {
	/** Prints the structure of all tables, and which migrations have run: the same text for the same tables. */
	readonly schema: string;
	/** Prints a dump on stdin as SQL. */
	readonly plain: string;
	/** Prints the database as it is now, as such SQL. */
	readonly now: string;
	/** Reads a dump on stdin in the place of all that is there. */
	readonly restore: string;
	/** A program for awk: calls structure(table) and data(table) for the lines of such SQL. */
	readonly lines: string;
	/** The ending of its dumps. */
	readonly ending: string;
};

function engineOf({app, database}: Migrated): Engine | undefined {
	const ran = (ask: string) =>
		`for table in alembic_version django_migrations schema_migrations; do ${ask} 2> /dev/null | sort; done`;
	switch (database) {
		case 'mysql':
			return {
				schema: `mysqldump --no-data --skip-comments --routines --triggers ${app} | sed 's/ AUTO_INCREMENT=[0-9]*//'
${ran(`mysql --batch --skip-column-names --execute "select * from $table" ${app}`)}`,
				plain: 'zcat',
				now: `mysqldump --single-transaction --routines --triggers ${app}`,
				restore: restoreMysql(app),
				lines: `/^CREATE TABLE / { now = $3; inside = 1 }
inside { sub(/ AUTO_INCREMENT=[0-9]+/, ""); structure(now) }
/^\\) / { inside = 0 }
/^INSERT INTO / { data($3) }`,
				ending: 'sql.gz',
			};
		case 'postgresql':
			return {
				// Newer ones write a word by chance into each dump (\\restrict).
				schema: `runuser -u postgres -- pg_dump --schema-only ${app} | grep -vE '^(--|$|.(un)?restrict )'
${ran(`runuser -u postgres -- psql --no-psqlrc --tuples-only --no-align --command "select * from $table" ${app}`)}`,
				plain: 'pg_restore --file=-',
				now: `runuser -u postgres -- pg_dump ${app}`,
				restore: `drop=$(runuser -u postgres -- psql --no-psqlrc --tuples-only --no-align --command "select format('drop %s if exists %I.%I cascade;', case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end, nspname, relname) from pg_class join pg_namespace on pg_namespace.oid = relnamespace where relkind in ('r', 'p', 'v', 'm', 'S') and nspname not like 'pg\\_%' and nspname <> 'information_schema' union all select format('drop type if exists %I.%I cascade;', nspname, typname) from pg_type join pg_namespace on pg_namespace.oid = typnamespace where typtype = 'e' and nspname not like 'pg\\_%'" ${app}) &&
{ echo "$drop"; pg_restore --file=- --section=pre-data --section=data --section=post-data | grep -vE '^CREATE (SCHEMA|EXTENSION) |^COMMENT ON EXTENSION '; } | runuser -u postgres -- psql --no-psqlrc --quiet --single-transaction --set=ON_ERROR_STOP=1 ${app} > /dev/null`,
				lines: `/^CREATE TABLE / { now = $3; inside = 1 }
inside { structure(now) }
/^\\);/ { inside = 0 }
/^ALTER TABLE / { now = $3 == "ONLY" ? $4 : $3; structure(now) }
/^    ADD CONSTRAINT/ { structure(now) }
/^\\\\\\.$/ { copying = 0 }
copying { data(now) }
/^COPY / { now = $2; copying = 1 }`,
				ending: 'dump',
			};
		case 'sqlite': {
			const file = sqliteFile(app);
			const asApp = `runuser -u ${app} --`;
			return {
				schema: `${asApp} sqlite3 ${file} .schema
${ran(`${asApp} sqlite3 ${file} "select * from $table"`)}`,
				plain: 'zcat',
				now: `${asApp} sqlite3 ${file} .dump`,
				// Through its own backup interface: the app has the file open.
				restore: `old=${file}.boxwizard; ${asApp} rm -f "$old"; zcat | ${asApp} sqlite3 "$old" && ${asApp} sqlite3 ${file} ".timeout 10000" ".restore $old" && ${asApp} rm -f "$old"`,
				lines: `/^CREATE TABLE / { now = $3; sub(/\\(.*/, "", now); inside = 1 }
/^INSERT INTO / { inside = 0; name = $3; sub(/\\(.*/, "", name); data(name) }
/^(COMMIT|CREATE (UNIQUE )?INDEX|DELETE FROM|PRAGMA|BEGIN)/ { inside = 0 }
inside { structure(now) }`,
				ending: 'sql.gz',
			};
		}
		default:
			return undefined;
	}
}

/**
 * Reads a dump on stdin into a database beside the app's, then has all tables change places in one statement: a visitor meets those of before or
 * those of now, and never none (RENAME TABLE of several tables is atomic, and foreign keys go along). Triggers and views can't move to
 * another database: where there are any, the tables are dropped and made anew instead.
 */
function restoreMysql(app: string): string {
	const [beside, gone] = [`${app}_boxwizard`, `${app}_boxwizard_gone`];
	const ask = 'mysql --batch --skip-column-names --raw --execute';
	// The sign that MySQL quotes names with is no friend of a shell.
	const quoted = (name: string) => `char(96), replace(${name}, char(96), concat(char(96), char(96))), char(96)`;
	const to = `if(table_schema = '${app}', '${gone}', '${app}')`;
	return `dump=$(mktemp); cat > "$dump"
extras=$(${ask} "select count(*) from information_schema.tables where table_schema = '${app}' and table_type = 'VIEW' union all select count(*) from information_schema.triggers where trigger_schema = '${app}'" | paste -sd ' ')
if [ "$extras" = '0 0' ] && ! zcat "$dump" | grep -qE '^/*!50(001|003) CREATE'; then
	for one in ${beside} ${gone}; do mysqladmin --force drop "$one" > /dev/null 2>&1 || true; mysqladmin create "$one"; done &&
	zcat "$dump" | mysql ${beside} &&
	moves=$(${ask} "select concat(${quoted('table_schema')}, '.', ${quoted('table_name')}, ' TO ', ${quoted(to)}, '.', ${quoted('table_name')}) from information_schema.tables where table_schema in ('${app}', '${beside}') order by table_schema = '${app}' desc" | paste -sd ,) &&
	mysql --execute "RENAME TABLE $moves" &&
	mysqladmin --force drop ${beside} > /dev/null && mysqladmin --force drop ${gone} > /dev/null
else
	drops=$(${ask} "select concat(if(table_type = 'VIEW', 'DROP VIEW ', 'DROP TABLE '), ${quoted('table_name')}, ';') from information_schema.tables where table_schema = '${app}'") &&
	{ echo 'SET FOREIGN_KEY_CHECKS=0;'; echo "$drops"; zcat "$dump"; } | mysql ${app}
fi; code=$?; rm -f "$dump"; [ "$code" = 0 ]`;
}

/**
 * Bash text: settles what a migration has left, which is done by nobody else. Prints one line that begins with “Tables: ”. Puts the tables
 * back by itself only where nobody can have written since: no request came that may write, and no table that the migration left alone has
 * other rows. \`$1\`: 'restore' puts them back whatever was written, 'keep' leaves them as they are.
 */
function settleScript(of: Migrated, engine: Engine): string {
	const {app} = of;
	return `exec 8> /run/boxwizard-migration-${app}; flock 8
begun=${begunOf(app)} how=$1
[ -d "$begun" ] || exit 0
over() { rm -rf "$begun"; }
schema() {
${engine.schema}
}
if [ "$how" = keep ]; then echo 'Tables: left as they are, as you say'; over; exit 0; fi
if [ "$(schema)" = "$(cat "$begun/schema")" ]; then echo 'Tables: as they were'; [ "$how" = look ] || over; exit 0; fi
file=$(cat "$begun/dump")
if [ "$how" != restore ]; then
	read -r requests log < "$begun/requests"
	if [ -f "$log" ] && [ "$(stat -c %s "$log")" -ge "$requests" ]; then
		writing=$(tail -c "+$((requests + 1))" "$log" | grep -cvE '"(GET|HEAD|OPTIONS) ')
	else writing=0; fi
	places=$(mktemp -d); trap 'rm -rf "$places"' EXIT
	tables() { mkdir "$places/$1"; awk -v folder="$places/$1" '
function put(table, kind) { if (!(table in number)) { number[table] = ++count; print count, table > (folder "/names") }; print | ("md5sum > " folder "/" number[table] "." kind) }
function structure(table) { put(table, "structure") }
function data(table) { put(table, "data") }
${engine.lines.replaceAll("'", "'\\''")}'; }
	tables before < <(${engine.plain} < "$file"); tables after < <(${engine.now})
	digests() { [ -f "$places/$1/names" ] || return 0; while read -r number table; do echo "$table $(cat "$places/$1/$number.structure" 2> /dev/null | cut -c1-32) $(cat "$places/$1/$number.data" 2> /dev/null | cut -c1-32)-"; done < "$places/$1/names" | tr -d '\`"' | sort; }
	others=$(join <(digests before) <(digests after) | awk '$2 == $4 && $3 != $5 && $1 !~ /(alembic_version|django_migrations|schema_migrations|sqlite_sequence)$/ {print $1}' | paste -sd ' ')
	if [ "$writing" != 0 ] || [ -n "$others" ]; then
		echo "Tables: changed half-way. $writing requests since may have written\${others:+; other rows in: $others}. As they were: $file"
		exit 3
	fi
fi
if [ "$how" = look ]; then echo 'Tables: changed half-way. 0 requests since may have written.'; exit 0; fi
if [ "$how" = restore ]; then
	saved=${backups}/${app}-half-migrated-$(date -u +%Y%m%dT%H%M%S).sql.gz
	{ ${engine.now}; } | gzip > "$saved" && sync "$saved" || { echo 'Tables: they could not be saved as they are; nothing was done'; exit 4; }
fi
if { ${engine.restore}; } < "$file" && [ "$(schema)" = "$(cat "$begun/schema")" ]; then
	echo "Tables: put back from $file"; over
else
	echo "Tables: could not be put back from $file"; exit 4
fi`;
}

/**
 * Notes what there is before a migration begins, and has the box settle what it leaves, should it be cut off. The newest dump is its way back.
 */
export function beginMigration($: Hand, of: Migrated): void {
	const engine = engineOf(of);
	if (!engine) return;
	const {app} = of;
	const begun = begunOf(app);
	const unit = unitOf(app);
	const note = `# What there is before the migration
set -e; umask 077
schema() {
${engine.schema}
}
rm -rf ${begun}.new; mkdir -p ${begun}.new
schema > ${begun}.new/schema
ls -t ${backups}/${app}-*.${engine.ending} | head -n 1 > ${begun}.new/dump
log=/var/log/nginx/${app}_access.log
echo "$(stat -c %s "$log" 2> /dev/null || echo 0) $log" > ${begun}.new/requests
printf %s "$1" > ${begun}.new/settle
echo "$2 $(cat /proc/sys/kernel/random/boot_id)" > ${begun}.new/job
sync ${begun}.new/*; mv -T ${begun}.new ${begun}; sync ${dirname(begun)}`;
	$`bash -c ${note} bash ${settleScript(of, engine)} $$`;
	$.file(`/etc/systemd/system/${unit}`, settler(of));
	$`systemctl daemon-reload; systemctl enable --quiet ${unit}; systemctl start --no-block ${unit}`;
}

/** Once it is over and done: there is nothing left to settle. */
export function endMigration($: Hand, of: Migrated): void {
	if (!engineOf(of)) return;
	const unit = unitOf(of.app);
	$`rm -rf ${begunOf(of.app)}; systemctl disable --quiet --now ${unit}; rm -f ${`/etc/systemd/system/${unit}`}`;
}

/** Shell text that settles what a migration has left; for a script of root's. Fails where somebody has to decide. */
export function settleMigration(app: string, how: 'ask' | 'restore' | 'keep'): string {
	const begun = begunOf(app);
	const unit = unitOf(app);
	return `if [ -f ${begun}/settle ]; then bash ${begun}/settle ${how} && { systemctl disable --quiet --now ${unit}; rm -f /etc/systemd/system/${unit}; }; fi`;
}

/** Shell text that takes away what would settle a migration: the app goes. */
export function forgetMigration(app: string): string {
	const unit = unitOf(app);
	return `if [ -e /etc/systemd/system/${unit} ]; then systemctl disable --quiet --now ${unit}; rm -f /etc/systemd/system/${unit}; fi`;
}

/** The unit that settles it: where the job that migrates is killed, and at the next boot where the box lost power. */
function settler({app}: Migrated): string {
	const begun = begunOf(app);
	const wait = `read -r pid boot < ${begun}/job; if [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id)" ]; then tail --pid="$pid" -f /dev/null; fi; if [ -f ${begun}/settle ]; then exec /bin/bash ${begun}/settle ask; fi`;
	return [
		'[Unit]',
		`Description=Puts the tables of ${app} back where a migration was cut off`,
		'After=mariadb.service mysql.service postgresql.service',
		`Before=${app}.service ${app}-second.service`,
		`ConditionPathExists=${begun}/settle`,
		'',
		'[Service]',
		'Type=exec',
		`ExecStart=/bin/bash -c "${wait.replaceAll('$', '$$$$').replaceAll(/[\\"]/g, '\\$&')}"`,
		'',
		'[Install]',
		'WantedBy=multi-user.target',
		'',
	].join('\n');
}

/** What the settling has printed, as one of these and its line; undefined where nothing was settled. Pure. */
export function settledIn(
	log: readonly string[],
): {readonly how: 'same' | 'restored' | 'open'; readonly line: string} | undefined {
	const line = log.findLast(one => one.startsWith('Tables: '))?.slice('Tables: '.length);
	if (line === undefined) return undefined;
	const how = line.startsWith('as they were') ? 'same' : line.startsWith('put back') ? 'restored' : 'open';
	return {how, line};
}
