import type {Cause} from '../../../source/contract/cause.ts';
import {rootOf} from '../../fixes/commands.ts';
import {mayUse} from '../../fixes/ownership.ts';

export const readOnly: Cause = {
	id: 'database/read-only',
	title: (_, {user}) => `The SQLite database can’t be opened or written by ${user}.`,
	match: [/attempt to write a readonly database/, /unable to open database file/],
	means: () =>
		'SQLite writes the file, and a journal beside it: the app’s user must be able to write the file and its folder.',
	next: (_, {user}) => `See who owns the file and its folder: it should be ${user}.`,
	fixes: (_, app) => {
		const root = rootOf(app);
		const state = `${root}/shared/state`;
		return app.isOwn ? [...mayUse(app, state), ...mayUse(app, `${state}/${app.name}.db`)] : [];
	},
};
