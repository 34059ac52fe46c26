import {z} from 'zod';
import {fileIs} from '../../source/contract/file-fact.ts';
import {defineStep, type FileFact, type Hand, type Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';
import {pathsOf} from '../folders/paths.ts';
import {type Place, startFolder} from '../folders/startFolder.ts';
import {readSchedule, type Schedule} from '../options/crontab.ts';
import {cron, folder, processes, workingFolder} from '../options/detectedOptions.ts';
import {options} from '../options/shared.ts';
import {timerStamp} from '../system/units.ts';
import {refuseForeign} from './foreignPrograms.ts';
import {jobsOf} from './jobs.ts';
import {shellWords} from './program.ts';
import {processName, programsOnBox} from './programs.ts';
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
		cron,
	}),
	wanted: ({cron}) => Object.keys(cron).length > 0,
	clears: true,
	async check($, answers) {
		refuseNames(answers);
		const {app} = answers;
		const jobs = jobsOf(answers);
		await refuseForeign($, app, jobs);
		const timers = jobs.map(name => `${name}.timer`);
		const paths = [...new Set([...filesOf(answers).map(({path}) => path), noticePath(app)])];
		const [found, waiting, gone] = await Promise.all([
			Promise.all(paths.map(async (path): Promise<readonly [string, FileFact | null]> => [path, await $.file(path)])),
			$`for timer in ${timers}; do if systemctl is-active --quiet -- "$timer" && systemctl is-enabled --quiet -- "$timer"; then echo "$timer"; fi; done`,
			readGone($, app, jobs),
		]);
		return {
			files: Object.fromEntries(found),
			waiting: waiting.split('\n').filter(line => line !== ''),
			gone,
			named: jobs,
		};
	},
	done: ({files, waiting, gone}, answers) =>
		gone.length === 0 &&
		!hasIdleNotice(files, answers) &&
		filesOf(answers).every(({path, content}) => fileIs(files[path] ?? null, content)) &&
		jobsOf(answers).every(name => waiting.includes(`${name}.timer`)),
	apply($, {files, gone}, answers) {
		for (const name of gone) takeAway($, name);
		if (hasIdleNotice(files, answers)) $.remove(noticePath(answers.app));
		for (const {path, content} of filesOf(answers)) if (!fileIs(files[path] ?? null, content)) $.file(path, content);
		$`systemctl daemon-reload`;
		for (const name of jobsOf(answers)) {
			$`systemctl enable --quiet ${`${name}.timer`}`;
			// Also where it waits already: for the times that it has now.
			$`systemctl restart ${`${name}.timer`}`;
		}
	},
	before: ({named}) => ({files: {}, waiting: [], gone: [], named}),
	// All that were ever named: the answers may be others by now, and not brought about.
	beforeAgain: (first, {named}) => ({...first, named: [...new Set([...first.named, ...named])]}),
	undo($, {named}, answers) {
		for (const name of new Set([...named, ...jobsOf(answers)])) takeAway($, name);
		$.remove(noticePath(answers.app));
		$`systemctl daemon-reload`;
	},
});

type Answers = Place & {
	readonly app: string;
	readonly mail: string;
	readonly cron: Readonly<Record<string, string>>;
};

const unitPath = (name: string) => `/etc/systemd/system/${name}`;
const noticePath = (app: string) => unitPath(`${app}-failed@.service`);

/** All files of an app's jobs: a service and a timer for each, and what tells that one has failed. */
function filesOf(answers: Answers): {readonly path: string; readonly content: string}[] {
	const {app, mail, cron} = answers;
	const jobs = Object.entries(cron).flatMap(([name, line]) => {
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
	return jobs.length === 0 || mail === 'none' ? jobs : [...jobs, {path: noticePath(app), content: noticeUnit(app)}];
}

/** Whether what tells of failures is there, and nothing to tell of or no mail to tell it by. */
function hasIdleNotice(files: Readonly<Record<string, FileFact | null>>, answers: Answers): boolean {
	const path = noticePath(answers.app);
	return files[path] != null && filesOf(answers).every(file => file.path !== path);
}

/** The option has refused what is none. */
function scheduleOf(line: string): Schedule {
	const read = readSchedule(line);
	return 'problem' in read ? {calendar: [], command: line} : read;
}

/** Jobs of the app that the answers name no more: they read its variables, and no other app's would. */
async function readGone($: Probe, app: string, named: readonly string[]): Promise<string[]> {
	const {processEnvironment} = pathsOf(app);
	const found =
		await $`grep -lFx Type=oneshot $(grep -lsFx ${`EnvironmentFile=${processEnvironment}`} /etc/systemd/system/${app}-*.service) < /dev/null`;
	return found
		.split('\n')
		.map(path => path.replace(/^.*\//, '').replace(/\.service$/, ''))
		.filter(name => name.startsWith(`${app}-`) && !named.includes(name));
}

function takeAway($: Hand, name: string): void {
	$`if systemctl cat --quiet -- ${`${name}.timer`} >/dev/null 2>&1; then systemctl disable --now --quiet -- ${`${name}.timer`}; systemctl stop -- ${`${name}.service`}; systemctl reset-failed -- ${`${name}.service`} 2>/dev/null || true; fi`;
	$.remove(unitPath(`${name}.timer`));
	$.remove(unitPath(`${name}.service`));
	$`rm -f ${timerStamp(name)}`;
}

/** A job and a program of the app can't share a name: on the box they would be one unit. @throws Trouble */
function refuseNames(
	answers: Answers & {readonly queue: string; readonly processes: Readonly<Record<string, string>>},
) {
	const {app, cron} = answers;
	const taken = [...programsOnBox(answers), `${app}-failed`];
	const twice = Object.keys(cron).find(name => taken.includes(processName(app, name)));
	if (twice === undefined) return;
	throw new Trouble({
		what: `A scheduled job can’t be called “${twice}”.`,
		means: `On the box it would be ${processName(app, twice)}, and that is what another program of the app is called.`,
		next: 'Give it another name under “Scheduled jobs”. Then try again.',
		code: 'job-name-taken',
	});
}
