import type {Cause} from '../../../source/contract/cause.ts';
import {fixByStep} from '../../../source/contract/fix.ts';
import {clock} from '../../system/clock.ts';

export const foreignCertificate: Cause = {
	id: 'network/certificate',
	title: () => 'Another service’s certificate is not accepted by the app.',
	match: [
		/CERTIFICATE_VERIFY_FAILED\] certificate verify failed: (?<why>[\w ]+)/,
		/\bCERT_HAS_EXPIRED\b|\bUNABLE_TO_VERIFY_LEAF_SIGNATURE\b|\bSELF_SIGNED_CERT_IN_CHAIN\b|\bDEPTH_ZERO_SELF_SIGNED_CERT\b/,
	],
	means: ({why = 'it has expired or is not of a known authority'}) =>
		`The app speaks HTTPS with another machine, and does not trust its certificate: ${why}.`,
	next: () =>
		'If it is your own service, renew its certificate; if it is another’s, see that the box’s clock is right and its ca-certificates are new.',
	fixes: (_, {isOwn}) => (isOwn ? [fixByStep(clock, 'Set the box’s clock')] : []),
};
