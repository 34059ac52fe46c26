import {once} from 'node:events';
import {type IncomingMessage, request} from 'node:http';
import {isIP} from 'node:net';
import {checkServerIdentity, connect, type SecureContext, type TLSSocket} from 'node:tls';
import type {ServedCertificate} from '../contract/due.ts';
import {describeCertificate, reasonOf} from './fetch.ts';
import {Names} from './names.ts';
import {createTrustStore, type TrustStore} from './trust.ts';

/** Milliseconds for the name, the connection and the handshake together: who is silent now stays so. */
const patience = 4000;

/** Names of a certificate that are read: public CAs put in at most 100. */
const mostNames = 100;

/** Where certificates are looked at. */
export type Server = {
	/** The box's name or address; the site's names need not lead to it. */
	readonly host: string;
	/** 443 where nothing is said. */
	readonly port?: number;
	/** 'address' or 'address:port' of a DNS server that takes the system's place. */
	readonly nameserver?: string;
	/** PEM of one more CA to trust. */
	readonly authority?: string;
};

/** What a server shows under one name: a certificate, and what is wrong with it; or why there is none. */
export type Shown = {readonly certificate?: ServedCertificate; readonly problem?: string};

/**
 * Looks at the certificates that a server shows, one handshake a name (RFC 6066: server_name), without any request. Who does not
 * answer under the first name is not asked for the others.
 */
export async function readServed(server: Server, names: readonly string[]): Promise<Shown[]> {
	const trust = createTrustStore(server.authority);
	const [first, ...others] = names;
	if (first === undefined) return [];
	const address = await addressOf(server);
	if (typeof address !== 'string') return names.map(() => address);
	const shown = await look(address, server.port, first, trust);
	if (!shown.certificate) return names.map(() => shown);
	return [shown, ...(await Promise.all(others.map(name => look(address, server.port, name, trust))))];
}

/** What a server shows under a name, and what it answers there: the status of its front page, or why there is no answer. */
export type Answered = Shown & {readonly status?: number; readonly unanswered?: string};

/** Looks at the certificate that a server shows under a name, and asks for the head of its front page over the same connection. */
export async function readAnswer(server: Server, name: string): Promise<Answered> {
	const address = await addressOf(server);
	if (typeof address !== 'string') return address;
	return await look(address, server.port, name, createTrustStore(server.authority), true);
}

async function addressOf({host, nameserver}: Server): Promise<string | Shown> {
	try {
		return (await within(new Names(nameserver).addresses(host)))[0] ?? host;
	} catch (error) {
		return {problem: reasonOf(error, patience)};
	}
}

/** @param asks whether it is also asked for its front page */
async function look(
	address: string,
	port: number | undefined,
	name: string,
	trust: TrustStore,
	asks = false,
): Promise<Answered> {
	try {
		const wanted = asks ? (socket: TLSSocket) => head(socket, name) : async () => ({});
		// Most are trusted by Node's own roots; reading the system's takes a tenth of a second.
		const quick = await handshake(address, port, name, trust.quick(), async socket =>
			socket.authorized ? await wanted(socket) : undefined,
		);
		const seen = quick.answer === undefined ? await handshake(address, port, name, trust.whole(), wanted) : quick;
		const {certificate, misnamed, answer} = seen;
		const problem = misnamed
			? `it is for ${certificate.names.slice(0, 5).join(', ') || 'no name at all'}`
			: certificate.trusted || Date.parse(certificate.expires) < Date.now()
				? undefined
				: 'this machine does not trust who issued it';
		return {certificate, ...(problem !== undefined && {problem}), ...answer};
	} catch (error) {
		return {problem: reasonOf(error, patience)};
	}
}

/** @param use what is done over the connection, before it is closed */
async function handshake<Answer>(
	address: string,
	port = 443,
	name: string,
	secureContext: SecureContext,
	use: (socket: TLSSocket) => Promise<Answer>,
) {
	const socket = connect({
		host: address,
		port,
		servername: isIP(name) ? '' : name,
		secureContext,
		// Whether it is trusted is told, not required: also the certificate of nobody has an end.
		rejectUnauthorized: false,
		checkServerIdentity: () => undefined,
	});
	try {
		await once(socket, 'secureConnect', {signal: AbortSignal.timeout(patience)});
		return {certificate: described(socket), misnamed: isMisnamed(socket, name), answer: await use(socket)};
	} finally {
		socket.destroy();
	}
}

/** Asks for the head of the front page (RFC 9110, 9.3.2). What else is said there is not looked at. */
async function head(socket: TLSSocket, name: string): Promise<Pick<Answered, 'status' | 'unanswered'>> {
	const asked = request({
		method: 'HEAD',
		path: '/',
		headers: {host: name, 'user-agent': 'boxwizard', connection: 'close'},
		createConnection: () => socket,
		signal: AbortSignal.timeout(patience),
	});
	try {
		const [response] = (await once(asked.end(), 'response')) as [IncomingMessage];
		return {status: response.statusCode ?? 0};
	} catch (error) {
		const {code = ''} = error as NodeJS.ErrnoException;
		return {unanswered: code.startsWith('HPE_') ? 'what it answers is no HTTP' : reasonOf(error, patience)};
	} finally {
		asked.destroy();
	}
}

function described(socket: TLSSocket): ServedCertificate {
	const starts = new Date(socket.getPeerCertificate().valid_from).toISOString();
	const certificate = describeCertificate(socket);
	return {...certificate, names: certificate.names.slice(0, mostNames), starts};
}

function isMisnamed(socket: TLSSocket, name: string): boolean {
	return checkServerIdentity(name, socket.getPeerCertificate()) !== undefined;
}

async function within<Value>(task: Promise<Value>): Promise<Value> {
	const late = AbortSignal.timeout(patience);
	return await Promise.race([
		task,
		once(late, 'abort').then(() => {
			throw late.reason;
		}),
	]);
}
