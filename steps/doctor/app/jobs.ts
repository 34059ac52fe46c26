import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {cron} from '../../options/detectedOptions.ts';
import {options} from '../../options/shared.ts';
import {jobProperties, jobsIn, unitsOfJobs} from '../../process/jobs.ts';
import {processName} from '../../process/programs.ts';
import {schedules} from '../../process/schedules.ts';
import {linesOf} from '../words.ts';

/** The minutes that a job is waited for when it is run again. */
const minutes = 30;

/** What the app does at fixed times: that its timers wait, and that its last runs went well. */
export const processJobs = defineExamination({
	id: 'process/jobs',
	title: 'The app’s scheduled jobs',
	options: z.object({app: options.app, cron}),
	async look($, answers) {
		const units = unitsOfJobs(answers);
		if (units.length === 0) return {failed: [], off: [], said: []};
		const stated = jobsIn(
			await $`TZ=UTC systemctl show --property=${['Id', ...jobProperties].join(',')} -- ${units}`,
			answers,
		);
		const named = (state: string) =>
			stated
				.filter(job => job.state === state)
				.map(({name, last}) => ({name: processName(answers.app, name), ...(last !== undefined && {last})}));
		const failed = named('failed');
		const said =
			failed.length === 0
				? ''
				: // Its own words alone: what systemd says of it is that it failed.
					await $`journalctl ${failed.map(({name}) => `_SYSTEMD_UNIT=${name}.service`)} --lines=80 --output=cat --no-pager --quiet`;
		return {failed, off: named('off').map(({name}) => name), said: linesOf(said)};
	},
	judge({failed, off, said}) {
		const names = failed.map(({name}) => name);
		if (names.length > 0) {
			return {
				severity: 'bad',
				title: names.length === 1 ? `The job ${names[0]} has failed` : `The jobs ${names.join(' and ')} have failed`,
				means: 'What it was to do the last time is not done. It is started again when its next time comes.',
				evidence: [
					...failed.map(({name, last}) => (last === undefined ? name : `${name}: started ${last}`)),
					...said.slice(-4).map(line => line.slice(0, 200)),
				],
				next: `Its lines say why: boxwizard logs HOST ${names[0]}`,
				said,
			};
		}

		if (off.length === 0) return undefined;
		return {
			severity: 'bad',
			title: `Nothing starts ${off.join(' and ')}`,
			means: 'A timer of systemd starts each scheduled job, and this one does not wait: what the job does is not done.',
			evidence: off.map(name => `${name}.timer is not active`),
		};
	},
	fix({failed, off}) {
		if (failed.length === 0) return off.length === 0 ? undefined : fixByStep(schedules, 'Start the timers again');
		const names = failed.map(({name}) => `${name}.service`);
		return {
			title: names.length === 1 ? 'Run the job again' : 'Run the jobs again',
			why: `A fault that has passed does not come back. It is done now what was to be done then, for at most ${minutes} minutes.`,
			apply($) {
				$`systemctl reset-failed -- ${names}`;
				for (const name of names) $.within(minutes)`systemctl start -- ${name}`;
			},
			notUndone: 'What the job has done stays done.',
			async verify($) {
				const again = await $`systemctl is-failed -- ${names}`;
				if (!again.split('\n').includes('failed')) return;
				throw new Trouble({
					what: `${names.join(' and ')} failed again.`,
					means: 'What ails it has not passed.',
					next: `Its lines say why: boxwizard logs HOST ${failed[0]?.name}`,
					evidence: linesOf(await $`journalctl --unit=${names[0] ?? ''} --lines=8 --output=cat --no-pager`),
					code: 'failed-again',
				});
			},
		};
	},
});
