import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {Trouble} from '../../../source/contract/trouble.ts';
import {options} from '../../options/shared.ts';
import {readCertificate} from '../../tls/facts.ts';
import {reloadNginx} from '../../web/reloadNginx.ts';

/** nginx reads certificates when it starts or reloads: a renewed one may lie there unused until the old one is over. */
export const tlsServed = defineExamination({
	id: 'tls/served',
	title: 'The certificate that visitors get',
	options: z.object({domain: options.domain}),
	async look($, {domain}) {
		const [stored, address] = await Promise.all([readCertificate($, domain), $.outside.address()]);
		const {certificate} = await $.outside
			.fetch(`https://${domain}/`, {address, anyCertificate: true, method: 'HEAD'})
			.catch((error: unknown) => {
				// That the site does not answer at all is another examination's finding.
				if (error instanceof Trouble) return {certificate: undefined};
				throw error;
			});
		const known = ({issuer, expires, fingerprint}: {issuer: string; expires: string; fingerprint: string}) => ({
			issuer,
			expires,
			fingerprint,
		});
		return {stored: stored && known(stored), served: certificate ? known(certificate) : null};
	},
	judge({stored, served}, {domain}) {
		if (!stored || !served || stored.fingerprint === served.fingerprint) return undefined;
		return {
			severity: 'warning',
			title: `Visitors of ${domain} get another certificate than the one on disk`,
			means: 'It was renewed, but nginx has not read it since; or something before the box answers for it.',
			evidence: [
				`served: ${served.issuer}, ends ${served.expires}, ${served.fingerprint.slice(0, 23)}…`,
				`on disk: ${stored.issuer}, ends ${stored.expires}, ${stored.fingerprint.slice(0, 23)}…`,
			],
		};
	},
	fix: () => ({
		title: 'Let nginx read the certificate',
		why: 'nginx checks its configuration first, then reads it anew, certificates included. Nobody is cut off.',
		apply: reloadNginx,
		notUndone: 'A certificate that is over is not worth going back to.',
	}),
});
