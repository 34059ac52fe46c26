import {get} from 'node:https';
import {zone} from './nameserver.ts';

export const acmeHost = `acme.${zone}`;
export const acmeDirectory = `https://${acmeHost}:14000/dir`;
export const acmeManagement = `https://${acmeHost}:15000`;

/**
 * Pebble's configuration: real validation on the real ports.
 * @param validitySeconds how long its certificates are valid; 90 days as Let's Encrypt's by default
 */
export function pebbleConfiguration(validitySeconds = 90 * 24 * 3600): string {
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
			certificateValidityPeriod: validitySeconds,
		},
	});
}

/** Pebble by default waits before it validates, refuses good nonces now and then, and reuses every second authorization. */
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
