import {connect} from 'node:net';

export type PortState = 'open' | 'closed' | 'silent';

/** Milliseconds an answer is waited for, where nothing else is said: three times the longest way round the earth, and a lost packet sent again. */
export const longest = 2000;

/**
 * Tries a TCP connection. 'closed' is a refusal, 'silent' no answer at all (a firewall that drops);
 * undefined where this machine has no way to such an address, so that nothing is known.
 */
export async function probePort(address: string, port: number, patience = longest): Promise<PortState | undefined> {
	return await new Promise(resolve => {
		const socket = connect({host: address, port});
		const finish = (state: PortState | undefined) => {
			socket.destroy();
			resolve(state);
		};
		socket.setTimeout(patience, () => finish('silent'));
		socket.once('connect', () => finish('open'));
		socket.once('error', (error: NodeJS.ErrnoException) => finish(stateOf(error.code)));
	});
}

/** Several addresses of one box: what all of them say; 'partly' where some are refused, 'mixed' where some stay silent. */
export async function probePorts(
	addresses: readonly string[],
	port: number,
	patience?: number,
): Promise<PortState | 'partly' | 'mixed'> {
	const states = await Promise.all(addresses.map(address => probePort(address, port, patience)));
	const known = new Set(states.filter(state => state !== undefined));
	const [first = 'silent'] = known;
	if (known.size < 2) return first;
	return known.has('silent') ? 'mixed' : 'partly';
}

function stateOf(code: string | undefined): PortState | undefined {
	// A firewall that rejects answers with a reset or with ICMP (administratively prohibited: EHOSTUNREACH, EACCES).
	if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'closed';
	if (code === 'ETIMEDOUT') return 'silent';
	return isNoRoute(code) ? undefined : 'closed';
}

/** Whether a connection failed because this machine has no address of that family, or no route for it. */
export function isNoRoute(code: string | undefined): boolean {
	return code === 'ENETUNREACH' || code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}
