import type {AppOnBox, Cause} from '../../../source/contract/diagnosis/cause.ts';
import {type Fix, fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {earlierCode} from '../../fixes/code.ts';
import {rootOf} from '../../fixes/commands.ts';
import {mayUse} from '../../fixes/ownership.ts';
import {halfMigratedTables} from '../../fixes/tables.ts';
import {migrations} from '../../python/migrations.ts';
import {begunOf} from '../../services/database/halfMigrated.ts';

const migrate = ({isOwn}: AppOnBox): Fix[] =>
	isOwn
		? [
				fixByStep(
					migrations,
					'Run the migrations',
					'The database is dumped to a file first, then the migrations bring its tables to what the code wants.',
				),
			]
		: [];

/** What is in a database, and what migrations make of it. */
export const databaseTables: readonly Cause[] = [
	{
		// The guide: forgot to `flask db upgrade` when columns were added.
		id: 'database/forgotten-migration',
		depth: 'kind',
		title: ({column, table}) =>
			column === undefined
				? `The table ${table ?? 'it needs'} is not in the database.`
				: `The column ${column} is not in the database.`,
		match: [
			/Unknown column '(?<column>[^']+)' in/,
			/no such column: (?<column>\S+)/,
			/column "?(?<column>[\w.]+)"? (?:of relation "\w+" )?does not exist/,
			/has no column named (?<column>\w+)/,
			/Table '(?<table>[^']+)' doesn't exist/,
			/no such table: (?<table>\S+)/,
			/relation "(?<table>[^"]+)" does not exist/,
			/The (?:table|column) `(?<table>[^`]+)` does not exist in the current database/,
			/\(Mix\) .*there are pending migrations|Phoenix\.Ecto\.PendingMigrationError/,
			/You have (?<count>\d+) unapplied migration\(s\)/,
		],
		means: 'The code is newer than the database: columns or tables were added, and the migrations were not run.',
		next: 'If the migrations are all run, one was never made: make it on your machine, commit it, push, and deploy again.',
		fixes: (_, app) => migrate(app),
	},
	{
		id: 'database/lost-migration',
		title: ({revision}) => `The migration ${revision} is not in the code.`,
		match: [
			/Can't locate revision identified by '(?<revision>\w+)'/,
			/KeyError: '(?<revision>[0-9a-f]{12})'/,
			/NodeNotFoundError: Migration \S+ dependencies reference nonexistent parent node \('\w+', '(?<revision>\w+)'\)/,
			/Revision (?<revision>\w+) referenced from .+ is not present/,
		],
		over: ['database/forgotten-migration'],
		means:
			'The database was brought to a version whose migration file this release does not have: the code went back, another branch was deployed, or the file was not committed.',
		next: 'Commit the missing file of the migrations and deploy again, or go forward to the release that had it.',
	},
	{
		id: 'database/half-migrated',
		title: 'A migration failed half-way, and visitors may have written since.',
		match: [
			/^Tables: changed half-way\. (?<requests>\d+) requests? since may have written(?:; other rows in: (?<tables>[^.]*))?/,
		],
		from: ['output', 'box'],
		depth: 'kind',
		means: ({requests, tables}) =>
			`So the tables were not put back by themselves: ${requests} requests may have written since${tables ? `, and there are other rows in ${tables}` : ''}. The version that is live may not fit them as they are.`,
		next: 'Decide by the keys: as they were before (what was written since is lost), or as they are.',
		fixes: (_, app) => halfMigratedTables(app),
		look: ($, {user, isOwn}) =>
			isOwn
				? $`if [ -f ${`${begunOf(user)}/settle`} ]; then bash ${`${begunOf(user)}/settle`} look; fi`
				: Promise.resolve(''),
	},
	{
		id: 'database/behind',
		title: 'The database stands before the newest migration.',
		match: [/Error: Target database is not up to date/],
		means: 'A new migration is made (or checked) against a database in which the last one was not run.',
		next: 'Run the migrations first.',
		fixes: (_, app) => migrate(app),
	},
	{
		id: 'database/no-migrations',
		title: 'The folder with the migrations is not in the code.',
		match: [
			/Error: Path doesn't exist: '?(?<path>[^'\s]+?)'?\. +Please use the 'init' command/,
			/No 'script_location' key found in configuration/,
		],
		means: 'migrations/ (or alembic.ini) was not committed, or the command ran in another folder.',
		next: 'Commit the folder with all its versions, push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'database/two-heads',
		title: 'Two migrations both claim to be the newest one.',
		match: [
			/Multiple head revisions are present for given argument '?(?<head>\w+)/,
			/Multiple heads are present/,
			/Conflicting migrations detected; multiple leaf nodes in the migration graph: \((?<head>[^)]+)\)/,
			/(?:The script directory has|Only a single head is supported).*multiple heads/i,
		],
		means: 'Two branches each added a migration after the same one, and were merged.',
		next: 'On your machine: merge them (flask db merge heads, or makemigrations --merge), commit, push, and deploy again.',
		fixes: (_, app) => earlierCode(app),
	},
	{
		id: 'database/exists-already',
		title: ({table}) => `A migration makes ${table ?? 'a table'}, which is there already.`,
		match: [
			/\b1050\b.*Table '(?<table>[^']+)' already exists/,
			/Table '(?<table>[^']+)' already exists/,
			/relation "(?<table>[^"]+)" already exists/,
			/table "?(?<table>\w+)"? already exists/,
			/Duplicate column name '(?<table>[^']+)'/,
			/duplicate column name: (?<table>\w+)/,
			/column "(?<table>\w+)" of relation "\w+" already exists/,
			/type "(?<table>\w+)" already exists/,
			/Duplicate key name '(?<table>[^']+)'/,
		],
		means:
			'The tables were made in another way (create_all, a dump read back), or a migration stopped half-way and is run again.',
		next: 'Try again: where all of its tables are there, you are asked whether to mark the migrations as run (stamp). If one stopped half-way, bring back the dump that was made before it.',
	},
	{
		id: 'database/percent',
		title: 'A % in the database’s address is read by alembic as something to fill in.',
		match: [
			/invalid interpolation syntax in '?[^']*:\/\//,
			/ValueError: invalid interpolation syntax in .* at position \d+/,
			/configparser\.InterpolationSyntaxError: '%' must be followed by '%' or '\('/,
		],
		means:
			'alembic keeps the address in an ini file, where % has a meaning of its own. A password with %40 and its like trips over that.',
		next: 'In migrations/env.py write .replace("%", "%%") behind the address; or take a password of letters and digits.',
	},
	{
		id: 'database/long-index',
		title: ({bytes}) => `An index is longer than the database allows (${bytes ?? '767'} bytes).`,
		match: [/Specified key was too long; max key length is (?<bytes>\d+) bytes/],
		means:
			'A column of utf8mb4 takes four bytes for each character, so an index over String(255) is 1020 bytes; older row formats take 767, newer ones 3072.',
		next: 'Index a shorter column (String(191)), or make the table with ROW_FORMAT=DYNAMIC on a newer server. Push, and deploy again.',
	},
	{
		id: 'database/no-length',
		title: 'A column of MySQL needs a length.',
		match: [
			/VARCHAR requires a length on dialect mysql/,
			/BLOB\/TEXT column '(?<column>[^']+)' used in key specification without a key length/,
		],
		means: 'SQLite and PostgreSQL do without; MySQL does not, nor does it index a text without a length.',
		next: 'Write String(255) (or shorter) in the model and in the migration, push, and deploy again.',
	},
	{
		id: 'database/charset',
		title: ({column = 'A column'}) => `${column} can’t hold emoji and many other characters.`,
		match: [
			/Incorrect string value: '[^']*' for column (?:`\w+`\.`\w+`\.)?[`']?(?<column>[\w.]+)/,
			/Character set '\w+' is not a compiled character set|Unknown character set|Unknown collation: '(?<collation>[^']+)'/,
		],
		means: ({collation}) =>
			collation === undefined
				? 'The table was made with utf8 or latin1, which in MySQL hold only a part of Unicode: utf8mb4 holds all.'
				: `The dump or migration names the collation ${collation}, which only another version of MySQL or MariaDB has.`,
		next: 'Convert the table to utf8mb4 in a migration (or name a collation that both know), push, and deploy again.',
	},
	{
		id: 'database/duplicate',
		depth: 'kind',
		title: ({key}) => `A value that may be there only once is there already${key === undefined ? '' : ` (${key})`}.`,
		match: [
			/\b1062\b.*Duplicate entry '[^']*' for key '(?<key>[^']+)'/,
			/duplicate key value violates unique constraint "(?<key>[^"]+)"/,
			/UNIQUE constraint failed: (?<key>\S+)/,
			/E11000 duplicate key error collection: \S+ index: (?<key>\w+)/,
		],
		means:
			'Two rows would have the same key: it was sent twice, a migration meets older data, or a sequence stands behind the rows that a dump brought.',
		next: 'Catch it where the app writes; after a dump, set the sequence to the highest number.',
	},
	{
		id: 'database/too-long',
		title: ({column}) => `A value is too long for ${column ?? 'its column'}.`,
		match: [
			/Data too long for column '(?<column>[^']+)'/,
			/value too long for type (?<column>character varying\(\d+\))/,
			/StringDataRightTruncation/,
		],
		means:
			'SQLite takes any length, MySQL and PostgreSQL keep to what the model says. A password hash is often longer than its column.',
		next: 'Make the column longer in a migration, push, and deploy again.',
	},
	{
		id: 'database/not-null',
		depth: 'kind',
		title: ({column}) => `The column ${column ?? ''} may not be empty, and would be.`,
		match: [
			/null value in column "(?<column>[^"]+)"/,
			/NOT NULL constraint failed: (?<column>\S+)/,
			/Column '(?<column>[^']+)' cannot be null|Field '(?<column>[^']+)' doesn't have a default value/,
			/contains null values/,
		],
		means: 'A migration adds a column without a default to rows that are there, or the app leaves it out.',
		next: 'Give the column a server default in the migration, or fill the rows first. Push, and deploy again.',
	},
	{
		id: 'database/foreign-key',
		depth: 'kind',
		title: 'A row points to another one that is not there, or is pointed to.',
		match: [
			/Cannot (?:add or update a child|delete or update a parent) row: a foreign key constraint fails/,
			/violates foreign key constraint "(?<key>[^"]+)"/,
			/FOREIGN KEY constraint failed/,
			/Cannot add foreign key constraint|Foreign key constraint is incorrectly formed|Failed to (?:add|open) the (?:foreign key constraint|referenced table)/,
		],
		means: 'Rows are written or removed in the wrong order, or the two columns of a key differ in their type.',
		next: 'Look at the table that is named; correct the order, or the type in the migration.',
	},
	{
		id: 'database/no-alter',
		title: 'SQLite can’t change a table in the way the migration wants.',
		match: [
			/No support for ALTER of constraints in SQLite dialect/,
			/near "(?:ALTER|DROP|MODIFY)": syntax error/,
			/Cannot add a (?:NOT NULL|UNIQUE|PRIMARY KEY) column/,
		],
		means: 'SQLite knows only few forms of ALTER TABLE; alembic then makes the table anew (batch mode).',
		next: 'Set render_as_batch=True in migrations/env.py and make the migration anew; or take MariaDB or PostgreSQL.',
	},
	{
		id: 'database/locked',
		title: 'The database is locked by another writer.',
		match: [
			/database is locked/,
			/Lock wait timeout exceeded; try restarting transaction/,
			/Deadlock found when trying to get lock|deadlock detected/,
			/canceling statement due to lock timeout/,
		],
		means:
			'Two write at once and one waited too long. SQLite lets only one write; with several workers or a job queue that is soon too little.',
		next: 'Keep transactions short. An app with several workers is better served by MariaDB or PostgreSQL (option “Database”).',
	},
	{
		id: 'database/damaged',
		title: 'The database’s file is damaged.',
		match: [
			/database disk image is malformed|file is not a database|file is encrypted or is not a database/,
			/\[ERROR\].*InnoDB: (?:Database page corruption|corrupted|Corruption of)|Table '[^']+' is marked as crashed and should be repaired/,
			/PANIC: {2}could not locate a valid checkpoint record|invalid page in block \d+ of relation/,
		],
		means: 'A full disk, a power cut, or a file that was copied while it was written.',
		next: 'Bring back the newest dump from /var/backups/boxwizard, or your provider’s backup. Make a copy of what is there first.',
	},
	{
		id: 'database/read-only',
		title: (_, {user}) => `The SQLite database can’t be opened or written by ${user}.`,
		match: [/attempt to write a readonly database/, /unable to open database file/, /SQLITE_(?:READONLY|CANTOPEN)/],
		means:
			'SQLite writes the file, and a journal beside it: the app’s user must be able to write the file and its folder.',
		next: (_, {user}) => `See who owns the file and its folder: it should be ${user}.`,
		fixes: (_, app) => {
			const root = rootOf(app);
			const state = `${root}/shared/state`;
			return app.isOwn ? [...mayUse(app, state), ...mayUse(app, `${state}/${app.name}.db`)] : [];
		},
	},
];
