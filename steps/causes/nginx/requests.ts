import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {letPass, letServe} from '../../fixes/reach.ts';
import {restartApp} from '../../fixes/restart.ts';
import {nginx} from '../../web/nginx.ts';

/** What nginx logs of requests that it could not answer well. */
export const nginxRequests: readonly Cause[] = [
	{
		// 502 Bad Gateway.
		id: 'nginx/upstream-refused',
		title: ({port}, app) =>
			port !== undefined && app.port !== undefined && Number(port) !== app.port
				? `nginx asks port ${port}, but the app listens on ${app.port}.`
				: 'nginx finds nobody where the app should listen.',
		match: [
			/connect\(\) failed \(111: (?:Connection refused|Unknown error)\) while connecting to upstream.*upstream: "(?:http|uwsgi|fastcgi|grpc)s?:\/\/[^"]*:(?<port>\d+)/,
			/connect\(\) to unix:(?<socket>\S+) failed \((?:2|111): [^)]+\) while connecting to upstream/,
			/no live upstreams while connecting to upstream/,
		],
		means: 'Visitors see “502 Bad Gateway”: nginx is there, and what stands behind it is not where nginx looks for it.',
		next: 'See why the app does not run; or compare proxy_pass of the site with the app’s port.',
		fixes: (_, app) => [...(app.isOwn ? [fixByStep(nginx, 'Write the site’s settings again')] : []), restartApp(app)],
	},
	{
		id: 'nginx/closed-socket',
		title: ({socket}) => `nginx may not reach the app’s socket ${socket}.`,
		match: [/connect\(\) to unix:(?<socket>[^\s:]+):? failed \(13: Permission denied\) while connecting to upstream/],
		over: ['nginx/upstream-refused'],
		means:
			'The app listens there. A folder above the socket (a home with mode 0750), or the socket itself, is closed to www-data.',
		next: 'Put the socket below /run, or let www-data through the folders above it.',
		fixes: ({socket = ''}, app) => [
			...letPass('www-data', socket),
			...(app.isOwn ? [fixByStep(nginx, 'Write the site’s settings again')] : []),
		],
	},
	{
		id: 'nginx/closed-files',
		title: ({path}) => `nginx may not read ${path}.`,
		match: [
			/(?:open|stat|opendir)\(\) "(?<path>[^"]+)" failed \(13: Permission denied\)/,
			/"(?<path>[^"]+)" is forbidden \(13: Permission denied\)/,
		],
		means:
			'nginx runs as www-data, and the file, or a folder on the way to it (a home with mode 0750), is closed to it. Visitors get 403 for it.',
		next: 'Keep served files outside of such a home, or let www-data through the folders above them.',
		fixes: ({path = ''}, app) => letServe(app, path),
	},
	{
		id: 'nginx/no-index',
		title: ({path}) => `There is no first page in ${path}.`,
		match: [/directory index of "(?<path>[^"]+)" is forbidden.*request: "GET \/ HTTP/],
		means:
			'A folder was asked for, and it has no index.html: the build did not run, its output lies elsewhere, or the site should hand requests to the app.',
		next: 'Name the folder with the built files as the site’s root, and see that the build made an index.html.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(nginx, 'Write the site’s settings again')] : []),
	},
	{
		id: 'nginx/redirect-cycle',
		title: 'nginx goes round in circles looking for a page.',
		match: [/rewrite or internal redirection cycle while (?:internally redirecting|processing)/],
		means:
			'try_files ends at a file that is not there, and asks for it again and again: mostly index.html of a build that never ran.',
		next: 'Build the app, or correct the last word of try_files.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(nginx, 'Write the site’s settings again')] : []),
	},
	{
		// 504 Gateway Time-out.
		id: 'nginx/upstream-timeout',
		title: 'The app takes longer than nginx waits for it.',
		match: [
			/upstream timed out \(110: (?:Connection timed out|Operation timed out|Unknown error)\) while (?<when>reading response header from|connecting to|reading upstream|SSL handshaking)/,
		],
		means: 'Visitors see “504 Gateway Time-out”: a page takes more than a minute, or all workers are busy.',
		next: 'Find the page in the line below, and what it waits for. Work that takes long belongs in a background job.',
		fixes: (_, app) => [restartApp(app)],
	},
	{
		id: 'nginx/upstream-cut',
		title: 'The app ended in the middle of an answer.',
		match: [
			/upstream prematurely closed connection while reading (?:response header from|upstream)/,
			/(?:recv|readv)\(\) failed \(104: (?:Connection reset by peer|Unknown error)\) while reading (?:response header from )?upstream/,
			/upstream sent (?:no valid HTTP\/1\.0 header|invalid header)/,
		],
		depth: 'kind',
		means:
			'A worker was ended while it answered: out of time, out of memory, or crashed in native code. Visitors see “502 Bad Gateway”.',
		next: 'The app’s own log says at the same second why.',
		fixes: (_, app) => [restartApp(app)],
	},
	{
		id: 'nginx/big-header',
		title: 'The app sends more headers than nginx takes.',
		match: [/upstream sent too big header while reading response header from upstream/],
		means: 'Mostly a cookie that has grown: a session that is kept whole in it. Visitors see “502 Bad Gateway”.',
		next: 'Keep less in the session, or keep it in Redis or the database; or raise proxy_buffer_size in the site.',
	},
	{
		id: 'nginx/big-request',
		title: 'A visitor sends more cookies or a longer address than nginx takes.',
		match: [/client sent too (?:long URI|large request|long header line)|client sent too big header/],
		means: 'They get “400 Request Header Or Cookie Too Large” or 414. Cookies of the app have grown over the days.',
		next: 'Keep less in cookies; large_client_header_buffers in the site raises the limit.',
	},
	{
		id: 'nginx/too-large',
		title: 'Someone uploads more than nginx lets through.',
		match: [/client intended to send too large (?:chunked )?body: (?<bytes>\d+) bytes/],
		means: ({bytes = '0'}) =>
			`An upload of ${Math.max(1, Math.ceil(Number(bytes) / 1_000_000))} MB was refused with “413 Request Entity Too Large”. nginx takes 1 MB (client_max_body_size) where nothing is said.`,
		next: 'Raise “Largest upload” (option uploadLimit) and set up again.',
	},
	{
		id: 'nginx/upstream-tls',
		title: 'nginx speaks HTTPS with an app that speaks HTTP, or the other way round.',
		match: [
			/SSL_do_handshake\(\) failed .*(?:wrong version number|unknown protocol).*while SSL handshaking to upstream/,
			/peer closed connection in SSL handshake while SSL handshaking to upstream/,
		],
		means: 'proxy_pass begins with https://, and the app behind it listens without TLS.',
		next: 'Write http:// in proxy_pass: TLS ends at nginx.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(nginx, 'Write the site’s settings again')] : []),
	},
	{
		id: 'nginx/connections',
		title: 'nginx has no connection or open file left.',
		match: [
			/\d+ worker_connections are not enough/,
			/(?:accept4?|socket|open)\(\) .*failed \(24: Too many open files\)/,
		],
		means: 'More visitors at once than it was set up for, or the app keeps each of them waiting.',
		next: 'See whether the app is slow; raise worker_connections and worker_rlimit_nofile in nginx.conf.',
	},
];
