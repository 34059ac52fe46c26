import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {clock} from '../../system/clock.ts';

/** The way from the app to other machines. */
export const appNetwork: readonly Cause[] = [
	{
		id: 'network/name',
		depth: 'kind',
		title: ({host = 'a name'}) => `The box finds no address for ${host}.`,
		match: [
			/getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (?<host>[\w.-]+)/,
			/Failed to resolve '(?<host>[^']+)'/,
			/could not translate host name "(?<host>[^"]+)" to address/,
			/Unknown (?:MySQL|MariaDB|server) (?:server )?host '(?<host>[^']+)'/,
			/\[Errno -[235]\] (?:Name or service not known|Temporary failure in name resolution|No address associated with hostname)/,
			/Error -[235] connecting to (?<host>[\w.-]+):\d+/,
			/tcp connect \((?<host>[^:)]+):\d+\): non-existing domain/,
			/ssh: Could not resolve hostname (?<host>\S+): /,
			/fatal: unable to access '[^']+': Could not resolve host: (?<host>\S+)/,
		],
		over: ['git/unreadable'],
		means:
			'The app asks for another machine by a name that DNS does not know (a container’s name such as “db” or “redis” exists only among containers), or the box’s own resolver does not answer.',
		next: ({host}) =>
			`${host === undefined ? 'A wrong name' : `If ${host} is wrong, it`} stands in the app’s variables; where no name at all is found, look at the box’s name servers.`,
	},
	{
		id: 'network/certificate',
		title: 'Another service’s certificate is not accepted by the app.',
		match: [
			/CERTIFICATE_VERIFY_FAILED\] certificate verify failed: (?<why>[\w ]+)/,
			/\bCERT_HAS_EXPIRED\b|\bUNABLE_TO_VERIFY_LEAF_SIGNATURE\b|\bSELF_SIGNED_CERT_IN_CHAIN\b|\bDEPTH_ZERO_SELF_SIGNED_CERT\b|\bUNABLE_TO_GET_ISSUER_CERT_LOCALLY\b/,
			/server certificate verification failed\. CAfile/,
			/TLS client: In state \w+ .*(?:Unknown CA|Certificate Expired|certificate_expired)/i,
		],
		over: ['git/unreadable', 'apt/unreachable'],
		means: ({why = 'it has expired or is not of a known authority'}) =>
			`It speaks HTTPS with another machine, and does not trust its certificate: ${why}.`,
		next: 'If it is your own service, renew its certificate; if it is another’s, see that the box’s clock is right and its ca-certificates are new.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(clock, 'Set the box’s clock')] : []),
	},
	{
		id: 'network/refused',
		depth: 'kind',
		title: ({host = 'another service', port}) => `Nothing answers at ${host}${port === undefined ? '' : `:${port}`}.`,
		match: [
			/connect ECONNREFUSED (?<host>[\d.:a-f]+?):(?<port>\d+)/,
			/HTTPConnectionPool\(host='(?<host>[^']+)', port=(?<port>\d+)\): Max retries exceeded.*Connection refused/,
			/ConnectionRefusedError: \[Errno 111\] Connection refused/,
			/ConnectionRefusedError: \[Errno 111\] Connect call failed \('(?<host>[^']+)', (?<port>\d+)/,
			/httpx\.ConnectError: \[Errno 111\] Connection refused/,
		],
		over: ['nginx/upstream-cut'],
		means:
			'The app connects to a service that does not run, or does so at another address (localhost inside a container is the container itself).',
		next: 'Start that service, or correct its address among the app’s variables.',
	},
	{
		id: 'network/timeout',
		depth: 'kind',
		title: ({host = 'Another service'}) => `${host} does not answer in time.`,
		match: [
			/(?:ConnectTimeout|ReadTimeout|ConnectTimeoutError|ReadTimeoutError).*host='(?<host>[^']+)'/,
			/connect ETIMEDOUT (?<host>[\d.:a-f]+?):\d+/,
			/TimeoutError: \[Errno 110\] Connection timed out/,
			/UND_ERR_CONNECT_TIMEOUT|httpx\.(?:Connect|Read)Timeout/,
			/connection to server at "(?<host>[^"]+)".*failed: (?:Connection timed out|timeout expired)/,
		],
		means:
			'A firewall swallows the packets (of the box, of its provider, or of the other side), or the other side is overloaded.',
		next: 'See that the box may connect there; give the call a time limit, and work without its answer.',
	},
	{
		id: 'network/unreachable',
		title: 'The box has no way to that network.',
		match: [
			/(?:OSError: )?\[Errno 101\] Network is unreachable/,
			/connect ENETUNREACH (?<host>\S+)/,
			/connect EHOSTUNREACH (?<host>\S+)|\[Errno 113\] No route to host/,
		],
		means: 'Mostly an address of IPv6 where the box has none, or a private network that it is not in.',
		next: 'Take an address of IPv4, or give the box IPv6.',
	},
];
