import type {ProcessManager} from './program.ts';
import {supervisedState} from './supervisor.ts';

/** How a program stands, of either manager: `look NAME` sets MainPID (0 where none runs); `ended NAME` says whether it has ended since it was started. */
const looks: Readonly<Record<ProcessManager, string>> = {
	systemd: `look() {
	ActiveState= SubState= MainPID=0 NRestarts=0
	local property value
	while IFS== read -r property value; do printf -v "$property" %s "$value"; done < <(systemctl show -p ActiveState -p SubState -p MainPID -p NRestarts -- "$1")
}
ended() {
	look "$1"
	case $ActiveState:$SubState in failed:* | inactive:* | activating:auto-restart*) return 0 ;; esac
	[ "$NRestarts" -gt 0 ]
}
start() { systemctl reset-failed -- "$1" 2> /dev/null || true; systemctl start -- "$1"; }
halt() { systemctl stop -- "$1"; }
stop() { systemctl stop -- "$1"; systemctl reset-failed -- "$1" 2> /dev/null || true; }
words() { journalctl --unit="$(program "$1")" --since="@$(stat -c %Y "$root/slots/$1/release")" --lines=80 --no-pager --output=cat --quiet; }`,
	supervisor: `${supervisedState}
look() { supervised "$1"; }
ended() {
	look "$1"
	case $State in BACKOFF | EXITED | FATAL | STOPPED) return 0 ;; esac
	[ "$MainPID" -gt 0 ] || return 1
	[ "\${Started:=$MainPID}" != "$MainPID" ]
}
start() { supervisorctl update "$1" > /dev/null; supervisorctl start "$1" > /dev/null 2>&1 || true; }
halt() { supervisorctl stop "$1" > /dev/null 2>&1 || true; }
stop() {
	rm -f "/etc/supervisor/conf.d/$1.conf"
	supervisorctl update "$1" > /dev/null
}
words() { tail -n 80 "/var/log/supervisor/$(program "$1").log" 2> /dev/null; }`,
};

/**
 * Bash functions about the two slots of an app, for a script that sets app, root (the app's folder), and first_port and second_port.
 * halt NAME stops a program, stop NAME for good (under supervisor its configuration goes). words SLOT: what its program has said since it got its release. live: which slot is; make_live SLOT: in one move; program SLOT and port SLOT name its program and port.
 */
export function slotFunctions(manager: ProcessManager): string {
	return `${looks[manager]}
live() { if [ -e "$root/live/second" ]; then echo second; else echo first; fi; }
other() { if [ "$1" = first ]; then echo second; else echo first; fi; }
make_live() { ln -sfnT "slots/$1" "$root/.live.boxwizard" && mv -T "$root/.live.boxwizard" "$root/live" && sync "$root"; }
program() { if [ "$1" = first ]; then echo "$app"; else echo "$app-second"; fi; }
port() { if [ "$1" = first ]; then echo "$first_port"; else echo "$second_port"; fi; }
mark() { echo "/run/boxwizard/candidate-$(program "$1")"; }
runs() { look "$(program "$1")"; [ "$MainPID" -gt 0 ]; }`;
}
