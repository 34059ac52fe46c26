import type {Probe} from '../../../source/contract/step.ts';
import {shownUnits} from '../../system/shownUnits.ts';

/** A unit that systemd has loaded, as `systemctl show` tells it. */
export type LoadedUnit = {
	readonly name: string;
	readonly failed: boolean;
	/** 'exit-code', 'timeout', 'oom-kill' … (systemd.service(5), $SERVICE_RESULT). */
	readonly result: string;
	/** Its file has changed since systemd read it. */
	readonly stale: boolean;
	/** A job of an app at fixed times (steps/process/schedules.ts). */
	readonly isJob: boolean;
};

/** All loaded units that are not as they should be. Equal questions travel once, so every examination may ask. */
export async function readOddUnits($: Probe): Promise<LoadedUnit[]> {
	const answer =
		await $`systemctl show --property=Id,ActiveState,Result,NeedDaemonReload,Type,EnvironmentFiles '*' | awk -v RS= '/ActiveState=failed|NeedDaemonReload=yes/ {print; print ""}'`;
	return shownUnits(answer).map(({id, value}) => ({
		name: id,
		failed: value('ActiveState') === 'failed',
		result: value('Result'),
		stale: value('NeedDaemonReload') === 'yes',
		isJob: value('Type') === 'oneshot' && /^\/srv\/[^/]+\/shared\/environment /.test(value('EnvironmentFiles')),
	}));
}
