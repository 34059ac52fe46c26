import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {restartApp} from '../../fixes/restart.ts';
import {startService} from '../../fixes/service.ts';
import {pidCommand} from '../../process/mainProcess.ts';
import {web} from '../../python/server.ts';
import {worker} from '../../python/worker.ts';

/** What keeps apps running: supervisor, systemd, pm2; and how an app stands there. */
export const processManagers: readonly Cause[] = [
	{
		id: 'process/not-restarted',
		title: ({name = '', state}, {manager}) => `${name} is ${state} under ${manager}, but well by itself.`,
		match: [/^(?<name>\S+) is well in the foreground, but (?<state>\w+) under /],
		from: ['box'],
		means: (_, {manager, configuration}) =>
			`Nothing is wrong with the program. ${manager} gave up on it, was told to stop it, or has not read ${configuration} since it was changed.`,
		next: (_, {manager}) => `Start it under ${manager}.`,
		fixes: (_, app) => [restartApp(app)],
	},
	{
		// The guide: forgot to restart the supervisor after changing its configuration.
		id: 'process/stale',
		title: (_, {name}) => `${name} runs with settings that were changed since.`,
		match: [/^(?<path>\S+) is newer than the running app$/],
		from: ['box'],
		look: async ($, {program, manager, configuration, environment}) => {
			const files = [configuration, ...(environment === undefined ? [] : [environment])];
			return $`pid=$(${pidCommand(manager, program)}); case $pid in ''|0|*[!0-9]*) exit ;; esac; stat=$(</proc/$pid/stat) || exit; set -- \${stat##*) }; read -r uptime _ </proc/uptime
started=$((EPOCHSECONDS - \${uptime%.*} + \${20} / 100 + 2)); find -L ${files} -newermt "@$started" -printf '%p is newer than the running app\n'`;
		},
		means: ({path}) => `${path} was changed after the app was started. It has not read the change.`,
		next: (_, {manager}) => `Start it anew under ${manager}.`,
		fixes: (_, app) => [restartApp(app)],
	},
	{
		id: 'supervisor/percent',
		title: 'A % in a line of supervisor’s configuration must be written twice.',
		match: [
			/Format string '[^']*'? ?.*for '(?<key>[\w.]+)' (?:is badly formatted|contains names)/,
			/Error: Format string .* is badly formatted/,
		],
		means: ({key = 'environment'}) =>
			`supervisor fills in %(name)s in “${key}”, so a single % of a password or an address is taken for such a name. It refuses the whole file.`,
		next: 'Write %% for each %, or keep the value in the .env file, where it stays as it is.',
		fixes: (_, app) =>
			app.isOwn && app.manager === 'supervisor'
				? [
						fixByStep(web, 'Write the app server’s settings again'),
						fixByStep(worker, 'Write the worker’s settings again'),
					]
				: [],
	},
	{
		id: 'supervisor/environment',
		title: 'A line environment= of supervisor’s configuration can’t be read.',
		match: [
			/Unexpected end of key\/value pairs in value '.*' in section/,
			/^Error: .*(?:No closing quotation|Unclosed quote)/,
		],
		means: 'Values with commas, spaces, ; or # must stand in double quotes: KEY="value".',
		next: 'Put the value into quotes, or keep it in the .env file.',
		fixes: (_, app) =>
			app.isOwn && app.manager === 'supervisor' ? [fixByStep(web, 'Write the app server’s settings again')] : [],
	},
	{
		id: 'supervisor/configuration',
		title: 'supervisor refuses its configuration.',
		match: [
			/^Error: (?:File contains no section headers|File contains parsing errors|Source contains parsing errors)/,
			/Error: (?:Cannot|could not) (?:open|find) config file|Error: No config file found at default paths/,
			/Error: program section program:\S+ does not specify a command/,
			/Error: (?:invalid|.* is not (?:a )?valid) .* in section 'program:(?<name>[^']+)'/,
			/ERROR: CANT_REREAD: (?<what>.+)/,
		],
		over: ['process/unit-failed'],
		means:
			'With one wrong line in /etc/supervisor/conf.d it reads none of them anew, and does not start after a reboot.',
		next: 'Correct the line that is named, and have it read anew.',
		fixes: (_, app) =>
			app.isOwn && app.manager === 'supervisor' ? [fixByStep(web, 'Write the app server’s settings again')] : [],
	},
	{
		id: 'supervisor/log-folder',
		title: ({path}) => `The folder of the log ${path ?? ''} is not there, so supervisor starts nothing.`,
		match: [/The directory named as part of the path (?<path>\S+) does not exist/],
		over: ['supervisor/configuration'],
		means: 'supervisor makes log files, but no folders for them. It refuses its whole configuration.',
		next: ({path}) => `Make the folder of ${path}, or name another log.`,
		fixes: (_, app) =>
			app.isOwn && app.manager === 'supervisor' ? [fixByStep(web, 'Write the app server’s settings again')] : [],
	},
	{
		id: 'supervisor/down',
		title: 'supervisor does not run.',
		match: [
			/unix:\/\/\S*supervisor\.sock (?:no such file|refused connection)/,
			/error: <class '(?:FileNotFoundError|ConnectionRefusedError|socket\.error)'>.*supervisor/,
		],
		means:
			'Nothing listens on its socket: it was stopped, or refused its configuration at its start. No app under it runs.',
		next: 'Start it; if it ends again, its log names the line of its configuration.',
		fixes: () => [startService('supervisor')],
	},
	{
		id: 'supervisor/not-root',
		title: 'supervisor was asked by somebody who may not.',
		match: [
			/unix:\/\/\S*supervisor\.sock permission denied/,
			/error: <class 'PermissionError'>, \[Errno 13\] Permission denied: file: \S*supervisor/,
		],
		over: ['files/permission'],
		means: 'Its socket is for root alone.',
		next: 'Ask as root (with sudo); boxwizard does so itself.',
	},
	{
		id: 'supervisor/drop-user',
		title: ({user = 'the user'}) => `supervisor can’t become ${user}.`,
		match: [
			/Can't drop privilege as nonroot user/,
			/Error: Invalid user name (?<user>\S+) in section/,
			/couldn't setuid to \d+: (?:Can't drop privilege|Could not set)/,
		],
		over: ['process/missing-user'],
		means: 'The user of a program does not exist, or supervisor itself does not run as root.',
		next: 'Make the user, or correct user= in its configuration.',
	},
	{
		id: 'pm2/module',
		title: 'ecosystem.config.js is read as an ES module.',
		match: [
			/File (?<path>ecosystem\.config\.js) malformated/,
			/require\(\) of ES Module \S*ecosystem\.config\.js/,
			/(?<path>ecosystem\.config\.js) is treated as an ES module file/,
		],
		beside: /ES [Mm]odule|ERR_REQUIRE_ESM|module is not defined/,
		over: ['node/modules'],
		means: 'package.json has "type": "module", so every .js file of the app is one; pm2 reads its own with require().',
		next: 'Rename it to ecosystem.config.cjs, push, and deploy again.',
	},
	{
		id: 'pm2/nothing-saved',
		title: 'pm2 has nothing to start after a reboot.',
		match: [
			/\[PM2\]\[ERROR\] No processes saved; DUMP file doesn't exist/,
			/\[PM2\]\[ERROR\] Failed to read dump file/,
		],
		over: ['process/pid-file', 'process/unit-failed'],
		means: 'The list of programs is written by “pm2 save”, as the user who runs them, and that was never done.',
		next: 'Start the programs once and save the list as that user; or let boxwizard run the app as a service of its own.',
	},
	{
		id: 'pm2/no-script',
		title: ({path}) => `pm2 does not find the script ${path ?? ''}.`,
		match: [
			/\[PM2\]\[ERROR\] (?:Error: )?Script not found:? ?(?<path>\S+)/,
			/\[PM2\]\[ERROR\] File (?<path>\S+) not found/,
			/Error: Script not found: (?<path>\S+)/,
		],
		means: 'The file is not there yet (it is built first), lies elsewhere, or the working directory is another one.',
		next: 'Build the app before it is started, or correct script and cwd in ecosystem.config.',
	},
	{
		id: 'pm2/unknown-process',
		title: ({name}) => `pm2 knows no program ${name ?? 'of that name'}.`,
		match: [/\[PM2\]\[ERROR\] Process or Namespace (?<name>\S+) not found/],
		means: 'Each user has a pm2 of their own: it was started by another one (with sudo it is root’s), or never.',
		next: 'Look as the user who started it.',
	},
	{
		id: 'pm2/other-owner',
		title: 'The folder of pm2 belongs to another user.',
		match: [
			/EACCES:? (?:permission denied, )?(?:\w+ )?'?\/\S*\.pm2\//,
			/\[PM2\]\[ERROR\] Permission denied, to give access to current user/,
		],
		over: ['files/permission'],
		means: 'pm2 was once run with sudo, and its socket and logs became root’s.',
		next: 'Give the folder .pm2 back to its user, and never start pm2 with sudo.',
	},
	{
		id: 'pm2/not-found',
		title: 'pm2 is not installed for whoever calls it.',
		match: [
			/^pm2: command not found/,
			/(?:bash|sh|sudo|env): (?:line \d+: |\d+: )?‘?pm2’?: (?:command )?not found/,
			/pm2-\w+\.service: .*\/pm2: No such file/,
		],
		means: 'It was installed for another user or another Node (nvm), or its folder is not on PATH.',
		next: 'Install it for the Node of the box; or let boxwizard run the app as a service, which needs no pm2.',
	},
	{
		id: 'process/pid-file',
		depth: 'after',
		title: 'systemd waits for a file with the program’s number that does not come.',
		match: [/Can't open PID file \S+ \(yet\?\) after start/, /PID file \S+ not readable \(yet\?\) after start/],
		means: 'The unit has Type=forking with PIDFile, and the program writes none: it ended, or runs in the foreground.',
		next: 'Mend why it ended; or set Type=simple for a program that stays in the foreground.',
	},
	{
		id: 'process/slow',
		depth: 'kind',
		title: 'A page took so long that its worker was ended.',
		match: [/\[CRITICAL\] WORKER TIMEOUT/],
		means:
			'gunicorn ends a worker that is silent for 30 seconds: a query without an index, a call to another service that does not answer, or too little memory.',
		next: 'Move what takes long into a background job, or give calls to others a time limit. The last lines before it show the page.',
	},
	{
		id: 'process/ready-timeout',
		title: 'The app is not ready in the time it is given.',
		match: [
			/\[ERROR\] Worker \(pid:\d+\) was sent SIGABRT!/,
			/Startup timed out|Timed out waiting for the app to listen/,
		],
		depth: 'kind',
		means: 'It does something long at its start: migrations, a download, a service that does not answer.',
		next: 'Do that in the background or before the start, and give calls a time limit.',
	},
];
