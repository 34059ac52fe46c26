import {z} from 'zod';
import {fileIs} from '../../../source/contract/file-fact.ts';
import type {Secret} from '../../../source/contract/secret.ts';
import {defineStep, type Hand, type WantedPackage} from '../../../source/contract/step.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {readLetIn} from '../../firewall/reached.ts';
import {options} from '../../options/shared.ts';
import {readMemory} from '../../process/memory.ts';
import {readOs} from '../../system/os.ts';
import {readUnits} from '../../system/units.ts';
import {dumpServer} from '../leftovers.ts';
import {
	forgetPostgresPassword,
	keepPostgresPassword,
	letPostgresIn,
	postgresConflict,
	readRulesPath,
	readShutPostgres,
	shutPostgresOut,
} from './postgresLogin.ts';
import {
	explainRefusal,
	forgetRootPassword,
	keepRootPassword,
	letRootIn,
	readShut,
	rootConflict,
	type ShutServer,
	shutRootOut,
} from './rootLogin.ts';

/** MySQL (on Debian: MariaDB): it runs, is reached only from the box itself, and fits its memory. */
export const mysql = databaseServer('mysql', 'MySQL');

/** PostgreSQL, likewise. */
export const postgresql = databaseServer('postgresql', 'PostgreSQL');

function databaseServer(database: 'mysql' | 'postgresql', title: string) {
	return defineStep({
		id: `services/${database}`,
		title,
		why: 'It listens on this box only, stores every character (utf8mb4), and takes no more memory than the box has to give. The stock settings are made for larger ones.',
		service: database,
		needs: ['services/packages'],
		options: z.object({
			services: options.services,
			otherPorts: options.otherPorts,
			databaseRoot: options.databaseRoot,
			databaseRootPassword: options.databaseRootPassword,
			postgresAdmin: options.postgresAdmin,
			postgresAdminPassword: options.postgresAdminPassword,
		}),
		wanted: ({services}) => services.includes(database),
		packages: () => [serverPackage[database]],
		conflicts: async $ => [(await (database === 'mysql' ? rootConflict($) : postgresConflict($))) ?? []].flat(),
		async check($, {databaseRoot, postgresAdmin, otherPorts}) {
			const [os, memory, units, exposed, mysqlFile, mariadbFile, shut, rules, open] = await Promise.all([
				readOs($),
				readMemory($),
				readUnits($),
				database === 'mysql'
					? $`ss -Hltn '( sport = :3306 or sport = :33060 )' | awk '$4 !~ /^(127[.]|\\[::1\\])/ {print $4}'`
					: $`ss -Hltn '( sport = :5432 )' | awk '$4 !~ /^(127[.]|\\[::1\\])/ {print $4}'`,
				$.file(paths.mysql),
				$.file(paths.mariadb),
				database === 'mysql' ? readShut($) : readShutPostgres($),
				database === 'mysql' ? '' : readRulesPath($),
				otherPorts === 'open' && readLetIn($, portOf[database]),
			]);
			const isDecided = (database === 'mysql' ? databaseRoot : postgresAdmin) !== undefined;
			if (shut !== '' && !isDecided) throw rootIsShut(shut);
			const kind = serverOf(database, os.id);
			const file = {[paths.mysql]: mysqlFile, [paths.mariadb]: mariadbFile}[kind.path] ?? null;
			const {active, enabled} = units[`${kind.unit}.service`];
			const socket = {enabled: units[socketUnit].enabled, active: units[socketUnit].active};
			// Others reach it, and are to go on: a database that nobody reaches yet gets no such say.
			const keptOpen = open && exposed !== '';
			return {...kind, memory, exposed, keptOpen, file, socket, shut, rules, running: active && enabled};
		},
		done: facts =>
			facts.running &&
			facts.shut === '' &&
			(facts.keptOpen || (facts.exposed === '' && !facts.socket.enabled && !facts.socket.active)) &&
			(facts.path === '' || fileIs(facts.file, settings(facts))),
		apply($, {path, unit, memory, socket, shut, rules, exposed, keptOpen, running}, answers) {
			if (shut !== '') openServer($, {unit, shut, rules}, answers);
			const closes = exposed !== '' && !keptOpen;
			if (database === 'postgresql') {
				if (closes) closePostgres($, rules);
				$.service(unit, 'enable');
				if (closes || !running) $.service(unit, 'restart');
				return;
			}

			if (path !== '') $.file(path, settings({memory, keptOpen}));
			if (!keptOpen && (socket.enabled || socket.active)) $.service(socketUnit, 'disable');
			$.service(unit, 'enable');
			$.service(unit, 'restart');
		},
		explain: explainRefusal,
		undo($, before, {databaseRoot, postgresAdmin}) {
			if (before.path !== '') $.restore(before.path);
			if (before.rules) {
				for (const path of [listenFile, earlierListenFile, ownSettings]) $.restore(path(before.rules));
			}

			restoreSocket($, before);
			dumpServer($, [packageOf[before.unit]]);
			// Databases that are none of ours keep their server.
			$`others=$(bash -o pipefail -c ${listDatabases[database]} || echo 'databases that can not be listed')`;
			$.removePackages({step: 'services/packages', names: packagesOf[before.unit]});
			// Last: until then root is needed.
			if (before.shut) closeServer($, before, {databaseRoot, postgresAdmin});
		},
	});
}

