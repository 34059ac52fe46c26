import {createHash, createHmac, timingSafeEqual} from 'node:crypto';
import {appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, realpathSync} from 'node:fs';
import {dirname} from 'node:path';
import {writeWhole} from '../../state/atomic-write.ts';

/** One line of a known_hosts file, sshd(8) “SSH_KNOWN_HOSTS FILE FORMAT”. */
export type KnownHost = {
	readonly marker?: 'cert-authority' | 'revoked';
	/** Patterns as they stand, comma separated, or one `|1|salt|hash`. */
	readonly hosts: string;
	readonly type: string;
	/** The public key, base64. */
	readonly key: string;
	readonly file: string;
	/** From 1. */
	readonly line: number;
};

/** What the known_hosts files say of a host's key. */
export type Verdict =
	| {readonly kind: 'known'}
	| {readonly kind: 'unknown'}
	| {readonly kind: 'revoked'; readonly entry: KnownHost}
	/** Only an authority vouches for the host, by a certificate. */
	| {readonly kind: 'certified'; readonly entry: KnownHost}
	| {readonly kind: 'changed'; readonly entry: KnownHost};

/** Reads known_hosts files; those that don't exist count as empty. */
export function readKnownHosts(files: readonly string[]): KnownHost[] {
	return files.filter(file => existsSync(file)).flatMap(file => parseKnownHosts(readFileSync(file, 'utf8'), file));
}

/** Parses known_hosts; lines that are none are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file = 'known_hosts'): KnownHost[] {
	return text.split(/\r?\n/).flatMap((content, index) => {
		const words = content.trim().split(/\s+/);
		const marker = words[0]?.startsWith('@') ? words.shift()?.slice(1) : undefined;
		const [hosts, type, key] = words;
		if (hosts === undefined || hosts.startsWith('#') || type === undefined || key === undefined) return [];
		if (marker === undefined) return [{hosts, type, key, file, line: index + 1}];
		return marker === 'revoked' || marker === 'cert-authority'
			? [{marker, hosts, type, key, file, line: index + 1}]
			: [];
	});
}

/**
 * Judges the key that a host has shown. ssh2 knows no host certificates, so a `@cert-authority` line vouches for nothing
 * here and is never taken for another key of the host. A host that is known by keys of other types only counts as changed:
 * those types were offered first (see `knownTypes`), and the host declined them.
 */
export function judge(entries: readonly KnownHost[], name: string, key: Buffer): Verdict {
	const encoded = key.toString('base64');
	const here = entries.filter(entry => matches(entry.hosts, name));
	const revoked = here.find(entry => entry.marker === 'revoked' && entry.key === encoded);
	if (revoked) return {kind: 'revoked', entry: revoked};
	const own = here.filter(entry => entry.marker === undefined);
	if (own.some(entry => entry.key === encoded)) return {kind: 'known'};
	const type = keyType(key);
	const other = own.find(entry => entry.type === type) ?? own[0];
	if (other) return {kind: 'changed', entry: other};
	const authority = here.find(entry => entry.marker === 'cert-authority');
	return authority ? {kind: 'certified', entry: authority} : {kind: 'unknown'};
}

/** Key types that the host is known by: to be asked for first. */
export function knownTypes(entries: readonly KnownHost[], name: string): string[] {
	const own = entries.filter(entry => entry.marker === undefined && matches(entry.hosts, name));
	return [...new Set(own.map(entry => entry.type))];
}

/** Whether a hosts field names `name` ('example.com' or '[example.com]:2222'). */
export function matches(hosts: string, name: string): boolean {
	if (hosts.startsWith('|')) return matchesHash(hosts, name);
	const patterns = hosts.split(',').filter(pattern => pattern !== '');
	const denied = patterns.some(pattern => pattern.startsWith('!') && glob(pattern.slice(1)).test(name));
	return !denied && patterns.some(pattern => !pattern.startsWith('!') && glob(pattern).test(name));
}

function matchesHash(hosts: string, name: string): boolean {
	const [, version, salt = '', hash = ''] = hosts.split('|');
	if (version !== '1') return false;
	const expected = Buffer.from(hash, 'base64');
	const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name.toLowerCase()).digest();
	return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function glob(pattern: string): RegExp {
	const source = pattern
		.replace(/[\\^$+.()|[\]{}]/g, String.raw`\$&`)
		.replace(/\*/g, '.*')
		.replace(/\?/g, '.');
	return new RegExp(`^${source}$`, 'i');
}

/** Adds a host's key to the first known_hosts file; the folder is made with 0700 and the file with 0600. */
export function remember(file: string, name: string, key: Buffer): void {
	mkdirSync(dirname(file), {recursive: true, mode: 0o700});
	const isNew = !existsSync(file);
	const text = isNew ? '' : readFileSync(file, 'utf8');
	const gap = text === '' || text.endsWith('\n') ? '' : '\n';
	appendFileSync(file, `${gap}${name.toLowerCase()} ${keyType(key)} ${key.toString('base64')}\n`, {mode: 0o600});
	if (isNew) chmodSync(file, 0o600);
}

/**
 * Takes a host out of a known_hosts file: all of its keys, as `ssh-keygen -R` does, since whoever gets its address next has others. Where a line
 * names more hosts it loses this name alone; patterns, authorities and revoked keys stay.
 */
export function forgetHost(file: string, name: string): void {
	// Through a link, to the file itself: people keep theirs elsewhere.
	if (isNamedIn(file, name)) writeWhole(realpathSync(file), withoutHost(readFileSync(file, 'utf8'), name));
}

/** Whether a known_hosts file has keys of this host that `forgetHost` takes out. */
export function isNamedIn(file: string, name: string): boolean {
	if (!existsSync(file)) return false;
	const text = readFileSync(file, 'utf8');
	return withoutHost(text, name) !== text;
}

/** A known_hosts file without this host. Pure. */
export function withoutHost(text: string, name: string): string {
	return text
		.split('\n')
		.flatMap(line => {
			const [entry] = parseKnownHosts(line);
			if (entry === undefined || entry.marker !== undefined) return [line];
			if (entry.hosts.startsWith('|')) return matchesHash(entry.hosts, name) ? [] : [line];
			const names = entry.hosts.split(',');
			const others = names.filter(one => one.toLowerCase() !== name.toLowerCase());
			if (others.length === names.length) return [line];
			return others.length === 0 ? [] : [line.replace(entry.hosts, () => others.join(','))];
		})
		.join('\n');
}

/** 'SHA256:…' as `ssh-keygen -lf` shows it. */
export function fingerprint(key: Buffer): string {
	return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/**
 * The type that a public key in wire form (RFC 4253 section 6.6) begins with: 'ssh-ed25519'. It stands in a line of
 * known_hosts, so it is a name of RFC 4250 section 4.6.1 or nothing. @throws RangeError
 */
export function keyType(key: Buffer): string {
	const type = key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
	if (!/^[\w@.+-]{1,64}$/.test(type)) throw new RangeError('The host shows something that is no key');
	return type;
}
