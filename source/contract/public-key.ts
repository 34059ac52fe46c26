import {createHash} from 'node:crypto';

/** A line of authorized_keys (sshd(8)), taken apart. */
export type PublicKey = {
	/** 'ssh-ed25519', 'ecdsa-sha2-nistp256', 'ssh-rsa', 'sk-ssh-ed25519@openssh.com', … */
	readonly type: string;
	/** The key itself, base64. Two lines with the same blob are the same key. */
	readonly blob: string;
	readonly comment: string;
	/** 'SHA256:…', as `ssh-keygen -l` shows it. */
	readonly fingerprint: string;
	/** Type, blob and comment: what is written. */
	readonly line: string;
};

/** A pasted text is no usable key. The message says what it is, and what to do. */
export class WrongKey extends Error {
	override readonly name = 'WrongKey';
}

const types = [
	'ssh-ed25519',
	'sk-ssh-ed25519@openssh.com',
	'ecdsa-sha2-nistp256',
	'ecdsa-sha2-nistp384',
	'ecdsa-sha2-nistp521',
	'sk-ecdsa-sha2-nistp256@openssh.com',
	'ssh-rsa',
];
/** sshd takes shorter ones no more on some systems, and nobody should. */
const shortestRsa = 2048;

/**
 * Reads every public key of a paste, however it was wrapped: OpenSSH lines, or the SSH2 form (RFC 4716) that PuTTYgen saves.
 * @throws WrongKey naming what was pasted instead
 */
export function readPublicKeys(paste: string): PublicKey[] {
	const text = paste.replace(/\r\n?/g, '\n').trim();
	if (text === '') throw new WrongKey('No key at all: paste the line from a file such as ~/.ssh/id_ed25519.pub');
	refusePrivate(text);
	const ssh2 = [...text.matchAll(/---- BEGIN SSH2 PUBLIC KEY ----\n(.*?)---- END SSH2 PUBLIC KEY ----/gs)];
	if (ssh2.length > 0) return ssh2.map(([, inner = '']) => fromSsh2(inner));
	if (text.includes('BEGIN SSH2 PUBLIC KEY'))
		throw new WrongKey('The end of this key is missing: copy it up to “END SSH2 PUBLIC KEY”');
	const lines = unwrap(text);
	return lines.map(fromLine);
}

function refusePrivate(text: string): void {
	if (/^PuTTY-User-Key-File-/m.test(text)) {
		throw new WrongKey(
			'This is PuTTY’s private key (.ppk), which must stay with you. In PuTTYgen load it and copy the box “Public key for pasting”',
		);
	}

	if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)) {
		throw new WrongKey(
			'This is your private key, which must stay with you. Its public half is in the file of the same name with .pub, or: ssh-keygen -y -f FILE',
		);
	}

	if (/-----BEGIN [A-Z0-9 ]+-----/.test(text)) {
		throw new WrongKey(
			'This is a PEM file (as for certificates), no SSH key. To convert a public key: ssh-keygen -i -m PKCS8 -f FILE',
		);
	}
}

/** One key a line; what a terminal or a mail broke into several lines is joined again. */
function unwrap(text: string): string[] {
	const lines: string[] = [];
	for (const raw of text.split('\n')) {
		const line = raw.trim();
		if (line === '' || line.startsWith('#')) continue;
		const last = lines.at(-1);
		const continues = last !== undefined && !startsKey(line) && /^[A-Za-z0-9+/=]+( |$)/.test(line) && !isWhole(last);
		if (continues) lines[lines.length - 1] = last.includes(' ') ? last + line : `${last} ${line}`;
		else lines.push(line);
	}

	return lines;
}

