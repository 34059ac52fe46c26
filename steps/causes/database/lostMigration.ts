import type {Cause} from '../../../source/contract/cause.ts';

export const lostMigration: Cause = {
	id: 'database/lost-migration',
	title: ({revision}) => `The migration ${revision} is not in the code.`,
	match: [/Can't locate revision identified by '(?<revision>\w+)'/],
	means: () =>
		'The database was brought to a version whose migration file this release does not have: the code went back, or the file was not committed.',
	next: () =>
		'Commit the missing file of migrations/versions and deploy again, or go forward to the release that had it.',
};
