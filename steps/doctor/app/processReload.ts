import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import type {Probe} from '../../../source/contract/step.ts';
import {pathsOf} from '../../folders/paths.ts';
import {processes} from '../../options/app.ts';
import {options} from '../../options/shared.ts';
import {mainProcess} from '../../process/mainProcess.ts';
import {configurationPath, processFunctions} from '../../process/processManager.ts';
import type {ProcessManager} from '../../process/program.ts';
import {programsOf, workerOf} from '../../process/programs.ts';
import {atMost, linesOf, several} from '../words.ts';

/** After `git pull` or an edited setting, the programs run on with what they have read at their start. */
export const processReload = defineExamination({
	id: 'process/reload',
	title: 'The app’s programs and what they have read',
	options: z.object({app: options.app, queue: options.queue, supervisor: options.supervisor, processes}),
	async look($, answers) {
		const {app, supervisor} = answers;
		const names = programsOf(answers);
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
	const {current, processEnvironment, shared} = pathsOf(app);
	const worker = name !== app;
	const settings =
		name === app ? [`${shared}/gunicorn.conf.py`] : name === workerOf(app) ? [`${shared}/rq_settings.py`] : [];
	const files = [processEnvironment, ...settings, configurationPath(manager, name)];
	// A reload gives gunicorn new workers: it is they who have loaded the code and its packages.
	const loader = worker ? ['echo'] : ['pgrep', '--oldest', '--parent'];
	return linesOf(
		await $`pid=$(bash -c ${mainProcess(manager, name)})
case $pid in '' | next) exit ;; esac
eval ${processFunctions()}
export TZ=UTC
[ /proc/$pid/cwd -ef ${current} ] || echo "runs in $(readlink /proc/$pid/cwd), which is not the current release"
find -L ${files} -newermt "$(started $pid)" -printf '%p, changed %TF %.8TT UTC\n'
loaded=$(started "$(${loader} $pid || echo $pid)")
find -L ${current}/venv/installed -newermt "$loaded" -printf '%p, changed %TF %.8TT UTC\n'
find -L ${current}/ -name venv -prune -o -name '*.py' -newermt "$loaded" -printf '%p, changed %TF %.8TT UTC\n' | head -n 4`,
	);
}
