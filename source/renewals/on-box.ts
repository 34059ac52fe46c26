import type {RenewalState} from '../contract/due.ts';
import type {Probe} from '../contract/step.ts';

/** What a box says of its renewals and of what waits for a person. */
export type OnBox = {
	readonly renewal: RenewalState;
	/** PRETTY_NAME of os-release(5). */
	readonly system: string;
	/** ISO 8601, UTC: since when a reboot waits. */
	readonly rebootSince?: string;
};

/** certbot's timers: the distribution's, the snap's. */
const timers = ['certbot.timer', 'snap.certbot.renew.timer'] as const;

/** Asks a box; one round trip. */
export async function readOnBox($: Probe): Promise<OnBox> {
	const [units, next, attempts, system, reboot] = await Promise.all([
		$`systemctl show --property=LoadState,UnitFileState,ActiveState ${timers}`,
		// systemd tells this moment in words only, whatever --timestamp says.
		$`for timer in ${timers}; do date -u -d "$(systemctl show -P NextElapseUSecRealtime "$timer")" +%FT%TZ; done`,
		// The last line about failures that a renewal has written, also a trial one; older logs end in a number.
		$`grep -hsE '(no renewal failures|[0-9]+ renew failure)' $(ls -1tr /var/log/letsencrypt/letsencrypt.log* | tail -5) | tail -1`,
		$`. /etc/os-release; echo "$PRETTY_NAME"`,
		$`date -u -d "@$(stat -c %Y /run/reboot-required)" +%FT%TZ`,
	]);
	return {
		renewal: renewalOf(units, next, attempts),
		system: system.slice(0, 200),
		...(isMoment(reboot) && {rebootSince: reboot}),
	};
}

/** Reads what systemctl, date and the log say. Pure. */
export function renewalOf(units: string, next: string, attempt: string): RenewalState {
	const blocks = units.split('\n\n').map(block => block.split('\n'));
	const loaded = blocks.findIndex(lines => lines.includes('LoadState=loaded'));
	if (loaded === -1) return {timer: 'none'};
	const lines = blocks[loaded] ?? [];
	const on = lines.includes('ActiveState=active') && lines.includes('UnitFileState=enabled');
	// `date` prints nothing for the timer that isn't there, or doesn't run.
	const moment = next.split('\n').find(isMoment);
	const last = attemptOf(attempt);
	return {timer: on ? 'on' : 'off', ...(on && moment !== undefined && {next: moment}), ...(last && {last})};
}

/** '2026-11-21 03:28:46,373:DEBUG:certbot._internal.renewal:no renewal failures': certbot writes in the box's own time. */
function attemptOf(line: string): RenewalState['last'] {
	const [, day, time] = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})/.exec(line) ?? [];
	return day === undefined ? undefined : {at: `${day}T${time}Z`, worked: line.includes('no renewal failures')};
}

function isMoment(text: string): boolean {
	return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text);
}
