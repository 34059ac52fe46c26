import {createHash} from 'node:crypto';
import {homedir} from 'node:os';
import {isAbsolute, join} from 'node:path';

/** Where practice boxes live on this disk, and the private network they live in. */
export type Place = {
	readonly folder: string;
	/** Name of the bridge; at most 15 characters, as every interface. */
	readonly bridge: string;
	/** First three numbers of the /24. */
	readonly prefix: string;
	/** First half of the /64, a unique local address (RFC 4193). */
	readonly prefix6: string;
};

/** The folder that holds images, packages and boxes: `$XDG_CACHE_HOME`, or root's /var/cache. */
export function practiceFolder(): string {
	const {XDG_CACHE_HOME: given = ''} = process.env;
	const own = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache');
	// Empty is unset, and a relative path is invalid (XDG Base Directory Specification).
	const cache = isAbsolute(given) ? given : own;
	return join(cache, 'boxwizard', 'practice');
}

/** Each folder has a network of its own, so that two folders never meet. */
export function placeIn(folder: string = practiceFolder()): Place {
	const number = createHash('sha256').update(folder).digest().readUInt8(0);
	return {
		folder,
		bridge: `boxwizard${number}`,
		prefix: `10.213.${number}`,
		prefix6: `fd42:6f78:7769:${number.toString(16)}`,
	};
}

/** The last numbers of the addresses that are not a box's. */
export const hosts = {gateway: 1, services: 2} as const;

export function address(place: Place, host: number): string {
	return `${place.prefix}.${host}`;
}

export function address6(place: Place, host: number): string {
	return `${place.prefix6}::${host.toString(16)}`;
}

/** The paths of one box. */
export function boxPaths(place: Place, name: string) {
	const folder = join(place.folder, 'boxes', name);
	return {
		folder,
		record: join(folder, 'record.json'),
		process: join(folder, 'process.json'),
		password: join(folder, 'root-password'),
		key: join(folder, 'root-key'),
		log: join(folder, 'boot.log'),
		lock: join(place.folder, 'locks', `box-${name}`),
	} as const;
}

/** The paths of the servers beside the boxes. */
export function servicesPaths(place: Place) {
	const folder = join(place.folder, 'services');
	return {
		folder,
		process: join(folder, 'process.json'),
		log: join(folder, 'services.log'),
		/** What their root sees as /practice. */
		practice: join(folder, 'practice'),
		acmeCa: join(folder, 'acme-ca.pem'),
		tsig: join(folder, 'practice', 'tsig.key'),
		lock: join(place.folder, 'locks', 'services'),
	} as const;
}
