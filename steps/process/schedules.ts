import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep, type FileFact, type Hand, type Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {pathsOf} from '../folders/paths.ts';
import {type Place, startFolder} from '../folders/startFolder.ts';
import {folder, processes, schedules as schedulesOption, workingFolder} from '../options/app.ts';
import {readSchedule, type Schedule} from '../options/crontab.ts';
import {options} from '../options/shared.ts';
import {shellWords} from './program.ts';
import {processesOf, processName, workerOf} from './programs.ts';
import {jobUnit, noticeUnit, timerUnit} from './unit.ts';

/** Jobs of an app at fixed times, each by a timer of systemd's. */
export const schedules = defineStep({
	id: 'process/schedules',
	title: 'Scheduled jobs',
	why: 'What the app does at fixed times is started by timers of systemd, as the app’s own user and with its settings. What one says is in the journal, and one that fails is told: a crontab fails in silence.',
	needs: ['app/switchRelease', 'app/migrations'],
	options: z.object({
		app: options.app,
		queue: options.queue,
		mail: options.mail,
		folder,
		workingFolder,
		processes,
		schedules: schedulesOption,
	}),
	wanted: ({schedules}) => Object.keys(schedules).length > 0,
	async check($, answers) {
		refuseNames(answers);
		const files = filesOf(answers);
		const timers = Object.keys(answers.schedules).map(name => `${processName(answers.app, name)}.timer`);
		const [found, waiting, gone] = await Promise.all([
			Promise.all(files.map(async ({path}): Promise<readonly [string, FileFact | null]> => [path, await $.file(path)])),
			$`for timer in ${timers}; do if systemctl is-active --quiet -- "$timer" && systemctl is-enabled --quiet -- "$timer"; then echo "$timer"; fi; done`,
			readGone($, answers.app, timers),
		]);
		return {files: Object.fromEntries(found), waiting: waiting.split('\n').filter(line => line !== ''), gone};
	},
	done: ({files, waiting, gone}, answers) =>
		gone.length === 0 &&
		filesOf(answers).every(({path, content}) => fileIs(files[path] ?? null, content)) &&
		Object.keys(answers.schedules).every(name => waiting.includes(`${processName(answers.app, name)}.timer`)),
	apply($, {files, gone}, answers) {
		for (const name of gone) takeAway($, name);
		for (const {path, content} of filesOf(answers)) if (!fileIs(files[path] ?? null, content)) $.file(path, content);
		$`systemctl daemon-reload`;
		for (const name of Object.keys(answers.schedules)) {
			const timer = `${processName(answers.app, name)}.timer`;
			$`systemctl enable --quiet ${timer}`;
			// Also where it waits already: for the times that it has now.
			$`systemctl restart ${timer}`;
		}
	},
	// What there was of them goes by the answers.
	before: () => ({files: {}, waiting: [], gone: []}),
	undo($, _before, {app, schedules}) {
		for (const name of Object.keys(schedules)) takeAway($, processName(app, name));
		$.remove(noticePath(app));
		$`systemctl daemon-reload`;
	},
});

type Answers = Place & {
	readonly app: string;
	readonly mail: string;
	readonly schedules: Readonly<Record<string, string>>;
};

const unitPath = (name: string) => `/etc/systemd/system/${name}`;
const noticePath = (app: string) => unitPath(`${app}-failed@.service`);

/** All files of an app's jobs: a service and a timer for each, and what tells that one has failed. */
function filesOf(answers: Answers): {readonly path: string; readonly content: string}[] {
	const {app, mail, schedules} = answers;
	const jobs = Object.entries(schedules).flatMap(([name, line]) => {
		const {calendar, command} = scheduleOf(line);
		const unit = processName(app, name);
		const job = {
			name: unit,
			app,
			description: `${name} of ${app}`,
			words: shellWords(command),
			folder: startFolder(pathsOf(app).current, answers),
		};
		return [
			{path: unitPath(`${unit}.service`), content: jobUnit(job, mail !== 'none')},
			{path: unitPath(`${unit}.timer`), content: timerUnit(job.description, calendar)},
		];
	});
	return mail === 'none' ? jobs : [...jobs, {path: noticePath(app), content: noticeUnit(app)}];
}

/** The option has refused what is none. */
function scheduleOf(line: string): Schedule {
	const read = readSchedule(line);
	return 'problem' in read ? {calendar: [], command: line} : read;
}

/** Jobs of the app that the answers name no more: what their timers belong to. */
async function readGone($: Probe, app: string, timers: readonly string[]): Promise<string[]> {
	const {processEnvironment} = pathsOf(app);
	const found =
		await $`for timer in /etc/systemd/system/${app}-*.timer; do if grep -qsFx ${`EnvironmentFile=${processEnvironment}`} "\${timer%.timer}.service"; then echo "\${timer##*/}"; fi; done`;
	return found
		.split('\n')
		.filter(timer => timer !== '' && !timers.includes(timer))
		.map(timer => timer.replace(/\.timer$/, ''));
}

function takeAway($: Hand, name: string): void {
	$`if systemctl cat --quiet -- ${`${name}.timer`} >/dev/null 2>&1; then systemctl disable --now --quiet -- ${`${name}.timer`}; systemctl stop -- ${`${name}.service`}; systemctl reset-failed -- ${`${name}.service`} 2>/dev/null || true; fi`;
	$.remove(unitPath(`${name}.timer`));
	$.remove(unitPath(`${name}.service`));
}

/** A job and a program of the app can't share a name: on the box they would be one unit. @throws Trouble */
function refuseNames(
	answers: Answers & {readonly queue: string; readonly processes: Readonly<Record<string, string>>},
) {
	const {app, queue, schedules} = answers;
	const taken = [...processesOf(answers), ...(queue === '' ? [] : [workerOf(app)]), `${app}-failed`];
	const twice = Object.keys(schedules).find(name => taken.includes(processName(app, name)));
	if (twice === undefined) return;
	throw new Trouble({
		what: `A scheduled job can’t be called “${twice}”.`,
		means: `On the box it would be ${processName(app, twice)}, and that is what another program of the app is called.`,
		next: 'Give it another name under “Scheduled jobs”. Then try again.',
		code: 'job-name-taken',
	});
}
