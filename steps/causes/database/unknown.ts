import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {database} from '../../app/database.ts';

export const unknownDatabase: Cause = {
	id: 'database/unknown-database',
	title: ({name}) => `There is no database ${name}.`,
	match: [/Unknown database '(?<name>[^']+)'/, /database "(?<name>[^"]+)" does not exist/],
	means: () => 'The server runs, but the app’s own database was never made, or was dropped.',
	next: () => 'Make it, and bring its tables in with the migrations. A dump may lie in /var/backups/boxwizard.',
	fixes: (_, {isOwn}) => (isOwn ? [fixByStep(database, 'Make database and login anew')] : []),
};
