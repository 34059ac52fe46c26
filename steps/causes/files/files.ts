import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {layout} from '../../app/layout.ts';
import {earlierCode} from '../../fixes/code.ts';
import {mayUse} from '../../fixes/ownership.ts';
import {environment} from '../../python/environment.ts';

/** Files that an app reads and writes. */
export const appFiles: readonly Cause[] = [
	{
		id: 'files/permission',
		depth: 'kind',
		title: ({path = 'a file'}, {user}) => `${user} may not use ${path}.`,
		match: [
			/\[Errno 13\] Permission denied: '(?<path>[^']+)'/,
			/PermissionError: \[Errno 13\] Permission denied: '(?<path>[^']+)'/,
			/EACCES: permission denied, \w+ '(?<path>[^']+)'/,
			/EPERM: operation not permitted, \w+ '(?<path>[^']+)'/,
			/(?:can't open file|cannot open) '(?<path>[^']+)': \[Errno 13\] Permission denied/,
			/\*\* \(File\.Error\) could not [^"]{1,60}"(?<path>[^"]+)": permission denied/,
			/ValueError: Unable to configure handler '\w+'/,
		],
		means: (_, {user}) =>
			`The app runs as ${user}, and that file or folder belongs to someone else. It happens when a command was run there as root or as another user.`,
		next: (_, {user}) => `What the app writes belongs to ${user}; its code is only read by it.`,
		fixes: ({path = ''}, app) => [
			...mayUse(app, path),
			...(app.isOwn
				? [fixByStep(layout, 'Put the app’s folders right'), fixByStep(environment, 'Write the .env file again')]
				: []),
		],
	},
	{
		id: 'files/unwritable',
		title: ({path = 'a folder'}) => `The app can’t write to ${path}.`,
		match: [
			/OSError: \[Errno 30\] Read-only file system: '(?<path>[^']+)'/,
			/EROFS: read-only file system, \w+ '(?<path>[^']+)'/,
			/": read-only file system/,
		],
		over: ['files/permission'],
		means:
			'Under systemd the whole disk is read-only to the app, but for its state folder: a hole in the app is then no hole in the box.',
		next: ({path = ''}) =>
			`Name the folder of ${path} among “Folders it writes” (option stateFolders) and set up again: it is then kept in the state folder.`,
	},
	{
		id: 'files/missing',
		depth: 'kind',
		title: ({path = ''}) => `The file or folder ${path} is not there.`,
		match: [
			/FileNotFoundError: \[Errno 2\] No such file or directory: '(?<path>[^']+)'/,
			/ENOENT: no such file or directory, \w+ '(?<path>[^']+)'/,
			/can't open file '(?<path>[^']+)': \[Errno 2\]/,
			/\*\* \(File\.Error\) could not [^"]{1,60}"(?<path>[^"]+)": no such file or directory/,
		],
		when: ({path = ''}) => !/mysqld?\.sock|\.s\.PGSQL/.test(path),
		means:
			'The app opens what this release or its state folder does not have. A path that does not begin with / counts from the working directory.',
		next: ({path = ''}) => `Commit ${path}, or make its folder one that is kept (option stateFolders).`,
		fixes: (_, app) => [...(app.isOwn ? [fixByStep(layout, 'Put the app’s folders right')] : []), ...earlierCode(app)],
	},
];
