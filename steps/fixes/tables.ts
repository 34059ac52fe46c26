import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {begunOf, settleMigration} from '../services/database/halfMigrated.ts';

/** What becomes of tables that a migration has left half-changed. */
export function halfMigratedTables(app: AppOnBox): Fix[] {
	return [
		settles(
			app,
			'restore',
			'tables-back',
			'Put all tables back as they were',
			'They become those of the dump that was made before the migration: what was written since is lost. As they are now they are saved to a file before.',
		),
		settles(
			app,
			'keep',
			'tables-stay',
			'Leave the tables as they are',
			'The next deploy goes on from here. The dump that was made before the migration stays.',
		),
	];
}

function settles({user}: AppOnBox, how: 'restore' | 'keep', name: string, title: string, why: string): Fix {
	return fixOf({
		name,
		title,
		why,
		check: async $ => ({open: await $`[ -f ${`${begunOf(user)}/settle`} ] && echo yes`}),
		done: ({open}) => open === '',
		apply($) {
			$`bash -c ${settleMigration(user, how)}`;
		},
		notUndone: 'Both states of the tables are kept in files below /var/backups/boxwizard.',
	});
}
