/**
 * What an undo leaves otherwise than it was, and why. The comparison of a box before and after leaves these out; all
 * else has to be the same: packages, users, units, ports, /etc byte by byte.
 */
export const leftBehind: readonly RegExp[] = [
	// State of running programs: gone at the next boot.
	/^place \/run\//,
	// Logs and apt's own records tell what happened, and go on doing so.
	/^place \/var\/(log|cache|backups)\//,
	// The dumps that undo makes before it drops a database or an app folder.
	/^place \/var\/backups\/boxwizard/,
];
