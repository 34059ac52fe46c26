import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {environment} from '../../app/environment.ts';
import {layout} from '../../app/layout.ts';
import {mayUse} from '../../fixes/ownership.ts';

export const permission: Cause = {
	id: 'files/permission',
	title: ({path = 'a file'}, {user}) => `${user} may not use ${path}.`,
	match: [
		/PermissionError: \[Errno 13\] Permission denied: '(?<path>[^']+)'/,
		/EACCES: permission denied, \w+ '(?<path>[^']+)'/,
		/EPERM: operation not permitted, \w+ '(?<path>[^']+)'/,
		/(?:can't open file|cannot open) '(?<path>[^']+)': \[Errno 13\] Permission denied/,
	],
	means: (_, {user}) =>
		`The app runs as ${user}, and that file or folder belongs to someone else. It happens when a command was run there as root or as another user.`,
	next: ({path = ''}, {user}) =>
		`See whose it is: namei -l ${path}. What the app writes belongs to ${user}; its code is only read by it.`,
	fixes: ({path = ''}, app) => [
		...mayUse(app, path),
		...(app.isOwn
			? [fixByStep(layout, 'Put the app’s folders right'), fixByStep(environment, 'Write the .env file again')]
			: []),
	],
};
