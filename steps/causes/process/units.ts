import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {restartApp} from '../../fixes/restart.ts';
import {web} from '../../python/server.ts';
import {worker} from '../../python/worker.ts';

/** What systemd, supervisor and pm2 say of a program that ended, and of how it is written down. */
export const processUnits: readonly Cause[] = [
	{
		id: 'process/gave-up',
		depth: 'after',
		title: ({name = 'The program'}) => `${name} ended at each start, until no further one was tried.`,
		match: [
			/gave up: (?<name>\S+) entered FATAL state, too many start retries too quickly/,
			/^(?<name>\S+)\.service: Start request repeated too quickly/,
			/^(?<name>\S+)\.service: Failed with result 'start-limit-hit'/,
			/^(?<name>\S+) +FATAL +Exited too quickly/,
			/Script \S+ had too many unstable restarts \(\d+\)\. Stopped\. "errored"/,
			/^(?<name>\S+) +(?:FATAL|BACKOFF) +(?:Exited too quickly|unknown error)/,
			/(?<![\w.:-])(?<name>[\w.:-]+): ERROR \((?:spawn error|abnormal termination)\)/,
		],
		means: 'Why it ended stands in its own log, not here.',
		next: 'Run it in the foreground: boxwizard troubleshoot does, and says what it finds.',
		fixes: (_, app) => [restartApp(app)],
	},
	{
		id: 'process/unit-failed',
		depth: 'after',
		title: ({name}) => `${name ?? 'The service'} ended with an error.`,
		match: [
			/^(?<name>\S+)\.service: (?:Main|Control) process exited, code=(?:exited, status=(?!0\/|130\/|143\/)|dumped|killed, status=(?!15\/|2\/|1\/|9\/))/,
			/^(?<name>\S+)\.service: Failed with result '(?:exit-code|signal|core-dump|timeout|protocol)'/,
			/^Failed to start (?<name>\S.*)\.$/,
			/^(?:Job for|Unit) (?<name>\S+)\.service (?:failed|entered failed state)/,
			/\[ERROR\] Reason: (?:Worker|App) failed to (?:boot|load)/,
			/\[ERROR\] Worker \(pid:\d+\) exited with code [1-9]/,
			/exited: (?<name>\S+) \(exit status [1-9]\d*; not expected\)/,
		],
		means: 'Its own words before that say why; here only that it ended is told.',
		next: 'Read its log; boxwizard troubleshoot runs an app in the foreground and says what it finds.',
		fixes: (_, app) => [restartApp(app)],
	},
	{
		id: 'process/start-timeout',
		title: ({name}) => `${name ?? 'The service'} did not say in time that it is ready.`,
		match: [
			/^(?<name>\S+)\.service: (?:start operation timed out\. Terminating|Start-pre operation timed out|Failed with result 'timeout')/,
		],
		over: ['process/unit-failed'],
		means:
			'The unit has Type=notify or forking, and the program never reports; or it waits for something at its start.',
		next: 'Set Type=simple (or exec) for programs that do not report themselves, or mend what it waits for.',
		fixes: (_, app) => (app.isOwn ? [fixByStep(web, 'Write the app server’s settings again')] : []),
	},
	{
		id: 'process/unit-syntax',
		title: ({what}) => `systemd can’t read a unit: ${what}.`,
		match: [
			/(?<what>Unit configuration has fatal error), unit will not be started/,
			/(?:\.service|\.socket|\.timer)(?::\d+)?: (?<what>Unknown (?:key|lvalue|section) .{1,80}|Failed to parse .{1,80}|Missing '='|Assignment outside of section.*|Neither a valid executable name nor an absolute path.*|Executable path is not absolute.*|Invalid section header.*)/,
			/(?<what>Unit \S+ has a bad unit file setting)/,
			/(?<what>Service has no ExecStart=, ExecStop=, or SuccessAction=)/,
		],
		over: ['process/unit-failed'],
		means:
			'A line of the unit is misspelled or in the wrong section, and is passed over, or the unit does not start at all.',
		next: 'Correct the line that is named.',
		fixes: (_, app) =>
			app.isOwn
				? [
						fixByStep(web, 'Write the app server’s settings again'),
						fixByStep(worker, 'Write the worker’s settings again'),
					]
				: [],
	},
	{
		id: 'process/unit-missing',
		title: ({name = 'of that name'}) => `There is no service ${name}.`,
		match: [
			/^ERROR: no such (?:process|group)$/,
			/Failed to (?:start|restart|enable|stop|reload|get properties of) ?(?:unit)?:? ?(?<name>[\w@.-]+)\.service: Unit \S+ not found/,
			/Unit (?<name>[\w@.-]+)\.service (?:could not be found|not found|does not exist)/,
			/Failed to \w+ unit: Unit file (?<name>[\w@.-]+)\.service does not exist/,
			/(?<![\w.-])(?<name>[\w.-]+): ERROR \(no such (?:process|group)\)/,
			/ERROR: no such (?:process|group): ?(?<name>[\w.-]+)/,
		],
		means: 'Its unit (or its program in supervisor) was never written, has another name, or was not read yet.',
		next: 'Write it, and have it read anew.',
		fixes: (_, app) =>
			app.isOwn
				? [
						fixByStep(web, 'Write the app server’s settings again'),
						fixByStep(worker, 'Write the worker’s settings again'),
					]
				: [],
	},
	{
		id: 'process/masked',
		title: ({name}) => `The service ${name} is masked: nothing can start it.`,
		match: [/(?:Failed to \w+ (?<name>[\w@.-]+)\.service: )?Unit (?:file )?\S+\.service is masked/],
		means: 'Somebody linked it to nothing, so that it can’t be started by mistake.',
		next: 'Take the mask away if it shall run; there was a reason for it once.',
	},
];
