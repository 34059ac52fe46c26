import {get} from 'node:https';
import {zone} from './nameserver.ts';

export const acmeHost = `acme.${zone}`;
export const acmeDirectory = `https://${acmeHost}:14000/dir`;
export const acmeManagement = `https://${acmeHost}:15000`;

/** Days for which Let's Encrypt's certificates are valid. */
export const usualDays = 90;

/**
 * Pebble's configuration: real validation on the real ports.
 * @param days how long its certificates are valid, and an hour more, so that so many whole days are left when one looks
 */
export function pebbleConfiguration(days = usualDays): string {
	return JSON.stringify({
		pebble: {
			listenAddress: '0.0.0.0:14000',
			managementListenAddress: '0.0.0.0:15000',
			certificate: '/practice/acme.pem',
			privateKey: '/practice/acme.key',
			httpPort: 80,
			tlsPort: 443,
			ocspResponderURL: '',
			externalAccountBindingRequired: false,
			certificateValidityPeriod: (days * 24 + (days === usualDays ? 0 : 1)) * 3600,
		},
	});
}

/**
 * Pebble by default waits before it validates, refuses good nonces now and then, and reuses every second authorization:
 * with 0 still one in a hundred.
 */
export const pebbleEnvironment = 'PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 PEBBLE_AUTHZREUSE=0';

/**
 * The root of the certificates that Pebble issues (it makes a new one at each start), from its management address.
 * @param ca PEM of the root of its own HTTPS
 */
export async function issuingRoot(address: string, ca: string): Promise<string> {
	return await new Promise((resolve, reject) => {
		const request = get({host: address, port: 15_000, path: '/roots/0', ca, servername: acmeHost}, response => {
			let pem = '';
			response.setEncoding('utf8');
			response.on('data', text => {
				pem += text;
			});
			response.on('end', () => resolve(pem));
		});
		request.on('error', reject);
	});
}
