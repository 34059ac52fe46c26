import type {JobStatus} from '../../source/contract/status.ts';
import {shownUnits} from '../system/shownUnits.ts';
import {processName} from './programs.ts';

/** The answers that say which jobs an app has at fixed times. */
export type JobAnswers = {
	readonly app: string;
	/** Lines of a crontab by the jobs' own names. */
	readonly cron?: Readonly<Record<string, string>>;
};

/** What is asked of systemd about the units of `unitsOfJobs`, under TZ=UTC. With `Id`, which each block needs. */
export const jobProperties = ['ActiveState', 'NextElapseUSecRealtime', 'LastTriggerUSec'] as const;

/** What the jobs of an app are called on the box. */
export function jobsOf({app, cron = {}}: JobAnswers): string[] {
	return Object.keys(cron).map(name => processName(app, name));
}

export function unitsOfJobs(answers: JobAnswers): string[] {
	return jobsOf(answers).flatMap(name => [`${name}.timer`, `${name}.service`]);
}

/** How the jobs of an app stand, in the order of its answers. Pure. @param answer what `systemctl show` says of their units */
export function jobsIn(answer: string, {app, cron = {}}: JobAnswers): JobStatus[] {
	const units = new Map(shownUnits(answer).map(({id, value}) => [id, value]));
	return Object.keys(cron).map((name): JobStatus => {
		const unit = processName(app, name);
		const [timer, service] = [units.get(`${unit}.timer`), units.get(`${unit}.service`)];
		const [next, last] = [moment(timer?.('NextElapseUSecRealtime')), moment(timer?.('LastTriggerUSec'))];
		return {
			name,
			state: stateOf(timer?.('ActiveState'), service?.('ActiveState')),
			...(next !== undefined && {next}),
			...(last !== undefined && {last}),
		};
	});
}

function stateOf(timer: string | undefined, service: string | undefined): JobStatus['state'] {
	// A job that does its work and ends is “activating” as long as it does.
	if (service === 'activating') return 'running';
	if (service === 'failed') return 'failed';
	return timer === 'active' ? 'waiting' : 'off';
}

/** 'Sun 2026-11-29 03:00:00 UTC', as systemd writes it under TZ=UTC, in ISO 8601. */
function moment(text = ''): string | undefined {
	const [, day, time] = /^[A-Z][a-z]{2} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(text) ?? [];
	const iso = `${day}T${time}.000Z`;
	return day === undefined || Number.isNaN(Date.parse(iso)) ? undefined : iso;
}
