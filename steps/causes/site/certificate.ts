import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {reloadNginx} from '../../fixes/nginx.ts';
import {certificate} from '../../tls/certificate.ts';
import {renewal} from '../../tls/renewal.ts';

export const siteCertificate: Cause = {
	id: 'site/certificate',
	title: ({host, why = ''}) =>
		/expired/i.test(why) ? `The certificate of ${host} has expired.` : `The certificate of ${host} is not accepted.`,
	match: [/^The certificate of (?<host>\S+) is not accepted: (?<why>.+?)\.?$/],
	from: ['site'],
	means: () =>
		'Browsers show a warning in place of the app. The renewal did not run, or nginx serves another certificate than the one that was renewed.',
	next: () => 'See what certbot says: `certbot certificates`, and `journalctl -u certbot -n 50`.',
	fixes: (_, {isOwn}) =>
		isOwn
			? [fixByStep(certificate, 'Get the certificate anew'), reloadNginx, fixByStep(renewal, 'Put the renewal right')]
			: [reloadNginx],
};
