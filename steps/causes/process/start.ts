import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {layout} from '../../app/layout.ts';
import {switchRelease} from '../../app/switchRelease.ts';
import {freePort} from '../../fixes/port.ts';
import {letPass} from '../../fixes/reach.ts';
import {dependencies} from '../../python/packages/dependencies.ts';
import {web} from '../../python/server.ts';
import {packages} from '../../services/packages.ts';

/** How a program is started, whoever starts it. */
export const processStart: readonly Cause[] = [
	{
		id: 'process/missing-program',
		title: ({path = 'The program'}) => `${path} is not there.`,
		match: [
			/Failed at step EXEC spawning (?<path>\S+): No such file or directory/,
			/Failed to (?:locate|execute) (?:executable )?(?<path>\/[^\s:]+)/,
			/Unable to locate executable '(?<path>[^']+)'/,
			/can't find command '(?<path>[^']+)'/,
			/couldn't exec (?<path>[^\s:]+): ENOENT/,
			/(?:bash|sh|env): (?:line \d+: |\d+: )?(?:exec: )?'?‘?(?<path>\/[^\s:'’]+)'?’?: No such file or directory/,
			/Error: spawn (?<path>\/\S+) ENOENT/,
		],
		over: ['process/no-exec'],
		means: (_, {configuration}) =>
			`The command in ${configuration} names a program that does not exist: most often the virtual environment (or the program in it) is gone, was moved, or was made elsewhere.`,
		next: 'Make the environment anew, or correct the path of the command.',
		fixes: (_, app) =>
			app.isOwn
				? [
						fixByStep(dependencies, 'Make the environment anew'),
						fixByStep(web, 'Write the app server’s settings again'),
						fixByStep(packages, 'Install what is missing of the packages'),
					]
				: [],
	},
	{
		id: 'process/no-exec',
		depth: 'after',
		title: 'The program could not be started.',
		match: [/status=203\/EXEC/, /^\S+\.service: Failed to execute command: No such file or directory/],
		over: ['process/unit-failed'],
		means: 'systemd found nothing it could run under the path of its command.',
		next: 'Make the environment anew, or correct the path of the command.',
		fixes: (_, app) =>
			app.isOwn
				? [
						fixByStep(dependencies, 'Make the environment anew'),
						fixByStep(web, 'Write the app server’s settings again'),
					]
				: [],
	},
	{
		id: 'process/not-executable',
		title: ({path = 'The program'}) => `${path} may not be run by the app’s user.`,
		match: [
			/Failed at step EXEC spawning (?<path>\S+): Permission denied/,
			/couldn't exec (?<path>[^\s:]+): EACCES/,
			/command at '(?<path>[^']+)' is not executable/,
			/Error: spawn (?<path>\S+) EACCES/,
			/Unable to execute (?<path>\S+): Permission denied/,
		],
		over: ['process/no-exec', 'process/missing-program'],
		means:
			'The file is not marked as executable (git keeps that mark only where it was set), or a folder on the way to it is closed to that user.',
		next: ({path = 'it'}) =>
			`Commit ${path} as executable (git update-index --chmod=+x), or let the app’s user through the folders above it.`,
		fixes: ({path = ''}, {user}) => letPass(user, path),
	},
	{
		id: 'process/wrong-format',
		title: ({path = 'The program'}) => `${path} is nothing this machine can run.`,
		match: [
			/Failed at step EXEC spawning (?<path>\S+): Exec format error/,
			/(?<![^\s:])(?<path>\/[^\s:]+): cannot execute binary file: Exec format error/,
			/couldn't exec (?<path>[^\s:]+): ENOEXEC/,
		],
		over: ['process/no-exec', 'process/missing-program'],
		means: 'It is a script without its first line (#!/bin/bash), or was built for another processor (arm64, amd64).',
		next: 'Give the script its first line, or build it for this machine. Push, and deploy again.',
	},
	{
		id: 'process/bad-interpreter',
		title: 'A script has line ends of Windows, or names an interpreter that is not there.',
		match: [
			/\/usr\/bin\/env: ‘?'?(?<name>\w+)\\r'?’?: No such file or directory/,
			/(?:bad interpreter: |env: )\S*\^M|\$'\\r': command not found/,
		],
		over: ['process/missing-program'],
		means: 'Its lines end with \\r\\n; the \\r is taken for a part of the name.',
		next: 'Save it with line ends of Unix (git: *.sh text eol=lf in .gitattributes), push, and deploy again.',
	},
	{
		id: 'process/closed-folder',
		title: (_, {user, folder}) => `${user} may not enter the working directory ${folder}.`,
		match: [
			/Changing to the requested working directory failed: Permission denied/,
			/Failed at step CHDIR spawning \S+: Permission denied/,
			/couldn't chdir to (?<path>\S+): EACCES/,
			/cd: (?<path>\S+): Permission denied/,
			/can't chdir to '(?<path>[^']+)'.*Permission denied/,
		],
		over: ['process/missing-folder', 'process/missing-program', 'process/not-executable', 'process/no-exec'],
		means: 'The folder is there. One on the way to it is closed to that user: /root, or a home with mode 0700 or 0750.',
		next: 'Keep the app outside of such a home (in /srv), or open that one folder for passing through.',
		fixes: ({path}, {user, folder}) => letPass(user, `${path ?? folder}/inside`),
	},
	{
		id: 'process/missing-folder',
		title: (_, {folder}) => `The working directory ${folder} is not there.`,
		match: [
			/Failed at step CHDIR spawning \S+: No such file or directory/,
			/Changing to the requested working directory failed: No such file/,
			/couldn't chdir to (?<path>\S+): ENOENT/,
		],
		over: ['process/missing-program', 'process/no-exec', 'process/no-folder'],
		means: (_, {configuration}) =>
			`${configuration} starts the program in a folder that does not exist, so nothing of it runs.`,
		next: 'Correct the working directory, or put the release back in its place.',
		fixes: (_, app) =>
			app.isOwn
				? [
						fixByStep(web, 'Write the app server’s settings again'),
						fixByStep(switchRelease, 'Switch to the release that is ready'),
					]
				: [],
	},
	{
		id: 'process/no-folder',
		depth: 'after',
		title: (_, {folder}) => `The working directory ${folder} can’t be entered.`,
		match: [/status=200\/CHDIR/],
		over: ['process/unit-failed'],
		means: 'It is not there, or closed to the user the app runs as.',
		next: 'Correct the working directory, or the rights of the folders on the way to it.',
		fixes: (_, {user, folder}) => letPass(user, `${folder}/inside`),
	},
	{
		id: 'process/missing-user',
		title: (_, {user}) => `The user ${user} does not exist on the box.`,
		match: [
			/Failed at step USER spawning/,
			/status=217\/USER/,
			/Failed to determine user credentials/,
			/Invalid user name (?<user>\S+)/,
			/getpwnam\("(?<user>[^"]+)"\) failed/,
		],
		over: ['process/missing-program', 'process/missing-folder', 'process/no-exec', 'nginx/configuration'],
		means: 'The program is to run as a user of its own, who is gone.',
		next: (_, {user}) => `Make the user ${user} again, or name another one.`,
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(layout, 'Make the app’s user and folders again')] : []),
	},
	{
		id: 'process/missing-group',
		title: 'The group that the program is to run as does not exist.',
		match: [/status=216\/GROUP/, /Failed at step GROUP spawning/, /Failed to determine group credentials/],
		over: ['process/no-exec'],
		means: 'It was renamed or taken away; www-data is there only where a web server is.',
		next: 'Name a group that exists in the unit, or make it.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(layout, 'Make the app’s user and folders again')] : []),
	},
	{
		id: 'process/environment-file',
		title: ({path = 'its file of variables'}) => `The program can’t read ${path}.`,
		match: [/Failed to load environment files: (?<why>.+)/, /Failed to open environment file ['"]?(?<path>[^'"\s:]+)/],
		means: 'The unit names a file with variables (EnvironmentFile) that is not there or closed to it.',
		next: 'Write the .env file again, or correct the path in the unit.',
	},
	{
		id: 'process/output-file',
		title: 'The program’s log can’t be opened.',
		match: [
			/status=209\/STDOUT/,
			/Failed at step STDOUT spawning/,
			/Failed to set up standard output: (?<why>.+)/,
			/could not (?:open|write) (?:error_)?log ?file/i,
		],
		means: 'The folder of its log is not there, or belongs to somebody else, so it is not even started.',
		next: 'Make the folder of the log with the app’s user as its owner.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(layout, 'Put the app’s folders right')] : []),
	},
	{
		id: 'process/namespace',
		title: 'systemd could not wall the program in as its unit asks for.',
		match: [
			/status=226\/NAMESPACE/,
			/Failed at step NAMESPACE spawning/,
			/Failed to set up mount namespacing: (?<path>\S+): /,
		],
		over: ['process/no-exec'],
		means:
			'A folder that the unit lets it write to (ReadWritePaths, StateDirectory) is not there, or the box is a container that does not allow it.',
		next: 'Make the folder, or take the line out of the unit.',
		fixes: (_, {isOwn}) =>
			isOwn
				? [fixByStep(layout, 'Put the app’s folders right'), fixByStep(web, 'Write the app server’s settings again')]
				: [],
	},
	{
		id: 'process/port-in-use',
		title: ({port}, app) => `Another program has port ${port ?? app.port ?? ''} already.`,
		match: [
			/ at https? failed, port (?<port>\d+) already in use/,
			/Connection in use: \('[^']*', (?<port>\d+)\)/,
			/EADDRINUSE:? address already in use (?:\S*:)?(?<port>\d+)/,
			/Port (?<port>\d+) is (?:already )?in use/,
			/\[Errno 98\].*[Aa]ddress already in use/,
			/Error: That port is already in use/,
			/bind\(\) to \S*:(?<port>(?!80\b|443\b)\d+) failed \(98: Address already in use\)/,
			/Could not create (?:TCP )?[Ss]erver .*listening socket [^:]*:(?<port>\d+): bind: Address already in use/,
			/Failed to start Ranch listener .*:eaddrinuse|\*\* \(EXIT\) :eaddrinuse/,
			/listen tcp \S*:(?<port>\d+): bind: address already in use/,
		],
		means:
			'Two programs can’t listen on one port. Often it is an older copy of the app that did not end, or one that was started by hand.',
		next: ({port = 'of the app'}) => `Stop what else has the port ${port}, or give the app another one.`,
		fixes: ({port}, app) => {
			const number = port === undefined ? app.port : Number(port);
			return number === undefined || number === 80 || number === 443 ? [] : [freePort(app, number)];
		},
	},
	{
		id: 'process/low-port',
		title: ({port = 'below 1024'}) => `The app’s user may not listen on port ${port}.`,
		match: [
			/EACCES:? permission denied (?:\S*:)?(?<port>\d{1,3})\b/,
			/bind\(\) to \S*:(?<port>\d{1,3}) failed \(13: Permission denied\)/,
			/\[Errno 13\] (?:error while attempting to bind|Permission denied).*\('[^']*', (?<port>\d{1,3})\)/,
			/Invalid address: \('[^']*', (?<port>\d{1,3})\)/,
		],
		over: ['files/permission', 'nginx/configuration'],
		means:
			'Ports below 1024 are for root alone. nginx has 80 and 443, and hands the requests on to the app’s own port.',
		next: 'Let the app listen where PORT says (8000 and above), not on 80.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(web, 'Write the app server’s settings again')] : []),
	},
	{
		id: 'process/daemonizes',
		title: ({name = 'The program'}) => `${name} goes into the background by itself, so it seems to end at once.`,
		match: [
			/exited: (?<name>[\w.:-]+) \(exit status 0; not expected\)/,
			/Refusing to accept PID outside of service control group|New main PID \d+ does not exist or is a zombie/,
		],
		over: ['process/gave-up', 'process/port-in-use'],
		means:
			'It was told to be a daemon (daemon = True in gunicorn.conf.py, -D or --daemon): whoever looks after it sees it end with 0 and starts it again, while the first one still holds the port.',
		next: 'Take daemon = True (or -D) away, and end the one that was left over.',
		fixes: (_, app) => [
			...(app.port === undefined ? [] : [freePort(app, app.port)]),
			...(app.isOwn ? [fixByStep(web, 'Write the app server’s settings again')] : []),
		],
	},
	{
		id: 'process/unknown-command',
		depth: 'kind',
		title: ({name}) => `The command ${name} is not found.`,
		match: [/(?:^|\/)(?:ba|da)?sh: (?:line \d+: |\d+: )?(?<name>[\w.-]{1,60}): (?:command )?not found/],
		over: ['node/npm-failed'],
		means:
			'It is not installed, or its folder is not on PATH: programs of the app’s own environment (pybabel, celery) are in venv/bin.',
		next: ({name = 'it'}) => `Have the package that brings ${name} among the app’s own, push, and deploy again.`,
		fixes: (_, app) => (app.isOwn ? [fixByStep(dependencies, 'Make the environment anew')] : []),
	},
	{
		id: 'process/glibc',
		title: ({wanted}) => `The program was built on a newer system than the box: it wants glibc ${wanted}.`,
		match: [/version [`'‘]GLIBC_(?<wanted>[\d.]+)['’] not found/],
		over: ['process/unit-failed', 'python/shared-library', 'node/platform-package'],
		means:
			'A program, a release or a native module that was built elsewhere asks for functions that the box’s C library does not have yet.',
		next: 'Build it on the box (or on the same release of the system), or take a box with a newer one.',
	},
];
