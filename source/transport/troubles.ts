import {Trouble} from '../contract/trouble.ts';
import {cleanText} from '../remote/clean.ts';
import type {KnownHost} from './login/known-hosts.ts';
import type {Destination} from './target.ts';

type Where = Pick<Destination, 'host' | 'hostname' | 'port'>;

function place({host, hostname, port}: Where): string {
	return `${host === hostname ? host : `${host} (${hostname})`} port ${port}`;
}

const unreachable: Readonly<Record<string, {means: string; next: string; code: string}>> = {
	ENOTFOUND: {
		means: 'No name server knows this name.',
		next: 'Look for a typing mistake, or use the address that the provider shows for the box.',
		code: 'no-such-host',
	},
	EAI_AGAIN: {
		means: 'The name server did not answer: this machine may be offline.',
		next: 'Check this machine’s network, then try again.',
		code: 'no-name-server',
	},
	ECONNREFUSED: {
		means: 'A machine answers there, but no ssh server listens on that port.',
		next: 'Check the port. A box that is just starting needs a minute; else look at it in the provider’s console.',
		code: 'refused',
	},
	ETIMEDOUT: {
		means: 'Nothing answered. The address may be wrong, the box may be off, or a firewall drops the connection.',
		next: 'Check the address, whether the box runs, and the provider’s firewall.',
		code: 'timeout',
	},
	EHOSTUNREACH: {
		means: 'There is no way to that address from this machine.',
		next: 'Check this machine’s network (an IPv6 address needs IPv6 here too) and whether the box runs.',
		code: 'unreachable',
	},
	ECONNRESET: {
		means:
			'The box closed the connection before the login. It does so when too many log in at once, or when it has banned this address.',
		next: 'Wait a minute and try again. If it stays, look in the provider’s console whether fail2ban holds this address.',
		code: 'reset',
	},
};

/** The Trouble of a connection that could not be made, told apart by the system's error code. */
export function connectTrouble(error: unknown, where: Where): Trouble {
	// Of a server that ends the connection, these are its own words.
	const message = cleanText(error instanceof Error ? error.message : String(error), {longestLine: 400});
	const code = codeOf(error);
	const known = unreachable[code === 'ENETUNREACH' ? 'EHOSTUNREACH' : code];
	const parts = known ?? {
		means: 'The connection was made, but ssh could not be spoken over it.',
		next: 'Check that the port is the one of ssh; “ssh -v” from here shows more.',
		code: 'connect',
	};
	return new Trouble(
		{what: `${place(where)} can’t be reached.`, ...parts, evidence: message.split('\n').slice(0, 6)},
		error,
	);
}

