import type {Engine} from './operation.ts';

/**
 * What stands in each table of a database at a moment. A mark is taken at a dump, and compared with a later one: so a box knows what a
 * return to the dump would lose. Writes between the mark and the dump count as later ones: nothing that a dump lacks is left out.
 */
export type Mark = {
	/** By table; PostgreSQL's outside of `public` have their schema before them. */
	readonly tables: Readonly<Record<string, TableMark>>;
	/** PostgreSQL: the oldest transaction that was open. Rows of later ones are newer. */
	readonly transaction?: string;
	/** PostgreSQL: when its counters began. Counters of two beginnings can't be compared. */
	readonly countsSince?: string;
};

export type TableMark = {
	/** undefined where it can't be counted: its name can't be written into a statement. */
	readonly rows?: number;
	/** MariaDB, MySQL, SQLite: changes with what stands in it. */
	readonly checksum?: string;
	/** PostgreSQL: rows inserted, updated and deleted, also by transactions that were taken back. */
	readonly written?: number;
	/** PostgreSQL: rows that came, or were changed, after the earlier mark. */
	readonly newer?: number;
};

/** How a mark is asked for. */
export type MarkQuery = {
	readonly sql: string;
	/** It answers statements, a line each: these are to be run on the same database, and answer the mark. */
	readonly answersStatements: boolean;
};

/**
 * What answers a mark, to be read by `readMark`. To be run by the engine's own client, in its plainest output (mysql --batch --raw
 * --skip-column-names, psql --tuples-only --no-align, sqlite3), as one who may read all tables. Each reads every row once, as a dump does.
 *
 * - PostgreSQL counts what is written to a table since its counters were reset (manual, “The Cumulative Statistics System”,
 *   `pg_stat_all_tables`): also by transactions that were taken back, not by TRUNCATE, and what a session has not reported yet comes a moment
 *   later. So each row is asked for its `xmin` too (manual, “System Columns”), the transaction that wrote it: none newer and none less is
 *   nothing written. They begin anew where somebody resets them (`stats_reset` of `pg_stat_database`), and after a
 *   crash, which that of `pg_stat_bgwriter` tells.
 * - MariaDB and MySQL count nothing by table, and `update_time` of InnoDB's tables is lost at a restart (MariaDB's documentation,
 *   “Information Schema TABLES Table”). CHECKSUM TABLE reads what stands in it (“CHECKSUM TABLE”); its value may be another one after
 *   the table itself was altered.
 * - SQLite's `data_version` is of one connection (“PRAGMA data_version”), and the counter in its file is not raised by each transaction in WAL
 *   mode (“Database File Format”, 1.3.6). Its shell has `sha3_query` (“Command Line Shell For SQLite”).
 * @param earlier the mark that it will be compared with
 */
export function markQuery(engine: Engine, earlier?: Mark): MarkQuery {
	switch (engine) {
		case 'postgresql':
			return {sql: postgresql(earlier?.transaction), answersStatements: false};
		case 'mysql':
			return {sql: mysql, answersStatements: true};
		case 'sqlite':
			return {sql: sqlite, answersStatements: true};
		default:
			return engine satisfies never;
	}
}

/** A name comes as hexadecimal: no letter of it can be taken for an end of it. */
function postgresql(transaction: string | undefined): string {
	const isKnown = transaction !== undefined && /^\d+$/.test(transaction);
	// Transactions are numbered in a circle: which is older is told by age() (manual, “Routine Vacuuming”).
	const newer = isKnown ? `count(*) filter (where age(xmin) <= age(''${transaction}''::xid))` : 'null';
	return `select concat_ws(' ', 'begin', pg_snapshot_xmin(pg_current_snapshot())::text::numeric % 4294967296, extract(epoch from stats_reset), (select extract(epoch from stats_reset) from pg_stat_bgwriter)) from pg_stat_database where datname = current_database() union all select concat_ws(' ', 'mark', encode(convert_to(case schemaname when 'public' then relname else schemaname || '.' || relname end, 'UTF8'), 'hex'), 'rows=' || (xpath('/row/rows/text()', counted))[1], 'written=' || written, 'newer=' || (xpath('/row/newer/text()', counted))[1]) from (select schemaname, relname, n_tup_ins + n_tup_upd + n_tup_del as written, query_to_xml(format('select count(*) as rows, ${newer} as newer from only %I.%I', schemaname, relname), false, true, '') as counted from pg_stat_user_tables) as counts`;
}

const mysql =
	"select case when table_name regexp '[[:cntrl:]]' then concat('select ''mark ', hex(convert(table_name using utf8mb4)), '''') else concat('select concat(''mark ', hex(convert(table_name using utf8mb4)), ' rows='', count(*)) from `', replace(table_name, '`', '``'), '`; checksum table `', replace(table_name, '`', '``'), '`') end, ';' from information_schema.tables where table_schema = database() and table_type in ('BASE TABLE', 'SYSTEM VERSIONED')";