type Shut = {readonly unit: ServerUnit; readonly shut: ShutServer; readonly rules: string};
type Opening = {
	readonly databaseRoot?: 'socket' | 'password' | undefined;
	readonly postgresAdmin?: 'peer' | 'password' | undefined;
};
type Passwords = {readonly databaseRootPassword: Secret; readonly postgresAdminPassword: Secret};

/** Lets those steps in that make, save and look at databases, as the person has chosen. */
function openServer($: Hand, {unit, shut, rules}: Shut, answers: Opening & Passwords): void {
	const {databaseRoot, postgresAdmin} = answers;
	if (shut === 'PostgreSQL') {
		if (postgresAdmin === 'peer') letPostgresIn($, rules);
		if (postgresAdmin === 'password') keepPostgresPassword($, answers.postgresAdminPassword);
		return;
	}

	if (databaseRoot === 'socket') letRootIn($, unit);
	if (databaseRoot === 'password') keepRootPassword($, answers.databaseRootPassword);
}

function closeServer($: Hand, {shut, rules}: Omit<Shut, 'unit'>, {databaseRoot, postgresAdmin}: Opening): void {
	if (shut === 'PostgreSQL') {
		if (postgresAdmin === 'peer') shutPostgresOut($, rules);
		if (postgresAdmin === 'password') forgetPostgresPassword($);
		return;
	}

	if (databaseRoot === 'socket') shutRootOut($);
	if (databaseRoot === 'password') forgetRootPassword($);
}

/** Debian's PostgreSQL reads the folder beside its rules last, its files in the order of their names. */
const listenFile = (rules: string) => rules.replace(/[^/]*$/, 'conf.d/zz-boxwizard.conf');
/** What earlier versions wrote. */
const earlierListenFile = (rules: string) => rules.replace(/[^/]*$/, 'conf.d/boxwizard.conf');
/** What ALTER SYSTEM writes, and what counts before all else. */
const ownSettings = (rules: string) => rules.replace(/^\/etc\/(.*\/)[^/]*$/, '/var/lib/$1postgresql.auto.conf');

/** Has PostgreSQL listen to the box alone, at its next start. */
function closePostgres($: Hand, rules: string): void {
	const [line, path] = ["listen_addresses = 'localhost'", ownSettings(rules)];
	$.file(listenFile(rules), `${line}\n`);
	$`if grep -qs '^listen_addresses' ${path}; then keep_original ${path}; sed -i ${`s/^listen_addresses.*/${line}/`} ${path}; fi`;
}

type Before = {readonly unit: ServerUnit; readonly socket?: {readonly enabled: boolean; readonly active: boolean}};

