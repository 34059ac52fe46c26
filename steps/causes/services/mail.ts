import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {startService} from '../../fixes/service.ts';
import {postfix} from '../../mail/postfix.ts';

export const mail: Cause = {
	id: 'services/mail',
	title: () => 'The mail server does not take the app’s mail.',
	match: [/smtplib\.\w+(?:: (?<why>.*))?/, /ECONNREFUSED (?:127\.0\.0\.1|::1|localhost):(?:25|587)/],
	means: () => 'The app sends mail, and nothing takes it where MAIL_SERVER points to.',
	next: () => 'See `mailq` and `journalctl -u postfix -n 50` on the box; a provider may close port 25 outwards.',
	fixes: (_, {isOwn}) => [
		startService('postfix'),
		...(isOwn ? [fixByStep(postfix, 'Set outgoing mail up again')] : []),
	],
};
