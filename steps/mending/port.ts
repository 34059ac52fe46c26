import type {AppOnBox} from '../../source/cause.ts';
import {type Fix, fixOf} from '../../source/fix.ts';

/** Units that hold much more than one program. */
const shared = /^(-|init\.scope|supervisor\.service|ssh\.service|session-.*|user@.*|.*\.slice)$/;

/** Ends whatever else listens on the app's port. */
export function freePort(app: AppOnBox, port: number): Fix {
	return fixOf({
		name: `free-port-${port}`,
		title: `Stop what else has port ${port}`,
		why: `Two programs can’t listen on one port. The other one is stopped, so that ${app.name} can have it.`,
		check: async $ => {
			const answer =
				await $`pid=$(ss -Hltnp ${`( sport = :${port} )`} | grep -o 'pid=[0-9]*' | head -n 1 | cut -d= -f2); test -n "$pid" || exit; echo "$pid"; ps -o unit= -p "$pid"; ps -o user= -p "$pid"; ps -o args= -p "$pid"`;
			const [pid = '', unit = '-', user = '', command = ''] = answer.split('\n').map(line => line.trim());
			return {pid, unit, own: user === app.user && app.words.every(word => command.includes(word))};
		},
		done: ({pid}) => pid === '',
		apply($, {pid, unit}) {
			if (!shared.test(unit)) return $.service(unit, 'stop');
			$`kill ${pid}; for try in {1..100}; do [ -e ${`/proc/${pid}`} ] || break; sleep 0.1; done; if [ -e ${`/proc/${pid}`} ]; then kill -s KILL ${pid}; fi`;
		},
		undo($, {unit}) {
			if (!shared.test(unit)) $.service(unit, 'start');
		},
		keeps: 'A program that no unit starts is not started again.',
	});
}
