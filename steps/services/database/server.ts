import {z} from 'zod';
import {fileIs} from '../../../source/contract/file-fact.ts';
import {defineStep} from '../../../source/contract/step.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {
	explainRefusal,
	forgetRootPassword,
	keepRootPassword,
	letRootIn,
	readShut,
	rootConflict,
	type ShutServer,
	shutRootOut,
} from '../../database/rootLogin.ts';
import {options} from '../../options.ts';
import {readMemory} from '../../process/memory.ts';
import {readOs} from '../../system/os.ts';
import {readUnits} from '../../system/units.ts';

/** The database server: it runs, is reached only from the box itself, and fits its memory. */
export const server = defineStep({
	id: 'database/server',
	title: 'Database server',
	why: 'It listens on this box only, stores every character (utf8mb4), and takes no more memory than the box has to give. The stock settings are made for larger ones.',
	needs: ['app/packages'],
	options: z.object({
		database: options.database,
		databaseRoot: options.databaseRoot,
		databaseRootPassword: options.databaseRootPassword,
	}),
	wanted: ({database}) => database !== 'sqlite',
	conflicts: async $ => [(await rootConflict($)) ?? []].flat(),
	async check($, {database, databaseRoot}) {
		const [os, memory, units, exposed, mysql, mariadb, shut] = await Promise.all([
			readOs($),
			readMemory($),
			readUnits($),
			$`ss -Hltn '( sport = :3306 or sport = :33060 or sport = :5432 )' | awk '$4 !~ /^(127[.]|\\[::1\\])/ {print $4}'`,
			$.file(paths.mysql),
			$.file(paths.mariadb),
			database === 'mysql' ? readShut($) : ('' as const),
		]);
		if (shut !== '' && databaseRoot === undefined) throw rootIsShut(shut);
		const kind = serverOf(database, os.id);
		const file = {[paths.mysql]: mysql, [paths.mariadb]: mariadb}[kind.path] ?? null;
		const {active, enabled} = units[`${kind.unit}.service`];
		const socket = {enabled: units[socketUnit].enabled, active: units[socketUnit].active};
		return {...kind, memory, exposed, file, socket, shut, running: active && enabled};
	},
	done: facts =>
		facts.running &&
		facts.exposed === '' &&
		facts.shut === '' &&
		!facts.socket.enabled &&
		!facts.socket.active &&
		(facts.path === '' || fileIs(facts.file, settings(facts.memory))),
	apply($, {path, unit, memory, socket, shut}, {databaseRoot, databaseRootPassword}) {
		if (shut !== '' && databaseRoot === 'socket') letRootIn($, unit);
		if (shut !== '' && databaseRoot === 'password') keepRootPassword($, databaseRootPassword);
		if (path !== '') $.file(path, settings(memory));
		if (socket.enabled || socket.active) $.service(socketUnit, 'disable');
		$.service(unit, 'enable');
		$.service(unit, 'restart');
	},
	explain: explainRefusal,
	undo($, before, {databaseRoot}) {
		if (before.path === '') return;
		if (before.shut && databaseRoot === 'socket') shutRootOut($);
		if (databaseRoot === 'password') forgetRootPassword($);
		$.restore(before.path);
		// A journal of an earlier version knows nothing of it.
		if (before.socket?.enabled) $`systemctl enable --quiet ${socketUnit}`;
		if (!before.socket?.active) return $.service(before.unit, 'try-restart');
		// Its port is free for it only while the server is down.
		$.service(before.unit, 'stop');
		$.service(socketUnit, 'start');
		$.service(before.unit, 'start');
	},
});

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
		what: `${server}’s root has a password, and this box’s root does not get in without it.`,
		means: 'The app’s database is made, saved and looked at as root. Nothing of it was touched.',
		next: 'Open the plan anew: it asks how root shall get in.',
		code: 'database-root',
	});
}

/** For MySQL and MariaDB. `loose-`: an option that only one of them knows is no error to the other. */
function settings(megabytes: number): string {
	const small = megabytes < 2000;
	return [
		'# The database of one app, on this box only.',
		'[mysqld]',
		'bind-address = 127.0.0.1',
		'loose-mysqlx = OFF',
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
