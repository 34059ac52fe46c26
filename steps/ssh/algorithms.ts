import type {Os} from '../system/os.ts';

/** Lists of sshd_config(5), strongest first. */
export type Algorithms = {
	readonly kex: readonly string[];
	readonly ciphers: readonly string[];
	readonly macs: readonly string[];
	readonly hostKeys: readonly string[];
};

const ciphers = [
	'chacha20-poly1305@openssh.com',
	'aes256-gcm@openssh.com',
	'aes256-ctr',
	'aes192-ctr',
	'aes128-gcm@openssh.com',
	'aes128-ctr',
];
const postQuantum = ['mlkem768x25519-sha256', 'sntrup761x25519-sha512', 'sntrup761x25519-sha512@openssh.com'];
const elliptic = ['curve25519-sha256', 'curve25519-sha256@libssh.org'];
const groupExchange = 'diffie-hellman-group-exchange-sha256';
const [macs256, macs512, umac] = [
	'hmac-sha2-256-etm@openssh.com',
	'hmac-sha2-512-etm@openssh.com',
	'umac-128-etm@openssh.com',
] as const;
const hostKeys = ['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256'];

/**
 * What ssh-audit (3.9) lists in its policy 'Hardened <release>', in its order. Those of Debian 13 and Ubuntu 26.04 are
 * post-quantum only, which would shut out ssh2, boxwizard's own SSH library, and many others: there the elliptic ones stay.
 * @param supported what this box's OpenSSH knows (`ssh -Q kex`): it refuses a list with a name it doesn't know
 */
export function strongAlgorithms(os: Os, supported: readonly string[]): Algorithms {
	const kex = keyExchanges(`${os.id} ${os.version}`).filter(name => supported.includes(name));
	const macs = macsFirst256.has(`${os.id} ${os.version}`) ? [macs256, macs512, umac] : [macs512, macs256, umac];
	return {kex, ciphers, macs, hostKeys};
}

const macsFirst256 = new Set(['debian 12', 'ubuntu 22.04']);

function keyExchanges(release: string): string[] {
	const [group16, group18] = ['diffie-hellman-group16-sha512', 'diffie-hellman-group18-sha512'];
	const early = [...postQuantum.slice(1), ...elliptic];
	switch (release) {
		case 'debian 12':
			return [...early, group16, group18, groupExchange];
		case 'ubuntu 22.04':
			return [...early.slice(1), group16, group18, groupExchange];
		case 'ubuntu 24.04':
			return [...early.slice(1), group18, groupExchange, group16];
		default:
			return [...postQuantum, ...elliptic, group18, group16];
	}
}
