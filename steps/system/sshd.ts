import type {Probe} from '../../source/contract/step.ts';
import {Trouble} from '../../source/contract/trouble.ts';

/** What sshd does for one user who comes from the internet, as `sshd -T` says it: names in lower case, as in sshd_config(5). */
export type SshdSettings = Readonly<Record<string, readonly string[]>>;

/** An address of RFC 5737: anybody's. */
const anybody = '192.0.2.1';

/**
 * Asks sshd itself, so that drop-ins and Match blocks count. `user` and `from` matter: a plain `sshd -T` leaves Match
 * blocks out.
 */
export async function readSshd($: Probe, user: string, from = anybody): Promise<SshdSettings> {
	const answer = await $`sshd -T -C user=${user},host=client.example,addr=${from}`;
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

/**
 * An sshd that runs on may have read its configuration before somebody broke it: it would not come back from a restart
 * or a reboot, and nobody could get in.
 * @throws Trouble with what sshd says of it
 */
export async function refuseBrokenSshd($: Probe): Promise<void> {
	const answer = await $`if ! said=$(sshd -t 2>&1); then echo "$said"; fi`;
	// Where systemd listens for it and nobody has come yet, its folder in /run is not made.
	const said = answer.split('\n').filter(line => line !== '' && !line.startsWith('Missing privilege separation'));
	if (said.length === 0) return;
	throw new Trouble({
		what: 'The box’s sshd does not take its own configuration any more.',
		means: 'It runs on with the one it read before; after its next restart nobody could log in. Nothing was touched.',
		next: 'Mend the file and line below on the box, until `sshd -t` says nothing, then try again.',
		evidence: said.slice(0, 12),
		code: 'sshd-broken',
	});
}
