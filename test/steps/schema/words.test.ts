import {expect, test} from 'vitest';
import {judge} from '../../../steps/schema/judge.ts';
import {wordsOf, writtenInWords} from '../../../steps/schema/words.ts';
import {fileOf, type Written} from './histories.ts';

const posts: Written = {
	up: [
		`op.create_table('posts', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('title', sa.String(50), nullable=False))`,
	],
	down: [`op.drop_table('posts')`],
};

function wordsFor(...since: readonly Written[]) {
	const old = [fileOf('alembic', 'a1', posts)];
	const files = since.map((one, at) =>
		fileOf('alembic', `b${at + 2}`, {after: at === 0 ? 'a1' : `b${at + 1}`, ...one}),
	);
	const releases = [
		{id: 'old', files: old},
		{id: 'today', files: [...old, ...files]},
	];
	return wordsOf(judge({tool: 'alembic', engine: 'mysql', releases, to: 'old'}));
}

test('what fits is said in one sentence, and what may surprise is told', () => {
	expect(wordsFor({up: [`op.alter_column('posts', 'title', nullable=True, existing_type=sa.String(50))`]})).toEqual({
		verdict: 'The old version fits the tables of today: it can be switched to at once.',
		concerns: [],
		back: [],
		notices: ['posts.title may be empty in rows since: the old version never met that.'],
	});
});

test('a downgrade says what is taken back, from the newest on, and what that loses', () => {
	const {verdict, concerns, back} = wordsFor(
		{
			up: [`op.alter_column('posts', 'title', new_column_name='heading')`],
			down: [`op.alter_column('posts', 'heading', new_column_name='title')`],
		},
		{
			up: [`op.add_column('posts', sa.Column('slug', sa.String(9), nullable=False))`],
			down: [`op.drop_column('posts', 'slug')`],
		},
	);
	expect(verdict).toBe(
		'The old version fits the tables once 2 migrations are taken back. That is tried on a copy of the database first.',
	);
	expect(concerns).toEqual([
		'posts.slug is new and required, and the database puts nothing there itself: the old version can add no row to posts.',
		'posts.title was renamed to heading: the old version asks for title.',
	]);
	expect(back).toEqual(['b3: what came into posts.slug since is lost', 'b2: nothing is lost']);
});

test('a dump says which tables, and why nothing else brings them back', () => {
	const {verdict, concerns} = wordsFor({up: [`op.drop_column('posts', 'title')`], down: ['pass']});
	expect(verdict).toBe(
		'The old version needs the dump from before: posts can’t be brought back otherwise (b2: its downgrade() does nothing). What was written since is lost with it.',
	);
	expect(concerns).toEqual(['posts.title was dropped: the old version asks for it.']);
});

test('names of a repository can’t paint a screen', () => {
	const {concerns} = wordsFor({up: [`op.drop_table('posts\u001b[2J${'x'.repeat(500)}')`]});
	expect(concerns[0]).toMatch(/^\P{Cc}{1,300}$/u);
});

test('rows since are told per table', () => {
	expect(writtenInWords('posts', {code: 'rows', rows: 1})).toBe('posts: one row was written since');
	expect(writtenInWords('posts', {code: 'at-least', rows: 6})).toBe('posts: at least 6 rows were written since');
	expect(writtenInWords('posts', {code: 'nothing'})).toBeUndefined();
});
