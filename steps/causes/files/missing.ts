import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {layout} from '../../app/layout.ts';
import {earlierCode} from '../../fixes/code.ts';

export const missingFile: Cause = {
	id: 'files/missing',
	title: ({path}) => `The file or folder ${path} is not there.`,
	match: [
		/FileNotFoundError: \[Errno 2\] No such file or directory: '(?<path>[^']+)'/,
		/ENOENT: no such file or directory, \w+ '(?<path>[^']+)'/,
	],
	when: ({path = ''}) => !path.includes('mysqld.sock'),
	means: () =>
		'The app opens what this release or its state folder does not have. A path that does not begin with / counts from the working directory.',
	next: ({path = ''}) => `Commit ${path}, or make its folder one that is kept (option stateFolders).`,
	fixes: (_, app) => [...(app.isOwn ? [fixByStep(layout, 'Put the app’s folders right')] : []), ...earlierCode(app)],
};
