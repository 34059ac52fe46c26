import type {Probe} from '../../../source/contract/step.ts';

/** A unit that systemd has loaded, as `systemctl show` tells it. */
export type LoadedUnit = {
	readonly name: string;
	readonly failed: boolean;
	/** 'exit-code', 'timeout', 'oom-kill' … (systemd.service(5), $SERVICE_RESULT). */
	readonly result: string;
	/** Its file has changed since systemd read it. */
	readonly stale: boolean;
};

/** All loaded units that are not as they should be. Equal questions travel once, so every examination may ask. */
export async function readOddUnits($: Probe): Promise<LoadedUnit[]> {
	const answer =
		await $`systemctl show --property=Id,ActiveState,Result,NeedDaemonReload '*' | awk -v RS= '/ActiveState=failed|NeedDaemonReload=yes/ {print; print ""}'`;
	return answer.split('\n\n').flatMap(block => {
		const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
		if (value('Id') === '') return [];
		const failed = value('ActiveState') === 'failed';
		return [{name: value('Id'), failed, result: value('Result'), stale: value('NeedDaemonReload') === 'yes'}];
	});
}
