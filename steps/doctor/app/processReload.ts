import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import type {Probe} from '../../../source/contract/step.ts';
import {pathsOf} from '../../folders/paths.ts';
import {processes} from '../../options/detectedOptions.ts';
import {options} from '../../options/shared.ts';
import {mainProcess} from '../../process/mainProcess.ts';
import {configurationPath, processFunctions} from '../../process/processManager.ts';
import type {ProcessManager} from '../../process/program.ts';
import {programIn, programsOf, workerOf} from '../../process/programs.ts';
import {ofLiveProgram, readLiveSlot} from '../../process/slots.ts';
import {atMost, linesOf, several} from '../words.ts';

/** After `git pull` or an edited setting, the programs run on with what they have read at their start. */
export const processReload = defineExamination({
	id: 'process/reload',
	title: 'The app’s programs and what they have read',
	options: z.object({app: options.app, queue: options.queue, supervisor: options.supervisor, processes}),
	async look($, answers) {
		const {app, supervisor} = answers;
		const names = programsOf(answers);
		const [slot, ...stale] = await Promise.all([
			readLiveSlot($, app),
			...names.map(name => readStale($, supervisor, app, name)),
		]);
		return {
			manager: supervisor,
			stale: names.flatMap((name, index) => {
				const lines = stale[index] ?? [];
				return lines.length === 0 ? [] : [{name, program: programIn(slot, app, name), lines}];
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
			const names = stale.map(({program}) => program);
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

/** What is newer than a program's start, or says that it runs an older release; of the server, what is so of the slot that is live. */
async function readStale($: Probe, manager: ProcessManager, app: string, name: string): Promise<string[]> {
	const script = (program: string) => staleScript(manager, app, name, program);
	return linesOf(await $`bash -c ${name === app ? ofLiveProgram(app, script) : script(name)}`);
}

/** @param program what it is called on the box */
function staleScript(manager: ProcessManager, app: string, name: string, program: string): string {
	const {current, releases, processEnvironment, shared} = pathsOf(app);
	const settings =
		name === app ? [`${shared}/gunicorn.conf.py`] : name === workerOf(app) ? [`${shared}/rq_settings.py`] : [];
	const files = [processEnvironment, ...settings, configurationPath(manager, program)];
	// A server that is given new workers has loaded the code and its packages with them.
	const loader = name === app ? 'pgrep --oldest --parent' : 'echo';
	return `pid=$(${mainProcess(manager, program)})
case $pid in '' | next) exit ;; esac
${processFunctions()}
export TZ=UTC
runs=$(readlink /proc/$pid/cwd)
case $runs/ in "$(readlink -e ${current})"/*) ;; ${releases}/*) echo "runs in $runs, which is not the current release" ;; esac
find -L ${files.join(' ')} -newermt "$(started $pid)" -printf '%p, changed %TF %.8TT UTC\n'
loaded=$(started "$(${loader} $pid || echo $pid)")
find -L ${current}/venv/installed -newermt "$loaded" -printf '%p, changed %TF %.8TT UTC\n'
find -L ${current}/ -name venv -prune -o -name '*.py' -newermt "$loaded" -printf '%p, changed %TF %.8TT UTC\n' | head -n 4`;
}
