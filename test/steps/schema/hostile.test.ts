import {describe, expect, test} from 'vitest';
import {judge, type Question} from '../../../steps/schema/judge.ts';
import type {MigrationTool} from '../../../steps/schema/operation.ts';
import {wordsOf} from '../../../steps/schema/words.ts';
import {fileOf, type Written} from './histories.ts';

function question(tool: MigrationTool, old: Record<string, Written>, since: Record<string, Written>): Question {
	const files = (written: Record<string, Written>) =>
		Object.entries(written).map(([name, one]) => fileOf(tool, name, one));
	const releases = [
		{id: 'old', files: files(old)},
		{id: 'today', files: files({...old, ...since})},
	];
	return {tool, engine: 'postgresql', releases, to: 'old'};
}

const path: Readonly<Record<MigrationTool, string>> = {
	alembic: 'migrations/versions/b2_.py',
	django: 'blog/migrations/0002_next.py',
	ecto: 'priv/repo/migrations/2_next.exs',
	knex: 'migrations/2_next.js',
	typeorm: 'src/migrations/2-next.ts',
	prisma: 'prisma/migrations/2_next/migration.sql',
	sql: 'migrations/2_next.sql',
};
const tools = Object.keys(path) as MigrationTool[];
const isCareful = (asked: Question) => judge(asked).verdict !== 'fits';

/** Text that is meant to keep a reader busy, or to lead it astray. Each is the whole of a migration. */
const texts: Readonly<Record<string, string>> = {
	'one line of a hundred million letters': `op.add_column(${'x'.repeat(100_000_000)}`,
	'brackets without end': '('.repeat(300_000),
	'brackets that never open': ')'.repeat(300_000),
	'quotes without end': `${'"\'`'.repeat(100_000)}`,
	backslashes: '\\'.repeat(500_001),
	dollars: '$a$'.repeat(100_001),
	'comments that never end': '/*'.repeat(200_000),
	'templates in templates': '`${'.repeat(50_000),
	'blocks that never end': 'def change do\n'.repeat(20_000),
	'calls in calls': 'op.execute('.repeat(50_000),
	'ends of blocks': 'end )\n'.repeat(100_000),
	'no bytes that mean anything': '\u0000\uFFFD\u202E'.repeat(100_000),
};

describe.each(tools)('%s', tool => {
	test.each(Object.entries(texts))('%s', (_, text) => {
		const asked = question(tool, {}, {});
		const releases = [
			{id: 'old', files: []},
			{id: 'today', files: [{path: path[tool], text}]},
		];
		const judgement = judge({...asked, releases});
		// A file without `class Migration` is a helper of Django's, and a text that is one comment does nothing.
		if (tool !== 'django' && !(text.startsWith('/*') && (tool === 'prisma' || tool === 'sql')))
			expect(judgement.verdict).not.toBe('fits');
		for (const line of wordsOf(judgement).concerns) {
			expect(line.length).toBeLessThan(400);
			expect(line).toMatch(/^\P{Cc}+$/u);
		}
	});

	test('a file that is no text', () => {
		const releases = [
			{id: 'old', files: []},
			{id: 'today', files: [{path: path[tool], text: undefined}]},
		];
		expect(isCareful({...question(tool, {}, {}), releases})).toBe(true);
	});
});

describe('histories', () => {
	test('five thousand revisions, each after the one before', () => {
		const since = Object.fromEntries(
			Array.from({length: 5000}, (_, at): [string, Written] => [
				`r${at}`,
				{after: at === 0 ? [] : `r${at - 1}`, up: ['pass'], down: ['pass']},
			]),
		);
		expect(judge(question('alembic', {}, since)).concerns[0]?.says).toBe('5000 migrations');
	});

	test('a thousand revisions in one circle', () => {
		const since = Object.fromEntries(
			Array.from({length: 1000}, (_, at): [string, Written] => [
				`r${at}`,
				{after: `r${(at + 1) % 1000}`, up: ['pass']},
			]),
		);
		expect(isCareful(question('alembic', {}, since))).toBe(true);
	});

	test('two files of one revision', () => {
		const twin: Written = {file: [`revision = 'b2'`, `down_revision = None`, 'def upgrade():', '    pass']};
		expect(
			isCareful(question('alembic', {}, {'migrations/versions/b.py': twin, 'migrations/versions/c.py': twin})),
		).toBe(true);
	});

	test('names of what every object has', () => {
		const up = ["op.drop_column('__proto__', 'constructor')", "op.drop_table('toString')"];
		const {concerns} = judge(question('alembic', {}, {b2: {up}}));
		expect(concerns.map(({table}) => table)).toEqual(['__proto__', 'toString']);
	});

	test('squashed migrations that stand for each other', () => {
		const since: Record<string, Written> = {
			'blog.0001_a': {replaces: ['blog.0001_b'], operations: []},
			'blog.0001_b': {replaces: ['blog.0001_a'], operations: []},
		};
		expect(judge(question('django', {}, since)).verdict).toBeDefined();
	});

	test('a release that is not there', () => {
		expect(isCareful({...question('alembic', {}, {}), to: 'other'})).toBe(true);
	});
});
