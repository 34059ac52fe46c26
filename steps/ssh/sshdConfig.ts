import type {Algorithms} from './algorithms.ts';

/** sshd takes the first value it reads: this name sorts before `50-cloud-init.conf`, which lets passwords in. */
export const dropIn = '/etc/ssh/sshd_config.d/00-boxwizard.conf';
export const mainConfig = '/etc/ssh/sshd_config';
export const include = 'Include /etc/ssh/sshd_config.d/*.conf';
/** The host key of 4096 bits that ssh-audit asks for. The box's own RSA key (3072 bits) stays where it is. */
export const strongRsaKey = '/etc/ssh/ssh_host_rsa_4096_key';
export const stockRsaKey = '/etc/ssh/ssh_host_rsa_key';
/** The Diffie-Hellman groups of at least 3072 bits. The system's own list stays as it is. */
export const strongModuli = '/etc/ssh/moduli-3072';

/** What is asked of everybody who logs in. */
export const doors: readonly (readonly [name: string, value: string])[] = [
	['PermitRootLogin', 'no'],
	['PasswordAuthentication', 'no'],
	['KbdInteractiveAuthentication', 'no'],
	['PubkeyAuthentication', 'yes'],
];

/** @param port only where sshd has to be told: a port is added to those of other files, never put in their place */
export function sshdConfig(rsaKey: string, algorithms: Algorithms, port: number | undefined): string {
	const lists = [
		['HostKeyAlgorithms', algorithms.hostKeys],
		['KexAlgorithms', algorithms.kex],
		['Ciphers', algorithms.ciphers],
		['MACs', algorithms.macs],
	] as const;
	return [
		'# Only keys open this door: no root, no passwords. Algorithms: those that ssh-audit calls strong.',
		...(port === undefined ? [] : [`Port ${port}`]),
		...doors.map(([name, value]) => `${name} ${value}`),
		'LoginGraceTime 30',
		'',
		'HostKey /etc/ssh/ssh_host_ed25519_key',
		`HostKey ${rsaKey}`,
		`ModuliFile ${strongModuli}`,
		...lists.map(([name, list]) => `${name} ${list.join(',')}`),
		'',
	].join('\n');
}

/** What systemd listens on in sshd's place (ssh.socket), for a port of one's own: the empty line clears the list. */
export const socketDropIn = '/etc/systemd/system/ssh.socket.d/boxwizard.conf';

export function socketConfig(port: number): string {
	return `[Socket]\nBindIPv6Only=ipv6-only\nListenStream=\nListenStream=0.0.0.0:${port}\nListenStream=[::]:${port}\n`;
}
