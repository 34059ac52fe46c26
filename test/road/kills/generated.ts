/**
 * What two undisturbed runs on the same box leave otherwise, and why: the comparison after kills leaves these lines out.
 * Of files whose content is new each time, path, mode and owner are compared all the same.
 */
export const generated: readonly RegExp[] = [
	// Keys, certificates and accounts: made anew each time. How many there are is counted by itself.
	/^content \/etc\/letsencrypt\/(archive|csr|keys|renewal)\//,
	/^(file|content) \/etc\/letsencrypt\/(accounts\/.*\/[0-9a-f]{32}(\/|\s)|(csr|keys)\/)/,
	/^content \/etc\/nginx\/ssl\//,
	/^content \/etc\/ssl\/(certs\/ssl-cert-snakeoil\.pem|private\/ssl-cert-snakeoil\.key)/,
	/^content \/etc\/ssh\/ssh_host_rsa_4096_key/,
	// Salted passwords; that they are set, and for whom, is compared.
	/^content \/etc\/shadow /,
	// The tools that edit accounts keep their own last copy, which tells of the last but one change.
	/^(file|content) \/etc\/(passwd|group|shadow|gshadow|subuid|subgid)- /,
	// A Berkeley DB, which holds an identity of its own; what it is made of, /etc/aliases, is compared.
	/^content \/etc\/aliases\.db /,
	// Not the same byte by byte; its settings are compared, as postconf(1) lists them.
	/^content \/etc\/postfix\/main\.cf /,
	// ufw's own limit on what it logs of `ufw limit` rules, of which there are none: after a power cut it was once missing.
	/^rule6? -A ufw6?-user-limit -m limit .* -j LOG /,
	// git's times of checkout, compiled code with the times of its source, and files that name their release.
	/^content \/srv\/[^/]+\/releases\/STAMP\/\.git\/(index|logs\/)/,
	/^(file|content) .*\/__pycache__(\/| )/,
	/^content .*\/LC_MESSAGES\/messages\.mo /,
	/^content .*\/venv\/(bin\/|pyvenv\.cfg |lib\/.*\.dist-info\/RECORD )/,
	// uv's cache: names that it draws, and what pip and its exports fetched.
	/^(file|content) \/home\/[^/]+\/\.cache\/uv\//,
	// Records of programs at work: what happened, when.
	/^place \/(run|var\/(log|cache|backups))\//,
];

/** Names that hold the time they were made at. */
export function withoutTimes(lines: ReadonlySet<string>): ReadonlySet<string> {
	return new Set([...lines].map(line => line.replaceAll(/\b\d{8}T\d{6}\b/g, 'STAMP')));
}
