import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';

const postgres = ['runuser', '-u', 'postgres', '--', 'psql', '--no-psqlrc', '--tuples-only', '--no-align', '--quiet'];

/**
 * Gives the app's database user all rights on the app's database: in PostgreSQL it becomes the owner of it and of its tables, in
 * MySQL it is granted all. The set-up names both after the app; nothing to do where there are no such two.
 */
export function grantDatabase({name}: AppOnBox): Fix[] {
	if (!/^[A-Za-z_]\w{0,62}$/.test(name)) return [];
	return [
		fixOf({
			name: `grant-${name.toLowerCase().replaceAll('_', '-')}`,
			title: `Give ${name} its database`.slice(0, 40),
			why: `The database user ${name} gets all rights on the database ${name}. What is in it stays.`,
			check: async $ => {
				const [owners, granted] = await Promise.all([
					$`systemctl is-active --quiet postgresql && ${postgres} --dbname=${name} --command ${ownersOf(name)}`,
					$`systemctl is-active --quiet mariadb mysql && mysql --batch --skip-column-names --execute ${grantsOf(name)}`,
				]);
				const [database = '', schema = '', foreign = ''] = owners.trim().split('|');
				const [there = '', grants = ''] = granted.trim().split('\t');
				return {database, schema, foreign: Number(foreign) || 0, ungranted: there === '1' && grants === '0'};
			},
			done: ({database, schema, foreign, ungranted}) =>
				!ungranted && (database === '' || (database === name && schema !== 'other' && foreign === 0)),
			apply($, {database, ungranted}) {
				if (ungranted) $`mysql --execute ${`GRANT ALL PRIVILEGES ON \`${name}\`.* TO '${name}'@'localhost'`}`;
				if (database === '') return;
				$`${postgres} --dbname=${name} --set=ON_ERROR_STOP=1 --command ${`ALTER DATABASE "${name}" OWNER TO "${name}"`} --command ${`GRANT ALL ON SCHEMA public TO "${name}"`} --command ${ownTables(name)}`;
			},
			undo($, {database, ungranted}) {
				if (ungranted) $`mysql --execute ${`REVOKE ALL PRIVILEGES ON \`${name}\`.* FROM '${name}'@'localhost'`}`;
				if (/^\w+$/.test(database))
					$`${postgres} --dbname=${name} --command ${`ALTER DATABASE "${name}" OWNER TO "${database}"`}`;
			},
			notUndone: 'Tables that became the app’s own stay its own.',
		}),
	];
}

/** One line, 'owner|own or other|tables of others'; nothing where there is no such role. */
function ownersOf(name: string): string {
	return `select pg_get_userbyid(datdba), case when has_schema_privilege('${name}', 'public', 'CREATE') then 'own' else 'other' end, (select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S', 'v') and pg_get_userbyid(relowner) <> '${name}') from pg_database where datname = current_database() and exists (select 1 from pg_roles where rolname = '${name}')`;
}

/** 'database and user are there, a grant is there', each 1 or 0. */
function grantsOf(name: string): string {
	return `select (select count(*) from information_schema.schemata where schema_name = '${name}') * (select count(*) from mysql.user where user = '${name}' and host = 'localhost'), (select count(*) from mysql.db where user = '${name}' and host = 'localhost' and db = '${name}')`;
}

/** Gives the tables, sequences and views of the schema public to the role. */
function ownTables(name: string): string {
	return `DO $give$ DECLARE item record; BEGIN FOR item IN SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') OR (relnamespace = 'public'::regnamespace AND relkind = 'S' AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i'))) LOOP EXECUTE format('ALTER %s public.%I OWNER TO %I', CASE item.relkind WHEN 'r' THEN 'TABLE' WHEN 'v' THEN 'VIEW' ELSE 'SEQUENCE' END, item.relname, '${name}'); END LOOP; END $give$`;
}
