import type {Probe} from '../../source/step.ts';

/** A certificate as the box keeps it. */
export type StoredCertificate = {
	readonly issuer: string;
	readonly names: readonly string[];
	/** ISO 8601, UTC. */
	readonly expires: string;
	/** How much of its life is over: 0 new, 1 expired. */
	readonly spent: number;
	/** SHA-256, as Outside's fetch gives it. */
	readonly fingerprint: string;
};

/** What certbot would do at the next renewal: its renewal file (certbot's documentation, "Where are my certificates?"). */
export type Renewal = {readonly server: string; readonly keyType: string; readonly authenticator: string};

export const liveFolder = (domain: string) => `/etc/letsencrypt/live/${domain}`;

/** The certificate that certbot keeps for the domain, without starting certbot, which takes a second. */
export async function readCertificate($: Probe, domain: string): Promise<StoredCertificate | null> {
	const path = `${liveFolder(domain)}/fullchain.pem`;
	const answer =
		await $`openssl x509 -in ${path} -noout -issuer -startdate -enddate -fingerprint -sha256 -ext subjectAltName -nameopt sep_comma_plus_space,utf8 && date +now=%s`;
	const field = (name: string) => new RegExp(`^${name} *= *(.*)$`, 'im').exec(answer)?.[1] ?? '';
	const [start, end, now] = [
		Date.parse(field('notBefore')),
		Date.parse(field('notAfter')),
		Number(field('now')) * 1000,
	];
	if (Number.isNaN(start) || Number.isNaN(end) || field('now') === '') return null;
	return {
		issuer: /O=([^,]+)/.exec(field('issuer'))?.[1] ?? field('issuer').replace(/^CN=/, ''),
		names: [...answer.matchAll(/DNS:([^,\s]+)/g)].map(([, name]) => name ?? ''),
		expires: new Date(end).toISOString(),
		spent: Math.round((100 * (now - start)) / (end - start)) / 100,
		fingerprint: field('sha256 Fingerprint'),
	};
}

export async function readRenewal($: Probe, domain: string): Promise<Renewal | null> {
	const answer = await $`cat /etc/letsencrypt/renewal/${domain}.conf`;
	if (answer === '') return null;
	const field = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(answer)?.[1] ?? '';
	return {server: field('server'), keyType: field('key_type'), authenticator: field('authenticator')};
}

/** Which certbot the box has: the distribution's, or the snap's (its command is a link to the snap command). */
export async function readCertbot($: Probe): Promise<'apt' | 'snap' | 'none'> {
	const found = await $`readlink -e /usr/bin/certbot; readlink -e /snap/bin/certbot`;
	if (found.includes('snap')) return 'snap';
	return found === '' ? 'none' : 'apt';
}
