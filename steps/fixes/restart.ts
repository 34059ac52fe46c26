import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {pidCommand} from '../process/mainProcess.ts';

/** Starts the app anew under its process manager, with its configuration, settings and code as they are now. */
export function restartApp(app: AppOnBox): Fix {
	const {name, program, manager, configuration, environment} = app;
	const read = [configuration, ...(environment === undefined ? [] : [environment])];
	return fixOf({
		name: `restart-${name}`,
		title: `Restart ${name} under ${manager}`.slice(0, 40),
		why: `${manager} starts it anew with everything as it is now. It is away for a second or two.`,
		check: async $ => ({
			running: await isCurrent($, (await $`${pidCommand(manager, program)}`).trim(), read, app.folder),
		}),
		done: ({running}) => running,
		apply($) {
			if (manager === 'systemd') $`systemctl daemon-reload`;
			else $`supervisorctl update ${program}`;
			if (manager === 'systemd') $`systemctl restart ${program}`;
			else $`supervisorctl restart ${program}`;
		},
	});
}

/** Whether the process is there, in the release that is served, and younger than what it has read. (proc(5): field 22 of stat) */
async function isCurrent(
	$: Parameters<Fix['step']['check']>[0],
	pid: string,
	files: string[],
	folder: string,
): Promise<boolean> {
	if (!/^[1-9]\d*$/.test(pid)) return false;
	const answer = await $`stat=$(</proc/${pid}/stat) || exit; set -- \${stat##*) }; read -r uptime _ </proc/uptime
started=$((EPOCHSECONDS - \${uptime%.*} + \${20} / 100 + 2))
if [ /proc/${pid}/cwd -ef ${folder} ] && [ -z "$(find -L ${files} -newermt "@$started" -print -quit)" ]; then echo yes; fi`;
	return answer === 'yes';
}
