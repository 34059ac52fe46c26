import {X509Certificate} from 'node:crypto';
import type {Probe} from '../../source/contract/step.ts';

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

/** The certificate that certbot keeps for the domain. It is read here: certbot takes a second to start, `openssl x509` 50 ms. */
export async function readCertificate($: Probe, domain: string): Promise<StoredCertificate | null> {
	const answer = await $`cat ${liveFolder(domain)}/fullchain.pem && date +now=%s`;
	const now = Number(/^now=(\d+)$/m.exec(answer)?.[1]) * 1000;
	if (Number.isNaN(now)) return null;
	const certificate = parseCertificate(answer);
	if (!certificate) return null;
	const [start, end] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
	const named = (type: string) => new RegExp(`^${type}=(.*)$`, 'm').exec(certificate.issuer)?.[1];
	return {
		issuer: named('O') ?? named('CN') ?? '',
		names: [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(([, name]) => name ?? ''),
		expires: new Date(end).toISOString(),
		spent: Math.round((100 * (now - start)) / (end - start)) / 100,
		fingerprint: certificate.fingerprint256,
	};
}

/** The first certificate of a PEM chain; undefined where the file holds none that can be read. */
function parseCertificate(chain: string): X509Certificate | undefined {
	try {
		return new X509Certificate(chain);
	} catch {
		return undefined;
	}
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
