import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {database} from '../../app/database.ts';

export const denied: Cause = {
	id: 'database/denied',
	title: ({user = 'The app'}) => `The database refuses the login of ${user}.`,
	match: [
		/Access denied for user '(?<user>[^']+)'@'[^']*'/,
		/password authentication failed for user "(?<user>[^"]+)"/,
		/role "(?<user>[^"]+)" does not exist/,
		/no pg_hba\.conf entry for host "[^"]*", user "(?<user>[^"]+)"/,
	],
	means: () => 'The password in the .env file is not the one the database knows, or there is no such database user.',
	next: () => 'Give the database user the password that stands in DATABASE_URL.',
	fixes: (_, {isOwn}) =>
		isOwn
			? [
					fixByStep(
						database,
						'Make database and login anew',
						'The database user gets the password that the .env file has. What is in the database stays.',
					),
				]
			: [],
};
