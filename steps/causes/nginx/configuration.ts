import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {freePort} from '../../fixes/port.ts';
import {startService} from '../../fixes/service.ts';
import {certificate} from '../../tls/certificate.ts';
import {nginx} from '../../web/nginx.ts';

const again: Cause['fixes'] = (_, {isOwn}) => (isOwn ? [fixByStep(nginx, 'Write the site’s settings again')] : []);
const own = ['nginx/configuration', 'nginx/down', 'process/unit-failed'];

/** Why nginx does not start, or goes on with what it read before. */
export const nginxConfiguration: readonly Cause[] = [
	{
		id: 'nginx/configuration',
		depth: 'kind',
		title: 'nginx refuses its own configuration.',
		match: [
			/\[emerg\] (?:\d+#\d+: )?(?<what>(?!still could not bind).+)$/,
			/nginx: configuration file (?<what>\S+ test failed)/,
		],
		look: async $ => $`if command -v nginx > /dev/null; then nginx -t 2>&1 | grep -F '[emerg]' | tail -n 1; fi`,
		over: ['nginx/down', 'process/unit-failed'],
		means: ({what}) => `It goes on with what it read last, or does not start at all: ${what}`,
		next: 'Mend the line that it names, and have nginx read it anew.',
		fixes: again,
	},
	{
		id: 'nginx/port-taken',
		title: ({port = '80'}) => `Another web server already has port ${port}.`,
		match: [
			/\[emerg\].*bind\(\) to \S*?:(?<port>80|443|\d+) failed \(98: (?:Address already in use|Unknown error)\)/,
			/still could not bind\(\)/,
		],
		over: [...own, 'process/port-in-use'],
		means:
			'Mostly Apache, which some images bring along, or an nginx that did not end. Only one of them can have the port; nginx does not start.',
		next: 'Decide which of the two shall serve; the other one is stopped and no longer started with the box.',
		fixes: ({port}, app) => [freePort(app, Number(port ?? 80), 'nginx.service'), startService('nginx')],
	},
	{
		id: 'nginx/certificate-file',
		title: ({path}) => `nginx can’t read the certificate ${path}.`,
		match: [
			/\[emerg\].*cannot load certificate(?: key)? "(?<path>[^"]+)": /,
			/\[emerg\].*BIO_new_file\("(?<path>[^"]+)"\) failed/,
			/\[emerg\].*SSL_CTX_use_PrivateKey(?:_file)?\("(?<path>[^"]+)"\) failed.*key values mismatch/,
			/\[emerg\].*no "ssl_certificate" is defined for the "listen \.\.\. ssl" directive in (?<path>[^:\s]+)/,
		],
		over: own,
		means:
			'The site names a certificate that was never issued, was deleted, or does not belong to its key. nginx does not start with it.',
		next: 'Get the certificate anew; until then the site must not name it.',
		fixes: (_, {isOwn}) =>
			isOwn
				? [fixByStep(certificate, 'Get the certificate anew'), fixByStep(nginx, 'Write the site’s settings again')]
				: [],
	},
	{
		id: 'nginx/missing-include',
		title: ({path}) => `nginx’s configuration names a file that is not there: ${path}.`,
		match: [/\[emerg\].*open\(\) "(?<path>[^"]+)" failed \(2: No such file or directory\)/],
		over: own,
		means: 'An include, a password file or a log’s folder was taken away, or a link in sites-enabled points nowhere.',
		next: ({path}) => `Put ${path} back, or take the line (or the link) that names it away.`,
		fixes: again,
	},
	{
		id: 'nginx/duplicate-default',
		title: 'Two sites both want to be the default one.',
		match: [/\[emerg\].*a duplicate default server for (?<where>\S+) in (?<path>[^:\s]+)/],
		over: own,
		means: ({path}) =>
			`For each port one site may say default_server: ${path} says it too, mostly beside the stock site “default”.`,
		next: 'Take default_server out of one of the two, or the stock site out of sites-enabled.',
		fixes: again,
	},
	{
		id: 'nginx/duplicate-name',
		title: ({name}) => `Two sites have the name ${name}; nginx takes the first and passes over the other.`,
		match: [/\[warn\].*conflicting server name "(?<name>[^"]+)" on \S+, ignored/],
		means:
			'Changes in the second file have no effect. It is often a copy (.bak, .save), or what certbot added to another file.',
		next: 'Take the name, or the whole file, out of one of the two.',
		fixes: again,
	},
	{
		id: 'nginx/long-names',
		title: 'The domain is longer than nginx’s table of names is set up for.',
		match: [
			/\[emerg\].*could not build (?:the )?(?:server_names_hash|map_hash|types_hash), you should increase (?<what>\w+): (?<size>\d+)/,
			/could not build optimal (?<what>\w+), you should increase/,
		],
		over: own,
		means: ({what}) => `It refuses the whole configuration; ${what} is what has to be larger.`,
		next: 'Set server_names_hash_bucket_size 128; in the http block of nginx.conf.',
		fixes: again,
	},
	{
		id: 'nginx/unknown-directive',
		title: ({what}) => `nginx does not know “${what}”.`,
		match: [
			/\[emerg\].*unknown directive "(?<what>[^"]+)" in/,
			/\[emerg\].*"(?<what>[^"]+)" directive is not allowed here in/,
			/\[emerg\].*invalid parameter "(?<what>[^"]+)" in/,
		],
		over: own,
		means:
			'It is misspelled, stands in the wrong block, is of a newer nginx, or its module is not installed. A line above without its ; does it too.',
		next: 'Correct the line that it names.',
		fixes: again,
	},
	{
		id: 'nginx/unfinished-block',
		title: 'A brace or a ; is missing in nginx’s configuration.',
		match: [
			/\[emerg\].*(?:unexpected (?:end of file|"[{};]")|directive "[^"]+" (?:is not terminated by ";"|has no opening "\{")|expecting ";" or "\}") ?,? ?.*in (?<path>[^:\s]+)/,
		],
		over: own,
		means: ({path}) => `${path} can’t be read to its end. nginx goes on with what it read last.`,
		next: 'Correct the line that it names, or the one above it.',
		fixes: again,
	},
	{
		id: 'nginx/unknown-host',
		title: ({host}) => `nginx does not find ${host}, to which it shall hand requests.`,
		match: [
			/\[emerg\].*host not found in (?:upstream|resolver|"[^"]+"?) ?"(?<host>[^"]+)"/,
			/\[error\].*(?<host>\S+) could not be resolved \(\d+: [^)]+\)/,
		],
		over: own,
		means:
			'The name in proxy_pass is looked up when nginx starts: a container’s name, or a DNS that was not ready then.',
		next: 'Write an address (127.0.0.1 and the port) in place of the name.',
		fixes: again,
	},
	{
		id: 'nginx/not-root',
		title: 'nginx was called by somebody who may not.',
		match: [
			/\[alert\].*could not open error log file: open\(\) "\/var\/log\/nginx\/error\.log" failed \(13/,
			/\[emerg\].*open\(\) "\/(?:run|var\/run)\/nginx\.pid" failed \(13: Permission denied\)/,
		],
		over: [...own, 'nginx/closed-files'],
		means: 'Its log and its ports are root’s. Without root it can’t even test its configuration.',
		next: 'Call it as root; boxwizard does so itself.',
	},
	{
		id: 'nginx/down',
		title: 'nginx does not run.',
		match: [/^nginx is (?<state>\w+)$/],
		from: ['box'],
		look: async $ =>
			$`if [ -e /lib/systemd/system/nginx.service ] && ! systemctl is-active --quiet nginx; then echo "nginx is $(systemctl is-active nginx)"; fi`,
		over: ['site/unreachable'],
		means: 'Nobody answers visitors, whatever the app does.',
		next: 'See in its log why it ended.',
		fixes: (_, {isOwn}) => [
			startService('nginx'),
			...(isOwn ? [fixByStep(nginx, 'Write the site’s settings again')] : []),
		],
	},
];
