import {createHash} from 'node:crypto';
import {DatabaseSync} from 'node:sqlite';
import {describe, expect, test} from 'vitest';
import {compareMarks, isUntouched, type Mark, markQuery, readMark} from '../../../steps/schema/marks.ts';

const hex = (name: string) => Buffer.from(name).toString('hex');

/** What sqlite3's shell has beside SQLite itself; the statements are those that it gets. */
class Database {
	readonly file = new DatabaseSync(':memory:');

	constructor(...statements: readonly string[]) {
		this.file.function('sha3_query', {deterministic: false}, (sql: unknown) =>
			createHash('sha3-256')
				.update(JSON.stringify(this.file.prepare(String(sql)).all()))
				.digest(),
		);
		this.run(...statements);
	}

	run(...statements: readonly string[]): void {
		for (const one of statements) this.file.exec(one);
	}

	private lines(sql: string): string[] {
		return this.file
			.prepare(sql)
			.all()
			.map(row => String(Object.values(row)[0]));
	}

	mark(): Mark {
		const {sql, answersStatements} = markQuery('sqlite');
		expect(answersStatements).toBe(true);
		return readMark(
			this.lines(sql)
				.flatMap(statement => this.lines(statement))
				.join('\n'),
		);
	}
}

describe('SQLite', () => {
	test('says what was written to which table, whatever it is called', () => {
		const odd = `we'ird "n\`ame\n; drop table posts; --`;
		const quoted = `"${odd.replaceAll('"', '""')}"`;
		const database = new Database(
			'create table posts (id integer primary key, title text)',
			`insert into posts (title) values ('a'), ('b')`,
			`create table ${quoted} (x)`,
			'create table same (x)',
			'create table alembic_version (x)',
		);
		const before = database.mark();
		expect(isUntouched(compareMarks(before, database.mark()))).toBe(true);
		database.run(
			`update posts set title = 'c' where id = 1`,
			`insert into ${quoted} values (1), (2)`,
			'insert into alembic_version values (1)',
			'create table fresh (x)',
		);
		expect(compareMarks(before, database.mark())).toEqual({
			posts: {code: 'changed'},
			[odd]: {code: 'at-least', rows: 2},
			same: {code: 'nothing'},
			fresh: {code: 'new', rows: 0},
		});
		database.run('drop table posts');
		expect(compareMarks(before, database.mark()).posts).toEqual({code: 'gone', rows: 2});
	});
});

describe('MariaDB', () => {
	/** As mariadb --batch --raw --skip-column-names 10.11 printed it. */
	const answer = (rows: number, sum: number) =>
		`mark ${hex('posts')} rows=${rows}\napp.posts\t${sum}\nmark ${hex('a\nb')}\nmark ${hex('tags')} rows=0\napp.tags\t0\n`;

	test('reads a table and the checksum that follows it', () => {
		expect(readMark(answer(2, 3770035346)).tables).toEqual({
			posts: {rows: 2, checksum: '3770035346'},
			'a\nb': {},
			tags: {rows: 0, checksum: '0'},
		});
	});

	test('tells rows that came from rows that were changed', () => {
		const before = readMark(answer(2, 1));
		expect(compareMarks(before, readMark(answer(2, 1))).posts).toEqual({code: 'nothing'});
		expect(compareMarks(before, readMark(answer(2, 7))).posts).toEqual({code: 'changed'});
		expect(compareMarks(before, readMark(answer(5, 7))).posts).toEqual({code: 'at-least', rows: 3});
	});

	test('a table that can’t be counted is not taken for untouched', () => {
		const mark = readMark(answer(2, 1));
		expect(compareMarks(mark, mark)['a\nb']).toEqual({code: 'changed'});
		expect(isUntouched(compareMarks(mark, mark))).toBe(false);
	});

	test('a name stands in quotes where it is a name, and as hexadecimal where it is a text', () => {
		const {sql} = markQuery('mysql');
		expect(sql).toContain("replace(table_name, '`', '``')");
		expect(sql).not.toMatch(/concat\([^)]*'mark ', table_name/);
	});
});

describe('PostgreSQL', () => {
	/** As psql --tuples-only --no-align 15 printed it. */
	const before = readMark(
		`begin 736 1795871953.136044\nmark ${hex('posts')} rows=100 written=100\nmark ${hex('other.same')} rows=1 written=1\n`,
	);
	const sinceThen = (posts: string, begin = '743 1795871953.136044') =>
		compareMarks(
			before,
			readMark(`begin ${begin}\nmark ${hex('posts')} ${posts}\nmark ${hex('other.same')} rows=1 written=1 newer=0\n`),
		);

	test('counts inserted, changed and deleted rows', () => {
		expect(sinceThen('rows=101 written=106 newer=5').posts).toEqual({code: 'rows', rows: 6});
		expect(sinceThen('rows=100 written=100 newer=0')).toEqual({
			'other.same': {code: 'nothing'},
			posts: {code: 'nothing'},
		});
	});

	test('rows of transactions that were taken back alone are nothing', () => {
		expect(sinceThen('rows=100 written=110 newer=0').posts).toEqual({code: 'nothing'});
	});

	test('what a session has not reported yet, and what TRUNCATE took, is seen by the rows themselves', () => {
		expect(sinceThen('rows=101 written=100 newer=4').posts).toEqual({code: 'at-least', rows: 4});
		expect(sinceThen('rows=0 written=100 newer=0').posts).toEqual({code: 'at-least', rows: 100});
	});

	test('counters that began anew are not compared', () => {
		expect(sinceThen('rows=101 written=900 newer=5', '743 1795871965.951221').posts).toEqual({
			code: 'at-least',
			rows: 5,
		});
	});

	test('asks for newer rows only by a number', () => {
		expect(markQuery('postgresql', before).sql).toContain("age(''736''::xid)");
		expect(markQuery('postgresql', {...before, transaction: "1'; drop"}).sql).not.toContain('drop');
		expect(markQuery('postgresql').sql).not.toContain('age(xmin)');
	});
});

test('lines that are none of a mark are left out', () => {
	expect(readMark(`ERROR 1146\nmark zz rows=1\nmark ${hex('posts')} rows=x\nmark\n\t5\n`).tables).toEqual({});
});

test('a table that is called like a property of each object is a table', () => {
	const mark = readMark(`mark ${hex('__proto__')} rows=1 checksum=AA\nmark ${hex('constructor')} rows=1 checksum=AA\n`);
	expect(Object.keys(mark.tables)).toEqual(['__proto__', 'constructor']);
	expect(Object.keys(compareMarks(mark, mark))).toEqual(['__proto__', 'constructor']);
});
