import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import type {Probe} from '../../../source/contract/step.ts';
import {pathsOf} from '../../folders/paths.ts';
import {options} from '../../options/shared.ts';
import {configurationPath, type ProcessManager} from '../../process/manager.ts';
import {programsOf} from '../../process/programs.ts';
import {atMost, linesOf, several} from '../words.ts';

/** After `git pull` or an edited setting, the programs run on with what they have read at their start. */
export const processReload = defineExamination({
	id: 'process/reload',
	title: 'The app’s programs and what they have read',
	options: z.object({app: options.app, queue: options.queue, supervisor: options.supervisor}),
	async look($, {app, queue, supervisor}) {
		const names = programsOf({app, queue});
		const stale = await Promise.all(names.map(name => readStale($, supervisor, app, name)));
		return {
			manager: supervisor,
			stale: names.flatMap((name, index) => {
				const lines = stale[index] ?? [];
				return lines.length === 0 ? [] : [{name, lines}];
			}),
		};
	},
	judge({stale, manager}) {
		if (stale.length === 0) return undefined;
		return {
			severity: 'warning',
			title: `${several(stale.length, 'program')} of the app ${stale.length === 1 ? 'runs' : 'run'} with what was there before`,
			means: `Newer code or settings lie on disk, and do nothing until ${manager} restarts it.`,
			evidence: stale.flatMap(({name, lines}) => atMost(lines, 4).map(line => `${name}: ${line}`)),
		};
	},
	fix: ({stale, manager}) => ({
		title: `Restart ${stale.map(({name}) => name).join(' and ')}`,
		why: 'It reads everything anew. Requests that are being answered are cut off: one or two seconds.',
		apply($) {
			const names = stale.map(({name}) => name);
			if (manager === 'systemd') {
				$`systemctl daemon-reload`;
				$`systemctl restart ${names}`;
			} else {
				$`supervisorctl update ${names}`;
				$`supervisorctl restart ${names}`;
			}
		},
		notUndone: 'What the programs have read stays read: change the files back and restart again.',
	}),
});

/** What is newer than a program's start, or says that it runs an older release. */
async function readStale($: Probe, manager: ProcessManager, app: string, name: string): Promise<string[]> {
	const {current, environment, shared} = pathsOf(app);
	const worker = name !== app;
	const settings = `${shared}/${worker ? 'rq_settings.py' : 'gunicorn.conf.py'}`;
	const files = [environment, settings, configurationPath(manager, name)];
	const pattern = worker ? 'rq.cli worker' : 'gunicorn --config';
	// A reload gives gunicorn new workers: it is they who have loaded the code and its packages.
	const loader = worker ? ['echo'] : ['pgrep', '--oldest', '--parent'];
	return linesOf(
		await $`pid=$(pgrep --oldest --uid ${app} --full ${pattern}) || exit
started() { local stat uptime; stat=$(</proc/$1/stat); read -r uptime _ </proc/uptime; set -- \${stat##*) }; echo "@$((EPOCHSECONDS - \${uptime%.*} + \${20} / 100 + 2))"; }
export TZ=UTC
[ /proc/$pid/cwd -ef ${current} ] || echo "runs in $(readlink /proc/$pid/cwd), which is not the current release"
find -L ${files} -newermt "$(started $pid)" -printf '%p, changed %TF %.8TT UTC\n'
loaded=$(started "$(${loader} $pid || echo $pid)")
find -L ${current}/venv/installed -newermt "$loaded" -printf '%p, changed %TF %.8TT UTC\n'
find -L ${current}/ -name venv -prune -o -name '*.py' -newermt "$loaded" -printf '%p, changed %TF %.8TT UTC\n' | head -n 4`,
	);
}
