import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {fixByStep} from '../../../source/contract/diagnosis/fix.ts';
import {options} from '../../options/shared.ts';
import {certificate, spentLimit} from '../../tls/certificate.ts';
import {readCertificate} from '../../tls/facts.ts';

const day = 86_400_000;
/** Days before its end that leave time for no more than one try. */
const last = 3;

/** certbot renews when two thirds of a certificate's life are over: one that is older shows that it did not. */
export const tlsExpiry = defineExamination({
	id: 'tls/expiry',
	title: 'How long the certificate lasts',
	options: z.object({domain: options.domain}),
	look: async ($, {domain}) => {
		const stored = await readCertificate($, domain);
		return stored && {...stored, days: Math.floor((Date.parse(stored.expires) - Date.now()) / day)};
	},
	judge(stored, {domain}) {
		if (!stored || stored.spent < spentLimit) return undefined;
		const over = stored.days < 0;
		return {
			severity: stored.days < last ? 'bad' : 'warning',
			title: over ? `The certificate of ${domain} is over` : `The certificate of ${domain} ends in ${stored.days} days`,
			means: over
				? 'Browsers warn everybody who comes.'
				: 'It should have been renewed by now: when it ends, browsers warn everybody who comes.',
			evidence: [
				`issued by ${stored.issuer}, ends ${stored.expires}, ${Math.round(stored.spent * 100)} % of its life is over`,
			],
		};
	},
	fix: () => fixByStep(certificate, 'Ask for a new certificate'),
});