function startsKey(line: string): boolean {
	return /(^|\s|,|")((sk-)?(ssh|ecdsa)-[\w.@-]+)\s+AAAA/.test(line) || /^((sk-)?(ssh|ecdsa)-[\w.@-]+)$/.test(line);
}

function isWhole(line: string): boolean {
	const blob = /AAAA[A-Za-z0-9+/]+={0,2}/.exec(line)?.[0] ?? '';
	try {
		fields(Buffer.from(blob, 'base64'));
		return blob !== '';
	} catch {
		return false;
	}
}

function fromLine(line: string): PublicKey {
	const match = /(?:^|\s)((?:sk-)?(?:ssh|ecdsa)-[\w.@-]+)\s+(AAAA[A-Za-z0-9+/]+={0,2})(?:\s+(.*))?$/.exec(line);
	if (!match) throw new WrongKey(explain(line));
	const [, type = '', blob = '', comment = ''] = match;
	const before = line.slice(0, match.index).trim();
	if (before !== '')
		throw new WrongKey(`Options before a key (“${before}”) are not taken: paste the key from “${type}” on`);
	return publicKey(type, blob, comment);
}

function explain(line: string): string {
	if (/^SHA256:|^MD5:|^\d+ (SHA256|MD5):/.test(line))
		return 'This is a key’s fingerprint, not the key: paste the line from the .pub file';
	if (/\.pub$|^[~/]/.test(line)) return 'This is the name of a file: paste what is in it (cat FILE)';
	if (/^((sk-)?(ssh|ecdsa)-[\w.@-]+)\s*$/.test(line))
		return 'Only the beginning of a key: copy the whole line, up to its comment';
	if (/^AAAA/.test(line)) return 'The beginning is missing: the line starts with a word such as ssh-ed25519';
	return 'No public key: it looks like “ssh-ed25519 AAAAC3… you@laptop”, on one line';
}

/** The SSH2 form: header lines, of which one may be the comment, then base64 in lines. */
function fromSsh2(inner: string): PublicKey {
	const unfolded = inner.replace(/\\\n/g, '');
	const comment = /^Comment:\s*"?([^"\n]*)"?$/im.exec(unfolded)?.[1] ?? '';
	const blob = unfolded.replace(/^[\w-]+:.*$/gm, '').replace(/\s/g, '');
	const [type] = safeFields(blob);
	return publicKey(type?.toString('latin1') ?? '', blob, comment);
}

function publicKey(type: string, blob: string, comment: string): PublicKey {
	if (type.includes('-cert-v01@'))
		throw new WrongKey('This is a certificate, not a key: paste the .pub file without “-cert”');
	if (type === 'ssh-dss')
		throw new WrongKey('A DSA key: OpenSSH takes none since 2015. Make a new one: ssh-keygen -t ed25519');
	if (!types.includes(type))
		throw new WrongKey(`“${type}” is no type of key that sshd takes. The usual one: ssh-keygen -t ed25519`);
	const [inner, ...rest] = safeFields(blob);
	if (inner?.toString('latin1') !== type)
		throw new WrongKey(`It says ${type}, but the key in it is of another type: copy it once more`);
	if (type === 'ssh-rsa') refuseShortRsa(rest[1]);
	if (type === 'ssh-ed25519' && rest[0]?.length !== 32) throw new WrongKey('This key is damaged: copy it once more');
	const fingerprint = `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replace(/=+$/, '')}`;
	const clean = comment.replace(/[\x00-\x1f\x7f]/g, '').trim();
	return {type, blob, comment: clean, fingerprint, line: [type, blob, clean].filter(part => part !== '').join(' ')};
}

/** @param modulus an mpint of RFC 4251: a leading zero byte keeps it positive */
function refuseShortRsa(modulus: Buffer | undefined): void {
	const bytes = modulus?.[0] === 0 ? modulus.subarray(1) : modulus;
	const bits = bytes === undefined || bytes.length === 0 ? 0 : bytes.length * 8 - Math.clz32(bytes[0] ?? 0) + 24;
	if (bits < shortestRsa) {
		throw new WrongKey(
			`An RSA key of ${bits} bits, which is too short to be safe. Make a new one: ssh-keygen -t ed25519`,
		);
	}
}

function safeFields(blob: string): Buffer[] {
	try {
		return fields(Buffer.from(blob, 'base64'));
	} catch {
		throw new WrongKey('A part of this key is missing: copy it whole, on one line');
	}
}

/** The strings of a key blob: each with its length before it (RFC 4253, 6.6). @throws RangeError where it ends too early */
function fields(blob: Buffer): Buffer[] {
	const found: Buffer[] = [];
	let at = 0;
	while (at < blob.length) {
		const length = blob.readUInt32BE(at);
		if (at + 4 + length > blob.length) throw new RangeError('The blob ends inside a field');
		found.push(blob.subarray(at + 4, at + 4 + length));
		at += 4 + length;
	}

	return found;
}