/** The system's code of an error; of several addresses tried in vain, the first one's. */
export function codeOf(error: unknown): string {
	if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The Trouble of a box that starts or stops: pam_nologin(8) lets only root in then. */
export function stillStarting(where: Where, banner: string): Trouble {
	return new Trouble({
		what: `${place(where)} lets only root in for now.`,
		means: 'The box is starting or stopping: that passes by itself.',
		next: 'Try again in a minute.',
		evidence: banner
			.split('\n')
			.filter(line => line.trim() !== '')
			.slice(0, 6)
			.map(line => line.slice(0, 400)),
		code: 'starting',
	});
}

export function hostKeyChanged(
	where: Where,
	known: KnownHost,
	shown: {type: string; fingerprint: string},
	knownPrint: string,
	name: string,
): Trouble {
	return new Trouble({
		what: `${place(where)} shows another key than before.`,
		means:
			'Either the box was set up anew, or somebody stands between this machine and the box. Nothing was sent to it.',
		next: `If you have just rebuilt the box, forget its old key with the line below, then try again. If not, compare the fingerprint in the provider’s console first.\n  ssh-keygen -R '${name}' -f '${known.file}'`,
		evidence: [
			`known: ${known.type} ${knownPrint} (${known.file}, line ${known.line})`,
			`shown: ${shown.type} ${shown.fingerprint}`,
			`ssh-keygen -R '${name}' -f '${known.file}'`,
		],
		code: 'host-key-changed',
	});
}

/** The Trouble of a host that is trusted by an authority's certificate, which ssh2 can't ask for. */
export function hostCertified(where: Where, authority: KnownHost, shown: {type: string; fingerprint: string}): Trouble {
	return new Trouble({
		what: `${place(where)} is trusted by a certificate, which boxwizard can’t check.`,
		means:
			'known_hosts names an authority for this host (@cert-authority) and no key of the host itself. Nothing was sent to it.',
		next: `Have ssh, which checks the certificate, tell the host’s own key: \`ssh ${where.host} ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\`. Then give that fingerprint with --host-key SHA256:…`,
		evidence: [`authority: ${authority.file}, line ${authority.line}`, `shown: ${shown.type} ${shown.fingerprint}`],
		code: 'host-certified',
	});
}

export function hostKeyRevoked(where: Where, known: KnownHost, shown: string): Trouble {
	return new Trouble({
		what: `${place(where)} shows a key that is marked as revoked.`,
		means: 'Whoever keeps the known_hosts file says that this key must never be trusted. Nothing was sent to the box.',
		next: 'Ask who revoked it. A box that was set up with a stolen or copied key needs new host keys.',
		evidence: [`revoked: ${shown} (${known.file}, line ${known.line})`],
		code: 'host-key-revoked',
	});
}

export function hostKeyNotPinned(where: Where, pin: string, shown: {type: string; fingerprint: string}): Trouble {
	return new Trouble({
		what: `${place(where)} doesn’t show the key that was asked for.`,
		means: 'The fingerprint given with --host-key is not the one of this box. Nothing was sent to it.',
		next: 'Compare both fingerprints with the one in the provider’s console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub on the box).',
		evidence: [`asked for: ${pin}`, `shown: ${shown.type} ${shown.fingerprint}`],
		code: 'host-key-not-pinned',
	});
}

/** The Trouble of a known_hosts file that does not take a key. */
export function hostKeyUnwritable(where: Where, file: string, error: unknown): Trouble {
	return new Trouble(
		{
			what: `The key of ${place(where)} can’t be remembered.`,
			means: `${file} can’t be written, or the disk is full. What stood in it still does; nothing was sent to the box.`,
			next: 'Mend that, or name another file: --known-hosts FILE',
			evidence: [error instanceof Error ? error.message : String(error)],
			code: 'known-hosts-unwritable',
		},
		error,
	);
}

export function hostNotTrusted(where: Where): Trouble {
	return new Trouble({
		what: `The key of ${place(where)} was not trusted.`,
		means: 'Nothing was sent to the box, and nothing was stored.',
		next: 'Compare the fingerprint with the one in the provider’s console, then try again.',
		code: 'host-not-trusted',
	});
}

/** The Trouble of a login shell that never came to run bash. */
export function noShell(user: string, evidence: readonly string[], code: number | undefined): Trouble {
	return new Trouble({
		what: `The login of ${user} works, but no shell could be started.`,
		means: 'The login shell, or a file it reads (.bashrc, .profile), ended before the first command.',
		next: 'See the lines below; /bin/bash must exist on the box, and .bashrc must not call exit when nobody types.',
		evidence: [...evidence, ...(code === undefined ? [] : [`exit code ${code}`])],
		code: 'no-shell',
	});
}

/** The Trouble of an account that is there to own files, or to be kept out. */
export function shellClosed(user: string, evidence: readonly string[]): Trouble {
	return new Trouble({
		what: `${user} may log in to the box, but run nothing there.`,
		means: 'Its login shell ends at once, as /usr/sbin/nologin and /bin/false do.',
		next: `Log in as another user, or give this one a shell in the provider’s console: usermod --shell /bin/bash ${user}`,
		evidence,
		code: 'shell-closed',
	});
}

/** The Trouble of a provider's image that has closed root (a forced command in root's authorized_keys) and names the user to take. */
export function otherUser(user: string, named: string, evidence: readonly string[]): Trouble {
	return new Trouble({
		what: `This box lets nobody work as ${user}: it wants you to log in as ${named}.`,
		means: `Your provider’s image comes with the user ${named}, who becomes root with sudo. Nothing was changed.`,
		next: `Start again with ${named}@ in front of the address, in place of ${user}@. The same key opens it.`,
		evidence,
		code: 'other-user',
	});
}

/** The Trouble of a login shell that neither ends nor goes on. */
export function silentShell(user: string): Trouble {
	return new Trouble({
		what: `The login of ${user} works, but its shell is never ready.`,
		means:
			'A file that the login shell reads (.bashrc, .profile) or sshd’s ForceCommand waits for something, or the box is overloaded.',
		next: `Log in with “ssh ${user}@…” in a terminal and see where it stops, then try again.`,
		code: 'timeout',
	});
}

/** The Trouble of a user who can't become root. */
export function noSudo(
	user: string,
	reason: 'missing' | 'broken' | 'not allowed' | 'wrong password' | 'terminal',
	evidence: readonly string[],
): Trouble {
	const texts = {
		missing: ['The box has no sudo.', 'Log in as root instead, or have root install sudo.'],
		broken: ['sudo refuses its own rules.', 'Log in as root, run `visudo --check`, and mend the file that it names.'],
		'not allowed': [`${user} may not use sudo.`, `Log in as root instead, or have root run: usermod -aG sudo ${user}`],
		'wrong password': ['The password was wrong three times.', `Try again with the password of ${user} on the box.`],
		terminal: ['sudo wants a terminal (requiretty).', `Have root take “requiretty” out of sudoers, or log in as root.`],
	} as const;
	const [means, next] = texts[reason];
	return new Trouble({what: `${user} can’t become root on the box.`, means, next, evidence, code: 'no-sudo'});
}

/** The Trouble of a box that does not keep to what was agreed: it says more than anybody reads, or what can't be. */
export function strangeBox(what: string, evidence: readonly string[] = []): Trouble {
	return new Trouble({
		what,
		means: 'Whatever answers there is broken, or means ill. Nothing it said was run or kept.',
		next: 'Look at the box in your provider’s console. If you do not know why it does this, set it up anew.',
		evidence,
		code: 'strange-box',
	});
}
