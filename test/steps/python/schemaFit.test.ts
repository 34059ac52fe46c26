import {expect, test} from 'vitest';
import {type Compared, filesIn, fitOf} from '../../../steps/python/schemaFit.ts';

const first = {
	path: 'migrations/versions/0001.py',
	text: "revision = '0001'\ndown_revision = None\n\n\ndef upgrade():\n    op.create_table('post', sa.Column('id', sa.Integer, primary_key=True), sa.Column('title', sa.String(80)))\n",
};
const next = (upgrade: string) => ({
	path: 'migrations/versions/0002.py',
	text: `revision = '0002'\ndown_revision = '0001'\n\n\ndef upgrade():\n    ${upgrade}\n\n\ndef downgrade():\n    raise NotImplementedError\n`,
});
const compared = (more: Partial<Compared>): Compared => ({
	tool: 'flask',
	engine: 'mysql',
	old: [first],
	now: [first],
	at: ['0001'],
	...more,
});

test.each([
	['the same migrations', compared({}), 'fits'],
	[
		'a column that may be empty came',
		compared({now: [first, next("op.add_column('post', sa.Column('likes', sa.Integer))")], at: ['0002']}),
		'fits',
	],
	[
		'a column was renamed, and there is no way back',
		compared({now: [first, next("op.alter_column('post', 'title', new_column_name='heading')")], at: ['0002']}),
		'dump',
	],
	['a tool of its own whose files differ', compared({tool: 'command', now: [first, next('pass')]}), 'dump'],
	['a tool of its own whose files are the same', compared({tool: 'command'}), 'fits'],
	['no migrations at all', compared({tool: 'none', old: [], now: []}), 'fits'],
] as const)('%s', (_, given, verdict) => {
	expect(fitOf(given).verdict).toBe(verdict);
});

test('why it does not fit is said', () => {
	const {lines} = fitOf(
		compared({now: [first, next("op.alter_column('post', 'title', new_column_name='heading')")], at: ['0002']}),
	);
	expect(lines.join('\n')).toContain('renamed to heading');
});

test('files come as they are, by lines of base64; what is none is left out', () => {
	const line = (path: string, text: string) => [path, text].map(one => Buffer.from(one).toString('base64')).join(' ');
	expect(filesIn([line('a/b.sql', 'select 1;\n'), 'not base64 at all!', line('e.sql', '')].join('\n'))).toEqual([
		{path: 'a/b.sql', text: 'select 1;\n'},
		{path: 'e.sql', text: ''},
	]);
});
