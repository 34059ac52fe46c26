import type {Probe} from '../../../source/contract/step.ts';
import {secondIsLive} from '../../process/slots.ts';
import {shownUnits} from '../../system/shownUnits.ts';
import {linesOf} from '../words.ts';

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
	/** The server of an app, in the slot that is not live: a version that was tried, and that no visitor meets. */
	readonly isTried: boolean;
};

/** All loaded units that are not as they should be. Equal questions travel once, so every examination may ask. */
export async function readOddUnits($: Probe): Promise<LoadedUnit[]> {
	const [answer, seconds] = await Promise.all([
		$`systemctl show --property=Id,ActiveState,Result,NeedDaemonReload,Type,EnvironmentFiles,WorkingDirectory '*' | awk -v RS= '/ActiveState=failed|NeedDaemonReload=yes/ {print; print ""}'`,
		$`ls -d -- /srv/*/live/second`,
	]);
	return shownUnits(answer).map(({id, value}) => ({
		name: id,
		failed: value('ActiveState') === 'failed',
		result: value('Result'),
		stale: value('NeedDaemonReload') === 'yes',
		isTried: isTried(value('WorkingDirectory'), linesOf(seconds)),
		isJob: value('Type') === 'oneshot' && /^\/srv\/[^/]+\/shared\/environment /.test(value('EnvironmentFiles')),
	}));
}

/** @param seconds the files that tell that an app's second slot is live */
function isTried(folder: string, seconds: readonly string[]): boolean {
	const [, app = '', inSlot = ''] = /^\/srv\/([^/]+)\/slots\/(\w+)\/release(?:\/|$)/.exec(folder) ?? [];
	const live = seconds.includes(secondIsLive(app)) ? 'second' : 'first';
	return app !== '' && inSlot !== live;
}
