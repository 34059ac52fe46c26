import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {ufw} from '../../firewall/ufw.ts';
import {startService} from '../../fixes/service.ts';
import {nginx} from '../../web/nginx.ts';

export const siteUnreachable: Cause = {
	id: 'site/unreachable',
	title: ({origin}) => `${origin} can’t be reached from outside.`,
	match: [/^(?<origin>https?:\/\/\S+) could not be fetched from (?<address>\S+): (?<why>.+?)\.?$/],
	from: ['site'],
	means: ({why}) =>
		`On the box the app is well, but from here: ${why}. A firewall, the provider’s or the box’s own, closes the port, or nginx does not listen.`,
	next: () => 'See `ss -ltnp` and `ufw status` on the box, and the firewall in your provider’s panel.',
	fixes: (_, {isOwn}) => [
		startService('nginx'),
		...(isOwn
			? [fixByStep(ufw, 'Open the firewall for the site'), fixByStep(nginx, 'Write the site’s settings again')]
			: []),
	],
};
