import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {migrations} from '../../python/migrations.ts';

/** The guide: forgot to `flask db upgrade` when columns were added. */
export const forgottenMigration: Cause = {
	id: 'database/forgotten-migration',
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
	],
	means: () => 'The code is newer than the database: columns or tables were added, and the migrations were not run.',
	next: () =>
		'If the migrations are all run, one was never made: `flask db migrate` on your machine, commit it, push, and deploy again.',
	fixes: (_, {isOwn}) =>
		isOwn
			? [
					fixByStep(
						migrations,
						'Run the migrations',
						'The database is dumped to a file first, then `flask db upgrade` brings its tables to what the code wants.',
					),
				]
			: [],
};
