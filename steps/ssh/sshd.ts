import type {Probe} from '../../source/step.ts';

/** What sshd does for one user who comes from the internet, as `sshd -T` says it: names in lower case, as in sshd_config(5). */
export type SshdSettings = Readonly<Record<string, readonly string[]>>;

/**
 * Asks sshd itself, so that drop-ins and Match blocks count. `user` matters: a plain `sshd -T` leaves Match blocks out.
 * The address is one of RFC 5737's: anybody's.
 */
export async function readSshd($: Probe, user: string): Promise<SshdSettings> {
	const answer = await $`sshd -T -C user=${user},host=client.example,addr=192.0.2.1`;
	const settings: Record<string, string[]> = {};
	for (const [, name = '', value = ''] of answer.matchAll(/^(\S+) (.*)$/gm)) {
		settings[name] = [...(settings[name] ?? []), value];
	}

	return settings;
}

/** The ports that ssh really answers on: those of ssh.socket where systemd listens for sshd (Ubuntu since 22.10), else sshd's own. */
export async function readSshPorts(
	$: Probe,
	settings: Promise<SshdSettings>,
): Promise<{ports: number[]; socket: boolean}> {
	const [answer, {port = []}] = await Promise.all([
		$`systemctl show --property=ActiveState,Listen ssh.socket`,
		settings,
	]);
	const socket = answer.includes('ActiveState=active');
	const listening = [...answer.matchAll(/^Listen=.*?:?(\d+) \(Stream\)$/gm)].map(([, number]) => Number(number));
	return {ports: [...new Set(socket ? listening : port.map(Number))].sort((a, b) => a - b), socket};
}
