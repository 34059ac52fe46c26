import {connect} from 'node:net';
import {parseEndpoint} from '../contract/address.ts';
import type {DnsRecord, DnsServer} from '../contract/step.ts';
import {Trouble} from '../contract/trouble.ts';
import {readAnswer, sign, type UpdateAnswer, updateMessage} from './message.ts';

/** Milliseconds for connection and answer. */
const patience = 10_000;

/**
 * Makes records on a DNS server (each replaces what stood under its name and type), or takes exactly these back, in one
 * dynamic update: all of them or none (RFC 2136, signed as in RFC 8945, over TCP). Done here rather than by nsupdate, which
 * macOS and Windows lack, and to which a key can only be given in a file.
 * @throws Trouble when the server can't be reached, refuses, or is not who it says it is
 */
export async function sendRecords(
	server: DnsServer,
	records: readonly DnsRecord[],
	action: 'make' | 'undo' = 'make',
): Promise<void> {
	if (records.length === 0) return;
	const {signed, mac} = sign(updateMessage(server.zone, records, action), server);
	const answer = await exchange(server, signed, mac);
	if (answer.code !== 0) throw refused(server, answer);
	if (!answer.authentic) throw forged(server);
}

/** One message and its answer over TCP, each after its length (RFC 1035, 4.2.2). */
async function exchange(server: DnsServer, message: Buffer, mac: Buffer): Promise<UpdateAnswer> {
	const length = Buffer.alloc(2);
	length.writeUInt16BE(message.length);
	const socket = connect({...parseEndpoint(server.server, 53), signal: AbortSignal.timeout(patience)});
	try {
		socket.write(Buffer.concat([length, message]));
		let received = Buffer.alloc(0);
		for await (const chunk of socket as AsyncIterable<Buffer>) {
			received = Buffer.concat([received, chunk]);
			if (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
				return readAnswer(received.subarray(2, 2 + received.readUInt16BE(0)), server, mac);
			}
		}

		throw new Error('the connection was closed without an answer');
	} catch (error) {
		throw unreachable(server, error);
	} finally {
		socket.destroy();
	}
}

/** Codes of RFC 1035, 2136 and 8945 in words. */
const reasons: Readonly<Record<number, string>> = {
	1: 'it does not understand the update',
	2: 'it has a fault of its own (SERVFAIL)',
	4: 'it takes no dynamic updates',
	5: 'this key may not change these names, or updates are not allowed (REFUSED)',
	9: 'it is not the primary server of this zone (NOTAUTH)',
	10: 'a name lies outside the zone (NOTZONE)',
	16: 'the secret of the key is wrong (BADSIG)',
	17: 'it knows no key of this name (BADKEY)',
	18: 'its clock and this machine’s differ by more than five minutes (BADTIME)',
};

function refused(server: DnsServer, {code, keyError}: UpdateAnswer): Trouble {
	return new Trouble({
		what: `${server.server} did not change the zone ${server.zone}: ${reasons[keyError || code] ?? `code ${code}`}.`,
		means: 'No record was made or taken back.',
		next: 'See the name server’s address, the zone, the name of the key and its secret; or choose to make the records by hand.',
		code: 'dns-update-refused',
	});
}

function forged(server: DnsServer): Trouble {
	return new Trouble({
		what: `The answer of ${server.server} is not signed with the key ${server.key}.`,
		means: 'It may not come from your name server, so whether the records were made is not known.',
		next: 'Try again; if it stays, see that the address is the zone’s primary server.',
		code: 'dns-update-unsigned',
	});
}

function unreachable(server: DnsServer, error: unknown): Trouble {
	const {name, message, code} = error as NodeJS.ErrnoException;
	if (error instanceof RangeError) return unreachable(server, new Error('its answer is no DNS message'));
	const reason =
		name === 'AbortError' || name === 'TimeoutError' ? `no answer within ${patience / 1000} s` : (code ?? message);
	return new Trouble(
		{
			what: `The name server ${server.server} could not be asked to change ${server.zone}: ${reason}.`,
			means: 'No record was made or taken back.',
			next: 'See its address and that TCP port 53 is open to this machine; or choose to make the records by hand.',
			code: 'dns-update-unreachable',
		},
		error,
	);
}
