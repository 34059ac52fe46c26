import {existsSync, readFileSync} from 'node:fs';
import tls from 'node:tls';
import {Trouble} from '../contract/trouble.ts';

/** Whom this machine trusts, in two strengths: reading all of the system's roots takes a tenth of a second. */
export type TrustStore = {
	/** The one CA that was given, else Node's own roots. */
	readonly quick: () => tls.SecureContext;
	/** Node's roots with NODE_EXTRA_CA_CERTS, those of the operating system, and the given one. */
	readonly whole: () => tls.SecureContext;
};

/** @param authority one more CA: PEM text, or the path of a PEM file. What it holds is read when first needed, and a Trouble where it holds none. */
export function createTrustStore(authority?: string): TrustStore {
	const given = once(() => (authority === undefined ? [] : [readAuthority(authority)]));
	return {
		quick: once(() => tls.createSecureContext(authority === undefined ? {} : {ca: given()})),
		whole: once(() =>
			tls.createSecureContext({ca: [...new Set([...roots('default'), ...roots('system')]), ...given()]}),
		),
	};
}

/** `getCACertificates` came with Node 22.15; before it, the roots that Node brings along. */
function roots(kind: 'default' | 'system'): readonly string[] {
	const known: Partial<Pick<typeof tls, 'getCACertificates'>> = tls;
	return known.getCACertificates?.(kind) ?? tls.rootCertificates;
}

/** The PEM text of a CA, given as itself or as the path of its file. @throws Trouble when it holds no certificate */
export function readAuthority(authority: string): string {
	const pem = authority.includes('-----BEGIN') || !existsSync(authority) ? authority : readFileSync(authority, 'utf8');
	if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
	throw new Trouble({
		what: `No certificate was found in ${authority.split('\n')[0]}.`,
		means: 'The CA’s own certificate is needed to trust what it issues.',
		next: 'Give a PEM file: it has a line "-----BEGIN CERTIFICATE-----".',
		code: 'acme-ca',
	});
}

/** Makes a value when it is first asked for, and keeps it; a failure is not kept. */
function once<Value>(make: () => Value): () => Value {
	let made: {readonly value: Value} | undefined;
	return () => {
		made ??= {value: make()};
		return made.value;
	};
}