/** systemd listens again where it did. A journal of an earlier version knows nothing of it. */
function restoreSocket($: Hand, {unit, socket}: Before): void {
	if (socket?.enabled) $`systemctl enable --quiet ${socketUnit}`;
	if (!socket?.active) {
		$.service(unit, 'try-restart');
		return;
	}

	// Its port is free for it only while the server is down.
	$.service(unit, 'stop');
	$.service(socketUnit, 'start');
	$.service(unit, 'start');
}

/** What is asked of the distribution: each has its own MySQL. */
const serverPackage: Readonly<Record<'mysql' | 'postgresql', WantedPackage>> = {
	mysql: {name: 'mariadb-server', onUbuntu: 'mysql-server'},
	postgresql: 'postgresql',
};

const portOf = {mysql: 3306, postgresql: 5432} as const;

/** The package that brings a server. */
const packageOf = {mysql: 'mysql-server', mariadb: 'mariadb-server', postgresql: 'postgresql'} as const;

/** Those that go with it. PostgreSQL's are never taken off by themselves (/etc/apt/apt.conf.d/02autoremove-postgresql). */
const packagesOf = {
	mysql: ['mysql-server', 'mysql-server-*'],
	mariadb: ['mariadb-server', 'mariadb-server-*'],
	postgresql: ['postgresql', 'postgresql-*'],
} as const;

/** Prints the databases that people made; fails where the server does not answer. */
const listDatabases = {
	mysql: `mysql --batch --skip-column-names --execute "select schema_name from information_schema.schemata where schema_name not in ('information_schema', 'performance_schema', 'mysql', 'sys')" | xargs`,
	postgresql: `runuser -u postgres -- psql --no-psqlrc --tuples-only --no-align --command "select datname from pg_database where datname not in ('postgres', 'template0', 'template1')" | xargs`,
} as const;

/** Both servers read the files beside these in the order of their names, and the last one wins. */
const paths = {
	mysql: '/etc/mysql/mysql.conf.d/zz-boxwizard.cnf',
	mariadb: '/etc/mysql/mariadb.conf.d/99-boxwizard.cnf',
} as const;

/** systemd listens in MariaDB's place, on every address, whatever its own settings say. Debian 12's package enabled it for a while (10.11.18). */
const socketUnit = 'mariadb.socket';

type ServerUnit = 'mysql' | 'mariadb' | 'postgresql';

/** PostgreSQL's own defaults are what is wanted: the loopback only (Debian), scram passwords, 128 MB of buffers. */
function serverOf(database: string, os: string): {unit: ServerUnit; path: string} {
	if (database === 'postgresql') return {unit: 'postgresql', path: ''};
	if (os === 'ubuntu') return {unit: 'mysql', path: paths.mysql};
	return {unit: 'mariadb', path: paths.mariadb};
}

/** Somebody gave it a password since the person was asked. */
function rootIsShut(server: Exclude<ShutServer, ''>): Trouble {
	return new Trouble({
		what: `The administrator of ${server} does not get in without a password on this box.`,
		means: 'The app’s database is made, saved and looked at as that administrator. Nothing of it was touched.',
		next: 'Open the plan anew: it asks how they shall get in.',
		code: 'database-root',
	});
}

/** For MySQL and MariaDB. `loose-`: an option that only one of them knows is no error to the other. @param memory MB */
function settings({memory: megabytes, keptOpen}: {readonly memory: number; readonly keptOpen: boolean}): string {
	const small = megabytes < 2000;
	return [
		...(keptOpen
			? ['[mysqld]']
			: ['# The database of one app, on this box only.', '[mysqld]', 'bind-address = 127.0.0.1', 'loose-mysqlx = OFF']),
		'character-set-server = utf8mb4',
		'collation-server = utf8mb4_unicode_ci',
		`innodb_buffer_pool_size = ${bufferPool(megabytes)}M`,
		...(small ? ['max_connections = 50', 'performance_schema = OFF'] : []),
		'',
	].join('\n');
}

/** MB, for the pages of tables: an eighth of the memory at most. */
function bufferPool(megabytes: number): number {
	if (megabytes < 1500) return 64;
	if (megabytes < 3500) return 128;
	return megabytes < 7500 ? 256 : 512;
}
