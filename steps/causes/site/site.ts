import type {Cause} from '../../../source/contract/diagnosis/cause.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {records} from '../../dns/records.ts';
import {ufw} from '../../firewall/ufw.ts';
import {reloadNginx} from '../../fixes/nginx.ts';
import {startService} from '../../fixes/service.ts';
import {certificate} from '../../tls/certificate.ts';
import {renewal} from '../../tls/renewal.ts';
import {nginx} from '../../web/nginx.ts';

/** The site as its visitors see it, in boxwizard's own words. */
export const siteFromOutside: readonly Cause[] = [
	{
		id: 'site/certificate',
		title: ({host, why = ''}) =>
			/expired/i.test(why) ? `The certificate of ${host} has expired.` : `The certificate of ${host} is not accepted.`,
		match: [/^The certificate of (?<host>\S+) is not accepted: (?<why>.+?)\.?$/],
		from: ['site'],
		means:
			'Browsers show a warning in place of the app. The renewal did not run, or nginx serves another certificate than the one that was renewed.',
		next: 'See what certbot says in its log.',
		fixes: (_, {isOwn}) =>
			isOwn
				? [fixByStep(certificate, 'Get the certificate anew'), reloadNginx, fixByStep(renewal, 'Put the renewal right')]
				: [reloadNginx],
	},
	{
		id: 'site/name',
		title: ({host}) => `DNS has no address for ${host}.`,
		match: [/^(?<host>\S+) has no address in DNS/],
		from: ['site'],
		means: 'Nobody finds the box by its name: the record was taken away, or the domain has run out.',
		next: 'Look at the records at your DNS provider, and whether the domain is still registered.',
		fixes: (_, {isOwn}) => (isOwn ? [fixByStep(records, 'Make the DNS records again')] : []),
	},
	{
		id: 'site/unreachable',
		title: ({origin}) => `${origin} can’t be reached from outside.`,
		match: [/^(?<origin>https?:\/\/\S+) could not be fetched from (?<address>\S+): (?<why>.+?)\.?$/],
		from: ['site'],
		means: ({why}) =>
			`On the box the app is well, but from here: ${why}. A firewall, the provider’s or the box’s own, closes the port, or nginx does not listen.`,
		next: 'Look at the firewall in your provider’s panel.',
		fixes: (_, {isOwn}) => [
			startService('nginx'),
			...(isOwn
				? [fixByStep(ufw, 'Open the firewall for the site'), fixByStep(nginx, 'Write the site’s settings again')]
				: []),
		],
	},
];
