import {type IncomingMessage, request} from 'node:http';
import {isIP} from 'node:net';
import {
	checkServerIdentity,
	connect as connectSecure,
	type DetailedPeerCertificate,
	type SecureContext,
	TLSSocket,
} from 'node:tls';
import type {Certificate, Fetched, FetchInit} from '../contract/outside.ts';
import {Trouble} from '../contract/trouble.ts';
import {cleanText} from '../remote/clean.ts';
import {isNoRoute} from './port.ts';
import type {TrustStore} from './trust.ts';

/** Milliseconds for the whole of it: name, connection, handshake, answer. */
const patience = 15_000;

/** Milliseconds for the connection alone: an address that is silent now stays so. */
const connectPatience = 4000;

class ConnectTimeout extends Error {
	readonly code = 'ETIMEDOUT';
}

/** Bytes of a body that are kept. */
const bodyLimit = 64 * 1024;

/** What a request needs beside its URL. */
export type FetchContext = {
	/** Where to connect to. */
	readonly address: string;
	readonly trust: TrustStore;
};

/**
 * Fetches a URL from one address; redirects are answered, not followed.
 * @throws Trouble when nobody answers in time, or when the certificate is not accepted
 */
export async function fetchUrl(url: URL, init: FetchInit, context: FetchContext): Promise<Fetched> {
	try {
		const method = init.method ?? 'GET';
		let response = await send(url, method, context.address, context.trust.quick);
		if (response.socket instanceof TLSSocket && !response.socket.authorized) {
			response.destroy();
			response = await send(url, method, context.address, context.trust.whole);
		}

		const certificate = certificateOf(response);
		if (certificate && init.anyCertificate !== true) requireGood(url, certificate, response);
		const body = await readBody(response);
		const headers = Object.fromEntries(
			Object.entries(response.headers).map(([name, value]) => [name, cleanText([value ?? ''].flat().join(', '))]),
		);
		return {status: response.statusCode ?? 0, headers, body, ...(certificate && {certificate})};
	} catch (error) {
		throw error instanceof Trouble ? error : unreachable(url, context.address, error);
	}
}

async function send(url: URL, method: string, address: string, trust: () => SecureContext): Promise<IncomingMessage> {
	const signal = AbortSignal.timeout(patience);
	const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
	const servername = isIP(hostOf(url)) ? '' : hostOf(url);
	return await new Promise((resolve, reject) => {
		request({
			host: address,
			port,
			path: `${url.pathname}${url.search}`,
			method,
			headers: {host: url.host, 'user-agent': 'boxwizard', 'accept-encoding': 'identity', connection: 'close'},
			signal,
			...(url.protocol === 'https:' && {
				// Whether it is trusted is judged after the handshake, so that an untrusted certificate can be described.
				createConnection: () =>
					connectSecure({
						host: address,
						port,
						servername,
						secureContext: trust(),
						rejectUnauthorized: false,
						checkServerIdentity: () => undefined,
					}),
			}),
		})
			.once('socket', socket => {
				const limit = setTimeout(() => socket.destroy(new ConnectTimeout('no connection')), connectPatience);
				socket.once('connect', () => clearTimeout(limit)).once('close', () => clearTimeout(limit));
			})
			.once('response', resolve)
			.once('error', reject)
			.end();
	});
}

function hostOf(url: URL): string {
	return url.hostname.replace(/^\[|\]$/g, '');
}

async function readBody(response: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of response as AsyncIterable<Buffer>) {
		chunks.push(chunk);
		length += chunk.length;
		if (length >= bodyLimit) break;
	}

	return cleanText(Buffer.concat(chunks).subarray(0, bodyLimit).toString('utf8'));
}

function certificateOf({socket}: IncomingMessage): Certificate | undefined {
	return socket instanceof TLSSocket ? describeCertificate(socket) : undefined;
}

/** The leaf certificate that the other side has shown. */
export function describeCertificate(socket: TLSSocket): Certificate {
	const peer = socket.getPeerCertificate();
	const issuer = [peer.issuer?.O, peer.issuer?.CN].flat().filter(Boolean).join(', ');
	return {
		issuer: cleanText(issuer),
		names: [...(peer.subjectaltname ?? '').matchAll(/(?:DNS|IP Address):([^,\s]+)/g)].map(([, name]) =>
			cleanText(name ?? ''),
		),
		expires: new Date(peer.valid_to).toISOString(),
		fingerprint: peer.fingerprint256,
		trusted: socket.authorized,
	};
}

function requireGood(url: URL, certificate: Certificate, {socket}: IncomingMessage): void {
	const secure = socket as TLSSocket;
	const misnamed = checkServerIdentity(hostOf(url), secure.getPeerCertificate() as DetailedPeerCertificate);
	if (certificate.trusted && !misnamed) return;
	secure.destroy();
	const isOver = Date.parse(certificate.expires) < Date.now();
	const reason = isOver
		? `it has expired on ${certificate.expires.slice(0, 10)}`
		: misnamed
			? `it is for ${certificate.names.join(', ') || 'no name at all'}`
			: String(secure.authorizationError);
	throw new Trouble({
		what: `The certificate of ${url.host} is not accepted: ${reason}.`,
		means: 'Browsers would show a warning in place of the app.',
		next: 'Run the certificate step again; if it stays, see which certificate nginx serves. An authority of your own is made known with --acme-ca.',
		evidence: [
			`issuer ${certificate.issuer}`,
			`names ${certificate.names.join(', ')}`,
			`expires ${certificate.expires}`,
		],
		code: misnamed ? 'certificate-name' : 'certificate-untrusted',
	});
}

/** Codes of errno(3) in words. */
const reasons: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'the connection is refused',
	ECONNRESET: 'the connection was cut',
	ETIMEDOUT: 'no answer',
	EHOSTUNREACH: 'the address cannot be reached',
};

/** Why nobody answers, in words. @param within milliseconds that were waited */
export function reasonOf(error: unknown, within: number): string {
	const {name, message, code} = error as NodeJS.ErrnoException;
	if (name === 'TimeoutError' || name === 'AbortError') return `no answer within ${within / 1000} s`;
	return cleanText(reasons[code ?? ''] ?? code ?? message);
}

function unreachable(url: URL, address: string, error: unknown): Trouble {
	const {code} = error as NodeJS.ErrnoException;
	if (isNoRoute(code)) return noRoute(url, address, error);
	return new Trouble(
		{
			what: `${url.origin} could not be fetched from ${address}: ${reasonOf(error, patience)}.`,
			means: 'From this machine the box does not answer there, so others would not see the app either.',
			next: 'See that nginx runs on the box and that no firewall, also that of the provider, closes the port.',
			code: 'unreachable',
		},
		error,
	);
}

function noRoute(url: URL, address: string, error: unknown): Trouble {
	return new Trouble(
		{
			what: `${url.origin} could not be fetched from ${address}: this machine has no way to such addresses.`,
			means: 'Whether others see the app there is not known.',
			next: 'Look at it from a machine that has IPv6, such as a phone.',
			code: 'no-route',
		},
		error,
	);
}
