import type {Client} from 'ssh2';

/**
 * Tries a TCP connection from a host in between, which opens it in the person's name (RFC 4254, 7.2).
 * 'closed' is a refusal of the box; 'silent' no answer within `patience` milliseconds; 'unknown' where the host in between
 * does not do this for anybody.
 */
export async function portThrough(
	via: Client,
	to: {readonly hostname: string; readonly port: number},
	patience: number,
): Promise<'open' | 'closed' | 'silent' | 'unknown'> {
	return await new Promise(resolve => {
		const timer = setTimeout(() => resolve('silent'), patience);
		via.forwardOut('127.0.0.1', 0, to.hostname, to.port, (error, channel) => {
			clearTimeout(timer);
			channel?.destroy();
			resolve(error ? stateOf(error) : 'open');
		});
	});
}

/** OpenSSH adds the system's own words for why it could not connect. */
function stateOf(error: Error & {reason?: unknown}): 'closed' | 'silent' | 'unknown' {
	if (/timed out/i.test(error.message)) return 'silent';
	return error.reason === prohibited ? 'unknown' : 'closed';
}

/** SSH_OPEN_ADMINISTRATIVELY_PROHIBITED (RFC 4254, 5.1). */
const prohibited = 1;
