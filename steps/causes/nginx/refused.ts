import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {restartApp} from '../../fixes/restart.ts';
import {nginx} from '../../web/nginx.ts';

/** 502 Bad Gateway. */
export const upstreamRefused: Cause = {
	id: 'nginx/upstream-refused',
	title: ({port}, app) =>
		port !== undefined && app.port !== undefined && Number(port) !== app.port
			? `nginx asks port ${port}, but the app listens on ${app.port}.`
			: 'nginx finds nobody where the app should listen.',
	match: [
		/connect\(\) failed \(111: (?:Connection refused|Unknown error)\) while connecting to upstream.*upstream: "http:\/\/[^"]*:(?<port>\d+)/,
		/connect\(\) to unix:(?<socket>\S+) failed \((?:2|13|111): [^)]+\) while connecting to upstream/,
		/no live upstreams while connecting to upstream/,
	],
	from: ['nginx'],
	means: () =>
		'Visitors see “502 Bad Gateway”: nginx is there, and what stands behind it is not where nginx looks for it.',
	next: (_, {port}) =>
		`Compare proxy_pass in /etc/nginx/sites-enabled with the app’s port${port === undefined ? '' : `, ${port}`}, then reload nginx.`,
	fixes: (_, app) => [...(app.isOwn ? [fixByStep(nginx, 'Write the site’s settings again')] : []), restartApp(app)],
};
