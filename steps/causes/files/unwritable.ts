import type {Cause} from '../../../source/contract/cause.ts';

export const unwritable: Cause = {
	id: 'files/unwritable',
	title: ({path = 'a folder'}) => `The app can’t write to ${path}.`,
	match: [
		/OSError: \[Errno 30\] Read-only file system: '(?<path>[^']+)'/,
		/EROFS: read-only file system, \w+ '(?<path>[^']+)'/,
	],
	means: () =>
		'Under systemd the whole disk is read-only to the app, but for its state folder: a hole in the app is then no hole in the box.',
	next: ({path = ''}) =>
		`Name the folder of ${path} among “Folders it writes” (option stateFolders) and set up again: it is then kept in the state folder.`,
};
