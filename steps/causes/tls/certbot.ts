import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {records} from '../../dns/records.ts';
import {ufw} from '../../firewall/ufw.ts';
import {installDebian} from '../../fixes/debianPackages.ts';
import {startService} from '../../fixes/service.ts';
import {clock} from '../../system/clock.ts';
import {certificate} from '../../tls/certificate.ts';
import {renewal} from '../../tls/renewal.ts';
import {nginx} from '../../web/nginx.ts';

const general = ['tls/failed'];

/** What certbot and the authority say when a certificate is not issued or renewed (RFC 8555, section 6.7; Let's Encrypt). */
export const tlsCertbot: readonly Cause[] = [
	{
		id: 'tls/failed-authorizations',
		title: 'The authority has seen too many failed attempts for this name.',
		match: [/too many failed authorizations/i],
		over: [...general, 'tls/rate-limit'],
		means: 'Let’s Encrypt allows five failures an hour for a name, and hears no more until that is over.',
		next: 'Mend why they failed, wait an hour, then retry once. Until then the site keeps the certificate that it has.',
	},
	{
		id: 'tls/duplicates',
		title: 'This very certificate was issued too often.',
		match: [
			/too many certificates(?: \(\d+\))? already issued for (?:this )?exact set of (?:domains|identifiers)/i,
			/exact set of (?:domains|identifiers)/i,
		],
		over: [...general, 'tls/rate-limit'],
		means:
			'Let’s Encrypt issues five a week for the same set of names. An old one may still lie on this box or another one, in /etc/letsencrypt.',
		next: 'Do not retry: put the certificate back that was issued before; or wait until the day that is named, or add or take away one name (another set).',
	},
	{
		id: 'tls/rate-limit',
		title: 'The authority limits how often it may be asked, and the limit is reached.',
		match: [
			/acme:error:rateLimited|too many (?:new )?(?:registrations|orders|certificates already issued)|There were too many requests of a given type/i,
		],
		over: general,
		means: 'The line says which limit it is, and mostly until when.',
		next: 'Wait until the time that is named, then retry once.',
	},
	{
		id: 'tls/caa',
		title: 'A CAA record of the domain allows only other authorities.',
		match: [
			/acme:error:caa|CAA record for \S+ prevents issuance|^\s*Type:\s+caa$/i,
			/While processing CAA for (?<host>\S+)/,
		],
		over: [...general, 'tls/no-record', 'tls/dns'],
		means: 'The domain’s DNS says who may issue certificates for it, and this authority is not among them.',
		next: 'Add a CAA record for this authority (0 issue "letsencrypt.org") at your DNS provider, then retry.',
	},
	{
		id: 'tls/no-record',
		title: ({host = 'the name'}) => `DNS has no address for ${host}.`,
		match: [
			/DNS problem: NXDOMAIN looking up (?:A|AAAA) for (?<host>[\w.-]+)/,
			/no valid A records found for (?<host>[\w.-]+)/,
			/No valid IP addresses found for (?<host>[\w.-]+)/,
		],
		over: [...general, 'tls/dns'],
		means:
			'The authority looks each name of the certificate up, and this one has no record. With one name that fails, none is issued.',
		next: ({host = 'it'}) => `Make a record for ${host} at your DNS provider, or leave that name out.`,
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(records, 'Make the DNS records again')] : []),
	},
	{
		id: 'tls/dns',
		depth: 'kind',
		title: 'The authority could not look the name up.',
		match: [
			/DNS problem: (?<what>SERVFAIL|query timed out|server failure|networking error|REFUSED)/,
			/acme:error:dns|^\s*Type:\s+dns$/,
		],
		over: general,
		means:
			'SERVFAIL is mostly a broken DNSSEC chain: a DS record at the registrar that does not fit the name servers. Or they do not answer.',
		next: 'Where DNSSEC was used with earlier name servers, take the DS record away at the registrar. Then retry.',
	},
	{
		id: 'tls/wrong-address',
		title: 'Another server answered under this name.',
		match: [
			/Invalid response from https?:\/\/(?<host>[^/\s"]+)\/\.well-known/,
			/acme:error:unauthorized|^\s*Type:\s+unauthorized$/,
			/The key authorization file from the server did not match this challenge/,
			/Incorrect (?:validation certificate|TXT record) ?.*found/,
		],
		over: general,
		means:
			'The authority reached a web server, and that did not have the answer: the record points elsewhere (mostly a stray AAAA), a proxy stands between, or another site of nginx takes the name.',
		next: 'Compare A and AAAA with the box’s addresses, and put an orange cloud to “DNS only”. Then retry.',
		fixes: (_, {isOwn}) =>
			isOwn
				? [fixByStep(records, 'Make the DNS records again'), fixByStep(nginx, 'Write the site’s settings again')]
				: [],
	},
	{
		id: 'tls/unreachable',
		title: 'The authority does not reach port 80 of the box.',
		match: [
			/Timeout during connect \(likely firewall problem\)/,
			/acme:error:connection|^\s*Type:\s+connection$/,
			/Fetching https?:\/\/\S+\/\.well-known\/acme-challenge\/\S+: (?:Connection refused|Timeout|Error getting validation data|Connection reset)/,
		],
		over: general,
		means:
			'A firewall (the provider’s or the box’s own) closes port 80, nginx does not listen, or the AAAA record names an address that is not the box’s.',
		next: 'Open port 80 in the firewall of your provider’s panel, and look at the AAAA record. Then retry.',
		fixes: (_, {isOwn}) => [
			startService('nginx'),
			...(isOwn ? [fixByStep(ufw, 'Open the firewall for the site')] : []),
		],
	},
	{
		id: 'tls/name-refused',
		title: 'The authority issues nothing for a name of this kind.',
		match: [
			/acme:error:rejectedIdentifier/,
			/Cannot issue for "(?<host>[^"]+)": /,
			/Domain name (?:does not end with a valid public suffix|contains an invalid character|needs at least one dot)/i,
			/policy forbids issuing for(?: name)?/,
		],
		over: general,
		means:
			'It is an address, a name that only your network knows, one of a cloud provider, or on a list of the authority.',
		next: 'Take a domain that you have registered.',
	},
	{
		id: 'tls/plugin-missing',
		title: ({name = 'nginx'}) => `The renewal wants certbot’s plugin for ${name}, which is not installed.`,
		match: [
			/The requested (?<name>[\w-]+) plugin does not appear to be installed/,
			/Could not choose appropriate plugin: The requested (?<name>[\w-]+) plugin/,
		],
		over: general,
		means:
			'It was there when the certificate was first issued: certbot was replaced (snap, pip) or upgraded, and the plugin was not.',
		next: 'Install the plugin, or have the renewal done in the way that boxwizard sets up.',
		fixes: ({name = 'nginx'}, {isOwn}) => [
			...(/^[a-z-]+$/.test(name)
				? [installDebian([`python3-certbot-${name}`], 'certbot finds its plugin there, and renews again.')]
				: []),
			...(isOwn
				? [fixByStep(renewal, 'Put the renewal right'), fixByStep(certificate, 'Get the certificate anew')]
				: []),
		],
	},
	{
		id: 'tls/busy',
		title: 'Another certbot is at work.',
		match: [/Another instance of Certbot is already running/],
		over: general,
		means: 'Mostly the renewal’s own timer, for a minute.',
		next: 'Retry in a minute.',
	},
	{
		id: 'tls/nginx-refuses',
		title: 'nginx refuses its configuration, so certbot can’t answer the authority.',
		match: [
			/The nginx plugin is not working; there may be problems with your existing configuration/,
			/Error while running nginx -(?:c|t)/,
			/nginx restart failed/,
		],
		over: general,
		depth: 'kind',
		means: 'certbot changes the site for a moment, and nginx must accept that. What it refuses stood there before.',
		next: 'Mend what nginx names, then retry.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(nginx, 'Write the site’s settings again')] : []),
	},
	{
		id: 'tls/port-80-taken',
		title: 'certbot needs port 80 for itself, and nginx has it.',
		match: [
			/Could not bind TCP port (?<port>80|443) because it is already in use/,
			/Problem binding to port (?<port>80): Could not bind/,
		],
		over: [...general, 'process/port-in-use'],
		means:
			'The certificate was once issued in “standalone” mode, which can’t work beside a web server that runs. So the renewal fails each time.',
		next: 'Have it renewed through nginx: boxwizard’s own renewal does.',
		fixes: (_, {isOwn}) =>
			isOwn ? [fixByStep(renewal, 'Put the renewal right'), fixByStep(certificate, 'Get the certificate anew')] : [],
	},
	{
		id: 'tls/renewal-file',
		title: ({path}) => `The renewal’s file ${path} is damaged.`,
		match: [
			/(?:Renewal configuration file|renewal config file) (?<path>\S+) (?:\(cert: \S+\) )?(?:produced an unexpected error: (?:expected \S+ to be a symlink|renewal config file)|is broken)/,
			/expected (?<path>\/etc\/letsencrypt\/live\/\S+) to be a symlink/,
			/parsefail|No such file or directory: '(?<path>\/etc\/letsencrypt\/(?:live|archive|renewal)\/[^']+)'/,
		],
		over: general,
		means: 'Files in /etc/letsencrypt were copied or deleted by hand: the links in live must point into archive.',
		next: 'Get the certificate anew; the damaged files can go then.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(certificate, 'Get the certificate anew')] : []),
	},
	{
		id: 'tls/no-certificate',
		title: ({host}) => `There is no certificate ${host}.`,
		match: [
			/No certificate found with name (?<host>\S+)|Certificate (?<host>\S+) not found/,
			/Could not (?:find|install) .*certificate named (?<host>\S+)/,
		],
		over: general,
		means: 'It was deleted, or has another name (with -0001 behind it).',
		next: 'Get the certificate anew.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(certificate, 'Get the certificate anew')] : []),
	},
	{
		id: 'tls/account',
		title: 'The authority does not know certbot’s account.',
		match: [
			/acme:error:(?:accountDoesNotExist|unauthorized) :: .*account/i,
			/acme:error:malformed :: .*(?:No embedded JWK|JWS verification error)/,
			/The (?:client|account) .* is deactivated/,
		],
		over: [...general, 'tls/wrong-address'],
		means: 'It was made at another authority (the staging one), or was deactivated.',
		next: 'Get the certificate anew: a new account is made for it.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(certificate, 'Get the certificate anew')] : []),
	},
	{
		id: 'tls/contact',
		title: 'The authority refuses the e-mail address.',
		match: [
			/acme:error:invalid(?:Contact|Email)/,
			/contact email (?:has (?:invalid|forbidden) domain|".*" is invalid)/i,
		],
		over: general,
		means: 'It is an example address, or its domain takes no mail.',
		next: 'Give an address of your own (option “Your e-mail”), and retry.',
	},
	{
		id: 'tls/out-of-reach',
		title: 'The box does not reach the authority.',
		match: [
			/HTTPSConnectionPool\(host='acme[\w.-]*', port=443\): Max retries exceeded/,
			/requests\.exceptions\.(?:ConnectionError|SSLError).*(?:acme|directory)/,
			/Requesting acme\S+: (?:Network is unreachable|Name or service not known)/,
		],
		over: [...general, 'network/name', 'network/certificate', 'network/unreachable'],
		means: 'No way out on port 443, no name server, or a clock that is far off.',
		next: 'See that the box may connect out on port 443, and its clock. Then retry.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(clock, 'Set the box’s clock')] : []),
	},
	{
		id: 'tls/failed',
		depth: 'after',
		title: 'A certificate was not issued or renewed.',
		match: [
			/^Some challenges have failed\./,
			/Failed to renew certificate (?<name>\S+) with error/,
			/All renewals failed|^\d+ renew failure\(s\), \d+ parse failure\(s\)/,
			/Attempting to renew cert .* produced an unexpected error/,
		],
		means: 'What the authority said stands in the lines around it.',
		next: 'Mend what they name, then retry.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(certificate, 'Get the certificate anew')] : []),
	},
];
