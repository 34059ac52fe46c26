import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {startService} from '../../fixes/service.ts';
import {swap} from '../../system/swap.ts';

/** What database servers say of themselves. */
export const databaseServers: readonly Cause[] = [
	{
		id: 'database/server-memory',
		title: 'The box has too little memory for the database server.',
		match: [
			/InnoDB: (?:mmap\(\d+ bytes\) failed; errno 12|Cannot allocate memory for the buffer pool)/,
			/InnoDB: (?:Fatal error: )?cannot allocate memory for the buffer pool/i,
			/FATAL: {2}could not map anonymous shared memory: Cannot allocate memory/,
			/could not create shared memory segment: Cannot allocate memory/,
		],
		over: ['resources/memory', 'database/refused', 'database/server-ended', 'process/unit-failed'],
		means:
			'It asks for its buffer at its start (128 MB and more), and there is not so much left. It ends, and with it each page of the app.',
		next: 'Add swap, let the app have fewer workers, or give the box more memory.',
		fixes: (_, {isOwn}) => [
			...(isOwn ? [fixByStep(swap, 'Add swap')] : []),
			...['mariadb', 'mysql', 'postgresql'].map(startService),
		],
	},
	{
		id: 'database/server-port',
		title: ({port = 'its port'}) => `The database can’t start: something else has ${port}.`,
		match: [
			/Can't start server: Bind on (?:TCP\/IP|unix socket)(?: port)?:? ?(?:.*)Address already in use/,
			/Do you already have another (?:mysqld|mariadbd?) server running on port: ?(?<port>\d+)/,
			/could not bind (?:IPv4|IPv6|IPv4 address|Unix)? ?(?:socket|address).*Address already in use/,
			/Is another postmaster already running on port (?<port>\d+)/,
			/lock file "postmaster\.pid" already exists/,
		],
		over: ['process/port-in-use', 'database/server-ended'],
		means: 'A second server (MySQL beside MariaDB, one in a container, an older one that did not end) listens there.',
		next: 'Stop the one that is not wanted, and start the other one again.',
	},
	{
		id: 'database/server-files',
		title: 'The database server may not read or write its own files.',
		match: [
			/\[ERROR\].*(?:InnoDB: The error means mysqld does not have the access rights|Can't create\/write to file '[^']+' \(Errcode: 13|InnoDB: Operating system error number 13)/,
			/FATAL: {2}(?:data directory "[^"]+" has (?:wrong ownership|invalid permissions)|could not open (?:file|directory) "[^"]+": Permission denied)/,
			/Fatal error: Can't open and lock privilege tables/,
		],
		over: ['database/refused', 'database/server-ended'],
		means: 'Its folder in /var/lib belongs to somebody else, after a copy or a chown over too much.',
		next: 'Its folder and all in it must belong to the user mysql (or postgres), the folder of PostgreSQL with mode 0700.',
	},
	{
		id: 'database/server-version',
		title: 'The files of the database were made by another version of the server.',
		match: [
			/FATAL: {2}database files are incompatible with server/,
			/The data directory was initialized by PostgreSQL version (?<has>\d+)/,
			/InnoDB: (?:Unsupported redo log format|Upgrade after a crash is not supported|Invalid flags 0x)/,
			/\[ERROR\].*(?:Downgrade is not supported|Upgrade is not supported after a crash|Cannot upgrade server earlier than)/,
		],
		over: ['database/refused', 'database/server-ended'],
		means:
			'The system was upgraded and the database with it (or the other way round), and its files stayed as they were.',
		next: 'Start the version that made them and take a dump; read that into the new one.',
	},
	{
		id: 'database/server-option',
		title: ({what}) => `The database refuses a line of its configuration: ${what}.`,
		match: [
			/\[ERROR\].*(?:unknown variable|unknown option) '(?<what>[^']+)'/,
			/FATAL: {2}configuration file "(?<what>[^"]+)" contains errors/,
			/unrecognized configuration parameter "(?<what>[^"]+)" in file/,
		],
		over: ['database/refused', 'database/server-ended'],
		means: 'A line is of another version, or misspelled. The server does not start with it.',
		next: 'Take that line out of its configuration, and start it again.',
		fixes: () => ['mariadb', 'mysql', 'postgresql'].map(startService),
	},
	{
		id: 'database/server-ended',
		depth: 'after',
		title: 'The database server ended at its start.',
		match: [
			/\[ERROR\] Aborting$/,
			/Plugin 'InnoDB' (?:init function returned error|registration as a STORAGE ENGINE failed)/,
			/LOG: {2}(?:startup process \(PID \d+\) (?:exited|was terminated)|aborting startup due to)/,
		],
		means: 'The lines before it say why.',
		next: 'Mend what they name, and start it again.',
		fixes: () => ['mariadb', 'mysql', 'postgresql'].map(startService),
	},
];
