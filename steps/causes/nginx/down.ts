import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {startService} from '../../fixes/service.ts';
import {nginx} from '../../web/nginx.ts';

export const nginxDown: Cause = {
	id: 'nginx/down',
	title: () => 'nginx does not run.',
	match: [/^nginx is (?<state>\w+)$/],
	from: ['box'],
	look: async $ =>
		$`if [ -e /lib/systemd/system/nginx.service ] && ! systemctl is-active --quiet nginx; then echo "nginx is $(systemctl is-active nginx)"; fi`,
	over: ['site/unreachable'],
	means: () => 'Nobody answers visitors, whatever the app does.',
	next: () => 'See why: `nginx -t`, and `journalctl -u nginx -n 30`.',
	fixes: (_, {isOwn}) => [
		startService('nginx'),
		...(isOwn ? [fixByStep(nginx, 'Write the site’s settings again')] : []),
	],
};