const sqlite =
	"select printf('select ''mark %s rows='' || count(*) || '' checksum='' || hex(sha3_query(%Q)) from \"%w\";', hex(name), 'select * from \"' || replace(name, '\"', '\"\"') || '\"', name) from sqlite_master where type = 'table' and name not like 'sqlite^_%' escape '^' and sql not like 'create virtual%'";

const line =
	/^mark (?<name>(?:[0-9a-fA-F]{2})+)(?: rows=(?<rows>\d+))?(?: written=(?<written>\d+))?(?: newer=(?<newer>\d+))?(?: checksum=(?<checksum>[0-9A-F]+))?$/;
const beginning = /^begin (?<transaction>\d+)(?: (?<since>[\d. ]+))?$/;
/** CHECKSUM TABLE's own line follows the one of its table. */
const checksumLine = /\t(?<checksum>\d+)$/;

/** What the query answered. Lines that are none of a mark are left out. */
export function readMark(answer: string): Mark {
	const tables: Record<string, TableMark> = Object.create(null);
	let begun: Pick<Mark, 'transaction' | 'countsSince'> = {};
	let last: string | undefined;
	for (const text of answer.split('\n')) {
		const {name, rows, written, newer, checksum} = line.exec(text)?.groups ?? {};
		const begins = beginning.exec(text)?.groups;
		const sum = checksumLine.exec(text)?.groups?.checksum;
		if (begins?.transaction !== undefined) begun = {transaction: begins.transaction, countsSince: begins.since ?? ''};
		else if (name !== undefined) {
			last = Buffer.from(name, 'hex').toString('utf8');
			tables[last] = {
				...(rows !== undefined && {rows: Number(rows)}),
				...(written !== undefined && {written: Number(written)}),
				...(newer !== undefined && {newer: Number(newer)}),
				...(checksum !== undefined && {checksum}),
			};
		} else if (sum !== undefined && last !== undefined) tables[last] = {...tables[last], checksum: sum};
	}

	return {tables, ...begun};
}

/** What was written to a table between two marks. */
export type Written =
	| {readonly code: 'nothing'}
	/** Inserted, changed and deleted. Rows of transactions that were taken back are among them. */
	| {readonly code: 'rows'; readonly rows: number}
	| {readonly code: 'at-least'; readonly rows: number}
	/** Something, and nobody knows how much. */
	| {readonly code: 'changed'}
	/** It came since, with this many rows; it is not there any more. */
	| {readonly code: 'new'; readonly rows: number}
	| {readonly code: 'gone'; readonly rows: number};

/** Tables in which migrations note what they have done: no person wrote there. */
const ofMigrations =
	/^(?:alembic_version|django_migrations|schema_migrations|knex_migrations(?:_lock)?|_prisma_migrations|goose_db_version|flyway_schema_history|(?:drizzle\.)?__drizzle_migrations)$/;

/** What was written since, by table. The later mark was asked for with the earlier one. */
export function compareMarks(before: Mark, after: Mark): Record<string, Written> {
	const names = [...new Set([...Object.keys(before.tables), ...Object.keys(after.tables)])].toSorted();
	const isSameCount = before.countsSince !== undefined && before.countsSince === after.countsSince;
	return Object.fromEntries(
		names
			.filter(name => !ofMigrations.test(name))
			.map(name => [name, writtenTo(before.tables[name], after.tables[name], isSameCount)]),
	);
}

function writtenTo(before: TableMark | undefined, after: TableMark | undefined, isSameCount: boolean): Written {
	if (!before) return {code: 'new', rows: after?.rows ?? 0};
	if (!after) return {code: 'gone', rows: before.rows ?? 0};
	if (before.rows === undefined || after.rows === undefined) return {code: 'changed'};
	const difference = Math.abs(after.rows - before.rows);
	if (after.newer !== undefined) {
		// Rows that no later transaction wrote were there before; those that are not among them any more were changed or deleted.
		const touched = Math.max(after.newer, before.rows - (after.rows - after.newer), difference);
		if (touched === 0) return {code: 'nothing'};
		const counted = isSameCount ? (after.written ?? 0) - (before.written ?? 0) : 0;
		return counted >= touched ? {code: 'rows', rows: counted} : {code: 'at-least', rows: touched};
	}

	if (difference > 0) return {code: 'at-least', rows: difference};
	const isSame = before.checksum !== undefined && before.checksum === after.checksum;
	return isSame ? {code: 'nothing'} : {code: 'changed'};
}

/** Whether nothing at all was written between two marks. */
export function isUntouched(written: Readonly<Record<string, Written>>): boolean {
	return Object.values(written).every(({code}) => code === 'nothing');
}
