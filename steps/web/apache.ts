import type {Hand, Probe} from '../../source/contract/step.ts';

export const apache = 'apache2.service';
const listening = '/etc/apache2/ports.conf';
const settingsFile = '/etc/apache2/conf-available/boxwizard.conf';
const settingsLink = '/etc/apache2/conf-enabled/boxwizard.conf';

/** How Debian's Apache listens, as far as it decides whether it can be moved behind nginx. */
export type ApacheSettings = {
	/** One `Listen 80` in ports.conf, and sites for whatever address: it can listen on the loopback instead. */
	readonly movable: boolean;
	/** The loopback port that it listens on; 0 where it does not. */
	readonly behind: number;
	/** A loopback port that is free for it. */
	readonly spare: number;
	/** Files of its sites for port 80: links followed. */
	readonly sites: readonly string[];
};

const site80 = '<VirtualHost[[:space:]]+[^>]*:80[[:space:]]*>';
/** A site that takes what comes to any address. */
const movableSite = /^<VirtualHost\s+(\*|_default_):80\s*>$/i;

export async function readApache($: Probe): Promise<ApacheSettings> {
	const [listen, elsewhere, hosts, sites, taken] = await Promise.all([
		$`grep -E '^[[:space:]]*Listen[[:space:]]' ${listening}`,
		$`grep -rhEi '^[[:space:]]*Listen[[:space:]]' /etc/apache2/apache2.conf /etc/apache2/sites-enabled/ /etc/apache2/conf-enabled/`,
		$`grep -hoEi ${site80} /etc/apache2/sites-enabled/*`,
		$`grep -lEi ${site80} /etc/apache2/sites-enabled/* | xargs -r readlink -e | sort -u`,
		$`ss -Hltn | awk '{print $4}'`,
	]);
	const lines = listen.split('\n').map(line => line.trim());
	const plain = lines.filter(line => /^Listen\s+((0\.0\.0\.0|\[::\]):)?80$/i.test(line));
	const behind = lines.flatMap(line => /^Listen\s+127\.0\.0\.1:(\d+)$/i.exec(line)?.[1] ?? []);
	return {
		movable: plain.length === 1 && elsewhere === '' && lists(hosts).every(host => movableSite.test(host)),
		behind: Number(behind[0] ?? 0),
		spare: [8080, 8081, 8082, 8090].find(port => !new RegExp(`:${port}$`, 'm').test(taken)) ?? 0,
		sites: lists(sites),
	};
}

const lists = (answer: string) => answer.split('\n').filter(line => line !== '');

/** Its settings for a port of the loopback. It tells visitors apart as before: nginx says who they are, and is believed. */
export function moveApache($: Hand, {sites, spare}: ApacheSettings): void {
	for (const path of [listening, ...sites]) $.backup(path);
	$`sed -i -E ${`s/^([[:space:]]*)Listen[[:space:]]+((0\\.0\\.0\\.0|\\[::\\]):)?80[[:space:]]*$/\\1Listen 127.0.0.1:${spare}/I`} ${listening}`;
	if (sites.length > 0)
		$`sed -i -E ${`s/(<VirtualHost[[:space:]]+(\\*|_default_)):80[[:space:]]*>/\\1:${spare}>/I`} ${sites}`;
	$.file(settingsFile, settings);
	$.link(settingsLink, settingsFile);
	$`apache2ctl -t 2>&1 || { restore_kept; false; }`;
}

export function moveApacheBack($: Hand, {sites}: ApacheSettings): void {
	for (const path of [settingsLink, settingsFile, listening, ...sites]) $.restore(path);
}

/** Without it each visitor would come from the box itself: `Require local` would let everybody in. */
const settings = `# nginx stands before this Apache, and says whom a request comes from.
<IfModule !remoteip_module>
    LoadModule remoteip_module /usr/lib/apache2/modules/mod_remoteip.so
</IfModule>
RemoteIPHeader X-Forwarded-For
RemoteIPInternalProxy 127.0.0.1
`;

/** nginx's site for all that no other site takes. @param ipv6 whether the box speaks it */
export function siteBefore(port: number, ipv6: boolean): string {
	return [
		'# All that is for no other site: Apache’s, which was here first.',
		'map $http_upgrade $boxwizard_connection {',
		'    default upgrade;',
		"    '' '';",
		'}',
		'',
		'server {',
		'    listen 80 default_server;',
		...(ipv6 ? ['    listen [::]:80 default_server;'] : []),
		'    server_name _;',
		'    server_tokens off;',
		'    client_max_body_size 0;',
		'',
		'    location / {',
		`        proxy_pass http://127.0.0.1:${port};`,
		'        proxy_http_version 1.1;',
		// Apache names its own port where it adds a slash.
		`        proxy_redirect http://$host:${port}/ http://$host/;`,
		'        proxy_read_timeout 300s;',
		'        proxy_set_header Host $host;',
		'        proxy_set_header Upgrade $http_upgrade;',
		'        proxy_set_header Connection $boxwizard_connection;',
		'        proxy_set_header X-Forwarded-For $remote_addr;',
		'        proxy_set_header X-Forwarded-Proto $scheme;',
		'    }',
		'}',
		'',
	].join('\n');
}
