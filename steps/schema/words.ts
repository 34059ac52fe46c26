import {enumerate} from '../reading/evidence.ts';
import type {Concern, Notice} from './compare.ts';
import type {Judgement, Loss, TakenBack} from './judge.ts';
import type {Written} from './marks.ts';
import {type ConstraintKind, shown} from './operation.ts';

/** A judgement as a person reads it, on screens and in plain lines. Names of a repository are cleaned and cut to a line. */
export type Words = {
	/** One sentence: what can be done. */
	readonly verdict: string;
	/** What older code trips over, a line each. */
	readonly concerns: readonly string[];
	/** What is taken back in which order, and what that loses, a line each. Of a dump: what could be taken back instead. */
	readonly back: readonly string[];
	/** What older code runs with all the same, a line each. */
	readonly notices: readonly string[];
};

export function wordsOf(judgement: Judgement): Words {
	return {
		verdict: verdictOf(judgement),
		concerns: [...new Set(judgement.concerns.map(concernInWords))],
		back: backOf(judgement).map(takenBackInWords),
		notices: [...new Set(judgement.notices.map(noticeInWords))],
	};
}

function backOf(judgement: Judgement): readonly TakenBack[] {
	switch (judgement.verdict) {
		case 'fits':
			return [];
		case 'downgrade':
			return judgement.downgrade.migrations;
		case 'dump':
			return judgement.lossy?.migrations ?? [];
		default:
			return judgement satisfies never;
	}
}

function verdictOf(judgement: Judgement): string {
	switch (judgement.verdict) {
		case 'fits':
			return 'The old version fits the tables of today: it can be switched to at once.';
		case 'downgrade': {
			const {length} = judgement.downgrade.migrations;
			const what = length === 1 ? 'one migration is' : `${length} migrations are`;
			return `The old version fits the tables once ${what} taken back. That is tried on a copy of the database first.`;
		}
		case 'dump': {
			const {tables, because} = judgement;
			const of = tables.length > 0 ? `: ${enumerate(tables.map(shown))} can’t be brought back otherwise` : '';
			const [first] = because;
			const why = first
				? ` (${first.migration === undefined ? '' : `${shown(first.migration)}: `}${shown(first.says)})`
				: '';
			return `The old version needs the dump from before${of}${why}. What was written since is lost with it.`;
		}
		default:
			return judgement satisfies never;
	}
}

const rules: Readonly<Record<ConstraintKind, string>> = {
	unique: 'may be there only once',
	check: 'are checked by a new rule',
	'foreign-key': 'have to be there in another table',
	'primary-key': 'are the key of each row',
	exclude: 'may not overlap',
};

/** 'posts.title was renamed to heading: the old version asks for title.' */
export function concernInWords(concern: Concern): string {
	const table = shown(concern.table ?? 'the database');
	const columns = enumerate((concern.columns ?? []).map(shown));
	const column = columns === '' ? table : `${table}.${columns}`;
	const [to, from] = [shown(concern.to ?? ''), shown(concern.from ?? '')];
	const says = shown(concern.says ?? '');
	const of = concern.migration === undefined ? '' : `${shown(concern.migration)} `;
	switch (concern.code) {
		case 'table-dropped':
			return `The table ${table} was dropped: the old version reads and writes it.`;
		case 'table-renamed':
			return `The table ${table} was renamed to ${to}: the old version asks for ${table}.`;
		case 'table-emptied':
			return `The table ${table} was dropped and made anew: the rows that the old version had in it are gone.`;
		case 'column-dropped':
			return `${column} was dropped: the old version asks for it.`;
		case 'column-renamed':
			return `${column} was renamed to ${to}: the old version asks for ${columns}.`;
		case 'column-emptied':
			return `${column} was dropped and made anew: what the old version had in it is gone.`;
		case 'column-retyped':
			return `${column} is ${to || 'of another type'} now${from ? `, and was ${from}` : ''}: what the old version writes may not fit, and it may not understand what it reads.`;
		case 'column-required':
			return `${column} is new and required, and the database puts nothing there itself: the old version can add no row to ${table}.`;
		case 'column-not-null':
			return `${column} may not be empty any more: the old version leaves it so.`;
		case 'default-gone':
			return `${column} is not filled by the database any more: the old version counts on that.`;
		case 'default-changed':
			return `${column} is filled otherwise by the database now: the old version counts on what it was.`;
		case 'constraint-added':
			return `${column}: values ${rules[concern.to as ConstraintKind] ?? 'follow a new rule'} now. The old version does not know that.`;
		case 'values-changed':
			return `${of}has changed what stands in ${column}: it may mean something else to the old version.`;
		case 'rows-added':
			return `${of}has added rows to ${table}: the old version may not expect them.`;
		case 'rows-deleted':
			return `${of}has deleted rows of ${table}.`;
		case 'value-added':
			return `${column} may be ${says} in rows since: the old version does not know that value.`;
		case 'unread':
			return `${of}says ${says}: what that does to the old version can’t be known.`;
		case 'lacking':
			return `${of}is a migration that the old version needs, and that the database does not have.`;
		default:
			return concern.code satisfies never;
	}
}

export function noticeInWords({code, table, columns = [], by}: Notice): string {
	const of = shown(table);
	const column = `${of}.${enumerate(columns.map(shown))}`;
	switch (code) {
		case 'holds-back':
			return `Rows of ${of} that ${shown(by ?? 'newer tables')} points to can’t be deleted by the old version.`;
		case 'may-be-empty':
			return `${column} may be empty in rows since: the old version never met that.`;
		case 'may-repeat':
			return `${column} may be there twice in rows since: the old version never met that.`;
		default:
			return code satisfies never;
	}
}

/** 'c3: what came into posts.slug since is lost'. */
export function takenBackInWords({id, loses, isUnread}: TakenBack): string {
	const lost = [
		...new Set(loses.map(lossInWords)),
		...(isUnread ? ['what it does is seen only when it is tried'] : []),
	];
	return `${shown(id)}: ${lost.length > 0 ? lost.join(', ') : 'nothing is lost'}`;
}

function lossInWords({what, table, column}: Loss): string {
	const of = shown(column === undefined ? table : `${table}.${column}`);
	switch (what) {
		case 'table':
			return `the table ${of} and its rows are lost`;
		case 'column':
			return `what came into ${of} since is lost`;
		case 'rows':
			return `rows of ${of} are deleted`;
		case 'values':
			return `${of} is changed back, and may not keep each value`;
		default:
			return what satisfies never;
	}
}

/** 'posts: 6 rows were written since'; undefined where nothing was. */
export function writtenInWords(table: string, written: Written): string | undefined {
	const of = shown(table);
	const {code} = written;
	switch (code) {
		case 'nothing':
			return undefined;
		case 'rows':
			return `${of}: ${rowsWere(written.rows)} written since`;
		case 'at-least':
			return `${of}: at least ${rowsWere(written.rows)} written since`;
		case 'changed':
			return `${of}: something was written since, and it can’t be counted`;
		case 'new':
			return `${of}: came since, with ${written.rows === 1 ? 'one row' : `${written.rows} rows`}`;
		case 'gone':
			return `${of}: was dropped since, with ${written.rows === 1 ? 'one row' : `${written.rows} rows`}`;
		default:
			return code satisfies never;
	}
}

const rowsWere = (rows: number) => (rows === 1 ? 'one row was' : `${rows} rows were`);
