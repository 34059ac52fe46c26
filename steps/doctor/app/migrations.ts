import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {migrations} from '../../python/migrations.ts';
import {ask, sqliteFile} from '../../services/database/query.ts';

/** New columns in the code that the database does not have: every page that touches them fails. */
export const appMigrations = defineExamination({
	id: 'app/migrations',
	title: 'Tables and code',
	options: migrations.options,
	async look($, answers) {
		const {app, database} = answers;
		const [facts, alive, file] = await Promise.all([
			migrations.check($, answers),
			ask($, database, app, 'select 1'),
			database === 'sqlite' ? $`ls ${sqliteFile(app)}` : '',
		]);
		// A database that is down knows no revision: that is no pending migration. One of SQLite begins with the first that is written, and the app may have it elsewhere.
		const isThere = database !== 'sqlite' || file !== '';
		if (isThere && alive !== '1') throw silent();
		return facts;
	},
	judge(facts, answers) {
		if (migrations.done(facts, answers)) return undefined;
		return {
			severity: 'bad',
			title: 'The database lacks migrations that the code wants',
			means: 'Pages that use the new tables or columns fail: “unknown column”, “no such table”.',
			evidence: [
				`the database is at ${facts.at.join(', ') || 'no revision'}`,
				facts.heads.length > 0
					? `the code wants ${facts.heads.join(', ')}`
					: `nothing was migrated for it: ${facts.command}`,
			],
		};
	},
	fix: () =>
		fixByStep(migrations, 'Upgrade the tables', 'The database is saved to a file first, then its migrations run.'),
});

function silent(): Trouble {
	return new Trouble({
		what: 'The database does not answer',
		means: 'At which revision it is, is not known.',
		next: 'Start it: boxwizard restart HOST database',
		code: 'database-silent',
	});
}
