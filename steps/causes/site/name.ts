import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {records} from '../../dns/records.ts';

export const siteName: Cause = {
	id: 'site/name',
	title: ({host}) => `DNS has no address for ${host}.`,
	match: [/^(?<host>\S+) has no address in DNS/],
	from: ['site'],
	means: () => 'Nobody finds the box by its name: the record was taken away, or the domain has run out.',
	next: () => 'Look at the records at your DNS provider, and whether the domain is still registered.',
	fixes: (_, {isOwn}) => (isOwn ? [fixByStep(records, 'Make the DNS records again')] : []),
};
