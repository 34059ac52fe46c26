import {randomInt} from 'node:crypto';
import {Secret} from '../contract/secret.ts';

/** Safe in URLs, shells and configuration files, and without look-alikes (0 O o, 1 l I). */
const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A random secret; each character carries 5.8 bits. */
export function generateSecret(length: number): Secret {
	return new Secret(Array.from({length}, () => alphabet[randomInt(alphabet.length)]).join(''));
}
