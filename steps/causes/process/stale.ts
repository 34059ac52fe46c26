import type {Cause} from '../../../source/contract/cause.ts';
import {restartApp} from '../../fixes/restart.ts';

/** The guide: forgot to restart the supervisor after changing its configuration. */
export const stale: Cause = {
	id: 'process/stale',
	title: (_, {name}) => `${name} runs with settings that were changed since.`,
	match: [/^(?<path>\S+) is newer than the running app$/],
	from: ['box'],
	look: async ($, {name, manager, configuration, environment}) => {
		const files = [configuration, ...(environment === undefined ? [] : [environment])];
		const pid =
			manager === 'supervisor'
				? ['supervisorctl', 'pid', name]
				: ['systemctl', 'show', '--property=MainPID', '--value', name];
		return $`pid=$(${pid}); case $pid in ''|0|*[!0-9]*) exit ;; esac; stat=$(</proc/$pid/stat) || exit; set -- \${stat##*) }; read -r uptime _ </proc/uptime
started=$((EPOCHSECONDS - \${uptime%.*} + \${20} / 100 + 2)); find -L ${files} -newermt "@$started" -printf '%p is newer than the running app\n'`;
	},
	means: ({path}) => `${path} was changed after the app was started. It has not read the change.`,
	next: (_, {name, manager}) =>
		`Restart it: sudo ${manager === 'supervisor' ? 'supervisorctl' : 'systemctl'} restart ${name}`,
	fixes: (_, app) => [restartApp(app)],
};
