import {Trouble} from '../../contract/trouble.ts';
import {cron} from './cron.ts';
import {launchd} from './launchd.ts';
import type {RunProgram, Scheduler} from './scheduler.ts';
import {systemd} from './systemd.ts';
import {taskScheduler} from './task-scheduler.ts';

export {runProgram} from './run-program.ts';
export type {RunProgram, Scheduler} from './scheduler.ts';

/** What a system may have, the better one first. */
export function schedulersOf(platform: NodeJS.Platform): readonly Scheduler[] {
	if (platform === 'darwin') return [launchd];
	return platform === 'win32' ? [taskScheduler] : [systemd, cron];
}

/** Schedules the check by the first scheduler that answers here, and by no other; answers it. @throws Trouble where none does */
export async function schedule(
	run: RunProgram,
	wordsFor: (scheduler: Scheduler) => readonly string[],
	schedulers = schedulersOf(process.platform),
): Promise<Scheduler> {
	for (const scheduler of schedulers) {
		if (!(await scheduler.works(run))) continue;
		for (const other of schedulers) if (other !== scheduler) await other.remove(run);
		await scheduler.install(run, wordsFor(scheduler));
		return scheduler;
	}

	throw new Trouble({
		what: `Nothing on this machine starts programs by the clock: ${schedulers.map(({name}) => name).join(' and ')} do not answer.`,
		means: 'Nobody would look every day. Nothing was scheduled.',
		next: 'Install cron (Debian: apt install cron), or run “boxwizard reminders check” by hand now and then.',
		code: 'no-scheduler',
	});
}

/** The scheduler that starts the check on this machine now. */
export async function scheduled(
	run: RunProgram,
	schedulers = schedulersOf(process.platform),
): Promise<Scheduler | undefined> {
	for (const scheduler of schedulers) if (await scheduler.installed(run)) return scheduler;
	return undefined;
}

/** Takes the check out of every scheduler; answers those that had it. */
export async function unschedule(run: RunProgram, schedulers = schedulersOf(process.platform)): Promise<string[]> {
	const removed: string[] = [];
	for (const scheduler of schedulers) {
		if (await scheduler.installed(run)) removed.push(scheduler.name);
		await scheduler.remove(run);
	}

	return removed;
}
