import type {ProcessManager} from './program.ts';
import {pidOfSupervised} from './supervisor.ts';

/**
 * Shell text of a function `unit_state UNIT`: sets ActiveState, SubState, MainPID and Job as systemd has them, by one call
 * of systemctl(1). MainPID is 0 where none runs, Job where none is queued.
 */
export const unitState = `unit_state() {
	ActiveState= SubState= MainPID=0 Job=0
	local property value
	while IFS== read -r property value; do printf -v "$property" %s "$value"; done \\
		< <(systemctl show -p ActiveState -p SubState -p MainPID -p Job -- "$1")
}`;

/** A command that prints the main process of a program; 0 where it does not run. For a moment in which its manager is there for sure. */
export function pidCommand(manager: ProcessManager, name: string): string[] {
	return manager === 'supervisor' ? ['supervisorctl', 'pid', name] : ['systemctl', 'show', '-P', 'MainPID', '--', name];
}

/**
 * Shell text that prints the main process of a program, as its manager has it; nothing where there is none. One of systemd's that
 * finishes what it does is followed by the next one, where that is queued: then it prints 'next'.
 */
export function mainProcess(manager: ProcessManager, name: string): string {
	if (manager === 'systemd') {
		return `${unitState}
unit_state ${name}
if [ "$ActiveState" = deactivating ] && [ "$Job" -gt 0 ]; then echo next
elif [ "$MainPID" -gt 0 ]; then echo "$MainPID"; fi`;
	}

	// A supervisor that has just come up is about to start its programs.
	return `for _ in {1..30}; do
	pid=$(${pidOfSupervised(name)})
	if [ "$pid" -gt 0 ]; then echo "$pid"; exit; fi
	[ -n "$(find /run/supervisord.pid -newermt '-5 seconds')" ] || exit
	sleep 0.1
done`;
}
