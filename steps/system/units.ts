import type {Probe} from '../../source/contract/step.ts';

/** How systemd sees a unit. */
export type Unit = {
	readonly installed: boolean;
	/** Starts with the box. */
	readonly enabled: boolean;
	readonly active: boolean;
};

/** All units that steps ask for. Always asked for together: one process answers every step of a look. */
const unitNames = [
	'systemd-timesyncd.service',
	'chrony.service',
	'ntpsec.service',
	'openntpd.service',
	'apt-daily.timer',
	'apt-daily-upgrade.timer',
	'fail2ban.service',
	'ufw.service',
	'firewalld.service',
	'postfix.service',
	'nginx.service',
	'redis-server.service',
	'supervisor.service',
	'elasticsearch.service',
	'mariadb.service',
	'mariadb.socket',
	'mysql.service',
	'postgresql.service',
	'certbot.timer',
	'snap.certbot.renew.timer',
] as const;

export type UnitName = (typeof unitNames)[number];

/** Where systemd notes when a timer last went off, for good (systemd.timer(5), Persistent=). */
export const timerStamp = (timer: string) => `/var/lib/systemd/timers/stamp-${timer}.timer`;

/** How systemd sees them; a unit that the box doesn't know is not installed. */
export async function readUnits($: Probe): Promise<Record<UnitName, Unit>> {
	const answer = await $`systemctl show --property=LoadState,UnitFileState,ActiveState ${unitNames}`;
	const blocks = answer.split('\n\n');
	return Object.fromEntries(unitNames.map((name, index) => [name, unit(blocks[index] ?? '')])) as Record<
		UnitName,
		Unit
	>;
}

function unit(block: string): Unit {
	const lines = block.split('\n');
	return {
		installed: lines.includes('LoadState=loaded'),
		enabled: lines.includes('UnitFileState=enabled'),
		active: lines.includes('ActiveState=active'),
	};
}

/** The packages that the box has. One listing serves every step that asks. */
export async function readInstalled($: Probe): Promise<ReadonlySet<string>> {
	const answer = await $`dpkg-query --show --showformat='\${db:Status-Abbrev}\${Package}\n' | sed -n 's/^.i //p'`;
	return new Set(answer.split('\n'));
}

/** Which of these packages the box lacks. */
export async function readMissing($: Probe, names: readonly string[]): Promise<string[]> {
	const installed = await readInstalled($);
	return names.filter(name => !installed.has(name));
}
