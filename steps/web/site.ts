import {pathsOf} from '../folders/paths.ts';
import {type Slot, type SlotPorts, secondIsLive, slotPort, slots} from '../process/slots.ts';

/** What an nginx site is made of. */
export type Site = {
	readonly app: string;
	readonly names: readonly string[];
	/** Ports of its two slots. */
	readonly ports: SlotPorts;
	/** Paths of certificate chain and key. */
	readonly certificate: Pair;
	/** Folders that nginx hands out itself, each under an address that begins and ends with /. */
	readonly statics: readonly StaticPlace[];
	/** Megabytes. */
	readonly uploadLimit: number;
	readonly ipv6: boolean;
	/** nginx's version, '1.22.1'. */
	readonly version: string;
};

/** An address such as '/static/', and the folder whose files have it (absolute, without / at its end). */
export type StaticPlace = {readonly url: string; readonly folder: string};

export type Pair = {readonly chain: string; readonly key: string};

/** The site file: port 80 leads to 443, which serves static files itself and asks the app for all else. */
export function siteText(site: Site): string {
	const names = `    server_name ${site.names.join(' ')};`;
	return [
		...slots.flatMap(slot => upstreams(site, slot)),
		'server {',
		...listen(site, '80', ''),
		names,
		'    server_tokens off;',
		...logs(site),
		'',
		'    location / {',
		'        return 301 https://$host$request_uri;',
		'    }',
		'}',
		'',
		'server {',
		...listen(site, '443', newer(site.version) ? ' ssl' : ' ssl http2'),
		...(newer(site.version) ? ['    http2 on;'] : []),
		names,
		'    server_tokens off;',
		...logs(site),
		'',
		...certificateLines(site.certificate),
		...tls,
		'',
		`    client_max_body_size ${site.uploadLimit}m;`,
		...site.statics.flatMap(staticLocation),
		'',
		...slotInUse(site.app),
		'',
		...proxyLocation(site.app),
		'}',
		'',
	].join('\n');
}

/**
 * A site as it is compared: without what certbot's nginx installer puts there, which stays. It replaces the two
 * certificate lines, adds a redirect of its own to port 80, marks its lines, and leaves blank ones.
 */
export function withoutCertificate(text: string): string {
	return text
		.replaceAll(/^\s*if \(\$host = [^)]*\) \{[^}]*\} # managed by Certbot$/gm, '')
		.split('\n')
		.filter(line => line.trim() !== '' && !/^\s*ssl_certificate(_key)?\s|# managed by Certbot$/.test(line))
		.join('\n');
}

/** Written as certbot writes them, where it is its certificate. */
function certificateLines({chain, key}: Pair): string[] {
	const mark = chain.startsWith('/etc/letsencrypt/') ? ' # managed by Certbot' : '';
	return [`    ssl_certificate ${chain};${mark}`, `    ssl_certificate_key ${key};${mark}`];
}

/** Mozilla's “intermediate” profile (ssl-config.mozilla.org, version 5.7), without its DHE ciphers, and so without a dhparam file. Browsers heed HSTS only once the certificate is one they trust (RFC 6797, 8.1). */
const tls = [
	'    ssl_protocols TLSv1.2 TLSv1.3;',
	'    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;',
	'    ssl_ecdh_curve X25519:prime256v1:secp384r1;',
	'    ssl_prefer_server_ciphers off;',
	'    ssl_session_timeout 1d;',
	'    ssl_session_cache shared:boxwizard:10m;',
	'    ssl_session_tickets off;',
	'    add_header Strict-Transport-Security "max-age=63072000" always;',
];

function listen({ipv6}: Site, port: string, rest: string): string[] {
	return [`    listen ${port}${rest};`, ...(ipv6 ? [`    listen [::]:${port}${rest};`] : [])];
}

/** Below /var/log/nginx, where the package's own logrotate rule finds them. */
function logs({app}: Site): string[] {
	return [`    access_log /var/log/nginx/${app}_access.log;`, `    error_log /var/log/nginx/${app}_error.log;`];
}

function staticLocation({url, folder}: StaticPlace): string[] {
	return [
		'',
		`    location ${url} {`,
		`        alias ${folder}/;`,
		'        expires 30d;',
		'        access_log off;',
		'    }',
	];
}

/**
 * A slot of the app; and a slot that has just become live, with the one before it to fall back on: nginx asks that where the new one can’t
 * be reached, and never twice what may have been done already (proxy_next_upstream).
 */
function upstreams({app, ports}: Site, slot: Slot): string[] {
	const [own, other] = [slotPort(ports, slot), slotPort(ports, slot === 'first' ? 'second' : 'first')];
	return [
		`upstream ${app}-${slot} {`,
		`    server 127.0.0.1:${own};`,
		'}',
		'',
		`upstream ${app}-${slot}-watched {`,
		`    server 127.0.0.1:${own} max_fails=0;`,
		`    server 127.0.0.1:${other} max_fails=0 backup;`,
		'}',
		'',
	];
}

/** Which slot is live is looked at with each request: it changes without a reload, which would cut connections that are kept open. */
function slotInUse(app: string): string[] {
	return [
		'    set $slot first;',
		`    if (-e ${secondIsLive(app)}) {`,
		'        set $slot second;',
		'    }',
		`    if (-e ${pathsOf(app).live}/watched) {`,
		'        set $slot $slot-watched;',
		'    }',
		'    set $upgrade_to "";',
		'    set $connection_header close;',
		'    if ($http_upgrade ~* ^websocket$) {',
		'        set $upgrade_to websocket;',
		'        set $connection_header upgrade;',
		'    }',
	];
}

function proxyLocation(app: string): string[] {
	return [
		'    location / {',
		`        proxy_pass http://${app}-$slot;`,
		'        proxy_http_version 1.1;',
		'        proxy_redirect off;',
		'        proxy_set_header Host $host;',
		'        proxy_set_header X-Real-IP $remote_addr;',
		'        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
		'        proxy_set_header X-Forwarded-Proto $scheme;',
		'        proxy_set_header Upgrade $upgrade_to;',
		'        proxy_set_header Connection $connection_header;',
		'    }',
	];
}

/** nginx has `http2 on` since 1.25.1, and warns of the older way. */
function newer(version: string): boolean {
	const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
	return major > 1 || minor > 25 || (minor === 25 && patch >= 1);
}
