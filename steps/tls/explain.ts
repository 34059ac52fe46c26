import type {TroubleParts} from '../../source/contract/trouble.ts';

type Cause = {readonly pattern: RegExp; readonly code: string; readonly means: string; readonly next: string};

/** What certbot prints when it fails, by the words of the CA (RFC 8555, section 6.7, and Let's Encrypt's own) or of certbot. */
const causes: readonly Cause[] = [
	{
		pattern: /too many failed authorizations/i,
		code: 'acme-failed-authorizations',
		means:
			'The CA saw too many failed attempts for this name (Let’s Encrypt allows five an hour) and hears no more for now.',
		next: 'Wait an hour, then retry. Until then the app is served with the self-signed certificate.',
	},
	{
		pattern: /too many certificates|exact set of (domains|identifiers)/i,
		code: 'acme-duplicates',
		means:
			'This very certificate was issued too often (Let’s Encrypt: five a week for the same names). An old one may still lie on another box.',
		next: 'Copy /etc/letsencrypt from where the last one was issued, add or take away one alias (another set of names), or wait until the day named above.',
	},
	{
		pattern: /rateLimited|too many (new )?(registrations|orders)|rate limit/i,
		code: 'acme-rate-limit',
		means: 'The CA limits how often it may be asked, and the limit is reached.',
		next: 'Wait until the time named above, then retry.',
	},
	{
		pattern: /CAA record|acme:error:caa|^\s*Type:\s+caa$/i,
		code: 'acme-caa',
		means: 'A CAA record of the domain says that only other authorities may issue for it.',
		next: 'Add a CAA record for this authority (0 issue "letsencrypt.org"), then retry.',
	},
	{
		pattern: /DNS problem|NXDOMAIN|SERVFAIL|could not resolve|acme:error:dns|^\s*Type:\s+dns$/i,
		code: 'acme-dns',
		means:
			'The CA could not look up a name. SERVFAIL is mostly a broken DNSSEC chain: a DS record at the registrar that does not fit.',
		next: 'See the DNS step; where DNSSEC was used with earlier name servers, remove the DS record at the registrar. Then retry.',
	},
	{
		pattern: /Timeout during connect|Connection refused|acme:error:connection|^\s*Type:\s+connection$/i,
		code: 'acme-connection',
		means: 'The CA could not reach port 80 of the box, though this machine can.',
		next: 'Look at your provider’s firewall for rules by country or address, and at the AAAA record. Then retry.',
	},
	{
		pattern: /Invalid response from|acme:error:unauthorized|^\s*Type:\s+unauthorized$/i,
		code: 'acme-unauthorized',
		means: 'The CA reached a web server under that name, but not this one, or something between them answered.',
		next: 'See whether a proxy (an orange cloud), an old AAAA record or another nginx site takes the name. Then retry.',
	},
	{
		pattern: /rejectedIdentifier|public suffix|not a valid|policy forbids/i,
		code: 'acme-name-refused',
		means: 'The CA issues nothing for this kind of name.',
		next: 'Choose a domain that you have registered.',
	},
	{
		pattern: /Another instance of Certbot is already running/i,
		code: 'certbot-busy',
		means: 'Another certbot is at work: mostly the renewal timer, for a minute.',
		next: 'Retry in a minute.',
	},
	{
		pattern: /certificate verify failed|CERTIFICATE_VERIFY_FAILED/,
		code: 'acme-untrusted',
		means: 'The box does not trust the ACME server’s own HTTPS.',
		next: 'Give the CA’s certificate with --acme-ca; behind a company proxy, the proxy’s one. See also the clock of the box.',
	},
	{
		pattern: /Max retries exceeded|NewConnectionError|NameResolutionError|Network is unreachable/,
		code: 'acme-unreachable',
		means: 'The box could not reach the ACME server.',
		next: 'See the address of the server, and that the box may connect out on port 443. Then retry.',
	},
	{
		pattern: /nginx: \[emerg\]|nginx plugin is not working|Error while running nginx/i,
		code: 'nginx-refuses',
		means: 'nginx does not accept its configuration, so certbot cannot answer the challenge.',
		next: 'Mend what the line names (`nginx -t` shows it), then retry.',
	},
];

/** What a failed certbot means. Undefined where its words are not known. Pure. */
export function explainCertbot(log: readonly string[]): TroubleParts | undefined {
	const cause = causes.find(({pattern}) => log.some(line => pattern.test(line)));
	if (!cause) return undefined;
	const {pattern, code, means, next} = cause;
	const said = log.filter(line => pattern.test(line) || /^\s*(Domain|Type|Detail):/.test(line));
	return {what: 'The certificate was not issued.', means, next, evidence: said.slice(-8), code};
}
