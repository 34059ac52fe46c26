import {z} from 'zod';
import {defineExamination} from '../../../source/contract/diagnosis/examination.ts';
import {options} from '../../options/shared.ts';
import {liveFolder, readCertbot} from '../../tls/facts.ts';
import {linesOf} from '../words.ts';

/** certbot's own words for how its last renewal went (certbot/_internal/renewal.py). */
const verdicts = 'renew failure[(]s[)]|no renewal failures';

/** Nobody writes before a certificate ends: a dead timer is found out here, or by visitors. */
export const tlsRenewal = defineExamination({
	id: 'tls/renewal',
	title: 'The renewal of certificates',
	options: z.object({domain: options.domain}),
	async look($, {domain}) {
		const [stored, certbot, timers, verdict, reasons, said] = await Promise.all([
			$`[ -e ${liveFolder(domain)}/fullchain.pem ] && echo yes`,
			readCertbot($),
			$`systemctl show --property=Id,UnitFileState,ActiveState certbot.timer snap.certbot.renew.timer`,
			// The logs of the last runs, the newest last.
			$`cd /var/log/letsencrypt && ls -t letsencrypt.log* | head -n 12 | tac | xargs -d '\n' grep -hE ${verdicts} | tail -n 1`,
			$`cd /var/log/letsencrypt && ls -t letsencrypt.log* | head -n 12 | tac | xargs -d '\n' grep -hE 'Failed to renew certificate|Could not|Problem binding' | tail -n 2`,
			$`cd /var/log/letsencrypt && ls -t letsencrypt.log* | head -n 3 | tac | xargs -d '\n' grep -hE 'Detail:|Type: |:error:|[Ff]ailed|Could not|Problem|plugin|Another instance' | tail -n 40`,
		]);
		const timer = certbot === 'snap' ? 'snap.certbot.renew.timer' : 'certbot.timer';
		const block = timers.split('\n\n').find(text => linesOf(text).includes(`Id=${timer}`)) ?? '';
		return {
			stored: stored !== '',
			timer,
			enabled: block.includes('UnitFileState=enabled'),
			active: block.includes('ActiveState=active'),
			failed: verdict.includes('renew failure') ? [verdict, ...linesOf(reasons)] : [],
			said: verdict.includes('renew failure') ? linesOf(said) : [],
		};
	},
	judge({stored, timer, enabled, active, failed, said}) {
		if (!stored || (enabled && active && failed.length === 0)) return undefined;
		const dead = !enabled || !active;
		return {
			severity: 'warning',
			title: dead ? 'Certificates are not renewed any more' : 'The last renewal of certificates failed',
			means: 'Nobody writes to you before the certificate ends. From then on, browsers warn everybody who comes.',
			evidence: [
				...(enabled ? [] : [`${timer} is not started at boot`]),
				...(active ? [] : [`${timer} does not run`]),
				...failed.map(line => line.slice(0, 200)),
			],
			said,
		};
	},
	fix: () => ({
		title: 'Start the renewal again',
		why: 'The timer is switched on, and what is due is renewed now.',
		apply($, {enabled, active, timer, failed}) {
			if (!enabled || !active) $.service(timer, 'enable');
			// As the timer does, with its environment; what it says goes to the journal.
			const unit = timer.replace(/timer$/, 'service');
			if (failed.length > 0)
				$`systemctl start ${unit} || { journalctl --unit=${unit} --lines=20 --output=cat --no-pager; false; }`;
		},
		undo($, {enabled, timer}) {
			if (!enabled) $.service(timer, 'disable');
		},
	}),
});
