import type {AppOnBox} from '../../source/contract/diagnosis/cause.ts';
import {type Fix, fixOf} from '../../source/contract/diagnosis/fix.ts';
import {pidCommand} from '../process/mainProcess.ts';

/** Units that hold much more than one program. */
const shared = /^(-|init\.scope|supervisor\.service|ssh\.service|session-.*|user@.*|.*\.slice)$/;

/**
 * Ends whatever else listens on a port; never the app as its manager runs it, nor what systemd holds for a socket unit.
 * @param wanted the unit that shall have the port, where it is not the app's own
 */
export function freePort(app: AppOnBox, port: number, wanted?: string): Fix {
	const own = `${app.program}.service`;
	const whose = wanted?.replace(/\.service$/, '') ?? app.name;
	return fixOf({
		name: `free-port-${port}`,
		title: `Stop what else has port ${port}`,
		why: `Two programs can’t listen on one port. The other one is stopped, so that ${whose} can have it.`,
		check: async $ => {
			const answer =
				await $`pid=$(ss -Hltnp ${`( sport = :${port} )`} | grep -o 'pid=[0-9]*' | head -n 1 | cut -d= -f2); test -n "$pid" || exit; echo "$pid"; ps -o unit= -p "$pid"
main=$(${pidCommand(app.manager, app.program)}); above=$pid
while [ "$above" -gt 1 ] && [ "$above" != "$main" ]; do above=$(ps -o ppid= -p "$above" | tr -d ' '); done
if [ "$pid" = 1 ] || { [ "$main" -gt 1 ] && [ "$above" = "$main" ]; }; then echo own; fi`;
			const [pid = '', unit = '-', ours] = answer.split('\n').map(line => line.trim());
			// What is left in the app's unit without its main process no stop of the unit ends.
			return {
				pid,
				unit: unit === own ? '-' : unit,
				own: ours === 'own' || (unit === wanted && wanted === 'nginx.service'),
			};
		},
		done: ({pid, own}) => pid === '' || own,
		apply($, {pid, unit}) {
			if (!shared.test(unit)) return $.service(unit, 'stop');
			$`kill ${pid}; for try in {1..100}; do [ -e ${`/proc/${pid}`} ] || break; sleep 0.1; done; if [ -e ${`/proc/${pid}`} ]; then kill -s KILL ${pid}; fi`;
		},
		undo($, {unit}) {
			if (!shared.test(unit)) $.service(unit, 'start');
		},
		notUndone: 'A program that no unit starts is not started again.',
	});
}
