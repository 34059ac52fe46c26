import {z} from 'zod';

/** The directory of Let's Encrypt, as certbot writes it into renewal files. */
export const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory';

/** Where the box keeps the certificate of a CA that no system trusts by itself. */
export const authorityPath = '/etc/letsencrypt/acme-ca.pem';

/** The answers that say who issues the certificate. */
export const authorityOptions = {
	acmeServer: z
		.string()
		.regex(/^(https:\/\/\S+)?$/, 'The https address of an ACME directory')
		.default('')
		.meta({
			title: 'ACME server',
			description: 'Empty for Let’s Encrypt; else the directory of another certificate authority.',
			placeholder: letsEncrypt,
			detail: true,
		}),
	acmeCa: z
		.string()
		.refine(
			text => text === '' || text.includes('-----BEGIN CERTIFICATE-----'),
			'A PEM text: -----BEGIN CERTIFICATE-----',
		)
		.default('')
		.meta({
			title: 'CA certificate',
			description: 'For an ACME server that computers don’t trust by themselves (--acme-ca reads it from a file).',
			detail: true,
		}),
};

export type Authority = {readonly acmeServer: string; readonly acmeCa: string};

/** The directory that is asked. */
export function directoryOf({acmeServer}: Authority): string {
	return acmeServer === '' ? letsEncrypt : acmeServer;
}

/** The file that `acmeCa` becomes, or nothing. */
export function authorityFile({acmeCa}: Authority): string {
	return acmeCa === '' ? '' : `${acmeCa.trim()}\n`;
}

/** The environment in which certbot (python-requests) trusts the CA, as NAME=value words. */
export function certbotEnvironment({acmeCa}: Authority): string[] {
	return acmeCa === '' ? [] : [`REQUESTS_CA_BUNDLE=${authorityPath}`];
}

/** Words before certbot's own. */
export function certbotCommand(authority: Authority): string[] {
	const environment = certbotEnvironment(authority);
	return [...(environment.length > 0 ? ['env', ...environment] : []), 'certbot'];
}

/** Words that name another authority's server. A dry run asks Let's Encrypt's test server where they are left out, also at a renewal. */
export function serverWords({acmeServer}: Authority): string[] {
	return acmeServer === '' ? [] : ['--server', acmeServer];
}
