import type {Secret} from '../../contract/secret.ts';

/** How a box is reached and seen, beside its name: from flags, from the practice box, or from the journal. */
export type ConnectionOptions = {
	readonly identity?: string;
	/** 'SHA256:…': the only host key that is accepted. */
	readonly hostKey?: string;
	/** A known_hosts file in place of ssh's own. */
	readonly knownHosts?: string;
	/** Of the login, and for sudo where the login is no root. */
	readonly password?: Secret;
	/** Of the admin user, where it is given by itself. */
	readonly sudoPassword?: Secret;
	/** DNS server to ask: 'address' or 'address:port'. */
	readonly resolver?: string;
	/** PEM of a CA to trust for the site. */
	readonly acmeCa?: string;
	/** A private file in the keychain's place. */
	readonly vaultFile?: string;
	/** The practice box's name. */
	readonly practice?: string;
	/** Ends a connection that takes too long. */
	readonly signal?: AbortSignal;
};
